import type { SyncBench } from './sync-bench.js';

/** Tables that hold the estate itself, as opposed to the record of how it was read. */
export const ESTATE_TABLES = [
  'person',
  'device_record',
  'device',
  'subscribed_sku',
  'sync_change',
  'sync_hold',
  'sync_hold_item',
] as const;

/**
 * Row versions and places of whole tables, as text: equal before and after means that not a single row was written, not
 * even with the same values.
 */
export async function stateOf(
  bench: Pick<SyncBench, 'query'>,
  tables: readonly string[] = ESTATE_TABLES,
): Promise<string[]> {
  const states: string[] = [];
  for (const table of tables) {
    const [row] = await bench.query<{ rows: number; digest: string | null }>(
      `select count(*)::int as rows, md5(string_agg(t.xmin::text || t.ctid::text, ',' order by t.ctid)) as digest from ${table} t`,
    );
    states.push(`${table}: ${row?.rows} rows, ${row?.digest ?? 'none'}`);
  }
  return states;
}

/** Tables that people fill: no synchronisation may touch a byte of them. */
export const PERSON_OWNED_TABLES = [
  'device_register',
  'register_import',
  'import_mapping',
  'device_decision',
  'device_decision_record',
] as const;

/** Puts something into every person-owned table, so that leaving it alone is an achievement. */
export async function fillPersonOwnedTables(bench: Pick<SyncBench, 'query'>): Promise<void> {
  await bench.query(`insert into register_import (state, started_by) values ('applied', 'somebody')`);
  await bench.query(
    `insert into device_register (asset_tag, asset_tag_key, hostname, import_id, version, changed_by)
     select 'FBC-000' || number, 'FBC000' || number, 'DT-FIN-000' || number, (select max(id) from register_import), number, 'somebody'
     from generate_series(1, 9) number`,
  );
  await bench.query(
    `insert into import_mapping (name, file_kind, columns, created_by, changed_by)
     values ('Register', 'asset-register', '{"Tag": "assetTag"}', 'somebody', 'somebody')`,
  );
  await bench.query(`insert into device_decision (kind, reason, decided_by) values ('split', 'Seen both', 'somebody')`);
  await bench.query(
    `insert into device_decision_record (decision_id, source, external_id, machine)
     select max(id), 'managed-devices', 'nobody-knows-it', 1 from device_decision`,
  );
}
