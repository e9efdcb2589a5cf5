import { realSerial, serialKey } from '../identity/serial-number.js';

/** Machines that one bulk command takes at the most. */
export const MOST_MACHINES = 1_000;
/** Longest name of a machine in a selection: longer than any serial number or tag. */
const LONGEST_NAME = 128;

/** One machine of a selection, as it was named, with the forms in which it is looked up. */
export interface SelectedLine {
  /** Counted from 1. */
  readonly line: number;
  readonly given: string;
  /** Id of the device, where an id was given. */
  readonly id: number | null;
  readonly tagKey: string | null;
  readonly serialKey: string | null;
  /** Why the line names nothing; null when it does. */
  readonly problem: string | null;
}

/** A heading that a list copied from a spreadsheet may begin with. */
const HEADING = /^(?:asset ?tag|tag|serial(?: ?(?:no|number))?|service ?tag|s\/n|device ?id|id)\.?$/i;

/**
 * Reads machines that were pasted, scanned or sent as a file: one a line, of a CSV line the first cell. A line is a
 * serial number or an asset tag; `#17` is the number of the device. Blank lines and a heading are passed over.
 */
export function readSelection(text: string): SelectedLine[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => firstCell(line))
    .filter((name) => name !== '');
  if (lines[0] !== undefined && HEADING.test(lines[0])) lines.shift();
  return lines.map((given, index) => readLine(given, index + 1));
}

/** A selection of devices by their numbers. */
export function selectionOfIds(ids: readonly number[]): SelectedLine[] {
  return ids.map((id, index) => ({
    line: index + 1,
    given: `#${id}`,
    id,
    tagKey: null,
    serialKey: null,
    problem: null,
  }));
}

function firstCell(line: string): string {
  const quoted = /^\s*"((?:[^"]|"")*)"\s*(?:[,;\t]|$)/.exec(line);
  const cell = quoted ? (quoted[1] ?? '').replaceAll('""', '"') : (line.split(/[,;\t]/)[0] ?? '');
  return cell.replace(/[\u200B-\u200D\u2060\uFEFF]/g, '').trim();
}

function readLine(given: string, line: number): SelectedLine {
  const shown = [...given].slice(0, LONGEST_NAME).join('');
  const none = { line, given: shown.replace(/\p{Cc}/gu, ' '), id: null, tagKey: null, serialKey: null };
  if ([...given].length > LONGEST_NAME) return { ...none, problem: `A line has at most ${LONGEST_NAME} characters.` };
  if (/[\p{Cc}\p{Cs}]/u.test(given)) return { ...none, problem: 'The line holds a control character.' };
  const id = /^#([1-9]\d{0,9})$/.exec(given)?.[1];
  if (id !== undefined) {
    return Number(id) <= 2_147_483_647
      ? { ...none, id: Number(id), problem: null }
      : { ...none, problem: 'There is no device of that number.' };
  }
  const key = realSerial(given);
  return { ...none, tagKey: given.toUpperCase(), serialKey: key === serialKey(given) ? key : null, problem: null };
}
