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
