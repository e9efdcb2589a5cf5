import type { ConnectionCheckSettings } from '../../config/connection-check-settings.js';

/** How much connection checks may take of this process. */
export interface CheckLimits {
  readonly atOnce: number;
  /** Longest that one check transfers anything, in seconds. */
  readonly seconds: number;
  /** What a check usually takes, in seconds; the time that somebody waits is reckoned from it. */
  readonly usualSeconds: number;
  /** Checks that one person begins in an hour. */
  readonly anHour: number;
  /** Most bytes of one check in each direction. */
  readonly bytes: number;
  /** Most bytes of one transfer. */
  readonly transferBytes: number;
  /** Most empty answers of one check. */
  readonly pings: number;
  /** Fastest that one transfer goes. */
  readonly bytesPerSecond: number;
}

/**
 * The limits of a process. The greatest file takes a second at the share of 100 Mbit/s that the start values give; the
 * check takes two of each size until one lasts long enough, 43 megabytes in each direction.
 */
export function checkLimits({ atOnce, megabitsPerSecond }: ConnectionCheckSettings): CheckLimits {
  return {
    atOnce,
    seconds: 60,
    usualSeconds: 15,
    anHour: 12,
    bytes: 60_000_000,
    transferBytes: 12_800_000,
    pings: 1_000,
    bytesPerSecond: (megabitsPerSecond * 1_000_000) / 8 / atOnce,
  };
}

/** Injection token of the limits. */
export const CHECK_LIMITS = Symbol('CHECK_LIMITS');
