import { REGISTER_FIELDS, registerField, type RegisterField, type RegisterFieldName } from './register-fields.js';

/** Which header stands for which field; headers are compared as `headerKey` has them. */
export type ColumnMapping = Readonly<Record<string, RegisterFieldName>>;

/** A column of the file that is read into the register. */
export interface MappedColumn {
  /** Position in the row, from 0. */
  readonly index: number;
  readonly header: string;
  readonly field: RegisterField;
}

/** What the header row means, or what is wrong with it. */
export interface MappedHeader {
  readonly columns: readonly MappedColumn[];
  /** Headers that are not imported. */
  readonly ignored: readonly string[];
  /** Columns in the file, without empty ones at the end. */
  readonly width: number;
  /** Sentences that say what is wrong and how to put it right; when there are any, nothing may be imported. */
  readonly problems: readonly string[];
}

/** Most columns that a file may have. */
export const MOST_COLUMNS = 200;
const LONGEST_HEADER = 200;

/**
 * The documented rule by which headers are compared: letters and digits only, in lower case, so that `Serial No.`,
 * `serial_no` and ` SerialNo ` are one.
 */
export function headerKey(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

const FIELD_BY_HEADER: ReadonlyMap<string, RegisterField> = new Map(
  REGISTER_FIELDS.flatMap((field) => [
    [headerKey(field.name), field] as const,
    ...field.headers.map((header) => [header, field] as const),
  ]),
);

/** The mapping that known headers suggest; a person can save a changed one under a name. */
export function proposeMapping(headers: readonly string[]): ColumnMapping {
  const proposal: Record<string, RegisterFieldName> = {};
  for (const header of headers) {
    const field = FIELD_BY_HEADER.get(headerKey(header));
    const known = field && registerField(field.name);
    if (known) proposal[header.trim()] = known.name;
  }
  return proposal;
}

function quoted(headers: readonly string[]): string {
  const shown = headers.slice(0, 5).map((header) => `"${header.slice(0, 60)}"`);
  return shown.join(', ') + (headers.length > 5 ? ` and ${headers.length - 5} more` : '');
}

function shapeProblems(headers: readonly string[]): string[] {
  if (headers.length > MOST_COLUMNS) {
    return [
      `The file has ${headers.length} columns; at most ${MOST_COLUMNS} are read. Remove the columns that are not needed.`,
    ];
  }
  const problems: string[] = [];
  const seen = new Map<string, number>();
  for (const [index, header] of headers.entries()) {
    const key = headerKey(header);
    if (key === '') problems.push(`Column ${index + 1} has no header. Give it one, or remove the column.`);
    else if (header.length > LONGEST_HEADER)
      problems.push(`The header of column ${index + 1} is longer than ${LONGEST_HEADER} characters. Shorten it.`);
    else if (seen.has(key))
      problems.push(
        `The header "${header.slice(0, 60)}" stands twice, in columns ${(seen.get(key) ?? 0) + 1} and ${index + 1}. Rename or remove one.`,
      );
    else seen.set(key, index);
  }
  return problems.slice(0, 20);
}

/** Reads the header row by the saved mapping or, without one, by known headers. Never half-mapped: a doubt is a problem. */
export function mapHeader(row: readonly string[], saved: ColumnMapping | null): MappedHeader {
  const headers = row.map((header) => header.trim());
  while (headers.length > 0 && headers.at(-1) === '') headers.pop();
  const width = headers.length;
  const problems = shapeProblems(headers);
  if (problems.length > 0) return { columns: [], ignored: [], width, problems };

  const mapping = new Map(
    Object.entries(saved ?? proposeMapping(headers)).map(([header, name]) => [headerKey(header), registerField(name)]),
  );
  const columns: MappedColumn[] = [];
  const ignored: string[] = [];
  for (const [index, header] of headers.entries()) {
    const field = mapping.get(headerKey(header));
    if (field) columns.push({ index, header, field });
    else ignored.push(header);
  }
  const present = new Set(headers.map(headerKey));
  const absent = Object.keys(saved ?? {}).filter((header) => !present.has(headerKey(header)));
  if (absent.length > 0) {
    problems.push(
      `The mapping expects ${quoted(absent)}, which the file does not have. Use another mapping or correct the header row.`,
    );
  }
  for (const field of REGISTER_FIELDS) {
    const same = columns.filter((column) => column.field.name === field.name).map((column) => column.header);
    if (same.length > 1) {
      problems.push(
        `The columns ${quoted(same)} all stand for ${field.label.toLowerCase()}. Say which one to read with a saved mapping, or remove the others.`,
      );
    }
  }
  if (!columns.some(({ field }) => field.name === 'assetTag' || field.name === 'serialNumber')) {
    problems.push(
      `No column is an asset tag or a serial number (found: ${quoted(headers)}). Check that the first row holds the headers and that columns are separated by commas, or say with a saved mapping what each column is.`,
    );
  }
  return { columns, ignored, width, problems };
}
