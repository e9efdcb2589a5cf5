import type { DesktopState, MoveState } from './move-words.js';

/** Before the laptop. */
const BEFORE = ['not_started', 'assessed', 'blocked', 'ready', 'scheduled', 'deferred', 'rolled_back'] as const;
/** With the laptop. */
const AFTER = ['handed_over', 'desktop_recovered', 'closed'] as const;
const OUT = ['already_mobile', 'exempt', 'out_of_scope', 'left'] as const;
/** Machines alone decide these, so whatever happens to a machine can lead to each from anywhere in the programme. */
const ANYWHERE = [...AFTER, ...OUT] as const;

/**
 * Which state of a move can come right after which, one fact or day at a time and as long as nothing is retracted.
 * People who left the scope come back to wherever the facts have them by then.
 */
export const MOVE_STATE_FOLLOWS: Readonly<Record<MoveState, readonly MoveState[]>> = {
  not_started: ['assessed', 'blocked', 'ready', 'scheduled', 'deferred', 'rolled_back', ...ANYWHERE],
  assessed: ['blocked', 'ready', 'scheduled', 'deferred', 'rolled_back', ...ANYWHERE],
  blocked: ['ready', 'scheduled', 'deferred', 'rolled_back', ...ANYWHERE],
  ready: ['blocked', 'scheduled', 'deferred', 'rolled_back', ...ANYWHERE],
  scheduled: ['not_started', 'assessed', 'blocked', 'ready', 'deferred', 'rolled_back', ...ANYWHERE],
  deferred: ['not_started', 'assessed', 'blocked', 'ready', 'scheduled', 'rolled_back', ...ANYWHERE],
  rolled_back: ['not_started', 'assessed', 'blocked', 'ready', 'scheduled', 'deferred', ...ANYWHERE],
  handed_over: [...BEFORE, 'desktop_recovered', 'closed', ...OUT],
  desktop_recovered: [...BEFORE, 'handed_over', 'closed', ...OUT],
  closed: [...BEFORE, 'handed_over', 'desktop_recovered', ...OUT],
  already_mobile: [...BEFORE, ...AFTER, 'exempt', 'out_of_scope', 'left'],
  exempt: [...BEFORE, ...AFTER, 'already_mobile', 'out_of_scope', 'left'],
  out_of_scope: [...BEFORE, ...AFTER, 'already_mobile', 'exempt', 'left'],
  left: [...BEFORE, ...AFTER, 'already_mobile', 'exempt', 'out_of_scope'],
};

/** Which state of a desktop can come right after which, one fact at a time and as long as nothing is retracted. */
export const DESKTOP_STATE_FOLLOWS: Readonly<Record<DesktopState, readonly DesktopState[]>> = {
  in_use: ['return_due', 'recovered', 'wiped', 'left_estate', 'out_of_scope'],
  return_due: ['in_use', 'recovered', 'wiped', 'left_estate', 'out_of_scope'],
  recovered: ['wiped', 'in_use', 'left_estate', 'out_of_scope'],
  wiped: ['recovered', 'in_use', 'out_of_scope'],
  left_estate: ['in_use', 'return_due', 'recovered', 'wiped', 'out_of_scope'],
  out_of_scope: ['in_use', 'return_due', 'recovered', 'wiped', 'left_estate'],
};
