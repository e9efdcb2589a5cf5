/** Tables that grow with the estate. */
const LARGE = [
  'device',
  'device_record',
  'device_register',
  'device_former_name',
  'person',
  'search_entry',
  'audit_event',
];

/**
 * Plans one prepared statement as the web process comes to plan it, once for all values, and runs it.
 * @param query runs one statement and gives its rows; always on the same connection
 * @param name name for the statement
 * @param statement its text
 * @param values values in SQL
 * @returns the tables that grow and are read from end to end, and the pages of 8 kB that were touched
 */
export async function planOf(query, name, statement, values) {
  await query(`set plan_cache_mode = force_generic_plan`);
  await query(`deallocate all`);
  await query(`prepare "${name}" as ${statement}`);
  const [row] = await query(`explain (analyze, buffers, format json) execute "${name}"(${values.join(', ')})`);
  const plan = row['QUERY PLAN'][0].Plan;
  return { scanned: scannedWhole(plan), pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] };
}

function scannedWhole(plan) {
  const own = plan['Node Type'] === 'Seq Scan' && LARGE.includes(plan['Relation Name']) ? [plan['Relation Name']] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scannedWhole)];
}

/** A text of SQL. */
export const text = (value) => `'${value.replaceAll("'", "''")}'`;
/** A list of texts of SQL. */
export const texts = (values) => `array[${values.map(text).join(', ')}]::text[]`;
