import { shownTime, type ShownTime } from '../../../common/uk-time.js';
import type { ActorWords } from '../../../directory/actor-names.queries.js';
import {
  APPROVAL_QUEUE_WORDS,
  OUTCOME_WORDS,
  QUEUE_REASON_WORDS,
  STEP_KIND_WORDS,
  type ApprovalQueue,
  type QueueReason,
  type StepKind,
} from '../../domain/decision-words.js';
import { REQUEST_EVENT_WORDS } from '../../domain/request-words.js';
import type { StepOfRequest, WholeRequest } from '../whole-request.queries.js';
import { nameOf } from './request-page.view.js';

/** A decision as the page shows it: who decides, and what they decided. */
export interface StepLine {
  readonly kind: string;
  readonly who: string;
  readonly outcome: string;
  readonly at: ShownTime | null;
  readonly reason: string | null;
  readonly revision: number;
}

/** The decisions that the request needs and had, the latest version first. */
export function stepLines(request: WholeRequest, now: Date): StepLine[] {
  const waiting = request.state === 'submitted';
  return [...request.steps]
    .sort((one, other) => other.revision - one.revision || one.step - other.step)
    .map((step) => ({
      kind: STEP_KIND_WORDS[step.kind as StepKind],
      who: whoDecides(step),
      outcome:
        step.decision !== null
          ? OUTCOME_WORDS[step.decision.outcome]
          : !waiting || step.revision < request.revision
            ? 'Not asked for any more'
            : step.openedAt === null
              ? 'Asked once the step before is approved'
              : 'Waits for a decision',
      at: shownTime(step.decision?.decidedAt ?? null, now),
      reason: step.decision?.reason ?? null,
      revision: step.revision,
    }));
}

function whoDecides({ decision, approver, queue, queueReason }: StepOfRequest): string {
  if (decision !== null) {
    const behalf = decision.onBehalfOf === null ? '' : ` on behalf of ${nameOf(decision.onBehalfOf)}`;
    return `${nameOf(decision.decidedBy)}${behalf}`;
  }
  if (approver !== null) return nameOf(approver);
  const why = queueReason === null ? '' : `, because ${QUEUE_REASON_WORDS[queueReason as QueueReason]}`;
  return `${APPROVAL_QUEUE_WORDS[queue as ApprovalQueue]}${why}`;
}

/** Something that happened to the request. */
export interface HistoryLine {
  readonly text: string;
  readonly about: string | null;
  readonly by: string;
  readonly at: ShownTime | null;
  readonly note: string | null;
}

/** Everything that happened, newest first. */
export function historyLines(request: WholeRequest, names: ActorWords, now: Date): HistoryLine[] {
  const lineOf = new Map(request.lines.map((line) => [line.id, line]));
  return request.history.map(({ event, actor, at, lineId, revision, details }) => {
    const line = lineId === null ? undefined : lineOf.get(lineId);
    const { quantity, reason } = details;
    return {
      text: `${REQUEST_EVENT_WORDS[event]}${typeof quantity === 'number' ? `: ${quantity}` : ''}${revision > 1 ? ` (version ${revision})` : ''}`,
      about: line ? `${line.product.name} for ${nameOf(line.beneficiary)}` : null,
      by: names(actor),
      at: shownTime(at, now),
      note: typeof reason === 'string' && event === 'cancelled' ? reason : null,
    };
  });
}
