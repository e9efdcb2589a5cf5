import type { FactHandlers } from './fact-handlers.js';
import type { ReadinessOutcome, WorkStyle } from './move-words.js';
import { startOfDay } from './start-of-day.js';

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

/** What facts do to the plan. */
export const PLAN_HANDLERS: FactHandlers<PlanPicture> = {
  assessed: (plan, { at }) => {
    plan.assessed = true;
    begin(plan, at);
  },
  'readiness-changed': (plan, { details }) => {
    plan.readiness = details.outcome;
  },
  'work-style-proposed': (plan, { details }) => {
    plan.workStyleProposed = details.workStyle;
  },
  'work-style-confirmed': (plan, { details }) => {
    plan.workStyleConfirmed = details.workStyle;
  },
  'no-desktop-stated': (plan, { at }) => {
    plan.noDesktopStatedAt = at;
  },
  deferred: (plan, { details }) => {
    plan.deferral = { day: details.until, until: startOfDay(details.until) };
  },
  'deferral-ended': (plan) => {
    plan.deferral = null;
  },
  'slot-booked': (plan, { at }) => begin(plan, at),
  'rolled-back': (plan, { at }) => {
    plan.rolledBackAt = at;
  },
  reopened: (plan, { at }) => {
    plan.reopenedAt = at;
  },
};

/**
 * The move is begun again, by an assessment, a booking or another laptop: a roll back is over, and so is a deferral
 * whose day has come.
 */
export function begin(plan: PlanPicture, at: Date): void {
  plan.rolledBackAt = null;
  if (plan.deferral !== null && plan.deferral.until <= at) plan.deferral = null;
}
