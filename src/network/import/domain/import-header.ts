import { headerKey, headerProblems, quotedHeaders, trimmedHeaders } from '../../../sheets/header-row.js';
import type { ReadHeader } from '../../../sheets/sheet-reading.js';
import type { ImportField } from './import-field.js';
import { IMPORT_KINDS } from './import-kinds.js';
import { IMPORTED_KIND_WORDS, type ImportedKind } from './import-words.js';

/** A column of the file that is read. */
export interface ImportColumn {
  /** Position in the row, from 0. */
  readonly index: number;
  readonly header: string;
  readonly field: ImportField;
  /** What figures below the header are multiplied by. */
  readonly factor: number;
}

/** What the header row of a file means. */
export interface ImportHeader extends ReadHeader {
  readonly columns: readonly ImportColumn[];
  /** Headers that are not imported. */
  readonly ignored: readonly string[];
  /** Columns in the file, without empty ones at the end. */
  readonly width: number;
}

/** The headers of the template of a kind. */
export function templateHeaders(kind: ImportedKind): readonly string[] {
  return IMPORT_KINDS[kind].fields.map(({ header }) => header);
}

/** What a figure below this header is multiplied by; null when the field has no such header. */
function factorOf({ name, header, headers }: ImportField, key: string): number | null {
  // What every object has is no header, such as `constructor`.
  const known = Object.hasOwn(headers, key) ? headers[key] : undefined;
  return known ?? (key === headerKey(name) || key === headerKey(header) ? 1 : null);
}

function columnOf(fields: readonly ImportField[], header: string, index: number): ImportColumn | null {
  const key = headerKey(header);
  for (const field of fields) {
    const factor = factorOf(field, key);
    if (factor !== null) return { index, header, field, factor };
  }
  return null;
}

/** Reads the header row of a file of a kind by the known headers. Never half-read: a doubt is a problem. */
export function readImportHeader(kind: ImportedKind, row: readonly string[]): ImportHeader {
  const headers = trimmedHeaders(row);
  const width = headers.length;
  const problems = headerProblems(headers);
  if (problems.length > 0) return { columns: [], ignored: [], width, problems };

  const { fields, oneOf } = IMPORT_KINDS[kind];
  const columns: ImportColumn[] = [];
  const ignored: string[] = [];
  for (const [index, header] of headers.entries()) {
    const column = columnOf(fields, header, index);
    const isSecond = column?.field.firstOfSeveral && columns.some(({ field }) => field === column.field);
    if (column && !isSecond) columns.push(column);
    else ignored.push(header);
  }
  for (const field of fields) {
    const same = columns.filter((column) => column.field === field).map(({ header }) => header);
    if (same.length > 1) {
      const label = field.label.toLowerCase();
      problems.push(`The columns ${quotedHeaders(same)} all stand for ${label}. Keep one of them.`);
    }
  }
  const missing = fields.filter((field) => field.required && !columns.some((column) => column.field === field));
  const hasOne = oneOf.length === 0 || columns.some(({ field }) => oneOf.includes(field.name));
  if (missing.length > 0 || !hasOne) problems.push(missingColumns(kind, missing, headers));
  return { columns, ignored, width, problems };
}

function missingColumns(kind: ImportedKind, missing: readonly ImportField[], found: readonly string[]): string {
  const what = missing.length > 0 ? quotedHeaders(missing.map(({ header }) => header)) : 'any figure';
  return `The file has no column for ${what} (found: ${quotedHeaders(found)}). Check that it is one of the kind "${IMPORTED_KIND_WORDS[kind]}", that its first row holds the headers, and that columns are separated by commas; the template has the headers: ${templateHeaders(kind).join(', ')}.`;
}
