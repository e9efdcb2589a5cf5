import { createHash } from 'node:crypto';
import type { GraphReadOptions } from './graph-call.js';
import { brokenContract } from './graph-errors.js';

/** A read of a collection, page by page. */
export interface GraphRead extends GraphReadOptions {
  /**
   * `/users?$select=id` relative to `/v1.0`, its values already encoded; or a whole link as a page gave it, which must
   * belong to the configured Graph address.
   */
  readonly path: string;
  /** More pages than this are taken for a loop. */
  readonly maximumPages?: number;
}

/** One page of a collection. */
export interface GraphPage {
  readonly items: unknown[];
  /** `@odata.count`, or null. */
  readonly count: number | null;
  /** The next page, which the generator follows by itself; a caller may store it. */
  readonly nextLink: string | null;
  /**
   * Where the next delta read starts. Only the last page has one: a page that carries both links is not the last, so its
   * delta link does not count. A delta read whose last page has none is incomplete, which only the caller can know.
   */
  readonly deltaLink: string | null;
  /** 1 for the first page of this read. */
  readonly number: number;
}

/** 10,000 pages of 999 are ten million rows. */
const MAXIMUM_PAGES = 10_000;

/** Fetches one URL and returns its checked JSON object. */
export type FetchPage = (url: string, options: GraphReadOptions) => Promise<unknown>;

/**
 * Reads page after page, following only `@odata.nextLink` and sending the caller's headers with each. While the caller
 * handles one page the next is already under way, never more than one. A failed page surfaces when it is asked for;
 * leaving the loop early aborts what is under way.
 * @throws GraphFailure
 */
export async function* readPages(fetchPage: FetchPage, request: GraphRead, origin: string): AsyncGenerator<GraphPage> {
  const abandoned = new AbortController();
  const stop = (): void => abandoned.abort(request.signal?.reason);
  request.signal?.throwIfAborted();
  request.signal?.addEventListener('abort', stop, { once: true });
  const chain = new PageChain(origin, request.maximumPages ?? MAXIMUM_PAGES);
  const options = { ...request, signal: abandoned.signal };
  const fetchNext = (link: string): Promise<GraphPage> => {
    const page = fetchPage(link, options).then((body) => chain.read(body));
    // Nobody may be waiting yet when it fails; whoever asks for the page still gets the failure.
    page.catch(() => undefined);
    return page;
  };
  try {
    let pending: Promise<GraphPage> | null = fetchNext(chain.start(request.path));
    while (pending !== null) {
      const page: GraphPage = await pending;
      pending = page.nextLink === null ? null : fetchNext(page.nextLink);
      yield page;
    }
  } finally {
    request.signal?.removeEventListener('abort', stop);
    abandoned.abort(new Error('the read was abandoned'));
  }
}

/** Where a path or a stored link leads. @throws GraphFailure when a link does not belong to `origin`. */
export function resolvePath(path: string, origin: string): string {
  if (path.startsWith('/')) return new URL(`${origin}/v1.0${path}`).href;
  return checkLink(path, origin, 'stored link');
}

/** The pages read so far, and the rules that the next one has to keep. */
class PageChain {
  private number = 0;
  private readonly seen = new Set<string>();

  constructor(
    private readonly origin: string,
    private readonly maximumPages: number,
  ) {}

  start(path: string): string {
    const url = resolvePath(path, this.origin);
    this.seen.add(digest(url));
    return url;
  }

  read(body: unknown): GraphPage {
    this.number += 1;
    const page = body as Record<string, unknown>;
    const items = page.value;
    if (!Array.isArray(items)) throw brokenContract(`Page ${this.number} has no list of items`);
    const nextLink = this.optionalLink(page, '@odata.nextLink');
    const deltaLink = this.optionalLink(page, '@odata.deltaLink');
    if (nextLink !== null) this.expectProgress(nextLink);
    const count = page['@odata.count'];
    return {
      items: items as unknown[],
      count: typeof count === 'number' ? count : null,
      nextLink,
      deltaLink: nextLink === null ? deltaLink : null,
      number: this.number,
    };
  }

  private optionalLink(page: Record<string, unknown>, name: string): string | null {
    return page[name] === undefined ? null : checkLink(page[name], this.origin, name);
  }

  private expectProgress(nextLink: string): void {
    if (this.number >= this.maximumPages) {
      throw brokenContract(`The list goes on after ${this.maximumPages} pages`);
    }
    const mark = digest(nextLink);
    if (this.seen.has(mark)) throw brokenContract(`Page ${this.number} leads back to an earlier page`);
    this.seen.add(mark);
  }
}

function checkLink(link: unknown, origin: string, name: string): string {
  const url = typeof link === 'string' && URL.canParse(link) ? new URL(link) : null;
  if (url === null) throw brokenContract(`The ${name} is not a whole address`);
  if (url.protocol !== 'https:' || url.origin !== origin || url.username !== '' || url.password !== '') {
    throw brokenContract(`The ${name} leads to another address than that of Microsoft Graph and was not followed`);
  }
  // As it came: a stored link is opaque, and parsing would rewrite its quotes.
  return link as string;
}

/** Links run to kilobytes; their digests keep a long read's memory flat. */
function digest(link: string): string {
  return createHash('sha256').update(link).digest('base64');
}
