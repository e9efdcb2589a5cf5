import type { Actor } from '../audit/actor.js';
import type { Transactor } from '../database/transactor.js';

/** In whose name the demonstration's records are entered. */
export const DEMONSTRATION: Actor = 'system:demonstration';

/** A transaction, as `Transactor` gives it. */
export type Transaction = Parameters<Parameters<Transactor['run']>[0]>[0];

/** Inserts rows in their order. @returns their numbers in the same order */
export async function insertRows(tx: Transaction, statement: string, rows: readonly unknown[]): Promise<number[]> {
  if (rows.length === 0) return [];
  const inserted = await tx.query<{ id: number }[]>(statement, [JSON.stringify(rows)]);
  return inserted.map(({ id }) => id).sort((a, b) => a - b);
}
