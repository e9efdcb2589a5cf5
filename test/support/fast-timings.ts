import type { GraphTimings } from '../../src/graph/graph-timings.js';

/** Time that passes only while somebody sleeps: hours of waiting take no time, and every wait is on record. */
export interface FastTimings extends GraphTimings {
  /** Milliseconds of every sleep, in order. */
  readonly slept: number[];
}

export function fastTimings(): FastTimings {
  let ahead = 0;
  const slept: number[] = [];
  return {
    slept,
    clock: { now: () => new Date(Date.now() + ahead) },
    random: () => 0.5,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      slept.push(milliseconds);
      ahead += milliseconds;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
