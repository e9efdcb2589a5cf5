import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { InputError } from '../common/errors.js';

/** Receipts are kept for two days: longer than anybody keeps a form open or a script repeats itself. */
const KEPT_HOURS = 48;
/** Outdated receipts that a new one takes with it, so that they need no job of their own. */
const REMOVED_AT_ONCE = 20;

/** Who sends what under which key. */
export interface CommandReceipt {
  /** Keys belong to their actor; nobody gets the outcome of somebody else's command. */
  readonly actor: string;
  /** The form's submission, or the caller's Idempotency-Key; 1 to 200 characters. */
  readonly key: string;
  /** What is asked for, as plain data; only a digest of it is stored. */
  readonly request: object;
}

/**
 * Does a command once, however often it is sent, in the transaction of the command. The second of two that arrive
 * together waits for the first and gets its outcome; when the first fails, the second is done.
 * @param work its outcome is stored as JSON and always returned as it was read back: dates become texts.
 * @throws InputError 422 when the key was used for something else.
 */
export async function once<T>(tx: EntityManager, receipt: CommandReceipt, work: () => Promise<T>): Promise<T> {
  const { actor, key } = receipt;
  if (key.length < 1 || key.length > 200) {
    throw new InputError('An idempotency key has 1 to 200 characters.', [], 400);
  }
  const digest = digestOf(receipt.request);
  // A twin's row that is not committed yet makes this statement wait for it.
  const mine = await tx.query<unknown[]>(
    `insert into command_receipt (actor, key, request_digest) values ($1, $2, $3)
     on conflict on constraint command_receipt_pkey do nothing returning 1`,
    [actor, key, digest],
  );
  if (mine.length === 0) return outcomeOf<T>(tx, receipt, digest);

  const outcome: unknown = JSON.parse(JSON.stringify((await work()) ?? null));
  await tx.query(`update command_receipt set outcome = $3::jsonb where actor = $1 and key = $2`, [
    actor,
    key,
    JSON.stringify(outcome),
  ]);
  await tx.query(
    `delete from command_receipt where (actor, key) in (
       select actor, key from command_receipt where created_at < now() - make_interval(hours => $1)
       order by created_at limit $2 for update skip locked)`,
    [KEPT_HOURS, REMOVED_AT_ONCE],
  );
  return outcome as T;
}

/** Does what adds a record once for each key of the actor; every time without one. */
export function onceForKey<T>(
  tx: EntityManager,
  { actor, key, request }: { readonly actor: string; readonly key: string | null; readonly request: object },
  work: () => Promise<T>,
): Promise<T> {
  return key === null ? work() : once(tx, { actor, key, request }, work);
}

async function outcomeOf<T>(tx: EntityManager, { actor, key }: CommandReceipt, digest: string): Promise<T> {
  const [earlier] = await tx.query<{ request_digest: string; outcome: T }[]>(
    'select request_digest, outcome from command_receipt where actor = $1 and key = $2',
    [actor, key],
  );
  if (!earlier || earlier.request_digest !== digest) {
    throw new InputError('This key was used for another request. Send a new one with a new key.');
  }
  return earlier.outcome;
}

/** SHA-256 of the request, whatever the order in which its members were named. */
function digestOf(request: object): string {
  return createHash('sha256')
    .update(JSON.stringify(request, (_name, value: unknown) => inOrder(value)))
    .digest('hex');
}

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
