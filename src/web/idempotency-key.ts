import { InputError } from '../common/errors.js';

/** The key of a request that may be sent twice; null when there is none. @throws InputError 400 */
export function idempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (!/^[\x21-\x7e]{1,200}$/.test(header)) {
    const message = 'Use 1 to 200 visible ASCII characters.';
    throw new InputError('The idempotency key is not valid.', [{ field: 'Idempotency-Key', message }], 400);
  }
  return header;
}
