import { lookalike, searchCompact, searchPhrase } from './search-key.js';

/** Most characters that are taken; a scanner or a paste may send thousands. */
export const LONGEST_SEARCH = 200;
/** Fewest letters and digits that say anything. */
export const SHORTEST_SEARCH = 2;
/** Words beyond these narrow nothing down. */
const MOST_WORDS = 6;

/** What was typed, in the forms in which it is looked up. */
export interface SearchText {
  /** As typed, without what a scanner adds. */
  readonly typed: string;
  readonly phrase: string;
  readonly compact: string;
  readonly lookalike: string;
  /** The words when there are several, else none. */
  readonly words: readonly string[];
}

/** What is printed before a number on a label. */
const LABEL = /^(?:s\/?n|serial(?: (?:no\.?|number))?|asset(?: (?:tag|no\.?|number))?|tag|service tag)\s*[:#]\s*/i;

/** Reads what was typed, pasted or scanned. */
export function searchText(given: string): SearchText {
  const typed = given
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(LABEL, '');
  const phrase = searchPhrase(typed);
  const compact = searchCompact(typed);
  const words = [...new Set(phrase.split(' '))].slice(0, MOST_WORDS);
  return { typed, phrase, compact, lookalike: lookalike(compact), words: words.length > 1 ? words : [] };
}

/** Whether there is enough to look anything up. */
export function saysEnough(text: SearchText): boolean {
  return [...text.compact].length >= SHORTEST_SEARCH;
}
