import type { FastifyRequest } from 'fastify';
import { ForbiddenError } from '../common/errors.js';
import { sessionCookie, sessionCookieOf } from './session-cookie.js';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a method only reads. */
export function isSafe(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/**
 * Refuses writes that a page of another site makes a browser send. Browsers say where a request comes from (Origin, RFC
 * 6454; Sec-Fetch-Site, w3.org/TR/fetch-metadata); programs with a token say nothing and need not. A cookie travels
 * without anybody's doing, so a write of the API that comes with one must say so in any case; forms have their token.
 * @param publicUrl where people open the site; null while it is this machine only, which the Host header was checked for.
 */
export function refuseOtherSites(
  request: Pick<FastifyRequest, 'headers' | 'method'>,
  surface: 'page' | 'api',
  publicUrl: string | null,
): void {
  if (isSafe(request.method)) return;
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isForeignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  // A host that is not the public one got this far only where this machine's own names are good.
  const own = [publicUrl, `http://${host ?? ''}`].map((each) => each?.toLowerCase());
  const isForeignOrigin = origin !== undefined && !own.includes(origin.toLowerCase());
  const saysNothing = origin === undefined && site === undefined;
  const hasCookie = sessionCookieOf(request, sessionCookie(publicUrl)) !== null;
  const mustSay = surface === 'api' && hasCookie && request.headers.authorization === undefined;
  if (isForeignSite || isForeignOrigin || (mustSay && saysNothing)) {
    throw new ForbiddenError('Pages of other sites may not change anything here.');
  }
}
