import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { ConflictError, NotFoundError } from '../../common/errors.js';
import { once } from '../../database/command-receipts.js';
import { SQLSTATE, sqlstateOf } from '../../database/sqlstate.js';

/** What is changed under its version, by its table. */
const RECORDS = {
  network_site: 'site',
  network_link: 'link',
  wifi_survey: 'survey',
  network_range: 'range',
  remote_access: 'gateway',
} as const;
type RecordTable = keyof typeof RECORDS;

/** Somebody else changed the record since it was looked at. */
export class ChangedMeanwhileError extends ConflictError {
  constructor(what: string) {
    super(`Somebody else has changed this ${what}. Look at it as it is now, and decide anew.`);
  }
}

/**
 * Locks a record until the end of the transaction.
 * @param version of the record that was looked at
 * @throws NotFoundError when there is none, ChangedMeanwhileError when it has another version now
 */
export async function lockVersion(tx: EntityManager, table: RecordTable, id: number, version: string): Promise<void> {
  const [found] = await tx.query<{ version: string }[]>(`select version::text from ${table} where id = $1 for update`, [
    id,
  ]);
  if (!found) throw new NotFoundError(`There is no such ${RECORDS[table]}.`);
  if (found.version !== version) throw new ChangedMeanwhileError(RECORDS[table]);
}

/** Locks a site against changes of its name while something of it is written. @returns its name. @throws NotFoundError */
export async function lockSite(tx: EntityManager, id: number): Promise<string> {
  const [site] = await tx.query<{ name: string }[]>('select name from network_site where id = $1 for key share', [id]);
  if (!site) throw new NotFoundError('There is no such site.');
  return site.name;
}

/** Does what adds a record once for each key of the actor; every time without one. */
export function onceForKey<T>(
  tx: EntityManager,
  { actor, key, request }: { readonly actor: Actor; readonly key: string | null; readonly request: object },
  work: () => Promise<T>,
): Promise<T> {
  return key === null ? work() : once(tx, { actor, key, request }, work);
}

/** For `catch` of a statement that writes what may be there only once. @throws ConflictError with this sentence */
export function orConflict(message: string): (error: unknown) => never {
  return (error) => {
    throw sqlstateOf(error) === SQLSTATE.uniqueViolation ? new ConflictError(message) : error;
  };
}
