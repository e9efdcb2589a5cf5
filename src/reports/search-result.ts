import type { Standing } from '../devices/domain/lifecycle/standing.js';
import type { SearchField } from '../devices/domain/search-fields.js';

/** Why something was found. */
export interface SearchMatch {
  /**
   * `exact`: it is just that; `beginning`: it begins so; `alike`: but for O and 0, or I, l and 1; `words`: it has all of
   * the words, in different places; `spelling`: it is spelled nearly so, as `meant`.
   */
  readonly how: 'exact' | 'beginning' | 'alike' | 'words' | 'spelling';
  /** What matched; null for several words. */
  readonly field: SearchField | null;
  /** The text that matched, as the record has it. */
  readonly shown: string | null;
  /** What was looked up instead of what was typed. */
  readonly meant?: string;
}

/** How somebody has to do with a machine. */
export type PersonRole = 'holder' | 'primary-user' | 'observed-user' | 'register';

/** A machine that a search found. */
export interface FoundDevice {
  readonly id: number;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly assetTag: string | null;
  readonly model: string | null;
  readonly formFactor: string;
  readonly presence: 'present' | 'missing' | 'gone';
  readonly lastSeenAt: string | null;
  /** Where it stands in its life, as people keep it; null where they have said nothing. */
  readonly standing: Standing | null;
  /** Its holder or, while nobody has said who that is, its primary user. */
  readonly person: { readonly id: number; readonly displayName: string | null; readonly role: PersonRole } | null;
  readonly match: SearchMatch & {
    /** When the matching text is of a person: how that person has to do with the machine. */
    readonly role: PersonRole | null;
    /** When it bore a former hostname; null for every other match. */
    readonly from: string | null;
    readonly until: string | null;
  };
}

/** A person whom a search found. */
export interface FoundPerson {
  readonly id: number;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly jobTitle: string | null;
  readonly department: string | null;
  readonly officeLocation: string | null;
  readonly accountEnabled: boolean | null;
  readonly presence: 'present' | 'missing' | 'gone';
  /** Machines that they have to do with. */
  readonly devices: number;
  readonly match: SearchMatch;
}

/** Results of one kind: the best of them, and how many there are. */
export interface Found<T> {
  readonly items: readonly T[];
  /** How many were counted. */
  readonly count: number;
  /** Whether there are, or may be, more than were counted. */
  readonly more: boolean;
}

/** What a search found. */
export interface SearchResult {
  readonly devices: Found<FoundDevice>;
  readonly people: Found<FoundPerson>;
  /** When the oldest of the sources was last read; null before the first time. */
  readonly asOf: string | null;
}

/** Adds what a corrected spelling found to what was found as typed; what is in both is kept as typed. */
export function withSpelling(typed: SearchResult, meant: string, found: SearchResult, shown: number): SearchResult {
  return {
    devices: together(typed.devices, found.devices, meant, shown),
    people: together(typed.people, found.people, meant, shown),
    asOf: typed.asOf,
  };
}

function together<T extends { readonly id: number; readonly match: SearchMatch }>(
  typed: Found<T>,
  found: Found<T>,
  meant: string,
  shown: number,
): Found<T> {
  const known = new Set(typed.items.map(({ id }) => id));
  const added = found.items
    .filter(({ id }) => !known.has(id))
    .map((item) => ({ ...item, match: { ...item.match, how: 'spelling' as const, meant } }));
  const both = found.items.length - added.length;
  return {
    items: [...typed.items, ...added].slice(0, shown),
    count: typed.count + found.count - both,
    more: typed.more || found.more,
  };
}
