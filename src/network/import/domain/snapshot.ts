import { InputError } from '../../../common/errors.js';
import { londonDay } from '../../../common/uk-time.js';
import { readDate } from '../../../sheets/uk-date.js';
import type { ImportedKind } from './import-words.js';

/** How Ofcom names its files: `202601_fixed_pc_coverage_r2_SO.csv` is of January 2026. */
const MONTH_IN_NAME = /^(20\d{2})(0[1-9]|1[0-2])_/;
const WITH_SNAPSHOT: readonly ImportedKind[] = ['authority_coverage', 'postcode_coverage'];

/** Whether files of a kind have figures of one day. */
export function hasSnapshot(kind: ImportedKind): boolean {
  return WITH_SNAPSHOT.includes(kind);
}

/**
 * The day of the figures: as somebody says it, or else the first of the month that the file is named by.
 * @param said such as `2026-01-01` or `1/1/2026`
 * @returns such as `2026-01-01`; null for a kind whose rows say their own times
 * @throws InputError on the field `snapshot`
 */
export function snapshotOf(kind: ImportedKind, said: string | null, fileName: string | null, now: Date): string | null {
  if (!hasSnapshot(kind)) {
    if (said !== null) throw wrong('Leave the day open: rows of this kind say their own');
    return null;
  }
  if (said === null) {
    const [, year, month] = MONTH_IN_NAME.exec(fileName ?? '') ?? [];
    if (year !== undefined && month !== undefined) return `${year}-${month}-01`;
    throw wrong('Enter the day of the figures; the name of the file does not begin with their month');
  }
  const reading = readDate(said.trim());
  if (!reading.ok) throw wrong(reading.fix.replace(/\.$/, ''));
  if (reading.date > londonDay(now)) throw wrong('Enter a day that is not ahead');
  return reading.date;
}

function wrong(message: string): InputError {
  return new InputError(`${message}.`, [{ field: 'snapshot', message }]);
}
