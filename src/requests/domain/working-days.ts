import { addDays, shownDay, weekdayOf } from '../../common/uk-time.js';
import { BANK_HOLIDAYS_KNOWN_UNTIL, bankHolidayOn } from '../../rollout/domain/waves/bank-holidays.js';

/** Furthest day that something can be asked for: what is needed later is asked for later, at the price of then. */
const MOST_DAYS_AHEAD = 366;

/** Whether people work on a day: from Monday to Friday, bank holidays of England and Wales left out. */
export function isWorkingDay(day: string): boolean {
  return weekdayOf(day) <= 5 && bankHolidayOn(day) === null;
}

/** The first working day after so many more. @param day such as `2026-11-23` */
export function workingDayAfter(day: string, count: number): string {
  let found = day;
  for (let left = count; left > 0;) {
    found = addDays(found, 1);
    if (isWorkingDay(found)) left--;
  }
  return found;
}

/** What is wrong with the day by which something is needed; null when nothing is. @param today the UK's day */
export function neededByFault(day: string, today: string): string | null {
  if (day < today) return 'Enter a day that is not in the past';
  if (day > addDays(today, MOST_DAYS_AHEAD)) return 'Enter a day within the next year';
  const holiday = bankHolidayOn(day);
  if (holiday !== null) return `${shownDay(day)} is a bank holiday (${holiday}). Enter a working day`;
  if (day <= BANK_HOLIDAYS_KNOWN_UNTIL && isWorkingDay(day)) return null;
  return `${shownDay(day)} is not a working day. Enter a day from Monday to Friday`;
}
