import { londonInstant } from '../../common/london-time.js';
import type { MoveFact } from './move-fact.js';
import type { ReadinessOutcome, WorkStyle } from './move-words.js';

/** What was assessed, computed, stated and decided about a move so far. */
export interface PlanPicture {
  assessed: boolean;
  readiness: ReadinessOutcome | null;
  workStyleProposed: WorkStyle | null;
  workStyleConfirmed: WorkStyle | null;
  noDesktopStatedAt: Date | null;
  /** Stays after its day until something happens. */
  deferral: { readonly day: string; readonly until: Date } | null;
  rolledBackAt: Date | null;
  reopenedAt: Date | null;
}

export function emptyPlan(): PlanPicture {
  return {
    assessed: false,
    readiness: null,
    workStyleProposed: null,
    workStyleConfirmed: null,
    noDesktopStatedAt: null,
    deferral: null,
    rolledBackAt: null,
    reopenedAt: null,
  };
}

/** What was said of somebody before they left the organisation does not hold when they come back. */
export function forgetStatements(plan: PlanPicture): void {
  Object.assign(plan, {
    assessed: false,
    noDesktopStatedAt: null,
    deferral: null,
    rolledBackAt: null,
    reopenedAt: null,
  });
}

/**
 * Takes one more fact into the picture, of whatever kind.
 *
 * @param isNewLaptop - whether the fact gives the person a laptop that they did not have.
 */
export function applyToPlan(plan: PlanPicture, fact: MoveFact, isNewLaptop: boolean): void {
  switch (fact.kind) {
    case 'assessed':
      plan.assessed = true;
      begin(plan, fact.at);
      break;
    case 'readiness-changed':
      plan.readiness = fact.details.outcome;
      break;
    case 'work-style-proposed':
      plan.workStyleProposed = fact.details.workStyle;
      break;
    case 'work-style-confirmed':
      plan.workStyleConfirmed = fact.details.workStyle;
      break;
    case 'no-desktop-stated':
      plan.noDesktopStatedAt = fact.at;
      break;
    case 'deferred':
      plan.deferral = { day: fact.details.until, until: londonInstant(fact.details.until, '00:00') };
      break;
    case 'deferral-ended':
      plan.deferral = null;
      break;
    case 'slot-booked':
      begin(plan, fact.at);
      break;
    case 'laptop-assigned':
      if (isNewLaptop) begin(plan, fact.at);
      break;
    case 'rolled-back':
      plan.rolledBackAt = fact.at;
      break;
    case 'reopened':
      plan.reopenedAt = fact.at;
      break;
    default:
  }
}

/** The move is begun again: a roll back is over, and so is a deferral whose day has come. */
function begin(plan: PlanPicture, at: Date): void {
  plan.rolledBackAt = null;
  if (plan.deferral !== null && plan.deferral.until <= at) plan.deferral = null;
}
