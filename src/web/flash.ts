import { createHmac } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessOf } from '../auth/current-access.js';
import { isFormToken } from './form-token.js';

/** Long enough for the redirect that follows; a message nobody collected is not shown hours later. */
const SECONDS = 60;
const LONGEST_MESSAGE = 500;

/**
 * Messages for the next page of the same session, in a cookie that only this server can have written. Without a session
 * there is no message.
 */
export class FlashMessages {
  private readonly name: string;

  /** @param secure whether people reach this site over https only. */
  constructor(private readonly secure: boolean) {
    this.name = secure ? '__Host-untether-message' : 'untether-message';
  }

  keep(request: FastifyRequest, reply: FastifyReply, message: string): void {
    const secret = accessOf(request)?.sessionId ?? null;
    if (secret === null) return;
    const text = Buffer.from(message.slice(0, LONGEST_MESSAGE)).toString('base64url');
    this.set(reply, `${text}.${signature(secret, text)}`, SECONDS);
  }

  /** The message for this page, if there is one; it is gone afterwards. */
  take(request: FastifyRequest, reply: FastifyReply): string | null {
    const value = readCookie(request, this.name);
    if (value === null) return null;
    this.set(reply, '', 0);
    const [text = '', given = ''] = value.split('.');
    const secret = accessOf(request)?.sessionId ?? null;
    if (secret === null || !isFormToken(given, signature(secret, text))) return null;
    return Buffer.from(text, 'base64url').toString();
  }

  private set(reply: FastifyReply, value: string, seconds: number): void {
    const secure = this.secure ? '; Secure' : '';
    void reply.header(
      'set-cookie',
      `${this.name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`,
    );
  }
}

function signature(secret: string, text: string): string {
  return createHmac('sha256', secret).update(`message ${text}`).digest('base64url');
}

/** A cookie of the request; null when it was not sent, or sent more than once. */
function readCookie(request: Pick<FastifyRequest, 'headers'>, name: string): string | null {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return found.length === 1 ? (found[0]?.slice(name.length + 1) ?? null) : null;
}
