import { londonInstant } from '../../../common/uk-time.js';
import type { CellProblem } from '../../../sheets/cell-text.js';
import { readDate, readExcelDay, type DateReading } from '../../../sheets/uk-date.js';

/** An instant as ISO 8601 in UTC, or why the text is none. */
export type TimeReading =
  | { readonly ok: true; readonly time: string; readonly couldBeMonthFirst: boolean }
  | ({ readonly ok: false; readonly monthFirst: boolean } & CellProblem);

const FIX = 'Write the time as 2026-01-31 14:30 (UK time), or with its offset as 2026-01-31T14:30:00Z.';
const WITH_OFFSET =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$/;
const DAY_AND_TIME = /^(.{6,20}?)(?:T|,? +)([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?$/;
const EXCEL_NUMBER = /^(\d{4,5})\.(\d+)$/;
const MINUTES_OF_A_DAY = 1_440;

function inLondon(day: DateReading, clock: string, seconds = '00'): TimeReading {
  if (!day.ok) return { ...day, fix: FIX };
  const instant = londonInstant(day.date, clock);
  instant.setUTCSeconds(Number(seconds));
  return { ok: true, time: instant.toISOString(), couldBeMonthFirst: day.couldBeMonthFirst };
}

/**
 * Reads when something was tested: a day by the UK rule with a time of day in the UK, or ISO 8601 with an offset.
 * @param isNumber whether the workbook stores the cell as a number
 */
export function readTimeOfTest(text: string, isNumber: boolean, counts1904: boolean): TimeReading {
  const number = isNumber ? EXCEL_NUMBER.exec(text) : null;
  if (number) {
    const minutes = Math.min(Math.round(Number(`0.${number[2]}`) * MINUTES_OF_A_DAY), MINUTES_OF_A_DAY - 1);
    const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    return inLondon(readExcelDay(number[1] ?? '', counts1904), clock);
  }
  const offset = WITH_OFFSET.exec(text);
  if (offset) {
    const day = readDate(offset[1] ?? '');
    if (!day.ok) return { ...day, fix: FIX };
    return { ok: true, time: new Date(text).toISOString(), couldBeMonthFirst: false };
  }
  const written = DAY_AND_TIME.exec(text);
  if (written)
    return inLondon(readDate(written[1] ?? ''), `${(written[2] ?? '').padStart(2, '0')}:${written[3]}`, written[4]);
  return { ok: false, monthFirst: false, message: 'This is not a day with a time of day.', fix: FIX };
}
