import type { SettingsReader } from './settings-reader.js';

/** How much the connection checks of the staff may take of one web process. */
export interface ConnectionCheckSettings {
  /** Checks that run at once; whoever comes next waits for a place. */
  readonly atOnce: number;
  /** What all of them together are given in each direction, in Mbit/s, in equal shares. */
  readonly megabitsPerSecond: number;
}

/**
 * The least share of a check, in Mbit/s: more than twice what the best video meeting takes in one direction (4 Mbit/s,
 * Microsoft Learn, "Prepare your organization's network for Microsoft Teams"), so that the share is never what is judged.
 */
const LEAST_SHARE = 10;

/** Reads CONNECTION_CHECKS_AT_ONCE and CONNECTION_CHECKS_MBPS. */
export function readConnectionCheckSettings(reader: SettingsReader): ConnectionCheckSettings {
  const atOnce = wholeNumber(reader, 'CONNECTION_CHECKS_AT_ONCE', 4, 1_000);
  const megabitsPerSecond = wholeNumber(reader, 'CONNECTION_CHECKS_MBPS', 400, 100_000);
  if (megabitsPerSecond / atOnce < LEAST_SHARE) {
    reader.wrong(
      'CONNECTION_CHECKS_MBPS',
      `gives each of ${atOnce} checks less than ${LEAST_SHARE} Mbit/s.`,
      `Give at least ${atOnce * LEAST_SHARE}, or lower CONNECTION_CHECKS_AT_ONCE.`,
    );
  }
  return { atOnce, megabitsPerSecond };
}

function wholeNumber(reader: SettingsReader, name: string, fallback: number, most: number): number {
  const value = reader.text(name);
  if (value === null) return fallback;
  if (/^[1-9]\d{0,5}$/.test(value) && Number(value) <= most) return Number(value);
  reader.wrong(name, 'is not a whole number that is possible here.', `Give a number from 1 to ${most}.`);
  return fallback;
}
