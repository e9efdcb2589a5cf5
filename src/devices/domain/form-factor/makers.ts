import type { Maker } from './catalogue-data.js';
import { toWords, withoutLeading } from './name-text.js';

interface LeadingWords {
  readonly phrase: string;
  readonly maker: Maker;
}

/** Finds the maker behind a manufacturer string, or behind a model if only one maker uses such a name. */
export class MakerIndex {
  readonly #whole = new Map<string, Maker>();
  readonly #names = new Map<string, LeadingWords[]>();
  readonly #brands = new Map<string, LeadingWords[]>();
  readonly #ownNames = new Map<string, readonly string[]>();

  /** @throws Error if two makers claim the same name */
  constructor(makers: readonly Maker[]) {
    for (const maker of makers) {
      const leading: string[] = [];
      for (const name of maker.names) {
        const phrase = toWords(name);
        if (name.startsWith('=')) this.#addWhole(phrase, maker);
        else {
          addLeading(this.#names, phrase, maker);
          leading.push(phrase);
        }
      }
      for (const brand of maker.brands) addLeading(this.#brands, toWords(brand), maker);
      this.#ownNames.set(maker.vendor, leading);
    }
  }

  byManufacturer(words: string): Maker | undefined {
    return this.#whole.get(words) ?? longest(this.#names, words);
  }

  byModel(words: string): Maker | undefined {
    return longest(this.#brands, words);
  }

  /** The model without the maker's own name in front: `HP EliteBook 840 G5` is `ELITEBOOK 840 G5`. */
  withoutOwnName(words: string, maker: Maker): string {
    for (const name of this.#ownNames.get(maker.vendor) ?? []) {
      const rest = withoutLeading(words, name);
      if (rest !== undefined && rest !== '') return rest;
    }
    return words;
  }

  #addWhole(phrase: string, maker: Maker): void {
    const other = this.#whole.get(phrase);
    if (other !== undefined) throw new Error(`"${phrase}" is claimed by ${other.vendor} and ${maker.vendor}`);
    this.#whole.set(phrase, maker);
  }
}

function addLeading(index: Map<string, LeadingWords[]>, phrase: string, maker: Maker): void {
  const first = firstWord(phrase);
  const known = index.get(first) ?? [];
  const other = known.find((entry) => entry.phrase === phrase);
  if (other !== undefined) throw new Error(`"${phrase}" is claimed by ${other.maker.vendor} and ${maker.vendor}`);
  known.push({ phrase, maker });
  known.sort((a, b) => b.phrase.length - a.phrase.length);
  index.set(first, known);
}

function longest(index: ReadonlyMap<string, readonly LeadingWords[]>, words: string): Maker | undefined {
  return index.get(firstWord(words))?.find((entry) => withoutLeading(words, entry.phrase) !== undefined)?.maker;
}

function firstWord(words: string): string {
  const end = words.indexOf(' ');
  return end === -1 ? words : words.slice(0, end);
}
