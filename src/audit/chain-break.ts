import type { DataSource } from 'typeorm';
import { isIntact, STORED_ENTRY, type StoredEntry } from './stored-entry.js';

/**
 * What is wrong with a chain: an entry's contents do not fit its hash; entries are gone; one does not belong; two have
 * changed places; the end is gone; or the whole is another than the one whose head was published.
 */
export type BreakKind = 'changed' | 'missing' | 'inserted' | 'swapped' | 'cut-off' | 'rewritten';

/** The first break of a chain. */
export interface ChainBreak {
  readonly kind: BreakKind;
  /** Number of the entry where it is. */
  readonly id: number;
  /** What was found, in a sentence. */
  readonly finding: string;
}

/** Renumbered entries are looked for this far ahead. */
const FURTHEST_SHIFT = 1_000;

/**
 * Names the break at a place where the chain does not go on.
 * @param place number that the next entry should have
 * @param previous hash of the entry before it
 * @param beforePrevious hash of the one before that; null at the beginning
 * @param found the entry that stands there instead
 */
export async function nameBreak(
  dataSource: Pick<DataSource, 'query'>,
  place: number,
  previous: Buffer,
  beforePrevious: Buffer | null,
  found: StoredEntry,
): Promise<ChainBreak> {
  const id = Number(found.id);
  if (id > place) return missing(place, id - 1);
  if (id < place) return inserted(id, `Number ${id} is there more than once.`);

  const [rightful] = await dataSource.query<StoredEntry[]>(
    `select ${STORED_ENTRY} from audit_event where previous_hash = $1 and id <> $2 order by id limit 1`,
    [previous, place],
  );
  if (rightful !== undefined && isIntact(rightful, place, previous)) {
    const other = Number(rightful.id);
    if (isIntact(found, other, found.previous_hash)) {
      return { kind: 'swapped', id: place, finding: `Entries ${place} and ${other} have changed places.` };
    }
    return inserted(place, `What belongs there now has the number ${other}.`);
  }
  if (beforePrevious?.equals(found.previous_hash) === true && isIntact(found, place - 1, beforePrevious)) {
    return inserted(place - 1, `What belongs there now has the number ${place}.`);
  }
  for (let shift = 1; shift <= FURTHEST_SHIFT; shift++) {
    if (isIntact(found, place + shift, found.previous_hash)) return missing(place, place + shift - 1);
  }
  if (isIntact(found, place, found.previous_hash)) {
    return place === 1
      ? changed(1, 'The first entry does not begin the chain of this installation.')
      : changed(place - 1, `Its hash was computed anew: entry ${place} continues another one.`);
  }
  return changed(place, 'Its contents do not give its hash.');
}

/** An entry that is not what was appended. */
export function changed(id: number, finding: string): ChainBreak {
  return { kind: 'changed', id, finding };
}

/** An entry that nobody appended. */
export function inserted(id: number, finding: string): ChainBreak {
  return { kind: 'inserted', id, finding };
}

function missing(from: number, to: number): ChainBreak {
  return {
    kind: 'missing',
    id: from,
    finding: from === to ? 'It is not there.' : `It and all up to entry ${to} are not there.`,
  };
}
