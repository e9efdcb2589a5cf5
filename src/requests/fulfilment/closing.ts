import type { Actor } from '../../audit/actor.js';
import type { AuditEntry } from '../../audit/audit-entry.js';
import type { Transaction } from '../../database/transactor.js';
import { changeRequestState, recordRequestEvent, type LockedRequest } from '../asking/request-rows.queries.js';

const UNFINISHED = `
  select from request_line where request_id = $1 and state not in ('received', 'cancelled', 'superseded') limit 1`;

/**
 * Closes a locked request when nothing more comes of any of its lines.
 * @returns what belongs into the audit trail, at the end of the transaction
 */
export async function closeIfDone(tx: Transaction, request: LockedRequest, actor: Actor): Promise<AuditEntry[]> {
  if (request.state !== 'approved') return [];
  const unfinished = await tx.query<unknown[]>(UNFINISHED, [request.id]);
  if (unfinished.length > 0) return [];
  const { id: requestId, revision } = request;
  await changeRequestState(tx, requestId, 'closed', revision);
  await recordRequestEvent(tx, { requestId, revision, event: 'closed', actor });
  return [{ event: 'request.closed', actor, subject: { kind: 'request', id: requestId }, details: { revision } }];
}
