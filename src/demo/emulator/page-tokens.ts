import type { CollectionName } from '../tenant/tenant-store.js';
import { GraphFailure } from './graph-failure.js';
import type { OpaqueTokens } from './opaque-token.js';

const MINUTE_MS = 60_000;

/** Where a listing goes on. */
export interface ListToken {
  readonly kind: 'list';
  readonly collection: CollectionName;
  /** Fingerprint of the query that it belongs to. */
  readonly query: string;
  readonly index: number;
  /** Id of the record before the index, so that the place is found again when the collection has changed. */
  readonly after: string | null;
  /** First index of the page before. */
  readonly previous: number;
  /** Number of the page it leads to. */
  readonly page: number;
  /** When it was made, milliseconds since 1970. */
  readonly at: number;
}

/** Where a delta round goes on, or, with `until` absent, where the next round starts. */
export interface DeltaToken {
  readonly kind: 'delta';
  readonly collection: CollectionName;
  /** The selected properties; absent when the first request had no `$select`. */
  readonly select?: string;
  /** Changes after this sequence are due; absent in the first round, which shows everything. */
  readonly since?: number;
  /** End of the round that is being read; absent when the token starts a new round. */
  readonly until?: number;
  /** Start of the round before, for replays. */
  readonly before?: number;
  readonly index: number;
  readonly after: string | null;
  readonly page: number;
  readonly at: number;
  /** The tenant's own time when the token was made, milliseconds since 1970. */
  readonly simulatedAt: number;
}

/** Where a list of calls, or of the sessions of one, goes on. */
export interface CallToken {
  readonly kind: 'calls';
  /** Fingerprint of the query, or the id of the call whose sessions they are. */
  readonly query: string;
  /** Id of the last call of the page before; null within sessions. */
  readonly after: string | null;
  /** First session of the page; 0 within calls. */
  readonly index: number;
  readonly page: number;
  readonly at: number;
}

/** Reads and makes the tokens of links. */
export class PageTokens {
  constructor(
    private readonly tokens: OpaqueTokens,
    private readonly lifetimeMs: number,
    private readonly clock: () => number,
  ) {}

  /** The token for a link. Its time is kept to the minute, so that the same place has the same link for a while. */
  seal(token: ListToken | DeltaToken | CallToken): string {
    return this.tokens.seal({ ...token, at: Math.floor(token.at / MINUTE_MS) * MINUTE_MS });
  }

  /** The number of the page that a token leads to; 1 without a token or with one that is not ours. */
  pageNumber(token: string | undefined): number {
    const opened = token === undefined ? undefined : (this.tokens.open(token) as Partial<ListToken> | undefined);
    return typeof opened?.page === 'number' ? opened.page : 1;
  }

  /** The selection that a delta token holds. */
  selectOf(token: string): string | undefined {
    return (this.tokens.open(token) as Partial<DeltaToken> | undefined)?.select;
  }

  /** Opens the token of a listing. */
  openList(text: string, collection: CollectionName, query: string): ListToken {
    const token = this.tokens.open(text) as ListToken | undefined;
    if (token?.kind !== 'list' || token.collection !== collection || token.query !== query) throw badlyFormed();
    this.requireFresh(token.at);
    return token;
  }

  /** Opens the token of a list of calls or sessions. */
  openCalls(text: string, query: string): CallToken {
    const token = this.tokens.open(text) as CallToken | undefined;
    if (token?.kind !== 'calls' || token.query !== query) throw badlyFormed();
    this.requireFresh(token.at);
    return token;
  }

  /** Opens the token of a delta query: of a page within a round, or of a new round. */
  openDelta(text: string, collection: CollectionName, within: boolean): DeltaToken {
    const token = this.tokens.open(text) as DeltaToken | undefined;
    if (token?.kind !== 'delta' || token.collection !== collection || (token.until !== undefined) !== within)
      throw badlyFormed();
    if (within) this.requireFresh(token.at);
    return token;
  }

  private requireFresh(at: number): void {
    if (this.clock() - at > this.lifetimeMs + MINUTE_MS) throw expiredPageToken();
  }
}

/** The answer to a page token that came too late. */
export function expiredPageToken(): GraphFailure {
  const message = 'The specified page token value has expired and can no longer be included in your request.';
  return new GraphFailure(400, 'Directory_ExpiredPageToken', message);
}

function badlyFormed(): GraphFailure {
  return new GraphFailure(400, 'Request_BadRequest', 'Badly formed token.');
}
