import { editDistance } from './edit-distance.js';
import { lookalike } from './search-key.js';
import { oneEditAway } from './spelling-variants.js';

/** From this length on two typing errors are forgiven, below it one. */
const TWO_ERRORS_FROM = 8;
/** Corrections that are tried. */
const MOST_TRIED = 5;

/** What to look up to find out what was meant. */
export interface SpellingsAsked {
  readonly lookalikes: readonly string[];
  readonly names: readonly string[];
  readonly beginnings: readonly string[];
  /** Most stored texts to look at for each of the beginnings. */
  readonly most: readonly number[];
}

/** Without the characters that a lookalike never has. */
const LOOKALIKE_CHARACTERS = '0123456789abcdefghjkmnpqrstuvwxyz';
const NAME_CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyz ';

/**
 * Spellings one error away; for long texts also every beginning from which a second error may follow. Two errors that are
 * both in the first half are not found.
 */
export function spellingsToAsk(phrase: string): SpellingsAsked {
  const compact = phrase.replaceAll(' ', '');
  const long = [...phrase].length >= TWO_ERRORS_FROM;
  const half = phrase.slice(0, Math.ceil(phrase.length / 2));
  const near = long ? oneEditAway(half, NAME_CHARACTERS) : [];
  return {
    lookalikes: oneEditAway(lookalike(compact), LOOKALIKE_CHARACTERS),
    names: oneEditAway(phrase, NAME_CHARACTERS),
    beginnings: long ? [half, ...near] : [],
    most: long ? [300, ...near.map(() => 5)] : [],
  };
}

/** The stored texts that are near enough to the phrase, nearest first. */
export function likelySpellings(
  phrase: string,
  near: readonly { readonly text: string; readonly kind: 'device' | 'name' }[],
): readonly string[] {
  const most = [...phrase].length >= TWO_ERRORS_FROM ? 2 : 1;
  const words = phrase.split(' ').length;
  const compact = lookalike(phrase.replaceAll(' ', ''));
  const distances = new Map<string, number>();
  for (const { text, kind } of near) {
    // A name begins with as many words as were typed; one more or fewer where a space was missed or is too many.
    const candidates =
      kind === 'device'
        ? [text]
        : [words - 1, words, words + 1].filter((count) => count > 0).map((count) => firstWords(text, count));
    for (const candidate of candidates) {
      const distance =
        kind === 'device' ? editDistance(compact, lookalike(candidate), most) : editDistance(phrase, candidate, most);
      if (distance <= most) distances.set(candidate, Math.min(distance, distances.get(candidate) ?? distance));
    }
  }
  return [...distances]
    .sort(([one, a], [other, b]) => a - b || (one < other ? -1 : 1))
    .slice(0, MOST_TRIED)
    .map(([text]) => text);
}

function firstWords(text: string, count: number): string {
  return text.split(' ').slice(0, count).join(' ');
}
