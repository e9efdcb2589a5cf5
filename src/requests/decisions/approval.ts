import type { Actor } from '../../audit/actor.js';
import type { Transaction } from '../../database/transactor.js';
import { recordRequestEvent } from '../asking/request-rows.queries.js';
import {
  approverFrom,
  isSame,
  routeOf,
  stepsWanted,
  whyNot,
  type ApprovalRoute,
  type RouteFacts,
} from '../domain/approval-route.js';
import { stepTimes } from '../domain/approval-times.js';
import { APPROVAL_SETTINGS } from './approval-settings.js';
import { routeFacts } from './route-facts.queries.js';
import {
  insertSteps,
  leftOutFor,
  removeStep,
  stepsOf,
  writeAsked,
  type StepReference,
  type StepRow,
} from './step-rows.queries.js';

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
  const planned = steps.map((each, index) => ({ ...each, step: index + 1 }));
  await insertSteps(tx, of, planned);
  await recordRequestEvent(
    tx,
    leftOut.map((details) => ({ ...of, event: 'step-left-out', actor: APPROVALS, details, at: now })),
  );
  const [first] = planned;
  if (!first) throw new Error('A request has nobody who decides.');
  await openPlanned(tx, of, first, facts, now);
}

/** Asks for the decision of the next step of a revision: of somebody else than was planned, if that person cannot any more. */
export async function openStep(tx: Transaction, of: RevisionReference, step: number, now: Date): Promise<void> {
  const steps = await stepsOf(tx, of.requestId, of.revision);
  const planned = steps.find((each) => each.step === step);
  if (!planned) throw new Error('A step that is to be opened is not there.');
  const facts = await routeFacts(tx, of, planned.approver === null ? [] : [planned.approver]);
  await openPlanned(tx, of, planned, facts, now);
}

async function openPlanned(
  tx: Transaction,
  of: RevisionReference,
  planned: StepRow,
  facts: RouteFacts,
  now: Date,
): Promise<void> {
  const asked = { ...planned, ...fitFor(planned, facts) };
  await ask(tx, { ...of, step: planned.step }, asked, now);
  await recordRequestEvent(tx, { ...of, event: 'step-opened', actor: APPROVALS, details: detailsOf(asked), at: now });
}

/** A step that is not asked, because whoever would decide it decides another one. */
export type LeftOutStep = ApprovalRoute['leftOut'][number];

/**
 * The step that is asked once another is approved; null when nothing more is. Others may decide by now than were planned:
 * who was asked before would be asked again then, and that step is removed.
 * @returns `leftOut` what was removed, for the history of the request
 */
export async function stepAfter(
  tx: Transaction,
  of: RevisionReference,
  approved: number,
): Promise<{ readonly next: number | null; readonly leftOut: readonly LeftOutStep[] }> {
  const steps = await stepsOf(tx, of.requestId, of.revision);
  const before = steps.filter(({ step }) => step <= approved);
  const leftOut: LeftOutStep[] = [];
  for (const planned of steps.slice(before.length)) {
    const facts = await routeFacts(tx, of, planned.approver === null ? [] : [planned.approver]);
    const same = before.find((each) => isSame(each, fitFor(planned, facts), facts));
    if (!same) return { next: planned.step, leftOut };
    await removeStep(tx, { ...of, step: planned.step });
    leftOut.push({ kind: planned.kind, sameAs: same.kind });
  }
  return { next: null, leftOut };
}

/**
 * Gives a step that waits to somebody else: to whoever decides in the place of its approver, who cannot any more, or to a
 * queue because nobody decided in time. It goes to the queue too where whoever decided an earlier step would be asked
 * again. Steps that were left out because the same person decided are asked after it.
 */
export async function rerouteStep(
  tx: Transaction,
  { requestId, revision, ...from }: RevisionReference & StepRow,
  why: 'cannot-decide' | 'escalated',
  now: Date,
): Promise<void> {
  const of = { requestId, revision };
  const facts = await routeFacts(tx, of, from.approver === null ? [] : [from.approver]);
  const before = (await stepsOf(tx, requestId, revision)).filter(({ step }) => step < from.step);
  const fit = fitFor(from, facts);
  const isFree = why === 'cannot-decide' && !before.some((each) => isSame(each, fit, facts));
  const cannot = why === 'cannot-decide' && from.approver !== null ? whyNot(from.approver, facts) : null;
  const toQueue = { approver: null, queue: from.queue ?? 'approvals', queueReason: cannot ?? 'escalated' } as const;
  const to: StepRow = { ...from, ...(isFree ? fit : toQueue) };
  await ask(tx, { ...of, step: from.step }, to, now);
  await recordRequestEvent(tx, {
    ...of,
    event: why === 'escalated' ? 'step-escalated' : 'step-rerouted',
    actor: APPROVALS,
    details: { ...detailsOf(to), from: from.approver ?? from.queue },
  });
  await addLeftOut(tx, { ...of, kind: from.kind }, facts);
}

/** Who decides a step at this moment: whoever was planned, while they can. */
function fitFor(planned: StepRow, facts: RouteFacts): Pick<StepRow, 'approver' | 'queue' | 'queueReason'> {
  if (planned.approver === null || whyNot(planned.approver, facts) === null) {
    return { approver: planned.approver, queue: planned.queue, queueReason: planned.queueReason };
  }
  const { approver, queue, queueReason } = approverFrom(planned.approver, facts, APPROVAL_SETTINGS);
  return { approver, queue, queueReason };
}

/** What was left out because of a step that somebody else decides now is asked in the end. */
async function addLeftOut(
  tx: Transaction,
  of: RevisionReference & Pick<StepRow, 'kind'>,
  facts: RouteFacts,
): Promise<void> {
  const kinds = await leftOutFor(tx, of);
  if (kinds.length === 0) return;
  const steps = await stepsOf(tx, of.requestId, of.revision);
  const last = Math.max(...steps.map(({ step }) => step));
  const added = stepsWanted(facts, APPROVAL_SETTINGS).filter(
    ({ kind, ...each }) =>
      kinds.includes(kind) &&
      steps.every((other) => other.kind !== kind) &&
      !steps.some((other) => isSame(other, each, facts)),
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
