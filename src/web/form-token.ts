import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { accessOf } from '../auth/current-access.js';

/** The token that forms of this sign-in carry; null without one, where there is nothing to take over. */
export function formTokenOf(request: FastifyRequest): string | null {
  const secret = accessOf(request)?.sessionId ?? null;
  return secret === null ? null : createHmac('sha256', secret).update('form').digest('base64url');
}

/** Whether a form brought the expected token; takes as long for a wrong one as for a nearly right one. */
export function isFormToken(given: string | null, expected: string): boolean {
  if (given === null) return false;
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
