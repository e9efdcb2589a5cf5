import { shownNumber } from '../common/shown-number.js';
import { EXIT } from './command-error.js';

const closing = new AbortController();

/** Aborted when whoever reads the output has gone, as in `untether runs | head -1`. */
export const outputClosed: AbortSignal = closing.signal;

/** Keeps a broken pipe from ending the command in the middle of its work: what is left to say is dropped. */
export function tolerateClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      closing.abort();
      if (error.code === 'EPIPE') return;
      process.stderr.write(`The output cannot be written (${error.code ?? error.name}).\n`);
      process.exit(EXIT.unexpected);
    });
  }
}

/** Writes one line, or several, to standard output. */
export function print(text = ''): void {
  if (!outputClosed.aborted) process.stdout.write(`${text}\n`);
}

/** Writes a value as indented JSON to standard output. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Writes a value as one line of JSON to standard output. */
export function printJsonLine(value: unknown): void {
  print(JSON.stringify(value));
}

/** Writes one line to standard error, where it does not mix with what a script reads. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A cell of a table; numbers are shown with separators and stand to the right. */
export type Cell = string | number | null;

/** Lays rows out in columns; an absent value is a dash. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const shown = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? shownNumber(cell) : (cell ?? '-'))));
  const numeric = headings.map((_heading, column) => rows.some((row) => typeof row[column] === 'number'));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...shown.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(headings), ...shown.map(line)].join('\n');
}

/** A length of time for people: `0.4 s`, `12 s`, `3 min 5 s`. */
export function shownDuration(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Help text with examples, to stand after a command's options. */
export function examples(...lines: readonly string[]): string {
  return `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
