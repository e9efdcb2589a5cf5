import type { FastifyRequest } from 'fastify';

/** The cookie of a session: its name, and whether it may travel over https only. */
export interface SessionCookie {
  readonly name: string;
  readonly secure: boolean;
}

/**
 * How the cookie is called. Over https its prefix makes browsers insist on Secure, Path=/ and no Domain, so that no
 * neighbouring site can set it (OWASP ASVS 5.0, v5.0.0-3.3.3; RFC 6265bis, section 4.1.3).
 * @param publicUrl where people open the site; null while it is this machine only.
 */
export function sessionCookie(publicUrl: string | null): SessionCookie {
  const secure = publicUrl?.startsWith('https:') === true;
  return { name: secure ? '__Host-untether-session' : 'untether-session', secure };
}

/** The value of a request's session cookie; null when it has none, or more than one, of which either may be forged. */
export function sessionCookieOf(request: Pick<FastifyRequest, 'headers'>, { name }: SessionCookie): string | null {
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null;
}

/** The header that gives a browser its session; it ends with the browser, and on the server at the latest. */
export function givenSessionCookie({ name, secure }: SessionCookie, value: string): string {
  return `${name}=${value}; ${attributes(secure)}`;
}

/** The header that takes it away. */
export function removedSessionCookie({ name, secure }: SessionCookie): string {
  return `${name}=; Max-Age=0; ${attributes(secure)}`;
}

function attributes(secure: boolean): string {
  return `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}
