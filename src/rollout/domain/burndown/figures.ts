import type { DesktopState, MoveState, ScopeReason } from '../move-words.js';
import { isInScope } from '../move-words.js';

/** What figures are broken down by; `all` is the programme as a whole. */
export const DIMENSIONS = ['all', 'directorate', 'team', 'site', 'work_style', 'device_age'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** How old the oldest desktop was when the programme began, so that nothing wanders from band to band later. */
export const DEVICE_AGE_BANDS = ['under_3', '3_to_5', '5_to_7', 'over_7'] as const;
export type DeviceAgeBand = (typeof DEVICE_AGE_BANDS)[number];

export const DIMENSION_WORDS: Readonly<Record<Exclude<Dimension, 'all'>, string>> = {
  directorate: 'Directorate',
  team: 'Team',
  site: 'Site',
  work_style: 'Work style',
  device_age: 'Age of the desktop',
};

export const DEVICE_AGE_WORDS: Readonly<Record<DeviceAgeBand, string>> = {
  under_3: 'Under 3 years',
  '3_to_5': '3 to 5 years',
  '5_to_7': '5 to 7 years',
  over_7: '7 years or more',
};

/** How many came or went, by why; what is not named is none. */
export type CountByReason = Readonly<Partial<Record<ScopeReason, number>>>;

/** What was counted at the end of one day for one value of one dimension; what is not named is none. */
export interface BurndownFigures {
  readonly people: Readonly<Partial<Record<MoveState, number>>>;
  /** Booked people whose readiness fell afterwards; they are among `people.scheduled`. */
  readonly atRisk: number;
  readonly desktops: Readonly<Partial<Record<DesktopState, number>>>;
  /** Since the programme began; in the part where somebody was when it happened. */
  readonly peopleIn: CountByReason;
  readonly peopleOut: CountByReason;
  readonly desktopsIn: CountByReason;
  readonly desktopsOut: CountByReason;
}

export const NO_FIGURES: BurndownFigures = {
  people: {},
  atRisk: 0,
  desktops: {},
  peopleIn: {},
  peopleOut: {},
  desktopsIn: {},
  desktopsOut: {},
};

/** States of desktops that nobody has recovered yet. */
export const REMAINING_DESKTOP_STATES = ['in_use', 'return_due'] as const satisfies readonly DesktopState[];
/** States of desktops that are back, wiped or not. */
export const RECOVERED_DESKTOP_STATES = ['recovered', 'wiped'] as const satisfies readonly DesktopState[];

/** Everybody of the programme who counts. */
export function peopleInScope({ people }: BurndownFigures): number {
  return sum(Object.entries(people).map(([state, count]) => (isInScope(state as MoveState) ? count : 0)));
}

/** Desktops that are still to be recovered: what burns down. */
export function desktopsRemaining({ desktops }: BurndownFigures): number {
  return sum(REMAINING_DESKTOP_STATES.map((state) => desktops[state] ?? 0));
}

/** Desktops that are back, wiped or not. */
export function desktopsRecovered({ desktops }: BurndownFigures): number {
  return sum(RECOVERED_DESKTOP_STATES.map((state) => desktops[state] ?? 0));
}

/** How many came or went, for whatever reason. */
export function countOf(byReason: CountByReason): number {
  return sum(Object.values(byReason));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
