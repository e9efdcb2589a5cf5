import { backTest } from './back-test.js';
import { forecast } from './forecast.js';
import { playFutures, weeklyFalls, type BurndownHistory, type KnownAppointment } from './futures.js';
import { Xoshiro128 } from './random.js';

const SEED = 20261123;
const PLAY = { weeks: 8, endWhenDone: false, runs: 200, seed: SEED };
const isWeekday = (day: number): boolean => day % 7 < 5;

/** A number that falls by so many every week, spread over five days. */
function steady({ weeks, start, perWeek }: { weeks: number; start: number; perWeek: number }): BurndownHistory {
  const remaining = Array.from({ length: weeks * 7 + 1 }, (_, day) => {
    const whole = Math.floor(day / 7) * perWeek;
    return Math.max(0, start - whole - (Math.min(day % 7, 5) * perWeek) / 5);
  });
  return { remaining, appointments: [] };
}

/** How a rollout at random goes. */
interface Pace {
  /** Appointments a working day, once everything runs. */
  readonly perDay: number;
  /** How far the pace wanders from week to week, and how much of that stays the week after. */
  readonly wander: number;
  readonly stays: number;
  /** Days until it runs at full pace. */
  readonly rampDays: number;
}

/** A rollout at random: booked some days ahead, cancelled, missed, recovered on the day or days later, now and then more. */
function randomRollout(seed: number, { perDay, wander, stays, rampDays }: Pace, days = 270): BurndownHistory {
  const random = new Xoshiro128(seed);
  const poisson = (mean: number): number => {
    let count = 0;
    for (let product = random.next(); product > Math.exp(-mean); product *= random.next()) count++;
    return count;
  };
  const back = new Map<number, number>();
  const appointments: KnownAppointment[] = [];
  let pace = 0;
  for (let day = 0; day < days + 60; day++) {
    if (day % 7 === 0) pace = stays * pace + wander * (random.next() + random.next() + random.next() - 1.5) * 2;
    if (!isWeekday(day)) continue;
    const today = poisson(perDay * Math.min(1, 0.3 + day / rampDays) * Math.exp(pace));
    for (let count = 0; count < today; count++) {
      const ahead = 2 + Math.floor(-Math.log(1 - random.next()) * 12);
      const fate = random.next();
      const isCancelled = fate < 0.08;
      const cancelledOn = isCancelled ? Math.max(day - Math.floor(random.next() * 10), day - ahead + 1) : null;
      appointments.push({ madeOn: day - ahead, cancelledOn, on: day });
      if (isCancelled || fate > 0.93) continue;
      const on = day + (random.next() < 0.8 ? 0 : Math.floor(random.next() * 14));
      back.set(on, (back.get(on) ?? 0) + 1);
    }
  }
  let left = 4_000;
  const remaining = Array.from({ length: days }, (_, day) => {
    left += (isWeekday(day) && random.next() < 0.15 ? 1 : 0) - (back.get(day) ?? 0);
    return left;
  });
  return { remaining, appointments };
}

const STEADY: Pace = { perDay: 12, wander: 0.1, stays: 0.5, rampDays: 100 };
const SMALL: Pace = { perDay: 3, wander: 0.25, stays: 0.5, rampDays: 100 };
const UNEVEN: Pace = { perDay: 12, wander: 0.25, stays: 0.5, rampDays: 100 };
const LONG_RAMP: Pace = { perDay: 12, wander: 0.25, stays: 0.5, rampDays: 300 };

