import type { MoveDoubtKind } from '../../src/rollout/domain/move-doubt.js';
import type { MoveFact } from '../../src/rollout/domain/move-fact.js';
import type { MoveState } from '../../src/rollout/domain/move-words.js';
import type { MoveStanding } from '../../src/rollout/domain/move-standing.js';
import { moveIn } from './move-derivations.js';
import { fact, onDay } from './move-facts.js';

// One person's move in facts, each a day after the first.
export const DESK = 11;
export const SECOND_DESK = 12;
export const LAPTOP = 21;
export const SECOND_LAPTOP = 22;

/** Where move 1 stands on a day, from the facts about anybody. */
export function standing(facts: readonly MoveFact[], day = 100): MoveStanding {
  return moveIn(facts, onDay(day));
}

export const doubts = (facts: readonly MoveFact[], day?: number): MoveDoubtKind[] =>
  standing(facts, day).doubts.map(({ kind }) => kind);
export const stateOf = (facts: readonly MoveFact[], day?: number): MoveState => standing(facts, day).state;

export const entered = fact(0, 'entered-scope', { reason: 'baseline' });
export const desk = (day: number, deviceId = DESK, moveId = 1) =>
  fact(day, 'desktop-assigned', { by: 'custody' }, { deviceId, moveId });
export const laptop = (day: number, deviceId = LAPTOP) => fact(day, 'laptop-assigned', { by: 'custody' }, { deviceId });
export const observed = (day: number) => fact(day, 'laptop-observed', {}, { deviceId: LAPTOP });
export const returned = (day: number, deviceId = LAPTOP) => fact(day, 'laptop-returned', {}, { deviceId });
export const recovered = (day: number, deviceId = DESK) =>
  fact(day, 'desktop-recovered', {}, { deviceId, moveId: null });
export const wiped = (day: number, deviceId = DESK, evidence: string | null = 'certificate 7') =>
  fact(day, 'desktop-wiped', { evidence }, { deviceId, moveId: null });
export const seen = (day: number, deviceId = DESK) =>
  fact(day, 'desktop-seen', { source: 'intune' }, { deviceId, moveId: null });
export const readiness = (day: number, outcome: 'ready' | 'not_ready' | 'unknown') =>
  fact(day, 'readiness-changed', { outcome, rules: [] });
export const assessed = (day: number) => fact(day, 'assessed', {});
export const booked = (day: number, bookingId: number, startsAt = onDay(day + 10).toISOString()) =>
  fact(day, 'slot-booked', { bookingId, startsAt, delivery: false });
export const missed = (day: number, bookingId: number) => fact(day, 'slot-missed', { bookingId });
export const done = [entered, desk(0), laptop(1), observed(2), recovered(3), wiped(4)];
