/** Milliseconds in one day. */
export const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Intune's way of saying that a date is not known. */
export const INTUNE_NULL_DATE = '0001-01-01T00:00:00Z';

/** An instant as the directory writes it: ISO 8601 in UTC, to the second. */
export function instant(milliseconds: number): string {
  return new Date(milliseconds - (milliseconds % 1000)).toISOString().replace('.000', '');
}

/** The date of an instant, YYYY-MM-DD in UTC. */
export function dateOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** Midnight UTC of the day of an instant, as the directory writes dates without a time. */
export function midnight(milliseconds: number): string {
  return `${dateOf(milliseconds)}T00:00:00Z`;
}

/** Whether an instant falls on a Saturday or Sunday, UTC. */
export function isWeekend(milliseconds: number): boolean {
  const weekday = new Date(milliseconds).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** Whether an instant falls on a Monday, UTC. */
export function isMonday(milliseconds: number): boolean {
  return new Date(milliseconds).getUTCDay() === 1;
}

/** An instant in the working hours that end at the given end of a day: up to ten hours earlier. */
export function duringWork(endOfDay: number, fraction: number): number {
  return endOfDay - Math.floor(fraction * 10 * HOUR);
}
