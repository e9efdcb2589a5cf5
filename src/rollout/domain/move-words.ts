/** Where a person's move stands. Every state follows from facts; see `derive-move.ts`. */
export const MOVE_STATES = [
  'not_started',
  'assessed',
  'blocked',
  'ready',
  'scheduled',
  'handed_over',
  'desktop_recovered',
  'closed',
  'rolled_back',
  'deferred',
  'already_mobile',
  'exempt',
  'out_of_scope',
  'left',
] as const;
export type MoveState = (typeof MOVE_STATES)[number];

/** States of people who do not count in the programme any more, each a change of its scope and never progress. */
export const OUT_OF_SCOPE_STATES = ['already_mobile', 'exempt', 'out_of_scope', 'left'] as const;

/** Whether somebody in this state counts in the programme. */
export function isInScope(state: MoveState): boolean {
  return !OUT_OF_SCOPE_STATES.some((out) => out === state);
}

/** How somebody works, which decides what they need. */
export const WORK_STYLES = ['fixed', 'office_mobile', 'home', 'field', 'shared_desk', 'exempt'] as const;
export type WorkStyle = (typeof WORK_STYLES)[number];

/** What the rules of readiness can say. Unknown is never ready. */
export const READINESS_OUTCOMES = ['ready', 'not_ready', 'unknown'] as const;
export type ReadinessOutcome = (typeof READINESS_OUTCOMES)[number];

/** Where a desktop of the programme stands; it remains until it is recovered, and is done when it is wiped. */
export const DESKTOP_STATES = ['in_use', 'return_due', 'recovered', 'wiped', 'left_estate', 'out_of_scope'] as const;
export type DesktopState = (typeof DESKTOP_STATES)[number];

/** Why people or desktops come into the programme or leave it. */
export const SCOPE_REASONS = [
  'baseline',
  'joiner',
  'rehire',
  'rule',
  'reclassified',
  'leaver',
  'exemption',
  'exemption_ended',
  'already_mobile',
  'stolen',
  'written_off',
  'disposed',
  'gone',
] as const;
export type ScopeReason = (typeof SCOPE_REASONS)[number];

export const MOVE_STATE_WORDS: Readonly<Record<MoveState, string>> = {
  not_started: 'Not started',
  assessed: 'Assessed',
  blocked: 'Blocked',
  ready: 'Ready',
  scheduled: 'Booked',
  handed_over: 'Laptop handed over',
  desktop_recovered: 'Desktop recovered',
  closed: 'Done',
  rolled_back: 'Rolled back',
  deferred: 'Deferred',
  already_mobile: 'Already mobile',
  exempt: 'Exempt',
  out_of_scope: 'Out of scope',
  left: 'Left the council',
};

export const WORK_STYLE_WORDS: Readonly<Record<WorkStyle, string>> = {
  fixed: 'Fixed desk',
  office_mobile: 'Mobile in the office',
  home: 'At home',
  field: 'In the field',
  shared_desk: 'Shared desk',
  exempt: 'Exempt',
};

export const READINESS_WORDS: Readonly<Record<ReadinessOutcome, string>> = {
  ready: 'Ready',
  not_ready: 'Not ready',
  unknown: 'Not known',
};

export const DESKTOP_STATE_WORDS: Readonly<Record<DesktopState, string>> = {
  in_use: 'In use',
  return_due: 'To be returned',
  recovered: 'Recovered, not wiped',
  wiped: 'Recovered and wiped',
  left_estate: 'Left the estate another way',
  out_of_scope: 'Out of scope',
};

export const SCOPE_REASON_WORDS: Readonly<Record<ScopeReason, string>> = {
  baseline: 'In the baseline',
  joiner: 'Joined the council',
  rehire: 'Came back to the council',
  rule: 'The scope rule',
  reclassified: 'The machine was classified anew',
  leaver: 'Left the council',
  exemption: 'Exempted',
  exemption_ended: 'Exemption ended',
  already_mobile: 'Had a laptop and no desktop',
  stolen: 'Stolen',
  written_off: 'Written off',
  disposed: 'Disposed of without recovery',
  gone: 'No source has it any more',
};