describe('the forecast', () => {
  it('of what falls by the same number every week is the day on which that comes to nothing', () => {
    const history = steady({ weeks: 20, start: 400, perWeek: 10 });
    expect(weeklyFalls(history, 140)).toEqual(new Array(20).fill(10));
    expect(forecast(history, 140, SEED)).toMatchObject({ earliest: 280, middle: 280, latest: 280, weeks: 20 });
  });

  it('counts on what is booked: as many appointments more, so much sooner', () => {
    const booked = (day: number, made: number): KnownAppointment => ({ madeOn: made, cancelledOn: null, on: day });
    const past = Array.from({ length: 20 }, (_, week) =>
      Array.from({ length: 10 }, () => booked(week * 7 + 3, week * 7 - 13)),
    ).flat();
    const history = { ...steady({ weeks: 20, start: 300, perWeek: 10 }), appointments: past };
    const ahead = (perWeek: number): KnownAppointment[] =>
      Array.from({ length: 2 }, (_, week) => Array.from({ length: perWeek }, () => booked(143 + week * 7, 139))).flat();
    const end = (perWeek: number): number => {
      const found = forecast({ ...history, appointments: [...past, ...ahead(perWeek)] }, 140, SEED);
      return found.kind === 'range' ? found.middle : 0;
    };
    expect(end(10)).toBe(210);
    expect(end(30)).toBe(210 - 4 * 7);
    const cancelled = ahead(30).map((appointment) => ({ ...appointment, cancelledOn: 140 }));
    const without = forecast({ ...history, appointments: [...past, ...cancelled] }, 140, SEED);
    expect(without).toMatchObject({ middle: 210 + 14, appointments: 0 });
  });

  it('knows nothing of what came later', () => {
    const history = randomRollout(1, UNEVEN);
    const day = 150;
    const later: BurndownHistory = {
      remaining: history.remaining.map((left, index) => (index > day ? 0 : left)),
      appointments: history.appointments
        .filter(({ madeOn }) => madeOn <= day)
        .map((one) => ({
          ...one,
          cancelledOn: one.cancelledOn !== null && one.cancelledOn > day ? null : one.cancelledOn,
        })),
    };
    expect(playFutures(later, { ...PLAY, day })).toEqual(playFutures(history, { ...PLAY, day }));
    expect(forecast(later, day, SEED)).toEqual(forecast(history, day, SEED));
  });

  it('is the same for the same seed, and about the same for another', () => {
    const history = randomRollout(2, STEADY);
    const found = forecast(history, 200, SEED);
    expect(forecast(history, 200, SEED)).toEqual(found);
    const other = forecast(history, 200, SEED + 1);
    if (found.kind !== 'range' || other.kind !== 'range') throw new Error('There is no forecast.');
    expect(found.earliest).toBeLessThan(found.middle);
    expect(Math.abs(found.middle - other.middle)).toBeLessThan(15);
    expect(Math.abs(found.earliest - other.earliest)).toBeLessThan(15);
  });

  it('says why there is none', () => {
    const none = (history: BurndownHistory, day = history.remaining.length - 1): object => forecast(history, day, SEED);
    expect(none(steady({ weeks: 20, start: 100, perWeek: 10 }))).toEqual({ kind: 'none', reason: 'nothing-left' });
    expect(none(steady({ weeks: 5, start: 100, perWeek: 10 }))).toEqual({ kind: 'none', reason: 'too-early' });
    expect(none(steady({ weeks: 20, start: 100, perWeek: 0 }))).toEqual({ kind: 'none', reason: 'no-throughput' });
    const hardly = { ...steady({ weeks: 20, start: 1_000, perWeek: 0 }) };
    const once = { ...hardly, remaining: hardly.remaining.map((left, day) => (day > 30 ? left - 1 : left)) };
    expect(none(once)).toEqual({ kind: 'none', reason: 'not-falling' });
    const bookedOnly = { ...hardly, appointments: [{ madeOn: 139, cancelledOn: null, on: 150 }] };
    expect(none(bookedOnly)).toEqual({ kind: 'none', reason: 'not-falling' });
  });

  it('holds in about eight of ten cases, however a rollout goes', () => {
    const held = { forecasts: 0, held: 0 };
    for (const [index, pace] of [STEADY, SMALL, UNEVEN, LONG_RAMP].entries()) {
      for (const seed of [1, 2]) {
        const test = backTest(randomRollout(index * 10 + seed, pace), isWeekday);
        expect(test.forecasts).toBeGreaterThanOrEqual(200);
        expect(test.byWeeks.reduce((sum, { forecasts }) => sum + forecasts, 0)).toBe(test.forecasts);
        held.forecasts += test.forecasts;
        held.held += test.held;
      }
    }
    const share = held.held / held.forecasts;
    expect(share).toBeGreaterThan(0.75);
    expect(share).toBeLessThan(0.85);
  }, 30_000);
});
