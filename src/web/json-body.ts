import { InputError } from '../common/errors.js';

/** A JSON body as an object. @throws InputError 400 for anything else */
export function objectIn(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new InputError('Send an object as JSON.', [], 400);
}

/** The members of an object, of which no other than these may be there. @throws InputError 400 */
export function membersOf(body: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  const object = objectIn(body);
  const unknown = Object.keys(object).filter((name) => !known.includes(name));
  if (unknown.length === 0) return object;
  const message = `is not known here; known are ${known.join(', ')}`;
  throw new InputError(
    'Put the request right.',
    unknown.slice(0, 10).map((field) => ({ field: field.slice(0, 100), message })),
    400,
  );
}
