/** Characters of a text that count; whoever types more is looking for something else. */
const LONGEST_KEY = 200;

const ASCII = /^\p{ASCII}*$/u;
/** A class of the characters in these ranges. */
const anyOf = (...ranges: readonly string[]): RegExp => new RegExp(`[${ranges.join('')}]`, 'gu');
const MARKS = anyOf(
  '\\u0300-\\u036f',
  '\\u0483-\\u0489',
  '\\u0591-\\u05c7',
  '\\u0610-\\u061a',
  '\\u064b-\\u065f',
  '\\u0670',
  '\\u1ab0-\\u1aff',
  '\\u1dc0-\\u1dff',
  '\\u20d0-\\u20ff',
  '\\ufe20-\\ufe2f',
);
const SPACES = /[\u0085\u1680\u2028\u2029]/gu;
const OTHER_PUNCTUATION = anyOf(
  '\\u0080-\\u00bf',
  '\\u00d7\\u00f7',
  '\\u02b0-\\u02ff',
  '\\u180e',
  '\\u200b-\\u2bff',
  '\\u2e00-\\u2e7f',
  '\\u3001-\\u303f',
  '\\ue000-\\uf8ff',
  '\\ufe00-\\ufe0f',
  '\\ufe30-\\ufe6f',
  '\\ufeff',
  '\\ufff0-\\uffff',
  '\\u{1f000}-\\u{1faff}',
);
const SEPARATORS = /[\t\n\v\f\r@,;/\\()[\]{}<>|&+_:]/g;
const PUNCTUATION = /[\p{Cc}!"#$%'*\-.=?^~`]/gu;

const CAPITALS = 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣςΤΥΦΧΨΩАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏҐØøŁłĐđÐðıĦħŦŧŊŋ';
const SMALL = 'αβγδεζηθικλμνξοπρσστυφχψωабвгдежзийклмнопрстуфхцчшщъыьэюяѐёђѓєѕіїјљњћќѝўџґoollddddihhttnn';
/** Letters that Unicode does not take apart, as they are written without their mark or ligature. */
const FOLDED: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...CAPITALS].map((letter, place) => [letter, SMALL[place] ?? ''])),
  ß: 'ss',
  ẞ: 'ss',
  Æ: 'ae',
  æ: 'ae',
  Œ: 'oe',
  œ: 'oe',
  Þ: 'th',
  þ: 'th',
};
const FOLDED_LETTERS = new RegExp(`[${Object.keys(FOLDED).join('')}]`, 'gu');

/**
 * A text as it is compared: words of letters and digits, without case, accents and punctuation, with single spaces. An
 * `@` begins a new word. The database folds what it stores in exactly the same way (`search_phrase` in
 * src/database/migrations/1795479100000-search-the-estate.ts; search-key.spec.ts holds one against the other).
 */
export function searchPhrase(text: string): string {
  let folded = firstCharacters(text);
  if (!ASCII.test(folded)) {
    folded = folded
      .normalize('NFKD')
      .replace(MARKS, '')
      .replace(FOLDED_LETTERS, (letter) => FOLDED[letter] ?? letter)
      .replace(SPACES, ' ')
      .replace(OTHER_PUNCTUATION, '');
  }
  const words = folded.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()).replace(SEPARATORS, ' ');
  return firstCharacters(words.replace(PUNCTUATION, '').replace(/ {2,}/g, ' ').replace(/^ | $/g, ''));
}

/** A text as serial numbers, tags and hostnames are compared: the phrase without its spaces. */
export function searchCompact(text: string): string {
  return searchPhrase(text).replaceAll(' ', '');
}

const LOOKALIKES: Readonly<Record<string, string>> = { o: '0', i: '1', l: '1' };

/** A compact key in which what cannot be told apart on a label is the same: O and 0; I, l and 1. */
export function lookalike(key: string): string {
  return key.replace(/[oil]/g, (letter) => LOOKALIKES[letter] ?? letter);
}

/** Whole characters, as Postgres counts them. */
function firstCharacters(text: string): string {
  return text.length <= LONGEST_KEY ? text : [...text].slice(0, LONGEST_KEY).join('');
}
