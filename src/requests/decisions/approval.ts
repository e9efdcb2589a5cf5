import type { Actor } from '../../audit/actor.js';
import type { Transaction } from '../../database/transactor.js';
import { recordRequestEvent } from '../asking/request-rows.queries.js';
import { approverFrom, isSame, routeOf, stepsWanted, whyNot, type RouteFacts } from '../domain/approval-route.js';
import { stepTimes } from '../domain/approval-times.js';
import { APPROVAL_SETTINGS } from './approval-settings.js';
import { routeFacts } from './route-facts.queries.js';
import { insertSteps, stepsOf, writeAsked, type StepReference, type StepRow } from './step-rows.queries.js';

/** A revision of a request. */
export type RevisionReference = Pick<StepReference, 'requestId' | 'revision'>;

/** What routes approvals. */
export const APPROVALS: Actor = 'system:approvals';

/**
 * Works out who decides about a revision that was just submitted, writes these steps, and asks the first. In the
 * transaction of the submission; the request is locked and its revision is frozen.
 */
export async function openApproval(tx: Transaction, of: RevisionReference, now = new Date()): Promise<void> {
  const facts = await routeFacts(tx, of);
  const { steps, leftOut } = routeOf(facts, APPROVAL_SETTINGS);
  await insertSteps(
    tx,
    of,
    steps.map((each, index) => ({ ...each, step: index + 1 })),
  );
  await recordRequestEvent(
    tx,
    leftOut.map((details) => ({ ...of, event: 'step-left-out', actor: APPROVALS, details, at: now })),
  );
  await openStep(tx, of, 1, now);
}

/** Asks for the decision of the next step of a revision: of somebody else than was planned, if that person cannot any more. */
export async function openStep(tx: Transaction, of: RevisionReference, step: number, now: Date): Promise<void> {
  const steps = await stepsOf(tx, of.requestId, of.revision);
  const planned = steps.find((each) => each.step === step);
  if (!planned) throw new Error('A step that is to be opened is not there.');
  const facts = await routeFacts(tx, of, planned.approver === null ? [] : [planned.approver]);
  const asked = { ...planned, ...fitFor(planned, facts) };
  await ask(tx, { ...of, step }, asked, now);
  await recordRequestEvent(tx, { ...of, event: 'step-opened', actor: APPROVALS, details: detailsOf(asked), at: now });
}

/**
 * Gives a step that waits to somebody else: to whoever decides in the place of its approver, who cannot any more, or to a
 * queue because nobody decided in time. Steps that were left out because the same person decided are asked after it.
 */
export async function rerouteStep(
  tx: Transaction,
  { requestId, revision, ...from }: RevisionReference & StepRow,
  why: 'cannot-decide' | 'escalated',
  now: Date,
): Promise<void> {
  const of = { requestId, revision };
  const facts = await routeFacts(tx, of, from.approver === null ? [] : [from.approver]);
  const to = {
    ...from,
    ...(why === 'cannot-decide'
      ? fitFor(from, facts)
      : { approver: null, queue: from.queue ?? 'approvals', queueReason: 'escalated' as const }),
  };
  await ask(tx, { ...of, step: from.step }, to, now);
  await recordRequestEvent(tx, {
    ...of,
    event: why === 'escalated' ? 'step-escalated' : 'step-rerouted',
    actor: APPROVALS,
    details: { ...detailsOf(to), from: from.approver ?? from.queue },
  });
  await addLeftOut(tx, of, facts);
}

/** Who decides a step at this moment: whoever was planned, while they can. */
function fitFor(planned: StepRow, facts: RouteFacts): Pick<StepRow, 'approver' | 'queue' | 'queueReason'> {
  if (planned.approver === null || whyNot(planned.approver, facts) === null) {
    return { approver: planned.approver, queue: planned.queue, queueReason: planned.queueReason };
  }
  const { approver, queue, queueReason } = approverFrom(planned.approver, facts, APPROVAL_SETTINGS);
  return { approver, queue, queueReason };
}

/** What was left out because somebody decided already who does not any more is asked in the end. */
async function addLeftOut(tx: Transaction, of: RevisionReference, facts: RouteFacts): Promise<void> {
  const steps = await stepsOf(tx, of.requestId, of.revision);
  const last = Math.max(...steps.map(({ step }) => step));
  const added = stepsWanted(facts, APPROVAL_SETTINGS).filter(
    (each) => steps.every(({ kind }) => kind !== each.kind) && !steps.some((other) => isSame(other, each, facts)),
  );
  await insertSteps(
    tx,
    of,
    added.map((each, index) => ({ ...each, step: last + 1 + index })),
  );
}

async function ask(tx: Transaction, of: StepReference, to: StepRow, now: Date): Promise<void> {
  await writeAsked(tx, of, to, { openedAt: now, dueAt: stepTimes(now, APPROVAL_SETTINGS).dueAt });
}

function detailsOf({ step, kind, approver, queue, queueReason }: StepRow): Readonly<Record<string, unknown>> {
  return { step, kind, ...(approver === null ? { queue, queueReason } : { approver }) };
}
