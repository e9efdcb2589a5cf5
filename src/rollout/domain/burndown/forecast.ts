import { bookedBy, FEWEST_WEEKS, learnedWeeks, playFutures, weeklyFalls, type BurndownHistory } from './futures.js';

/** Why nobody can tell when it will be over. */
export type NoForecastReason = 'nothing-left' | 'too-early' | 'no-throughput' | 'not-falling';

/** When nothing will remain; days are numbered as those of the history. */
export type Forecast =
  | { readonly kind: 'none'; readonly reason: NoForecastReason }
  | {
      readonly kind: 'range';
      /** One future in ten is over on this day or before. */
      readonly earliest: number;
      /** Half of them are. */
      readonly middle: number;
      /** Nine in ten are; null when that would take longer than `MOST_WEEKS`. */
      readonly latest: number | null;
      /** Weeks that it was learned from. */
      readonly weeks: number;
      /** Appointments ahead that it counts on. */
      readonly appointments: number;
      readonly runs: number;
      readonly seed: number;
    };

/** Futures that are played: the ends of the range then differ from seed to seed by a day or two. */
export const FORECAST_RUNS = 1_000;
/** Weeks ahead after which a future is given up: five years. */
export const MOST_WEEKS = 260;
const WEEK = 7;

/**
 * Says when nothing will remain, as a range that holds in eight cases out of ten. See `playFutures` for the method.
 * @param day the last day of which anything is known.
 * @param seed a whole number; the same one gives the same range.
 */
export function forecast(history: BurndownHistory, day: number, seed: number): Forecast {
  if ((history.remaining[day] ?? 0) <= 0) return { kind: 'none', reason: 'nothing-left' };
  const weeks = learnedWeeks(day);
  if (weeks < FEWEST_WEEKS) return { kind: 'none', reason: 'too-early' };
  const booked = bookedBy(history);
  const appointments = Array.from({ length: MOST_WEEKS }, (_, week) => booked(day, day + week * WEEK)).reduce(
    (sum, count) => sum + count,
  );
  if (appointments === 0 && weeklyFalls(history, day).every((fall) => fall <= 0)) {
    return { kind: 'none', reason: 'no-throughput' };
  }
  const play = { day, weeks: MOST_WEEKS, endWhenDone: true, runs: FORECAST_RUNS, seed };
  const ends = playFutures(history, play)
    .map((future) => endOf(future, day, history.remaining[day] ?? 0))
    .sort((a, b) => a - b);
  const [earliest, middle, latest] = [0.1, 0.5, 0.9].map(
    (share) => ends[Math.ceil(share * ends.length) - 1] ?? Infinity,
  );
  if (earliest === undefined || middle === undefined || latest === undefined || middle === Infinity) {
    return { kind: 'none', reason: 'not-falling' };
  }
  return {
    kind: 'range',
    earliest,
    middle,
    latest: latest === Infinity ? null : latest,
    ...{ weeks, appointments, runs: FORECAST_RUNS, seed },
  };
}

/** The day on which nothing remains: within the week in which that happens, as far in as the week's fall needs. */
function endOf(future: readonly number[], day: number, remaining: number): number {
  const last = future.at(-1) ?? remaining;
  if (last > 0) return Infinity;
  const before = future.at(-2) ?? remaining;
  return day + (future.length - 1) * WEEK + Math.max(1, Math.ceil((before / (before - last)) * WEEK));
}
