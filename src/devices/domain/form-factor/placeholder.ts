import type { PlaceholderNames } from './catalogue-data.js';
import { toWords } from './name-text.js';

const ONE_CHARACTER_REPEATED = /^(?:0+|X{2,}|F{4,}|123456789\d*|0123456789\d*)$/;
const NOTHING = '(?!)';

/** Tells a name from what firmware says when nobody entered one ("To Be Filled By O.E.M.", "Default string", "00000"). */
export class PlaceholderTest {
  readonly #whole: ReadonlySet<string>;
  readonly #parts: RegExp;

  constructor(names: PlaceholderNames) {
    this.#whole = new Set(names.whole.map(withoutSpaces));
    this.#parts = new RegExp(names.parts.map(withoutSpaces).join('|') || NOTHING);
  }

  /** @param words the name as `toWords` gives it */
  isPlaceholder(words: string): boolean {
    if (words === '') return true;
    const name = words.includes(' ') ? words.replaceAll(' ', '') : words;
    if (this.#whole.has(name) || ONE_CHARACTER_REPEATED.test(name)) return true;
    return this.#parts.test(name);
  }
}

function withoutSpaces(name: string): string {
  return toWords(name).replaceAll(' ', '');
}
