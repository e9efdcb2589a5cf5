import type { DataSource } from 'typeorm';

/** Runs a statement and gives the number of the record that it stored or found. */
export type StoredId = (statement: string, parameters?: unknown[]) => Promise<number>;

export function storedId(dataSource: DataSource): StoredId {
  return async (statement, parameters = []) => {
    const [row] = await dataSource.query<{ id: number }[]>(statement, parameters);
    if (!row) throw new Error(`Nothing to look at: ${statement}`);
    return row.id;
  };
}
