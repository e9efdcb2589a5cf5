import { cleanText, textProblem, type CellProblem } from '../../../sheets/cell-text.js';
import { headerKey } from '../../../sheets/header-row.js';
import { NOT_UTF8, widthProblem, type RowProblem, type SheetKind, type SheetRow } from '../../../sheets/sheet-row.js';
import { readDate, readExcelDay } from '../../../sheets/uk-date.js';
import { readAddressRange } from '../../address-range.js';
import type { ImportColumn, ImportHeader } from './import-header.js';
import { IMPORT_KINDS } from './import-kinds.js';
import type { FieldValue, ImportedKind } from './import-words.js';
import { readTimeOfTest } from './time-of-test.js';

/** A row that was read and checked by itself, ready to be compared with what is known. */
export interface ReadRow {
  readonly line: number;
  /** Name of the field to value. A blank cell says nothing and so is not here. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly problems: readonly RowProblem[];
  /** Headers of the columns in which day and month of a date could be either. */
  readonly doubtfulDates: readonly string[];
  /** Headers of the columns in which a date only makes sense with the month first. */
  readonly monthFirstDates: readonly string[];
}

const LONGEST_CELL = 2_000;
const PLAIN_NUMBER = /^-?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,20})?$/;
/** How a workbook stores what is very small or very large. */
const STORED_NUMBER = /^-?\d{1,18}(?:\.\d{1,20})?(?:E[+-]?\d{1,2})?$/i;
/** Digits of a `real` of Postgres that always come back as they went in (C's FLT_DIG). */
const DIGITS_OF_REAL = 6;
/** Outward and inward code without the space between them (BS 7666-2). */
const POSTCODE = /^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/;
const AUTHORITY = /^[EWSN]\d{8}$/;

type Reading = { readonly ok: true; readonly value: FieldValue } | ({ readonly ok: false } & CellProblem);

const refusal = (message: string, fix: string): Reading => ({ ok: false, message, fix });
const accepted = (value: FieldValue): Reading => ({ ok: true, value });

class RowReader {
  readonly fields: Record<string, FieldValue> = {};
  readonly problems: RowProblem[] = [];
  readonly doubtfulDates: string[] = [];
  readonly monthFirstDates: string[] = [];

  constructor(private readonly sheet: SheetKind) {}

  refuse(column: string | null, { message, fix }: CellProblem): void {
    this.problems.push({ severity: 'refused', column, message, fix });
  }

  read(column: ImportColumn, raw: string, isNumber: boolean): void {
    const { field, header } = column;
    const text = cleanText(raw);
    if (text === '') {
      if (field.required)
        this.refuse(header, { message: 'The cell is empty.', fix: `Enter ${field.label.toLowerCase()}.` });
      return;
    }
    const longest = field.reading.kind === 'text' ? field.reading.longest : LONGEST_CELL;
    const problem = textProblem(text, longest, false) ?? (text.includes('\uFFFD') ? NOT_UTF8 : null);
    if (problem) return this.refuse(header, problem);
    const reading = this.#reading(column, text, isNumber);
    if (reading.ok) this.fields[field.name] = reading.value;
    else this.refuse(header, reading);
  }

  #reading({ field, header, factor }: ImportColumn, text: string, isNumber: boolean): Reading {
    const { reading } = field;
    switch (reading.kind) {
      case 'text':
        return accepted(text);
      case 'whole':
        return readNumber(text, isNumber, factor, reading, true);
      case 'figure':
        return readNumber(text, isNumber, factor, reading, false);
      case 'choice':
        return readChoice(text, reading.choices);
      case 'day': {
        const day = isNumber ? readExcelDay(text, this.sheet.counts1904) : readDate(text);
        this.#noteOrder(header, day);
        return day.ok ? accepted(day.date) : day;
      }
      case 'time': {
        const time = readTimeOfTest(text, isNumber, this.sheet.counts1904);
        this.#noteOrder(header, time);
        return time.ok ? accepted(time.time) : time;
      }
      case 'addresses': {
        const range = readAddressRange(text);
        if (!range.ok) return range;
        return range.isFirst
          ? accepted(range.network)
          : refusal('The address lies within its range.', 'Begin with the first address of the range.');
      }
      case 'postcode': {
        const postcode = text.toUpperCase().replaceAll(' ', '');
        return POSTCODE.test(postcode)
          ? accepted(postcode)
          : refusal('This is not a whole postcode.', 'Check that the column holds postcodes.');
      }
      case 'authority': {
        const code = text.toUpperCase();
        return AUTHORITY.test(code)
          ? accepted(code)
          : refusal('This is not the code of a local authority.', 'Use the code of nine signs, such as E06000045.');
      }
    }
  }

  #noteOrder(
    header: string,
    reading:
      { readonly ok: true; readonly couldBeMonthFirst: boolean } | { readonly ok: false; readonly monthFirst: boolean },
  ): void {
    if (reading.ok && reading.couldBeMonthFirst) this.doubtfulDates.push(header);
    if (!reading.ok && reading.monthFirst) this.monthFirstDates.push(header);
  }
}

function readNumber(
  text: string,
  isNumber: boolean,
  factor: number,
  { least, most }: { readonly least: number; readonly most: number },
  isWhole: boolean,
): Reading {
  const given = (isNumber ? STORED_NUMBER : PLAIN_NUMBER).test(text) ? Number(text.replaceAll(',', '')) : Number.NaN;
  if (!Number.isFinite(given))
    return refusal('This is not a number.', 'Write it in digits, such as 1250 or 12.5, without a unit.');
  if (isWhole && factor === 1 && !Number.isInteger(given)) {
    return refusal('This is not a whole number.', 'Write it without decimals.');
  }
  const value = isWhole ? Math.round(given * factor) : Number((given * factor).toPrecision(DIGITS_OF_REAL));
  if (value >= least && value <= most) return accepted(value);
  const [from, to] = [least, most].map((bound) =>
    (bound / factor).toLocaleString('en-GB', { maximumFractionDigits: 6 }),
  );
  return refusal(
    `The figure is not between ${from} and ${to}.`,
    'Check its unit, which the header of the column names.',
  );
}

function readChoice(text: string, choices: Readonly<Record<string, string>>): Reading {
  const key = headerKey(text);
  const value = Object.hasOwn(choices, key) ? choices[key] : undefined;
  if (value !== undefined) return accepted(value);
  const words = [...new Set(Object.values(choices))].join(', ');
  return refusal('This is none of the words that can stand here.', `Write one of: ${words}.`);
}

/** Reads one row of a file: values as they are kept, and everything that is wrong by itself. */
export function readImportRow(
  kind: ImportedKind,
  row: SheetRow,
  { columns, width }: ImportHeader,
  sheet: SheetKind,
  now: Date,
): ReadRow {
  const reader = new RowReader(sheet);
  const misshapen = widthProblem(row, width, sheet);
  if (misshapen) reader.refuse(null, misshapen);
  else {
    for (const column of columns) reader.read(column, row.cells[column.index] ?? '', row.numbers.has(column.index));
    const senseless = reader.problems.length === 0 ? IMPORT_KINDS[kind].rule(reader.fields, now) : null;
    if (senseless) reader.refuse(null, senseless);
  }
  const { fields, problems, doubtfulDates, monthFirstDates } = reader;
  return { line: row.line, fields, problems, doubtfulDates, monthFirstDates };
}
