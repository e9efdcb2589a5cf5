/**
 * The small language in which rules describe a model name, over the words that `toWords` gives:
 *
 * - letters, digits and spaces stand for themselves; `#` is a digit, `@` a letter, `?` either;
 * - `[579]`, `[A-C]` is one of these; `(SFF|MT)` is one of these parts; `(|S)` makes a part optional;
 * - `*` is any further letters and digits of the same word;
 * - a pattern describes the first words of the name and ends where a word ends; `~` in front lets it start at any word,
 *   `$` behind makes it end where the name ends.
 *
 * There is no repetition but `*`, which cannot be repeated and cannot cross a space. Parts may stand in parts.
 */
export interface NamePattern {
  /** The same as a regular expression. */
  readonly expression: string;
  /** The characters a match can begin with, or undefined where that is open. */
  readonly firstCharacters: ReadonlySet<string> | undefined;
}

const SYNTAX = /^~?[A-Z0-9#@?* ()|[\]-]+\$?$/;
const DIGITS = [...'0123456789'];
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const PIECES: Readonly<Record<string, string>> = {
  '#': '[0-9]',
  '@': '[A-Z]',
  '?': '[A-Z0-9]',
  '*': '[A-Z0-9]*',
  '(': '(?:',
};

/** @throws Error naming the pattern if it is not written in the language above. */
export function compileNamePattern(source: string): NamePattern {
  if (!SYNTAX.test(source)) throw new Error(`"${source}" is not a name pattern`);
  const anywhere = source.startsWith('~');
  const toTheEnd = source.endsWith('$');
  const body = source.slice(anywhere ? 1 : 0, toTheEnd ? -1 : undefined);
  if (body.trim() !== body || body === '') throw new Error(`"${source}" is not a name pattern`);
  if (/\*\*|-(?![^[]*\])/.test(body)) throw new Error(`"${source}" repeats * or has a loose hyphen`);
  const pieces = body.replace(/\[[^[\]]*\]|[#@?*(]/g, (piece) => PIECES[piece] ?? piece);
  return {
    expression: `${anywhere ? '(?:^| )' : '^'}(?:${pieces})${toTheEnd ? '$' : '(?![A-Z0-9])'}`,
    firstCharacters: anywhere ? undefined : firstCharacters(body),
  };
}

function firstCharacters(body: string): ReadonlySet<string> | undefined {
  if (body.startsWith('(')) return firstOfAlternatives(body);
  if (body.startsWith('[')) return membersOf(body.slice(1, body.indexOf(']')));
  return membersOf(body.slice(0, 1));
}

function firstOfAlternatives(body: string): ReadonlySet<string> | undefined {
  const { alternatives, rest } = openGroup(body);
  const found = new Set<string>();
  for (const alternative of alternatives) {
    const members = firstCharacters(alternative === '' ? rest : alternative);
    if (members === undefined) return undefined;
    for (const member of members) found.add(member);
  }
  return found;
}

/** The alternatives of the group that the text begins with, and what follows it. */
function openGroup(body: string): { alternatives: string[]; rest: string } {
  const alternatives: string[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 0; at < body.length; at += 1) {
    const character = body[at];
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    const ends = depth === 0 || (depth === 1 && character === '|');
    if (ends) {
      alternatives.push(body.slice(start, at));
      start = at + 1;
    }
    if (depth === 0) break;
  }
  return { alternatives, rest: body.slice(start) };
}

function membersOf(characters: string): ReadonlySet<string> | undefined {
  if (characters === '' || characters === '*' || characters === ' ') return undefined;
  if (characters === '#') return new Set(DIGITS);
  if (characters === '@') return new Set(LETTERS);
  if (characters === '?') return new Set([...DIGITS, ...LETTERS]);
  const found = new Set<string>();
  for (let at = 0; at < characters.length; at += 1) {
    const from = characters.charCodeAt(at);
    const to = characters[at + 1] === '-' && at + 2 < characters.length ? characters.charCodeAt(at + 2) : from;
    for (let code = from; code <= to; code += 1) found.add(String.fromCharCode(code));
    if (to !== from) at += 2;
  }
  return found;
}
