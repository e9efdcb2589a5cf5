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

const PARTS = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const LONG_DAY = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const MINUTE = 60_000;
const DAY = 86_400_000;

/** The UK's day and time of day at an instant, such as `2026-11-23` and `09:30`. */
export function londonParts(instant: Date): { readonly day: string; readonly time: string } {
  const part = Object.fromEntries(PARTS.formatToParts(instant).map(({ type, value }) => [type, value]));
  return {
    day: `${part['year']}-${part['month']}-${part['day']}`,
    time: `${part['hour']}:${part['minute']}`,
  };
}

/** The UK's day at an instant, such as `2026-11-23`. */
export function londonDay(instant: Date): string {
  return londonParts(instant).day;
}

/**
 * The instant of a time of day in the UK. In the hour that happens twice when the clocks go back it is the first of the
 * two; in the hour that does not happen when they go forward, it is as much later (RFC 5545, section 3.3.5).
 * @param day such as `2026-11-23`
 * @param time such as `09:30`
 */
export function londonInstant(day: string, time: string): Date {
  const asUtc = new Date(`${day}T${time}:00Z`).getTime();
  if (Number.isNaN(asUtc))
    throw new TypeError('A time of day needs a day such as 2026-11-23 and a time such as 09:30.');
  const summer = new Date(asUtc - 60 * MINUTE);
  const { day: shownDay, time: shownTime } = londonParts(summer);
  return shownDay === day && shownTime === time ? summer : new Date(asUtc);
}

/** The day so many days later, or earlier. */
export function addDays(day: string, count: number): string {
  return new Date(new Date(`${day}T00:00:00Z`).getTime() + count * DAY).toISOString().slice(0, 10);
}

/** Number of the weekday, from 1 for Monday to 7 for Sunday (ISO 8601). */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** A day in words, such as `Monday 23 November 2026`. */
export function shownDay(day: string): string {
  return LONG_DAY.format(new Date(`${day}T00:00:00Z`)).replace(',', '');
}

/** A day in words for where the year is plain, such as `Monday 23 November`. */
export function shownDayOfYear(day: string): string {
  return shownDay(day).replace(/ \d+$/, '');
}

/** Days from the first to the last, in the style of GOV.UK: `16 to 20 March 2026`, `28 December 2026 to 25 April 2027`. */
export function shownDays(first: string, last: string): string {
  const [from, until] = [first, last].map((day) => shownDay(day).split(' ').slice(1));
  const year = first.slice(0, 4) === last.slice(0, 4);
  const month = first.slice(0, 7) === last.slice(0, 7);
  if (first === last) return until?.join(' ') ?? '';
  return `${from?.slice(0, month ? 1 : year ? 2 : 3).join(' ')} to ${until?.join(' ')}`;
}

/** A time of day in the style of GOV.UK, such as `9:30am`. */
export function shownTimeOfDay(instant: Date): string {
  const { time } = londonParts(instant);
  const hour = Number(time.slice(0, 2));
  return `${hour % 12 || 12}${time.endsWith(':00') ? '' : time.slice(2)}${hour < 12 ? 'am' : 'pm'}`;
}
