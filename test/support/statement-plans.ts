import type { DataSource } from 'typeorm';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/**
 * Does a reading and plans each of its statements once more.
 * @param read gets a data source that only takes `query`
 * @returns the tables that are read from end to end, in alphabetical order
 */
export async function planOf(
  dataSource: DataSource,
  read: (source: DataSource) => Promise<unknown>,
): Promise<readonly string[]> {
  const statements: { readonly sql: string; readonly values: unknown[] }[] = [];
  const query = (sql: string, values: unknown[] = []): Promise<unknown> => {
    statements.push({ sql, values });
    return dataSource.query(sql, values);
  };
  await read(Object.assign(Object.create(dataSource) as DataSource, { query }));
  const scanned = new Set<string>();
  for (const { sql, values } of statements) {
    const [row] = await dataSource.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }[]>(
      `explain (format json) ${sql}`,
      values,
    );
    for (const { Plan } of row?.['QUERY PLAN'] ?? []) collect(Plan, scanned);
  }
  return [...scanned].sort();
}

function collect(node: PlanNode, scanned: Set<string>): void {
  if (node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== undefined) scanned.add(node['Relation Name']);
  for (const below of node.Plans ?? []) collect(below, scanned);
}
