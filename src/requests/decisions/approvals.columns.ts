import { columnsOf } from '../../common/csv-columns.js';
import { APPROVAL_QUEUE_WORDS, QUEUE_REASON_WORDS, STEP_KIND_WORDS } from '../domain/decision-words.js';
import { DELIVERY_WORDS } from '../domain/request-words.js';
import type { WaitingApproval } from './approvals.queries.js';

/** A request that waits, as one row of a file. */
export interface WaitingRow {
  readonly requestId: number;
  readonly requester: string | null;
  readonly kind: string;
  readonly onBehalfOf: string | null;
  readonly queue: string | null;
  readonly people: number;
  readonly things: string;
  readonly totalPence: number;
  readonly costCentre: string | null;
  readonly exceptions: number;
  readonly reason: string | null;
  readonly neededBy: string | null;
  readonly delivery: string;
  readonly site: string | null;
  readonly openedAt: string;
  readonly dueAt: string;
}

/** What a file of waiting approvals shows: never who gets what for a private reason, nor that there is one. */
export const WAITING_COLUMNS = columnsOf<WaitingRow>({
  requestId: 'Request',
  requester: 'Asked by',
  kind: 'Asked of',
  onBehalfOf: 'In the place of',
  queue: 'Queue',
  people: 'People',
  things: 'What',
  totalPence: 'Total in pence',
  costCentre: 'Cost centre',
  exceptions: 'Exceptions',
  reason: 'What it is for',
  neededBy: 'Needed by',
  delivery: 'Delivery',
  site: 'Site',
  openedAt: 'Asked since',
  dueAt: 'Due',
});

/** A request that waits, in words. */
export function waitingRow(approval: WaitingApproval): WaitingRow {
  const { requestId, people, totalPence, exceptions, reason, neededBy, site, openedAt, dueAt } = approval;
  return {
    ...{ requestId, people, totalPence, exceptions, reason, neededBy, site, openedAt, dueAt },
    requester: approval.requester.displayName,
    kind: STEP_KIND_WORDS[approval.kind],
    onBehalfOf: approval.onBehalfOf?.displayName ?? null,
    queue: queueWords(approval),
    things: approval.things.map(({ name, quantity }) => `${quantity} × ${name}`).join('; '),
    costCentre: approval.costCentreCode,
    delivery: DELIVERY_WORDS[approval.delivery],
  };
}

/** The queue in which a step waits, and why it is there; null for a person’s. */
export function queueWords({ queue, queueReason }: Pick<WaitingApproval, 'queue' | 'queueReason'>): string | null {
  if (queue === null) return null;
  const words = APPROVAL_QUEUE_WORDS[queue];
  return queueReason === null ? words : `${words}: ${QUEUE_REASON_WORDS[queueReason]}`;
}
