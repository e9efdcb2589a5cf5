import { headerKey, headerProblems, quotedHeaders, trimmedHeaders } from '../../../sheets/header-row.js';
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

/** Reads the header row by the saved mapping or, without one, by known headers. Never half-mapped: a doubt is a problem. */
export function mapHeader(row: readonly string[], saved: ColumnMapping | null): MappedHeader {
  const headers = trimmedHeaders(row);
  const width = headers.length;
  const problems = headerProblems(headers);
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
      `The mapping expects ${quotedHeaders(absent)}, which the file does not have. Use another mapping or correct the header row.`,
    );
  }
  for (const field of REGISTER_FIELDS) {
    const same = columns.filter((column) => column.field.name === field.name).map((column) => column.header);
    if (same.length > 1) {
      problems.push(
        `The columns ${quotedHeaders(same)} all stand for ${field.label.toLowerCase()}. Say which one to read with a saved mapping, or remove the others.`,
      );
    }
  }
  if (!columns.some(({ field }) => field.name === 'assetTag' || field.name === 'serialNumber')) {
    problems.push(
      `No column is an asset tag or a serial number (found: ${quotedHeaders(headers)}). Check that the first row holds the headers and that columns are separated by commas, or say with a saved mapping what each column is.`,
    );
  }
  return { columns, ignored, width, problems };
}
