import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { InputError } from '../common/errors.js';
import type { SheetRow } from './sheet-row.js';

const NO_NUMBERS: ReadonlySet<number> = new Set();
/** Enough text to hold the header row, from which the separator is told. */
const HEADER_SAMPLE = 65_536;

/** What other separators are called. */
const OTHER_SEPARATORS: Readonly<Record<string, string>> = { ';': 'semicolons', '\t': 'tabs' };

/**
 * A file of another separator is refused rather than guessed at: "1,5" in it may be one cell or two, and a serial number
 * may be lost in between.
 * @throws InputError when the header row has no comma outside quotation marks, and another separator
 */
export function expectCommas(sample: string): void {
  let quoted = false;
  let other: string | undefined;
  for (const character of sample.trimStart()) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === ',') return;
    else if (!quoted && (character === '\n' || character === '\r')) break;
    else if (!quoted) other ??= OTHER_SEPARATORS[character];
  }
  if (other === undefined) return;
  throw new InputError(
    `The columns of this file are separated by ${other}, not by commas. Save it as CSV with commas, or put a first line in front that names the separator, such as "sep=;".`,
  );
}

function sentence(error: CsvError, lastLine: number): string {
  const [line, next] = [Number(error['lines'] ?? lastLine + 1), lastLine + 1];
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return `A quotation mark is opened in the row at line ${next} and never closed. Close it, or remove it.`;
  }
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return `The row at line ${next} is too long. Look for a quotation mark that is not closed, or shorten the cells.`;
  }
  if (error.code === 'INVALID_OPENING_QUOTE' || error.code === 'CSV_INVALID_CLOSING_QUOTE') {
    return `Line ${line} has a quotation mark in the middle of a cell. Write it twice and put the whole cell in quotation marks.`;
  }
  return `Line ${line} cannot be read as CSV. Save the file again as "CSV UTF-8".`;
}

function lineBreaks(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    if (cell.includes('\n') || cell.includes('\r')) count += cell.match(/\r\n|\n|\r/g)?.length ?? 0;
  }
  return count;
}

async function* from(first: string, rest: AsyncGenerator<string, void, undefined>): AsyncGenerator<string> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return();
  }
}

/**
 * The rows of a CSV text, the header row first, one at a time. Columns are separated by commas, or by
 * what Excel's `sep=;` line names; line ends may be mixed; empty lines are left out.
 * @throws InputError naming the line when the text is not CSV
 */
export async function* csvRows(
  text: AsyncGenerator<string, void, undefined>,
  rowCharacters: number,
): AsyncGenerator<SheetRow, void, undefined> {
  let sample = '';
  while (sample.length < HEADER_SAMPLE) {
    const next = await text.next();
    if (next.done) break;
    sample += next.value;
  }
  const declared = /^sep=(.)\r?\n/.exec(sample);
  if (!declared) expectCommas(sample);
  let lastLine = 0;
  const parser = parse({
    delimiter: declared?.[1] ?? ',',
    from_line: declared ? 2 : 1,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: rowCharacters,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    // An error throws away what was read and not yet taken; its line counts from here.
    on_record: (record, { lines }) => {
      lastLine = lines;
      return record;
    },
  });
  // Its errors are those of the parser, which the loop below throws.
  pipeline(Readable.from(from(sample, text)), parser).catch(() => undefined);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { line: info.lines - lineBreaks(record), cells: record, numbers: NO_NUMBERS };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new InputError(sentence(error, lastLine));
    throw error;
  } finally {
    parser.destroy();
  }
}
