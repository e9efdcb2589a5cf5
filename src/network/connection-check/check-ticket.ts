import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** What a ticket says: which check, and when it began. */
export interface CheckTicket {
  /** Number of the check, a UUID. */
  readonly id: string;
  readonly begunAt: Date;
}

/**
 * The ticket of a check that begins now, as a text for an address. It holds for one session of one browser and is proved
 * by the session's secret, so that every process knows it without asking any other.
 */
export function issueTicket(sessionSecret: string, begunAt: Date): { readonly ticket: string; readonly id: string } {
  const id = randomUUID();
  const said = `${begunAt.getTime().toString(36)}.${id.replaceAll('-', '')}`;
  return { ticket: `${said}.${proofOf(said, sessionSecret)}`, id };
}

/** What a ticket of this session says; null for a text that is none. Whether it is still good is for the caller. */
export function readTicket(ticket: string, sessionSecret: string): CheckTicket | null {
  const [, said, time, number, proof] = /^(([0-9a-z]{1,9})\.([0-9a-f]{32}))\.([\w-]{43})$/.exec(ticket) ?? [];
  if (said === undefined || time === undefined || number === undefined || proof === undefined) return null;
  if (!timingSafeEqual(Buffer.from(proof), Buffer.from(proofOf(said, sessionSecret)))) return null;
  const id = number.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { id, begunAt: new Date(parseInt(time, 36)) };
}

function proofOf(said: string, sessionSecret: string): string {
  return createHmac('sha256', sessionSecret).update(`connection-check ${said}`).digest('base64url');
}
