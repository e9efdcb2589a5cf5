import type { Role } from '../../src/auth/permissions.js';
import { serviceToken, signIn, type AccountStore, type Somebody, type TestSession } from './sign-in.js';

/** A site whose requests are sent by somebody unless they say who sends them. */
interface Site {
  readonly session: () => Promise<TestSession>;
  readonly token: () => Promise<string>;
}

const sites = new Map<string, Site>();
const plainFetch = globalThis.fetch;

/**
 * Makes `fetch` send requests to this site as somebody: to the API with the token of a service that may do everything,
 * which adds nobody to the directory, and to pages with the cookie of a person who has this role. A request with a
 * cookie or an authorization of its own stays as it is; `anonymously` sends one with neither.
 */
export function fetchAs(origin: string, database: AccountStore, who: Role | Somebody = 'administrator'): void {
  sites.set(origin, {
    session: once(() => signIn(database, origin, who)),
    token: once(() => serviceToken(database)),
  });
}

/** Sends a request as nobody. */
export const anonymously = plainFetch;

/** The headers with which this site's API lets everything through, for requests that `fetch` does not send. */
export async function apiHeaders(origin: string): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await siteOf(origin).token()}` };
}

/** The session with which this site's pages are read; null for a site that nobody was named for. */
export async function pageSession(url: string): Promise<TestSession | null> {
  return (await sites.get(new URL(url).origin)?.session()) ?? null;
}

globalThis.fetch = async (input, init) => {
  const request = input instanceof Request ? input : null;
  const url = new URL(input instanceof Request ? input.url : input);
  const headers = new Headers(init?.headers ?? request?.headers);
  const site = sites.get(url.origin);
  const speaksForItself = headers.has('cookie') || headers.has('authorization');
  if (!site || speaksForItself || /^\/(health|assets)\//.test(url.pathname)) return plainFetch(input, init);
  const isForPrograms = url.pathname.startsWith('/api/') && url.pathname !== '/api/docs';
  if (isForPrograms) headers.set('authorization', `Bearer ${await site.token()}`);
  else headers.set('cookie', (await site.session()).headers.cookie);
  return plainFetch(input, { ...init, headers });
};

function siteOf(origin: string): Site {
  const site = sites.get(origin);
  if (!site) throw new Error(`Nobody was named for ${origin}.`);
  return site;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}
