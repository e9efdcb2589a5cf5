/** A path longer than this is no address of a page here. */
const LONGEST = 2_000;
const ANYWHERE = 'https://untether.invalid';

/**
 * Where a sign-in leads back to: the asked path when it is one of this site, else the start page. Browsers drop tabs and
 * line breaks from an address and take a backslash for a slash, so a path with any of them leads elsewhere than it says
 * (WHATWG URL Standard, section 4.4).
 */
export function safeReturnTo(asked: unknown): string {
  if (typeof asked !== 'string' || asked.length > LONGEST) return '/';
  if (!/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(asked)) return '/';
  const url = URL.canParse(asked, ANYWHERE) ? new URL(asked, ANYWHERE) : null;
  // Dots can make two slashes of what began with one.
  if (url?.origin !== ANYWHERE || url.pathname.startsWith('//')) return '/';
  // Back to the sign-in itself would go round in a circle.
  if (/^\/sign-(in|out)(\/|$)/i.test(url.pathname)) return '/';
  return url.pathname + url.search;
}
