import { Xoshiro128 } from './random.js';
import { levelsOf, type Level } from './smoothing.js';

/** An appointment as its days are known; days are numbered from the first day of the history. */
export interface KnownAppointment {
  /** Day on which it was made. */
  readonly madeOn: number;
  /** Day on which it was cancelled; null when it was not. */
  readonly cancelledOn: number | null;
  /** Day for which it was made. */
  readonly on: number;
}

/** What burns down, day by day, and the appointments that were made for it. */
export interface BurndownHistory {
  /** How many remained at the end of each day, weekends included; the first entry is day 0. */
  readonly remaining: readonly number[];
  readonly appointments: readonly KnownAppointment[];
}

/** How futures are played; the same seed plays the same ones. */
export interface Play {
  /** The last day of which anything is known; it has at least `FEWEST_WEEKS` weeks before it. */
  readonly day: number;
  /** Weeks to play. A future in which nothing remains ends early if that is asked for. */
  readonly weeks: number;
  readonly endWhenDone: boolean;
  readonly runs: number;
  readonly seed: number;
}

/** Weeks back that a forecast learns from: half a year. */
export const LEARNED_WEEKS = 26;
/** From fewer weeks than these a forecast would be a guess. */
export const FEWEST_WEEKS = 6;
/** Weeks ahead for which appointments are looked at; hardly anybody books further ahead. */
const BOOKED_WEEKS = 13;
const WEEK = 7;

/** One possible future: what remains after one week, after two and so on; below 0 when it would have been more. */
export type Future = readonly number[];

/** Weeks before a day that a forecast learns from. */
export function learnedWeeks(day: number): number {
  return Math.min(LEARNED_WEEKS, Math.floor(day / WEEK));
}

/** By how much the number fell in each of the learned weeks before a day, the oldest first. */
export function weeklyFalls({ remaining }: BurndownHistory, day: number): readonly number[] {
  const weeks = learnedWeeks(day);
  return Array.from({ length: weeks }, (_, index) => {
    const begin = day - (weeks - index) * WEEK;
    return (remaining[begin] ?? 0) - (remaining[begin + WEEK] ?? 0);
  });
}

/** How many appointments were known at the end of a day for the seven days after another. */
export function bookedBy(history: BurndownHistory): (asOf: number, after: number) => number {
  const byDay = new Map<number, KnownAppointment[]>();
  for (const appointment of history.appointments) {
    const sameDay = byDay.get(appointment.on);
    if (sameDay === undefined) byDay.set(appointment.on, [appointment]);
    else sameDay.push(appointment);
  }
  return (asOf, after) => {
    let count = 0;
    for (let day = after + 1; day <= after + WEEK; day++) {
      for (const { madeOn, cancelledOn } of byDay.get(day) ?? []) {
        if (madeOn <= asOf && (cancelledOn === null || cancelledOn > asOf)) count++;
      }
    }
    return count;
  };
}

/**
 * Plays possible futures from what was known at the end of a day and nothing later.
 *
 * A coming week brings what is booked for it now, what usually comes on top of that or falls away, seen from the same
 * distance, and a surprise. What is usual is followed by exponential smoothing over the weeks so far, and the surprises
 * are those of these weeks, drawn at random (bootstrap). A part of each surprise lasts, which is why the range widens with
 * the distance: the model is the local level of Hyndman, Koehler, Ord and Snyder, "Forecasting with Exponential
 * Smoothing" (Springer 2008). How large that part is nobody knows, so each future draws it, the likelier the better it
 * would have foretold the weeks so far.
 */
export function playFutures(history: BurndownHistory, { day, weeks, endWhenDone, runs, seed }: Play): Future[] {
  const random = new Xoshiro128(seed);
  const booked = bookedBy(history);
  const falls = weeklyFalls(history, day);
  const count = falls.length;
  const ahead = Math.min(weeks, BOOKED_WEEKS);
  const bookedNow = Array.from({ length: ahead }, (_, week) => booked(day, day + week * WEEK));
  const onTop = Array.from({ length: ahead }, (_, week) =>
    falls.map((fall, index) => {
      const begin = day - (count - index) * WEEK;
      return fall - booked(begin - week * WEEK, begin);
    }),
  );
  const levels = levelsOf(falls, [...onTop, falls]);
  return Array.from({ length: runs }, () => {
    const level = drawn(levels, random);
    const future: number[] = [];
    let left = history.remaining[day] ?? 0;
    let lasting = 0;
    for (let week = 0; week < weeks && !(endWhenDone && left <= 0); week++) {
      const { usual = 0, surprises = [] } = level.series[Math.min(week, ahead)] ?? {};
      const surprise = surprises[Math.floor(random.next() * count)] ?? 0;
      left -= (bookedNow[week] ?? 0) + usual + lasting + surprise;
      // What is usual may fade away altogether, but teams do not give desktops back week after week.
      lasting = Math.max(lasting + level.smoothing * surprise, -Math.max(level.series[ahead]?.usual ?? 0, 0));
      future.push(left);
    }
    return future;
  });
}

function drawn(levels: readonly Level[], random: Xoshiro128): Level {
  const at = random.next();
  let total = 0;
  for (const level of levels) if (at < (total += level.likelihood)) return level;
  // The likelihoods add up to 1 but for rounding.
  return levels[levels.length - 1] as Level;
}
