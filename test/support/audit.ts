import type { DataSource } from 'typeorm';
import type { AuditEventName } from '../../src/audit/audit-events.js';

/** An entry of the trail as specs look at it. */
export interface SeenEntry {
  readonly event: string;
  readonly actor: string;
  /** Kind and id with a colon between; null for the installation as a whole. */
  readonly subject: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** All entries of the trail, oldest first; with `after`, those that came after that number. */
export async function auditEntries(dataSource: Pick<DataSource, 'query'>, after = 0): Promise<SeenEntry[]> {
  return dataSource.query<SeenEntry[]>(
    `select event, actor, subject_kind || ':' || subject_id as subject, details from audit_event where id > $1 order by id`,
    [after],
  );
}

/** Number of the last entry. */
export async function auditHead(dataSource: Pick<DataSource, 'query'>): Promise<number> {
  const [row] = await dataSource.query<{ head: number }[]>('select head_id::int as head from audit_chain');
  return row?.head ?? 0;
}

/**
 * Does something and returns the one entry of this event that it must have left.
 */
export async function auditedAs(
  dataSource: Pick<DataSource, 'query'>,
  event: AuditEventName,
  work: () => Promise<unknown>,
): Promise<SeenEntry> {
  const before = await auditHead(dataSource);
  await work();
  const entries = await auditEntries(dataSource, before);
  const found = entries.filter((entry) => entry.event === event);
  if (found[0] === undefined || found.length > 1) {
    throw new Error(`Expected one ${event}, found ${JSON.stringify(entries.map((entry) => entry.event))}.`);
  }
  return found[0];
}

/** Values of people and machines that occur in the trail, which must be none. */
export async function personalValuesInAudit(dataSource: Pick<DataSource, 'query'>): Promise<string[]> {
  const rows = await dataSource.query<{ value: string }[]>(
    `select distinct value from (
       select unnest(array[display_name, user_principal_name, mail, employee_id]) as value from person
       union all select unnest(array[name, serial_number]) from device_record
       union all select unnest(array[asset_tag, serial_number, hostname]) from device_register) as personal
     where length(value) > 2 and exists (
       select from audit_event where position(lower(value) in lower(
         concat_ws(' ', event, actor, subject_kind, subject_id, details::text, request_id))) > 0)`,
  );
  return rows.map(({ value }) => value);
}
