/** An instant as pages show it: the UK's time for people, UTC for machines and for the tooltip. */
export interface ShownTime {
  /** ISO 8601 in UTC, such as `2026-11-23T09:30:00Z`. */
  readonly utc: string;
  /** UK time, such as `23 November 2026 at 9:30am`. */
  readonly text: string;
  /** How long ago or ahead of `now` it is, such as `2 hours ago`. */
  readonly age: string;
}

const UK = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  hourCycle: 'h12',
});
const UNITS: readonly (readonly [name: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
const RELATIVE = new Intl.RelativeTimeFormat('en-GB', { numeric: 'always' });

/** Prepares an instant for a page, in the GOV.UK style for dates and times; null stays null. */
export function shownTime(instant: Date | string | null, now: Date): ShownTime | null {
  if (instant === null) return null;
  const at = typeof instant === 'string' ? new Date(instant) : instant;
  const part = Object.fromEntries(UK.formatToParts(at).map(({ type, value }) => [type, value]));
  const time = `${part['hour']}:${part['minute']}${(part['dayPeriod'] ?? '').toLowerCase().replace(/\W/g, '')}`;
  return {
    utc: at.toISOString().replace(/\.\d+Z$/, 'Z'),
    text: `${part['day']} ${part['month']} ${part['year']} at ${time}`,
    age: age(at, now),
  };
}

/** How long ago (or ahead) an instant is, in the largest whole unit. */
export function age(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1_000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return RELATIVE.format(Math.trunc(seconds / size), unit);
  }
  return seconds > 0 ? 'in less than a minute' : 'less than a minute ago';
}

/** A whole number with thousands separators. */
export function shownNumber(value: number): string {
  return value.toLocaleString('en-GB');
}
