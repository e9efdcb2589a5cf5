import { setTimeout as delay } from 'node:timers/promises';
import { systemClock, type Clock } from '../common/clock.js';

/** Time and chance, so that tests can choose both. */
export interface GraphTimings {
  readonly clock: Clock;
  /** Waits; rejects with the signal's reason as soon as it is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal | null) => Promise<void>;
  /** A number from 0 up to but not including 1. */
  readonly random: () => number;
}

/** The machine's own time and chance. */
export const SYSTEM_TIMINGS: GraphTimings = { clock: systemClock, sleep, random: Math.random };

async function sleep(milliseconds: number, signal: AbortSignal | null): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal: signal ?? undefined });
  } catch (error) {
    throw signal?.reason ?? error;
  }
}

/** Waits for `work` no longer than until the signal is aborted; the work itself goes on for whoever else awaits it. */
export async function interruptible<T>(work: Promise<T>, signal: AbortSignal | null): Promise<T> {
  if (signal === null) return work;
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
