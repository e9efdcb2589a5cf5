import type { EntityManager } from 'typeorm';
import { keyName, keysOf, withoutShared, type KeyKind } from './domain/identity/identity-record.js';
import type { IdentityDecision } from './domain/identity/identity-decisions.js';
import type { LinkedRecord } from './domain/identity/device-assignment.js';
import type { MachineRecord } from './domain/identity/machine-summary.js';
import { SERIAL_SPACES } from './domain/identity/serial-number.js';

/** Records of one key beyond which the key says nothing: a machine has a handful, re-enrolled for years a few dozen. */
export const MOST_RECORDS_OF_A_KEY = 50;

/** A record as it was read. */
export interface StoredRecord extends MachineRecord, LinkedRecord {
  readonly pending: boolean;
  /** The version of the row, which changes with every write of it. */
  readonly version: number;
}

/** Records with everything that may bear on which machines they are. */
export interface Neighbourhood {
  readonly records: readonly StoredRecord[];
  readonly decisions: readonly IdentityDecision[];
  /** Open reviews about any of the records. */
  readonly reviewIds: readonly number[];
  /** Names of keys to leave aside (see `keyName`). */
  readonly sharedKeys: ReadonlySet<string>;
  /** Keys that were found to be shared too widely just now. */
  readonly newlyShared: readonly SharedKey[];
}

/** A key that too many records carry. */
export interface SharedKey {
  readonly kind: KeyKind;
  readonly value: string;
}

