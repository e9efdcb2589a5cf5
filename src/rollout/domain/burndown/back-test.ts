import { FEWEST_WEEKS, playFutures, type BurndownHistory } from './futures.js';

/** How earlier forecasts did. */
export interface BackTest {
  /** Forecasts whose outcome is known. */
  readonly forecasts: number;
  /** Those whose range held the outcome. */
  readonly held: number;
  /** The same by how many weeks ahead they looked. */
  readonly byWeeks: readonly { readonly weeks: number; readonly forecasts: number; readonly held: number }[];
}

/** Weeks ahead that are looked at. */
export const TESTED_WEEKS = [1, 2, 4, 8] as const;
/** Futures that are played for each of them; fewer than for a forecast, as ranges are judged and not shown. */
const RUNS = 300;
const WEEK = 7;

/**
 * Makes the forecast of every past day again, with only what was known on it, and looks whether its range from the 10th to
 * the 90th percentile held what came. It asks how much would remain so many weeks later. That is the same question as when
 * it will be over: a future reaches some number by a day if, and only if, no more than that number remains on the day.
 * @param weekdays whether the day of a number is one from Monday to Friday, as nobody asks on others.
 */
export function backTest(history: BurndownHistory, weekday: (day: number) => boolean): BackTest {
  const until = history.remaining.length - 1;
  const byWeeks = TESTED_WEEKS.map((weeks) => ({ weeks, forecasts: 0, held: 0 }));
  for (let day = FEWEST_WEEKS * WEEK; day + WEEK <= until; day++) {
    if (!weekday(day)) continue;
    const farthest = Math.max(...TESTED_WEEKS.filter((weeks) => day + weeks * WEEK <= until));
    const futures = playFutures(history, { day, weeks: farthest, endWhenDone: false, runs: RUNS, seed: day });
    for (const tested of byWeeks) {
      const outcome = history.remaining[day + tested.weeks * WEEK];
      if (outcome === undefined || tested.weeks > farthest) continue;
      const [low, high] = rangeAt(futures, tested.weeks);
      tested.forecasts++;
      if (low <= outcome && outcome <= high) tested.held++;
    }
  }
  const total = (of: 'forecasts' | 'held'): number => byWeeks.reduce((sum, tested) => sum + tested[of], 0);
  return { forecasts: total('forecasts'), held: total('held'), byWeeks };
}

/** The 10th and the 90th percentile of what remains: whole desktops, and never fewer than none. */
function rangeAt(futures: readonly (readonly number[])[], weeks: number): readonly [number, number] {
  const left = futures.map((future) => Math.max(0, Math.round(future[weeks - 1] ?? 0))).sort((a, b) => a - b);
  const at = (share: number): number => left[Math.ceil(share * left.length) - 1] ?? 0;
  return [at(0.1), at(0.9)];
}
