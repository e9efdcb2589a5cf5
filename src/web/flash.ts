import { createHmac } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessOf } from '../auth/current-access.js';
import { readCookie, setCookie } from './cookies.js';
import { isFormToken } from './form-token.js';

/** Long enough for the redirect that follows; a message nobody collected is not shown hours later. */
const SECONDS = 60;
const LONGEST_MESSAGE = 500;

/**
 * Keeps a message for the next page of the same session, in a cookie that only this server can have written. Without a
 * session there is no message.
 */
export function keepFlash(request: FastifyRequest, reply: FastifyReply, message: string): void {
  const secret = accessOf(request)?.sessionId ?? null;
  if (secret === null) return;
  const text = Buffer.from(message.slice(0, LONGEST_MESSAGE)).toString('base64url');
  setCookie(reply, { ...flashCookie(request), value: `${text}.${signature(secret, text)}`, seconds: SECONDS });
}

/** The message for this page, if there is one; it is gone afterwards. */
export function takeFlash(request: FastifyRequest, reply: FastifyReply): string | null {
  const cookie = flashCookie(request);
  const value = readCookie(request, cookie.name);
  if (value === null) return null;
  setCookie(reply, { ...cookie, value: '', seconds: 0 });
  const [text = '', given = ''] = value.split('.');
  const secret = accessOf(request)?.sessionId ?? null;
  if (secret === null || !isFormToken(given, signature(secret, text))) return null;
  return Buffer.from(text, 'base64url').toString();
}

function signature(secret: string, text: string): string {
  return createHmac('sha256', secret).update(`message ${text}`).digest('base64url');
}

function flashCookie(request: FastifyRequest): { name: string; secure: boolean } {
  const secure = request.protocol === 'https';
  return { name: secure ? '__Host-untether-message' : 'untether-message', secure };
}
