import type { EntityManager } from 'typeorm';
import { currentRequestId } from '../database/request-id.js';
import { checkEntry, type AuditEntry } from './audit-entry.js';
import { CANONICAL_FORM_NUMBER, hashOf, type ChainedEntry } from './canonical-form.js';

export type { AuditEntry } from './audit-entry.js';

interface Head {
  readonly id: string;
  readonly hash: Buffer;
  readonly now: Date;
}

/** Whoever appends waits here for the one before to commit. A row, so that a stale snapshot is refused and not used. */
const TAKE_THE_HEAD = `
  select head_id as id, head_hash as hash, date_trunc('milliseconds', greatest(head_at, clock_timestamp())) as now
  from audit_chain for update`;

const APPEND = `
  with appended as (
    insert into audit_event
      (id, form, at, event, actor, subject_kind, subject_id, details, request_id, previous_hash, hash)
    select id, $2, $3, event, actor, subject_kind, subject_id, details, $4, decode(previous_hash, 'hex'),
      decode(hash, 'hex')
    from jsonb_to_recordset($1::jsonb) as entry (id bigint, event text, actor text, subject_kind text, subject_id text,
      details jsonb, previous_hash text, hash text))
  update audit_chain set head_id = $5, head_hash = $6, head_at = $3`;

/**
 * Writes what was done to the trail, in the transaction that does it: both are kept or neither. Call it last in the
 * transaction: from here to its end everybody else who appends has to wait.
 * @throws TypeError for an entry with something that is no reference, see `checkEntry`
 */
export async function appendToAudit(tx: EntityManager, entries: AuditEntry | readonly AuditEntry[]): Promise<void> {
  const list: readonly AuditEntry[] = 'event' in entries ? [entries] : entries;
  if (list.length === 0) return;
  for (const entry of list) checkEntry(entry);
  if (tx.queryRunner?.isTransactionActive !== true) throw new TypeError('The audit trail is written in a transaction.');

  const [head] = await tx.query<Head[]>(TAKE_THE_HEAD);
  if (head === undefined) throw new Error('The audit trail has lost its head. Run "untether audit verify".');
  const requestId = storedRequestId();
  let id = Number(head.id);
  let previous = head.hash;
  const rows = list.map((entry) => {
    const chained: ChainedEntry = {
      id: ++id,
      at: head.now,
      event: entry.event,
      actor: entry.actor,
      subjectKind: entry.subject?.kind ?? null,
      subjectId: entry.subject === null ? null : String(entry.subject.id),
      details: entry.details ?? {},
      requestId,
    };
    const hash = hashOf(previous, chained);
    const row = {
      id,
      event: chained.event,
      actor: chained.actor,
      subject_kind: chained.subjectKind,
      subject_id: chained.subjectId,
      details: chained.details,
      previous_hash: previous.toString('hex'),
      hash: hash.toString('hex'),
    };
    previous = hash;
    return row;
  });
  await tx.query(APPEND, [JSON.stringify(rows), CANONICAL_FORM_NUMBER, head.now, requestId, id, previous]);
}

/** A caller may send an id of its own, and any other text than a UUID could be a name. */
function storedRequestId(): string | null {
  const id = currentRequestId();
  return id !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id : null;
}
