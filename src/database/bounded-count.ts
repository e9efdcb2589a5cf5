import type { DataSource } from 'typeorm';
import type { SqlConditions } from './sql-conditions.js';
import { SQLSTATE, sqlstateOf } from './sqlstate.js';

/** How many rows of a list are counted exactly. */
export const MOST_COUNTED = 10_000;
/** Milliseconds that counting may take; a list is worth more than the number of its rows. */
const PATIENCE = 400;

/** How many rows match; null when counting them would have taken too long. */
export type Count = { readonly rows: number; readonly more: boolean } | null;

/**
 * Counts the rows of a table that match, exactly up to a bound and never for long.
 * @param table the table that the conditions speak of.
 */
export function boundedCount(dataSource: DataSource, table: string, conditions: SqlConditions): Promise<Count> {
  return boundedCountOf(dataSource, `select from ${table} where ${conditions.toSql()}`, conditions.parameters);
}

/** Counts the rows of any query in the same way. */
export async function boundedCountOf(
  dataSource: DataSource,
  query: string,
  parameters: readonly unknown[],
  patience: number = PATIENCE,
): Promise<Count> {
  try {
    return await dataSource.transaction(async (tx) => {
      await tx.query(`set local statement_timeout = ${Math.trunc(patience)}`);
      const [row] = await tx.query<{ rows: number }[]>(
        `select count(*)::integer as rows from (${query} limit ${MOST_COUNTED + 1}) as counted`,
        [...parameters],
      );
      const rows = row?.rows ?? 0;
      return { rows: Math.min(rows, MOST_COUNTED), more: rows > MOST_COUNTED };
    });
  } catch (error) {
    if (sqlstateOf(error) === SQLSTATE.queryCanceled) return null;
    throw error;
  }
}
