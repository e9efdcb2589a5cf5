import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError, UntetherError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { constraintOf } from '../../database/constraint-conflicts.js';
import { Transactor } from '../../database/transactor.js';
import {
  changeRequestState,
  lockRequest,
  recordRequestEvent,
  type LockedRequest,
} from '../asking/request-rows.queries.js';
import type { Outcome } from '../domain/decision-words.js';
import type { RequestState } from '../domain/request-words.js';
import { reserveApproved } from '../fulfilment/reserving.js';
import type { RequestActor } from '../request-actor.js';
import { APPROVALS, openStep, stepAfter } from './approval.js';
import { decisionRight, NOT_FOR_ONESELF, type DecisionRight } from './decision-rights.queries.js';
import { openStepOf, type OpenStep } from './step-rows.queries.js';

/** Requests that can be approved at once: more than one page of them. */
export const MOST_DECISIONS = 100;

/** What is decided about: a step of a revision, as it was looked at. */
export interface StepLookedAt {
  readonly requestId: number;
  readonly revision: number;
  readonly step: number;
}

/** A decision about one step. */
export interface NewDecision extends StepLookedAt {
  readonly outcome: Outcome;
  /** Needed unless it is approved; at most 2,000 characters. */
  readonly reason: string | null;
  readonly idempotencyKey: string | null;
}

/** What a decision came to. */
export interface DecisionOutcome extends StepLookedAt {
  readonly outcome: Outcome;
  /** Where the request stands now: `submitted` while another step waits. */
  readonly state: RequestState;
}

/** What became of one of several requests. */
export type BulkDecision = StepLookedAt &
  ({ readonly ok: true; readonly state: RequestState } | { readonly ok: false; readonly refusal: string });

/** What was looked at is not what waits for a decision. */
export class DecisionMovedOnError extends ConflictError {
  constructor(
    message: string,
    readonly isOtherRevision = false,
  ) {
    super(message);
  }
}

const AUDIT = {
  approved: 'request.approved',
  rejected: 'request.rejected',
  returned: 'request.returned',
} as const;

