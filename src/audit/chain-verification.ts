import type { DataSource } from 'typeorm';
import { hashOfBeginning } from './canonical-form.js';
import { changed, inserted, nameBreak, type ChainBreak } from './chain-break.js';
import { isIntact, STORED_ENTRY, type StoredEntry } from './stored-entry.js';

/** A head that was published, as far as a chain is compared with it. */
export interface KnownHead {
  readonly id: number;
  /** Hash of the entry with that number, in hexadecimal digits. */
  readonly hash: string;
  /** Where it was published, for the sentence that names a break. */
  readonly origin: string;
}

/** What walking the whole chain came to. */
export interface Verification {
  /** Entries that were found in order; all of them when `firstBreak` is null. */
  readonly entries: number;
  /** The chain's head when the walk began. */
  readonly head: { readonly id: number; readonly hash: string };
  readonly installation: string;
  readonly firstBreak: ChainBreak | null;
}

export interface VerificationOptions {
  readonly heads?: readonly KnownHead[];
  /** Called after every batch with the entries checked and all there are. */
  readonly onProgress?: (checked: number, all: number) => void;
  readonly signal?: AbortSignal;
}

/** Rows that are in memory at a time. */
const BATCH_ROWS = 5_000;

interface Chain {
  readonly installation_id: string;
  readonly head_id: string;
  readonly head_hash: Buffer;
  readonly last: string;
  readonly entries: string;
}

/**
 * Walks the whole chain as it was at the beginning of the walk, in batches, and finds the first place where it is not
 * what was appended. Whoever appends meanwhile is not kept waiting.
 * @throws the signal's reason when it is aborted; between two batches
 */
export async function verifyChain(
  dataSource: Pick<DataSource, 'query'>,
  options: VerificationOptions = {},
): Promise<Verification> {
  // One statement, so that head and entries are of one moment.
  const [chain] = await dataSource.query<Chain[]>(
    `select installation_id, head_id, head_hash, coalesce((select max(id) from audit_event), 0) as last,
       (select count(*) from audit_event) as entries from audit_chain`,
  );
  if (chain === undefined) throw new Error('The audit trail has lost its head: audit_chain has no row.');
  const head = { id: Number(chain.head_id), hash: chain.head_hash.toString('hex') };
  const walk = await walkTo(dataSource, chain, options);
  return {
    entries: walk.entries,
    head,
    installation: chain.installation_id,
    firstBreak: walk.firstBreak ?? (await compareWithHeads(dataSource, chain, walk.last, options.heads ?? [])),
  };
}

async function walkTo(
  dataSource: Pick<DataSource, 'query'>,
  chain: Chain,
  { heads = [], onProgress, signal }: VerificationOptions,
): Promise<{ entries: number; last: Buffer; firstBreak: ChainBreak | null }> {
  const published = new Map(heads.map((head) => [head.id, head]));
  const all = Math.max(Number(chain.head_id), Number(chain.last));
  let previous: Buffer = hashOfBeginning(chain.installation_id);
  let beforePrevious: Buffer | null = null;
  let place = 0;
  for (;;) {
    signal?.throwIfAborted();
    const rows = await dataSource.query<StoredEntry[]>(
      `select ${STORED_ENTRY} from audit_event where id > $1 and id <= $2 order by id limit ${BATCH_ROWS}`,
      [place, all],
    );
    for (const row of rows) {
      const next = place + 1;
      if (Number(row.id) !== next || !row.previous_hash.equals(previous) || !isIntact(row, next, previous)) {
        const firstBreak = await nameBreak(dataSource, next, previous, beforePrevious, row);
        return { entries: place, last: previous, firstBreak };
      }
      [beforePrevious, previous, place] = [previous, row.hash, next];
      const known = published.get(place);
      if (known !== undefined && known.hash !== row.hash.toString('hex')) {
        return { entries: place - 1, last: previous, firstBreak: rewritten(known) };
      }
    }
    onProgress?.(place, all);
    if (rows.length < BATCH_ROWS) return { entries: place, last: previous, firstBreak: null };
  }
}

/** Whether an unbroken chain is also as long as its head and every published one say. */
async function compareWithHeads(
  dataSource: Pick<DataSource, 'query'>,
  chain: Chain,
  lastHash: Buffer,
  heads: readonly KnownHead[],
): Promise<ChainBreak | null> {
  const [head, last, entries] = [Number(chain.head_id), Number(chain.last), Number(chain.entries)];
  if (last < head) return cutOff(last + 1, `The chain's head is entry ${head}.`);
  if (last > head) return inserted(head + 1, `The chain's head is entry ${head}.`);
  if (!lastHash.equals(chain.head_hash)) return changed(last, "It does not have the hash that the chain's head says.");
  const beyond = heads.filter(({ id }) => id > last).sort((a, b) => a.id - b.id)[0];
  if (beyond !== undefined) return cutOff(last + 1, `${beyond.origin} says that there was an entry ${beyond.id}.`);
  if (entries === last) return null;
  const [twice] = await dataSource.query<{ id: string }[]>(
    'select id from audit_event group by id having count(*) > 1 or id < 1 order by id limit 1',
  );
  return inserted(Number(twice?.id ?? 0), 'Its number is there more than once, or is none of the chain.');
}

function cutOff(id: number, reason: string): ChainBreak {
  return { kind: 'cut-off', id, finding: `It and all after it are gone: ${reason}` };
}

function rewritten({ id, origin }: KnownHead): ChainBreak {
  return {
    kind: 'rewritten',
    id,
    finding: `${origin} has another hash for it: it or an entry before it was replaced.`,
  };
}
