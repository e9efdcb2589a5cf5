import type { FastifyReply, FastifyRequest } from 'fastify';

/** A cookie of the request; null when it was not sent, or sent more than once. */
export function readCookie(request: Pick<FastifyRequest, 'headers'>, name: string): string | null {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return found.length === 1 ? (found[0]?.slice(name.length + 1) ?? null) : null;
}

/** Sets a cookie for this site, out of the reach of scripts, beside those that the answer sets already. */
export function setCookie(
  reply: FastifyReply,
  cookie: { readonly name: string; readonly value: string; readonly seconds: number; readonly secure: boolean },
): void {
  const { name, value, seconds, secure } = cookie;
  const parts = [`${name}=${value}`, 'Path=/', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Lax'];
  void reply.header('set-cookie', [...(secure ? [...parts, 'Secure'] : parts)].join('; '));
}
