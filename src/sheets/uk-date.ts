/** A calendar date, or why the text is none. */
export type DateReading =
  | {
      readonly ok: true;
      /** `yyyy-mm-dd` */
      readonly date: string;
      /** True for a date such as 02/01/2026, which is another day when the month stands first. */
      readonly couldBeMonthFirst: boolean;
    }
  | {
      readonly ok: false;
      readonly message: string;
      readonly fix: string;
      /** True for a date such as 01/31/2026, which only makes sense with the month first. */
      readonly monthFirst: boolean;
    };

const EARLIEST_YEAR = 1990;
const LATEST_YEAR = 2099;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0{1,7})?)?Z?)?$/;
const DAY_FIRST = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: 00:00(?::00)?)?$/;
const NAMED_MONTH = /^(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})$/;
const TWO_DIGIT_YEAR = /^\d{1,2}([/.-])(?:\d{1,2}|[A-Za-z]{3,9})\1\d{2}$/;
const FIX = 'Write the date as 2026-01-31 or 31/01/2026.';

function refusal(message: string, monthFirst = false, fix = FIX): DateReading {
  return { ok: false, message, fix, monthFirst };
}

function isCalendarDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function reading(year: number, month: number, day: number, couldBeMonthFirst: boolean): DateReading {
  if (!isCalendarDate(year, month, day)) return refusal('There is no such day in the calendar.');
  if (year < EARLIEST_YEAR || year > LATEST_YEAR) {
    return refusal(`The year ${year} is not between ${EARLIEST_YEAR} and ${LATEST_YEAR}.`);
  }
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return { ok: true, date, couldBeMonthFirst };
}

function readDayFirst(day: number, month: number, year: number): DateReading {
  if (!isCalendarDate(year, month, day) && isCalendarDate(year, day, month)) {
    return refusal('The date has the month first; dates are read with the day first.', true);
  }
  return reading(year, month, day, day <= 12 && day !== month);
}

/**
 * Reads a date by the UK rule: 2026-01-31, 31/01/2026 (also with dots or hyphens) or 31 January 2026. Impossible dates,
 * two-digit years and dates with a time of day are refused.
 */
export function readDate(text: string): DateReading {
  const iso = ISO.exec(text);
  if (iso) return reading(Number(iso[1]), Number(iso[2]), Number(iso[3]), false);
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst) return readDayFirst(Number(dayFirst[1]), Number(dayFirst[3]), Number(dayFirst[4]));
  const named = NAMED_MONTH.exec(text);
  if (named) {
    const name = (named[2] ?? '').toLowerCase();
    const month = MONTHS.indexOf(name.slice(0, 3)) + 1;
    if (month > 0 && (name.length === 3 || FULL_MONTHS.has(name))) {
      return reading(Number(named[3]), month, Number(named[1]), false);
    }
  }
  if (TWO_DIGIT_YEAR.test(text)) return refusal('A year of two digits can mean two centuries.');
  return refusal('This is not a date.');
}

const FULL_MONTHS: ReadonlySet<string> = new Set(
  MONTHS.map((_, index) =>
    new Date(Date.UTC(2000, index, 1)).toLocaleDateString('en-GB', { month: 'long', timeZone: 'UTC' }).toLowerCase(),
  ).concat('sept'),
);

/** Days from 30 December 1899 to 1 January 1970: how Excel counts (ECMA-376 part 1, 18.17.4.1). */
const EXCEL_EPOCH_DAYS = 25_569;
const DAYS_1904 = 1_462;

/** Reads the day number that an Excel workbook stores for a date. */
export function readExcelDay(text: string, counts1904: boolean): DateReading {
  const day = Number(text) + (counts1904 ? DAYS_1904 : 0);
  if (!/^\d{4,5}(?:\.0+)?$/.test(text)) return refusal('This is not a date.');
  const date = new Date((day - EXCEL_EPOCH_DAYS) * 86_400_000);
  return reading(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), false);
}
