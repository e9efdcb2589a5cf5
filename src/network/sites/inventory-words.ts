import { shownNumber } from '../../common/shown-number.js';
import { shownDay } from '../../common/uk-time.js';
import type { RangeKind, SurveyResult } from '../domain/network-words.js';

export const SURVEY_RESULT_WORDS: Readonly<Record<SurveyResult, string>> = {
  passed: 'Passed',
  passed_in_part: 'Passed in part',
  failed: 'Failed',
};

export const RANGE_KIND_WORDS: Readonly<Record<RangeKind, string>> = {
  site_subnet: 'Subnet of a site',
  egress: 'Address on the internet',
  remote_access: 'Remote access (VPN)',
};

/** A speed in words, such as `1,000 Mbit/s` or `1.5 Mbit/s`. */
export function speedWords(kbps: number): string {
  return `${megabits(kbps, shownNumber)} Mbit/s`;
}

/** A speed as a form shows and takes it: Mbit/s in digits. */
export function megabitsTyped(kbps: number): string {
  return megabits(kbps, String);
}

function megabits(kbps: number, write: (whole: number) => string): string {
  const [, rest] = (kbps / 1000)
    .toFixed(3)
    .replace(/0{1,3}$/, '')
    .split('.');
  return `${write(Math.floor(kbps / 1000))}${rest ? `.${rest}` : ''}`;
}

/** When a link carries traffic, in words. */
export function linkDays({
  liveFrom,
  liveUntil,
}: {
  readonly liveFrom: string | null;
  readonly liveUntil: string | null;
}): string {
  const from = liveFrom === null ? '' : `from ${shownDay(liveFrom)}`;
  const until = liveUntil === null ? '' : `until ${shownDay(liveUntil)}`;
  const words = [from, until].filter((part) => part !== '').join(' ');
  return words === '' ? 'Without end' : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
