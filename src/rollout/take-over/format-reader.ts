/** Something in a file that is not as it has to be: where, and what to do. */
export interface FormatProblem {
  /** Such as `bookings[12].outcome`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/**
 * Reads one value of a file. What is wrong is added to the problems and something harmless comes back in its place, so
 * that one reading finds everything; the result counts only when there are no problems.
 */
export type Reader<T> = (value: unknown, path: string, problems: FormatProblem[]) => T;

/** What a reader reads. */
export type Read<R> = R extends Reader<infer T> ? T : never;

/** A text of one to so many characters; spaces around it do not count. */
export function text(longest: number): Reader<string> {
  return (value, path, problems) => {
    const read = typeof value === 'string' ? value.trim() : '';
    if (read !== '' && read.length <= longest) return read;
    return refuse(problems, path, `Give a text of 1 to ${longest} characters.`, '');
  };
}

/** A whole number in a range. */
export function whole(least: number, most: number): Reader<number> {
  return (value, path, problems) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    return refuse(problems, path, `Give a whole number from ${least} to ${most}.`, least);
  };
}

/** `true` or `false`. */
export const yesOrNo: Reader<boolean> = (value, path, problems) =>
  typeof value === 'boolean' ? value : refuse(problems, path, 'Give true or false.', false);

/** One of some words. */
export function oneOf<const Word extends string>(words: readonly [Word, ...Word[]]): Reader<Word> {
  return (value, path, problems) =>
    words.find((word) => word === value) ?? refuse(problems, path, `Give one of: ${words.join(', ')}.`, words[0]);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** An instant with its offset from UTC (ISO 8601). */
export const instant: Reader<Date> = (value, path, problems) => {
  const read = new Date(typeof value === 'string' && INSTANT.test(value) ? value : Number.NaN);
  if (!Number.isNaN(read.getTime())) return read;
  return refuse(problems, path, 'Give a time with its offset, such as 2026-03-02T09:30:00Z.', new Date(0));
};

/** A day (ISO 8601). */
export const day: Reader<string> = (value, path, problems) => {
  const isDay = typeof value === 'string' && DAY.test(value) && isOfCalendar(value);
  return isDay ? value : refuse(problems, path, 'Give a day, such as 2026-03-02.', '1970-01-01');
};

function isOfCalendar(value: string): boolean {
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** What may be absent or null. */
export function optional<T>(reader: Reader<T>): Reader<T | null> {
  return (value, path, problems) => (value === undefined || value === null ? null : reader(value, path, problems));
}

/** A list; one that is absent is empty. */
export function list<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value, path, problems) => {
    if (value === undefined) return [];
    if (!Array.isArray(value)) return refuse(problems, path, 'Give a list.', []);
    return value.map((item: unknown, index) => reader(item, `${path}[${index}]`, problems));
  };
}

/** An object with these fields and no others: a misspelt one would otherwise be lost without a word. */
export function record<Fields extends Readonly<Record<string, Reader<unknown>>>>(
  fields: Fields,
): Reader<{ readonly [Name in keyof Fields]: Read<Fields[Name]> }> {
  return (value, path, problems) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) refuse(problems, path, 'Give an object.', null);
    const given = (isObject ? value : {}) as Readonly<Record<string, unknown>>;
    const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
    for (const name of Object.keys(given)) {
      if (!(name in fields))
        refuse(problems, at(name), `Take it out: known are ${Object.keys(fields).join(', ')}.`, null);
    }
    const read = Object.entries(fields).map(([name, reader]) => [
      name,
      isObject ? reader(given[name], at(name), problems) : undefined,
    ]);
    return Object.fromEntries(read) as { readonly [Name in keyof Fields]: Read<Fields[Name]> };
  };
}

function refuse<T>(problems: FormatProblem[], path: string, message: string, instead: T): T {
  problems.push({ path, message });
  return instead;
}
