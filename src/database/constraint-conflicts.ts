import { ConflictError } from '../common/errors.js';
import { SQLSTATE, sqlstateOf } from './sqlstate.js';

/** For `catch` of a statement that writes what may be there only once. @throws ConflictError with this sentence */
export function orConflict(message: string): (error: unknown) => never {
  return (error) => {
    throw sqlstateOf(error) === SQLSTATE.uniqueViolation ? new ConflictError(message) : error;
  };
}

/** The constraint that a statement broke, however deep TypeORM has wrapped the driver's error; null for any other error. */
export function constraintOf(error: unknown): string | null {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    const { constraint, driverError } = current as { constraint?: unknown; driverError?: unknown };
    if (typeof constraint === 'string') return constraint;
    current = driverError ?? current.cause;
  }
  return null;
}

/** For `catch` of a statement: a ConflictError with the sentence of the constraint that it broke, else the error itself. */
export function orConflictOf(sentences: Readonly<Record<string, string>>): (error: unknown) => never {
  return (error) => {
    const sentence = sentences[constraintOf(error) ?? ''];
    throw sentence === undefined ? error : new ConflictError(sentence);
  };
}
