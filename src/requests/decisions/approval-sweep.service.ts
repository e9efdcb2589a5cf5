import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEventName } from '../../audit/audit-events.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { Transactor } from '../../database/transactor.js';
import { changeRequestState, lockRequest, recordRequestEvent } from '../asking/request-rows.queries.js';
import { whyNot } from '../domain/approval-route.js';
import { stepTimes } from '../domain/approval-times.js';
import { APPROVALS, rerouteStep } from './approval.js';
import { APPROVAL_SETTINGS } from './approval-settings.js';
import { routeFacts } from './route-facts.queries.js';
import { openStepOf, openSteps, writeReminded, type OpenStep } from './step-rows.queries.js';

/** Steps that are looked at in one reading. */
const READ_AT_ONCE = 500;

/** How many steps were reminded of, given to a queue, and given to somebody else. */
export interface Swept {
  readonly reminded: number;
  readonly escalated: number;
  readonly rerouted: number;
}

type Due = keyof Swept;

const AUDIT: Readonly<Record<Due, AuditEventName>> = {
  reminded: 'request.step-reminded',
  escalated: 'request.step-escalated',
  rerouted: 'request.step-rerouted',
};

/** Looks after steps that wait: reminds, gives them to a queue when nobody decides, and to others when somebody left. */
@Injectable()
export class ApprovalSweep {
  constructor(private readonly transactor: Transactor) {}

  /** Looks at every step that waits; each is a transaction of its own, and what was done is not done again. */
  async run(now = new Date()): Promise<Swept> {
    const swept = { reminded: 0, escalated: 0, rerouted: 0 };
    for (let after = 0; ;) {
      const steps = await this.transactor.run((tx) => openSteps(tx, after, READ_AT_ONCE));
      for (const { requestId } of steps) {
        const done = await this.transactor.run((tx) => this.#lookAt(tx, requestId, now));
        if (done !== null) swept[done]++;
      }
      const last = steps.at(-1);
      if (!last || steps.length < READ_AT_ONCE) return swept;
      after = last.requestId;
    }
  }

  async #lookAt(tx: EntityManager, requestId: number, now: Date): Promise<Due | null> {
    const request = await lockRequest(tx, requestId);
    const step = await openStepOf(tx, requestId);
    if (request === null || step === null) return null;
    const due = await dueOf(tx, step, now);
    if (due === null) return null;
    const { revision } = request;
    if (due === 'reminded') {
      await writeReminded(tx, step, now);
      const details = { step: step.step, kind: step.kind };
      await recordRequestEvent(tx, { requestId, revision, event: 'reminded', actor: APPROVALS, details });
    } else {
      await rerouteStep(tx, step, due === 'escalated' ? 'escalated' : 'cannot-decide', now);
    }
    await changeRequestState(tx, requestId, 'submitted', revision);
    await appendToAudit(tx, {
      event: AUDIT[due],
      actor: APPROVALS,
      subject: { kind: 'request', id: requestId },
      details: { revision, step: step.step, kind: step.kind },
    });
    return due;
  }
}

/** What is due for a step that waits; a step is reminded of once, and escalated once. */
async function dueOf(tx: EntityManager, step: OpenStep, now: Date): Promise<Due | null> {
  if (step.approver !== null) {
    const facts = await routeFacts(tx, step, [step.approver]);
    if (whyNot(step.approver, facts) !== null) return 'rerouted';
  }
  const { remindAt, escalateAt } = stepTimes(step.openedAt, APPROVAL_SETTINGS);
  if (now >= escalateAt && step.escalatedAt === null) return 'escalated';
  return now >= remindAt && step.remindedAt === null ? 'reminded' : null;
}