/** Decides about requests. Each decision is one transaction, and a decision is never taken back. */
@Injectable()
export class DecisionsService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Decides the step that waits. The last approval reserves stock in the same transaction.
   * @throws ForbiddenError for who does not decide it, above all who asks for it or gets something; InputError without the
   * reason that a refusal needs; DecisionMovedOnError when another step or revision waits, or none
   */
  decide(decision: NewDecision, by: RequestActor, now = new Date()): Promise<DecisionOutcome> {
    const { idempotencyKey: key, ...request } = decision;
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor: by.actor, key, request: { decide: request } }, () => this.#decide(tx, decision, by, now)),
    );
  }

  /** Approves several steps, each on its own: what cannot be approved is told, and does not keep the others. */
  async approveMany(
    steps: readonly StepLookedAt[],
    idempotencyKey: string | null,
    by: RequestActor,
    now = new Date(),
  ): Promise<BulkDecision[]> {
    if (steps.length < 1 || steps.length > MOST_DECISIONS) {
      throw new InputError(`Choose 1 to ${MOST_DECISIONS} requests.`, [
        { field: 'decisions', message: `Choose 1 to ${MOST_DECISIONS} requests` },
      ]);
    }
    const results: BulkDecision[] = [];
    for (const { requestId, revision, step } of steps) {
      const looked = { requestId, revision, step };
      const key = idempotencyKey === null ? null : `${idempotencyKey.slice(0, 170)}:${requestId}`;
      const decision: NewDecision = { ...looked, outcome: 'approved', reason: null, idempotencyKey: key };
      try {
        const { state } = await this.decide(decision, by, now);
        results.push({ ...looked, ok: true, state });
      } catch (error) {
        if (!(error instanceof UntetherError) || error.status >= 500) throw error;
        results.push({ ...looked, ok: false, refusal: error.message });
      }
    }
    return results;
  }

  async #decide(tx: EntityManager, decision: NewDecision, by: RequestActor, now: Date): Promise<DecisionOutcome> {
    const { requestId, revision, step, outcome } = decision;
    const reason = checkedReason(decision);
    const request = await lockRequest(tx, requestId);
    if (request === null) throw new NotFoundError('There is no such request.');
    const waiting = await openStepOf(tx, requestId);
    if (waiting === null) throw new DecisionMovedOnError('The request waits for no decision any more.');
    const right = await decisionRight(tx, waiting, by);
    if (waiting.revision !== revision || waiting.step !== step) {
      const message = 'The request was changed or decided meanwhile. Look at it again and decide anew.';
      throw new DecisionMovedOnError(message, waiting.revision !== revision);
    }
    await insertDecision(tx, waiting, { outcome, reason, ...right }, now);
    const state = await this.#follow(tx, request, waiting, outcome, by, now);
    const isStep = outcome === 'approved' && state === 'submitted';
    await appendToAudit(tx, {
      event: isStep ? 'request.step-approved' : AUDIT[outcome],
      actor: by.actor,
      subject: { kind: 'request', id: requestId },
      details: { revision, step, kind: waiting.kind, delegation: right.delegationId },
    });
    return { requestId, revision, step, outcome, state };
  }

  /** What follows from a decision: the next step is asked, stock is reserved, or the request goes back. */
  async #follow(
    tx: EntityManager,
    { id: requestId, revision }: LockedRequest,
    { step, kind }: OpenStep,
    outcome: Outcome,
    by: RequestActor,
    now: Date,
  ): Promise<RequestState> {
    const happening = { requestId, revision, actor: by.actor, details: { step, kind } };
    if (outcome !== 'approved') {
      await changeRequestState(tx, requestId, outcome, revision);
      await recordRequestEvent(tx, { ...happening, event: outcome });
      return outcome;
    }
    const of = { requestId, revision };
    const { next, leftOut } = await stepAfter(tx, of, step);
    const state = next === null ? 'approved' : 'submitted';
    await changeRequestState(tx, requestId, state, revision);
    await recordRequestEvent(tx, [
      ...leftOut.map((details) => ({
        ...of,
        event: 'step-left-out' as const,
        actor: APPROVALS,
        details: { ...details },
      })),
      { ...happening, event: next === null ? 'approved' : 'step-approved' },
    ]);
    if (next === null) await reserveApproved(tx, of, by.actor);
    else await openStep(tx, of, next, now);
    return state;
  }
}

/** The reason as it is stored. @throws InputError for a refusal without one */
function checkedReason({ outcome, reason }: NewDecision): string | null {
  const text = reason?.trim() ?? '';
  if (text === '' && outcome !== 'approved') {
    const message = outcome === 'rejected' ? 'Say why it is rejected' : 'Say what is to be changed';
    throw new InputError(`${message}.`, [{ field: 'reason', message }]);
  }
  if (text.length > 2_000) {
    throw new InputError('The reason is too long.', [{ field: 'reason', message: 'Use at most 2,000 characters' }]);
  }
  return text === '' ? null : text;
}

async function insertDecision(
  tx: EntityManager,
  { requestId, revision, step }: StepLookedAt,
  decision: DecisionRight & { readonly outcome: Outcome; readonly reason: string | null },
  now: Date,
): Promise<void> {
  const { outcome, reason, decidedBy, onBehalfOf, delegationId } = decision;
  await tx
    .query(
      `insert into decision (request_id, revision, step, outcome, reason, decided_by, on_behalf_of, delegation_id, decided_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [requestId, revision, step, outcome, reason, decidedBy, onBehalfOf, delegationId, now],
    )
    .catch(refused);
}

/** What the database refuses although it was looked at before, because it became so meanwhile. */
function refused(error: unknown): never {
  const constraint = constraintOf(error);
  if (constraint === 'decision_not_for_oneself') throw new ForbiddenError(NOT_FOR_ONESELF);
  if (constraint === 'decision_right') throw new ForbiddenError('Somebody else decides this step.');
  if (constraint === 'decision_delegated') throw new ForbiddenError('The delegation does not hold any more.');
  if (constraint === 'decision_pkey' || constraint === 'decision_waiting' || constraint === 'decision_order') {
    throw new DecisionMovedOnError('The request was decided meanwhile. Look at it again.');
  }
  throw error;
}
