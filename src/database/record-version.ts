import type { EntityManager } from 'typeorm';
import { ConflictError, NotFoundError } from '../common/errors.js';

/** Somebody else changed the record since it was looked at. */
export class ChangedMeanwhileError extends ConflictError {
  /** @param what the record is called, such as `site` */
  constructor(what: string) {
    super(`Somebody else has changed this ${what}. Look at it as it is now, and decide anew.`);
  }
}

/** A table whose rows have `id` and `version`, and what people call one of them. */
export interface VersionedRecord {
  readonly table: string;
  readonly called: string;
}

/**
 * Locks a record until the end of the transaction.
 * @param version of the record that was looked at
 * @throws NotFoundError when there is none, ChangedMeanwhileError when it has another version now
 */
export async function lockRecord(
  tx: EntityManager,
  { table, called }: VersionedRecord,
  id: number,
  version: string,
): Promise<void> {
  const [found] = await tx.query<{ version: string }[]>(`select version::text from ${table} where id = $1 for update`, [
    id,
  ]);
  if (!found) throw new NotFoundError(`There is no such ${called}.`);
  if (found.version !== version) throw new ChangedMeanwhileError(called);
}
