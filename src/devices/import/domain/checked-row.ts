import { manufacturerKey } from '../../domain/identity/manufacturer-name.js';
import { realSerial } from '../../domain/identity/serial-number.js';
import { cleanText, lostDigits, textProblem, type CellProblem } from '../../../sheets/cell-text.js';
import { NOT_UTF8, widthProblem, type RowProblem, type SheetKind, type SheetRow } from '../../../sheets/sheet-row.js';
import { readDate, readExcelDay, type DateReading } from '../../../sheets/uk-date.js';
import type { MappedColumn } from './column-mapping.js';
import { readPounds } from './pounds.js';

/** A row that was read and checked, ready to be compared with the register. */
export interface CheckedRow {
  readonly line: number;
  /** Column of `device_register` to value. A blank cell says nothing and so is not here. */
  readonly fields: Readonly<Record<string, string | number>>;
  readonly problems: readonly RowProblem[];
  /** Date columns that read 02/01/2026: day and month cannot be told apart. */
  readonly doubtfulDates: readonly string[];
  /** Date columns that read 01/31/2026: whoever wrote them puts the month first. */
  readonly monthFirstDates: readonly string[];
}

class RowReader {
  readonly fields: Record<string, string | number> = {};
  readonly problems: RowProblem[] = [];
  readonly doubtfulDates: string[] = [];
  readonly monthFirstDates: string[] = [];

  refuse(column: string | null, { message, fix }: CellProblem): void {
    this.problems.push({ severity: 'refused', column, message, fix });
  }

  warn(column: string | null, { message, fix }: CellProblem): void {
    this.problems.push({ severity: 'warning', column, message, fix });
  }

  read({ header, field }: MappedColumn, raw: string, isNumber: boolean, sheet: SheetKind): void {
    const text = cleanText(raw);
    if (text === '') return;
    const problem = textProblem(text, field.limit, field.kind === 'notes');
    if (problem) return this.refuse(header, problem);
    switch (field.kind) {
      case 'date':
        return this.#readDate(header, field.column, isNumber ? readExcelDay(text, sheet.counts1904) : readDate(text));
      case 'money':
        return this.#readMoney(header, text, isNumber);
      case 'reference':
        return this.#readReference(header, field.column, text, isNumber);
      case 'text':
      case 'notes':
        this.fields[field.column] = text;
        if (text.includes('\uFFFD')) this.warn(header, NOT_UTF8);
    }
  }

  #readDate(header: string, column: string, reading: DateReading): void {
    if (!reading.ok) {
      if (reading.monthFirst) this.monthFirstDates.push(column);
      return this.refuse(header, reading);
    }
    if (reading.couldBeMonthFirst) this.doubtfulDates.push(column);
    this.fields[column] = reading.date;
  }

  #readMoney(header: string, text: string, isNumber: boolean): void {
    const reading = readPounds(text, isNumber);
    if (reading.ok) this.fields['price_pence'] = reading.pence;
    else this.refuse(header, reading);
  }

  #readReference(header: string, column: string, text: string, isNumber: boolean): void {
    const lost = lostDigits(text, isNumber);
    if (lost) return this.refuse(header, lost);
    if (text.includes('\uFFFD')) return this.refuse(header, NOT_UTF8);
    if (isNumber) this.warn(header, STORED_AS_NUMBER);
    this.fields[column] = column === 'serial_number' ? text.toUpperCase() : text;
  }

  /** Adds the forms by which rows are compared; a serial number that is a placeholder is left out. */
  addKeys(columns: readonly MappedColumn[]): void {
    const { asset_tag: tag, serial_number: serial, manufacturer, model } = this.fields;
    if (typeof tag === 'string') this.fields['asset_tag_key'] = tag.toUpperCase();
    const maker = typeof manufacturer === 'string' ? manufacturerKey(manufacturer) : null;
    if (maker !== null) this.fields['manufacturer_key'] = maker;
    if (typeof serial !== 'string') return;
    const key = realSerial(serial, textOf(manufacturer), textOf(model));
    if (key !== null) this.fields['serial_key'] = key;
    else {
      delete this.fields['serial_number'];
      this.warn(columns.find(({ field }) => field.column === 'serial_number')?.header ?? null, PLACEHOLDER);
    }
  }
}

function textOf(value: string | number | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

const STORED_AS_NUMBER: CellProblem = {
  message: 'The workbook stores this as a number, so zeros in front may be lost.',
  fix: 'If it should start with zeros, format the column as text and enter it again.',
};
const PLACEHOLDER: CellProblem = {
  message: 'This is what stands where no serial number was entered, so it is left out.',
  fix: 'Enter the serial number from the label of the machine if there is one.',
};
const NO_IDENTITY: CellProblem = {
  message: 'The row has neither an asset tag nor a usable serial number, so nothing says which machine it is about.',
  fix: 'Add one of them.',
};

/** Reads one row by the mapped columns: values as the register keeps them, and everything that is wrong. */
export function checkRow(row: SheetRow, columns: readonly MappedColumn[], width: number, sheet: SheetKind): CheckedRow {
  const reader = new RowReader();
  const misshapen = widthProblem(row, width, sheet);
  if (misshapen) {
    reader.refuse(null, misshapen);
  } else {
    for (const column of columns)
      reader.read(column, row.cells[column.index] ?? '', row.numbers.has(column.index), sheet);
    reader.addKeys(columns);
    const identified = 'asset_tag' in reader.fields || 'serial_number' in reader.fields;
    if (!identified && !reader.problems.some((problem) => problem.severity === 'refused'))
      reader.refuse(null, NO_IDENTITY);
  }
  const { fields, problems, doubtfulDates, monthFirstDates } = reader;
  return { line: row.line, fields, problems, doubtfulDates, monthFirstDates };
}