const SPACES = [...SERIAL_SPACES].map((space) => `\\u${space.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
/** The expression of the index `device_record_serial_key_index`; the same form as `serialKey` gives. */
const SERIAL_KEY = `upper(translate(serial_number, E'${SPACES}', '') collate "C")`;

/** The column or expression that an index holds for each kind of key. */
export const KEY_EXPRESSIONS: Readonly<Record<KeyKind, string>> = {
  autopilot: 'autopilot_id',
  managed: 'managed_device_id',
  entra: 'entra_device_id',
  serial: SERIAL_KEY,
};
const KEY_KINDS = Object.keys(KEY_EXPRESSIONS) as KeyKind[];

const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** Ids of records that wait to be resolved, after `after`, in order. */
export async function pendingRecords(tx: EntityManager, after: number, limit: number): Promise<number[]> {
  const rows = await tx.query<{ id: number }[]>(
    'select id from device_record where resolution_pending and id > $1 order by id limit $2',
    [after, limit],
  );
  return rows.map((row) => row.id);
}

/**
 * Reads the records with these ids and all that they touch: whatever shares a key, a device, an open review or a
 * decision with one of them, and whatever those touch in turn. The cost is that of the records found.
 */
export async function readNeighbourhood(tx: EntityManager, ids: readonly number[]): Promise<Neighbourhood> {
  const { sharedKeys, hasDecisions } = await readConditions(tx);
  const records = new Map<number, StoredRecord>();
  const followed = new Followed();
  const decisions = new Map<number, IdentityDecision>();
  const reviewIds = new Set<number>();
  const newlyShared: SharedKey[] = [];
  for (let frontier: readonly number[] = ids; frontier.length > 0;) {
    const found = await readRecords(tx, frontier);
    for (const record of found) records.set(record.id, record);
    const next = new Set<number>();
    for (const { kind, value, ids: hits } of await readHits(tx, found, sharedKeys, followed)) {
      if (value === null || kind === 'device') for (const id of parseIds(hits)) next.add(id);
      else {
        sharedKeys.add(keyName(kind, value));
        newlyShared.push({ kind, value });
      }
    }
    for (const review of await readReviews(tx, found)) {
      reviewIds.add(review.id);
      for (const id of review.recordIds) next.add(id);
    }
    for (const decision of hasDecisions ? await readDecisions(tx, found) : []) {
      decisions.set(decision.id, decision);
      for (const { recordId } of decision.records) next.add(recordId);
    }
    frontier = [...next].filter((id) => !records.has(id));
  }
  return {
    records: [...records.values()],
    decisions: [...decisions.values()],
    reviewIds: [...reviewIds],
    sharedKeys,
    newlyShared,
  };
}

async function readConditions(tx: EntityManager): Promise<{ sharedKeys: Set<string>; hasDecisions: boolean }> {
  const keys = await tx.query<SharedKey[]>('select kind, value from device_shared_key');
  const [row] = await tx.query<{ any: boolean }[]>(
    'select exists (select from device_decision where undone_at is null) as any',
  );
  return {
    sharedKeys: new Set(keys.map(({ kind, value }) => keyName(kind, value))),
    hasDecisions: row?.any === true,
  };
}

interface OpenReview {
  readonly id: number;
  readonly recordIds: readonly number[];
}

/** Records of one key or device; `value` only when there are too many for a key. */
interface Hit {
  readonly kind: KeyKind | 'device';
  readonly value: string | null;
  /** Their ids, as Postgres writes an array. */
  readonly ids: string;
}

/** What was looked up before, and need not be again. */
class Followed {
  readonly keys: Readonly<Record<KeyKind, Set<string>>> = {
    autopilot: new Set(),
    managed: new Set(),
    entra: new Set(),
    serial: new Set(),
  };
  readonly devices = new Set<number>();
}

function isNew<T>(value: T, known: Set<T>): boolean {
  return known.size < known.add(value).size;
}

/** Records that share a key or a device with one of these; what was followed before is left out. */
async function readHits(
  tx: EntityManager,
  found: readonly StoredRecord[],
  sharedKeys: ReadonlySet<string>,
  followed: Followed,
): Promise<Hit[]> {
  const values: Record<KeyKind, string[]> = { autopilot: [], managed: [], entra: [], serial: [] };
  const devices: number[] = [];
  for (const record of found) {
    const keys = withoutShared(record.keys, sharedKeys);
    for (const kind of KEY_KINDS) {
      const value = keys[kind];
      if (value !== null && isNew(value, followed.keys[kind])) values[kind].push(value);
    }
    if (record.deviceId !== null && isNew(record.deviceId, followed.devices)) devices.push(record.deviceId);
  }
  // A look-up for each key: most find only the record that the key is from, and one more than allowed is too many.
  const ofKeys = KEY_KINDS.map(
    (kind, index) => `
      select '${kind}' as kind, case when cardinality(ids) > ${MOST_RECORDS_OF_A_KEY} then key end as value, ids::text
      from json_array_elements_text($${index + 1}::json) as key
      cross join lateral (
        select array(
          select id from device_record where ${KEY_EXPRESSIONS[kind]} = key limit ${MOST_RECORDS_OF_A_KEY + 1}
        ) as ids
      ) as hits
      where cardinality(ids) > 1`,
  );
  return tx.query<Hit[]>(
    `${ofKeys.join(' union all ')}
     union all
     select 'device', null, array_agg(id)::text from device_record where device_id = any($5::integer[]) having count(*) > 0`,
    [...KEY_KINDS.map((kind) => JSON.stringify(values[kind])), arrayLiteral(devices)],
  );
}

function parseIds(literal: string): number[] {
  return literal.slice(1, -1).split(',').map(Number);
}

/** Numbers as Postgres writes an array; the driver's own way looks at every element for characters to escape. */
export function arrayLiteral(numbers: readonly number[]): string {
  return `{${numbers.join(',')}}`;
}

async function readRecords(tx: EntityManager, ids: readonly number[]): Promise<StoredRecord[]> {
  const rows = await tx.query<Omit<StoredRecord, 'keys'>[]>(
    `select id, source, external_id as "externalId", presence, device_id as "deviceId", resolution_pending as pending,
            xmin::text::bigint::float8 as version, name, serial_number as "serialNumber", manufacturer, model,
            operating_system as "operatingSystem", operating_system_version as "operatingSystemVersion",
            entra_device_id as "entraDeviceId", managed_device_id as "managedDeviceId", autopilot_id as "autopilotId",
            user_entra_id as "userEntraId", ownership, compliance_state as "complianceState",
            upgrade_eligibility as "upgradeEligibility",
            ${epoch('enrolled_at')} as "enrolledAt", ${epoch('last_seen_at')} as "lastSeenAt"
     from device_record where id = any($1::integer[])`,
    [arrayLiteral(ids)],
  );
  return rows.map((row) => Object.assign(row, { keys: keysOf(row) }));
}

/** Open reviews about one of these records, each with all the records that it is about. */
async function readReviews(tx: EntityManager, found: readonly StoredRecord[]): Promise<OpenReview[]> {
  // The fence keeps this a look-up for each record: without statistics the planner would go through all reviews.
  return tx.query<OpenReview[]>(
    `select review.id, array_agg(named.record_id) as "recordIds"
     from (
       select distinct touched.review_id
       from unnest($1::integer[]) as record_id
       cross join lateral (
         select review_id from device_review_record where device_review_record.record_id = record_id.record_id offset 0
       ) as touched
     ) as about
     join device_review review on review.id = about.review_id and review.state = 'open'
     join device_review_record named on named.review_id = review.id
     group by review.id`,
    [arrayLiteral(found.map((record) => record.id))],
  );
}

/** Decisions in force that name one of these records, each with all the records that it names. */
async function readDecisions(tx: EntityManager, found: readonly StoredRecord[]): Promise<IdentityDecision[]> {
  return tx.query<IdentityDecision[]>(
    `select named.decision_id as id,
            jsonb_agg(jsonb_build_object('recordId', record.id, 'machine', named.machine)) as records
     from device_decision_record named
     join device_record record on record.source = named.source and record.external_id = named.external_id
     where named.decision_id in (
       select touched.decision_id
       from unnest($1::text[], $2::text[]) as one(source, external_id)
       join device_decision_record touched on touched.source = one.source and touched.external_id = one.external_id
       join device_decision decision on decision.id = touched.decision_id and decision.undone_at is null)
     group by named.decision_id`,
    [found.map((record) => record.source), found.map((record) => record.externalId)],
  );
}
