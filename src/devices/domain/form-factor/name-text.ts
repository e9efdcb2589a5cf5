// Firmware strings are short; whatever is longer is not a name, and a bound keeps every later step cheap.
const LONGEST_NAME = 200;
const PLAIN = /^[\x20-\x7e]*$/;
const NOT_ALPHANUMERIC = /[^A-Z0-9]+/g;
const MARKS = /[\u0300-\u036f\u00ae\u2122\u00a9]/g;

/**
 * A manufacturer or model as words: upper case, letters and digits only, single spaces, no accents or trade marks.
 * `" OptiPlex_7090®"` and `"optiplex 7090"` are the same name. Only the first 200 characters count.
 */
export function toWords(text: string): string {
  const name = text.length > LONGEST_NAME ? text.slice(0, LONGEST_NAME) : text;
  const plain = PLAIN.test(name) ? name : name.replace(MARKS, '').normalize('NFKD').replace(MARKS, '');
  return plain.toUpperCase().replace(NOT_ALPHANUMERIC, ' ').trim();
}

/** True if the phrase stands in the words as whole words: `MINI` is in `Z2 MINI G9`, not in `MINITOWER`. */
export function containsPhrase(words: string, phrase: string): boolean {
  const at = words.indexOf(phrase);
  if (at === -1) return false;
  return ` ${words} `.includes(` ${phrase} `);
}

/** The words without a leading phrase, or undefined if they do not start with it. */
export function withoutLeading(words: string, phrase: string): string | undefined {
  if (!words.startsWith(phrase)) return undefined;
  if (words.length === phrase.length) return '';
  return words[phrase.length] === ' ' ? words.slice(phrase.length + 1) : undefined;
}
