import { hash, randomBytes } from 'node:crypto';

/** Twice the entropy that OWASP ASVS 5.0 asks of tokens (v5.0.0-7.2.3: 128 bits). */
const SECRET_BYTES = 32;

/** A new value that nobody can guess: 43 characters that need no escaping in a cookie, header or URL. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** What the database keeps of a secret. A fast hash is enough for a value that is random as a whole. */
export function hashOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
