import { londonInstant } from '../../common/uk-time.js';

/** Asking for the offset of a time zone is slow, and a programme has few days that moves wait for. */
const known = new Map<string, Date>();

/** The instant at which a day (ISO 8601) begins in the UK. */
export function startOfDay(day: string): Date {
  const start = known.get(day) ?? londonInstant(day, '00:00');
  known.set(day, start);
  return start;
}
