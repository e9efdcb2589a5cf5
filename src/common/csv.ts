/** What a cell may hold; null and undefined are written as an empty cell, a date as ISO 8601 in UTC. */
export type CsvValue = string | number | bigint | boolean | Date | null | undefined;

/**
 * How the text of a column is read: `number` and `telephone` keep a leading plus or minus as long as the value is a plain
 * number (`-5`, `1,234.50`) or telephone number (`+44 20 7946 0018`); everything else in them is treated as `text`.
 */
export type CsvColumnType = 'text' | 'number' | 'telephone';

/** One column of an export. */
export interface CsvColumn<Row> {
  readonly header: string;
  readonly value: (row: Row) => CsvValue;
  readonly type?: CsvColumnType;
}

/** Tells Excel that the file is UTF-8 (support.microsoft.com, "Opening CSV UTF-8 files correctly in Excel"). */
const BYTE_ORDER_MARK = '\uFEFF';
/** RFC 4180, section 2. */
const LINE_END = '\r\n';
/** Characters gathered before a chunk is handed on. */
const CHUNK_LENGTH = 32_768;

/**
 * Text that a spreadsheet could take for a formula: a sign that starts one, also in full width, after whatever a
 * spreadsheet may skip or split at. Apostrophes in front count too, so that removing one always gives the text back.
 * Source of the signs: OWASP, CSV Injection; the skipped characters were measured on spreadsheets and parsers.
 */
const FORMULA = /^'*[\s\p{Cc}\p{Cf}\p{Z};,|"]*[=+\-@＝＋－＠﹢﹣﹦﹫−]/u;
/** Leading characters that Excel drops or that move the rest into another cell (OWASP, CSV Injection). */
const CONTROL_FIRST = /^'*[\t\r\n\0]/;
const NUMBER = /^[+-]?\d+(?:,\d{3})*(?:\.\d+)?$/;
const TELEPHONE = /^\+?\d+(?: ?\(0\)(?: ?\d+)?)?(?: \d+)*$/;
/** Also the separators of other locales: LibreOffice splits at semicolons and tabs unless the cell is quoted. */
const NEEDS_QUOTES = /[",;\t\r\n|]|^\s|\s$/;

function startsFormula(text: string): boolean {
  return FORMULA.test(text) || CONTROL_FIRST.test(text);
}

function isPlain(text: string, type: CsvColumnType): boolean {
  if (text.length > 40) return false;
  return (type === 'number' && NUMBER.test(text)) || (type === 'telephone' && TELEPHONE.test(text));
}

function textOf(value: string | boolean | Date): string {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : value.toISOString();
}

/**
 * One cell, formula-safe and quoted where RFC 4180 asks for it. A text that could start a formula gets one apostrophe in
 * front, which `unescapeCsvText` takes away again.
 */
export function csvCell(value: CsvValue, type: CsvColumnType = 'text'): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = textOf(value);
  const safe = startsFormula(text) && !isPlain(text, type) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The text that `csvCell` was given, from the parsed cell. */
export function unescapeCsvText(cell: string): string {
  return cell.startsWith("'") && startsFormula(cell) ? cell.slice(1) : cell;
}

/**
 * The one writer of every CSV export: a header row, CRLF line ends, UTF-8 with a byte order mark, every cell formula-safe.
 * Rows are taken one at a time, so memory stays flat whatever their number; ending the generator early ends `rows` too.
 * Hand the result to `Readable.from` to stream it.
 */
export async function* csvChunks<Row>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  columns: readonly CsvColumn<Row>[],
): AsyncGenerator<string, void, undefined> {
  let chunk = BYTE_ORDER_MARK + columns.map((column) => csvCell(column.header)).join(',') + LINE_END;
  for await (const row of rows) {
    for (const [index, { value, type }] of columns.entries()) {
      if (index > 0) chunk += ',';
      chunk += csvCell(value(row), type);
    }
    chunk += LINE_END;
    if (chunk.length >= CHUNK_LENGTH) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
