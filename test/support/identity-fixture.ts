import type { DataSource } from 'typeorm';
import type { EstateRecord } from '../bench/identity-estate.js';
import { storeRecords } from '../bench/identity-estate.js';

/** A record of an HP laptop that is present and says nothing else; `facts` say the rest. */
export function estateRecord(
  source: EstateRecord['source'],
  externalId: string,
  facts: Partial<EstateRecord> = {},
): EstateRecord {
  return {
    source,
    external_id: externalId,
    presence: 'present',
    name: null,
    serial_number: null,
    manufacturer: 'HP',
    model: 'EliteBook 840 G8',
    entra_device_id: null,
    managed_device_id: source === 'managed-devices' ? externalId : null,
    autopilot_id: source === 'autopilot' ? externalId : null,
    operating_system: 'Windows',
    enrolled_at: null,
    last_seen_at: null,
    ...facts,
  };
}

/** Stores one record, or says something new of it, as the synchronisation would. */
export async function say(
  dataSource: DataSource,
  source: EstateRecord['source'],
  externalId: string,
  facts: Partial<EstateRecord> = {},
): Promise<void> {
  await storeRecords(dataSource, [estateRecord(source, externalId, facts)]);
}

/** Everything that identity is about, without the ids that depend on the order of arrival. */
export interface IdentityState {
  /** Machines as their records' ids, with their summaries. */
  readonly machines: readonly { readonly records: readonly string[]; readonly summary: unknown }[];
  readonly reviews: readonly unknown[];
}

/** What is stored of machines and open reviews. */
export async function identityState(dataSource: DataSource): Promise<IdentityState> {
  const machines = await dataSource.query<{ records: string[]; summary: unknown }[]>(
    `select array_agg(record.external_id order by record.external_id) as records,
            to_jsonb(device) - array['id', 'changed_at', 'created_at'] as summary
     from device join device_record record on record.device_id = device.id
     group by device.id order by 1`,
  );
  const reviews = await dataSource.query<unknown[]>(
    `select kind, fingerprint, evidence -> 'shared' as shared, (
       select array_agg(machine.names order by machine.names)
       from (select string_agg(record.external_id, ' ' order by record.external_id) as names
             from jsonb_array_elements(evidence -> 'machines') with ordinality as sides(ids, place)
             cross join lateral jsonb_array_elements_text(ids) as named(id)
             join device_record record on record.id = named.id::integer
             group by place) as machine) as machines
     from device_review where state = 'open' order by fingerprint`,
  );
  return { machines, reviews };
}

/** The records of each machine. */
export async function machinesOf(dataSource: DataSource): Promise<string[]> {
  return (await identityState(dataSource)).machines.map(({ records }) => records.join(' '));
}

/** The device of a record. */
export async function deviceOf(dataSource: DataSource, externalId: string): Promise<number> {
  const [row] = await dataSource.query<{ id: number }[]>(
    'select device_id as id from device_record where external_id = $1',
    [externalId],
  );
  return row?.id ?? 0;
}

/** The version of every row that the resolver may write, to see what was written. */
export async function rowVersions(dataSource: DataSource): Promise<Map<string, string>> {
  const tables = ['device', 'device_record', 'device_review', 'device_decision'];
  const rows = await dataSource.query<{ row: string; version: string }[]>(
    tables.map((table) => `select '${table} ' || id as row, xmin::text as version from ${table}`).join(' union all '),
  );
  return new Map(rows.map(({ row, version }) => [row, version]));
}

/** Empties every table of identities. */
export async function emptyEstate(dataSource: DataSource): Promise<void> {
  await dataSource.query(
    `truncate device, device_record, device_review, device_review_record, device_decision, device_decision_record,
       device_former_name, device_shared_key restart identity cascade`,
  );
}
