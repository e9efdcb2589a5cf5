import { InputError } from './errors.js';

/** Rows of a list that are shown at once unless the caller asks for another number. */
export const DEFAULT_LIMIT = 50;
/** Most rows of a list in one answer. */
export const MAXIMUM_LIMIT = 200;

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins, to be sent back unchanged; null on the last page. */
  readonly next: string | null;
  /** When the sources of the list last succeeded (the oldest of them), in UTC; null before the first time. */
  readonly asOf: string | null;
}

/** Which part of a list is asked for. */
export interface PageRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** The last row of a page: the value that it is sorted by, as text, and its id. */
export interface Position {
  readonly value: string | null;
  readonly id: number;
}

/** Turns a position in a list with this order into the opaque text that callers send back. */
export function encodeCursor(sort: string, position: Position): string {
  return Buffer.from(JSON.stringify([sort, position.value, position.id])).toString('base64url');
}

/**
 * Reads a cursor back. What it holds came from outside, so that the query that uses it must check the value's type.
 * @throws InputError when it is not a cursor of a list in this order.
 */
export function decodeCursor(sort: string, cursor: string): Position {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw invalidCursor();
  }
  if (!Array.isArray(parts) || parts.length !== 3 || parts[0] !== sort) throw invalidCursor();
  const [, value, id] = parts as [string, unknown, unknown];
  const isText = typeof value === 'string' && value.length <= 2_000 && !value.includes('\0');
  if (!(value === null || isText) || !Number.isSafeInteger(id) || (id as number) < 0) throw invalidCursor();
  return { value, id: id as number };
}

/** The answer to a cursor that no list of this order has given out. */
export function invalidCursor(): InputError {
  const message = 'is not a cursor of this list in this order; send "next" of the page before, or leave it out';
  return new InputError('The cursor is not valid.', [{ field: 'cursor', message }], 400);
}
