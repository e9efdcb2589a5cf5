import { InputError, NotFoundError } from '../../../common/errors.js';
import { readCommandInput, type CommandInput } from '../../domain/lifecycle/command-input.js';
import { isCustodyCommand, type CustodyCommand } from '../../domain/lifecycle/commands.js';

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

/** The command of an address or body. @throws NotFoundError */
export function commandNamed(word: unknown): CustodyCommand {
  if (isCustodyCommand(word)) return word;
  throw new NotFoundError('There is no such command.');
}

/**
 * The fields of a command, from a form or as JSON.
 * @throws InputError 400 for fields that the command does not have, 422 for values that it cannot take
 */
export function inputIn(command: CustodyCommand, sent: Readonly<Record<string, unknown>>): CommandInput {
  const reading = readCommandInput(command, sent, new Date().toISOString().slice(0, 10));
  if (reading.ok) return reading.input;
  throw new InputError('Put the fields right.', reading.errors, reading.unknown ? 400 : 422);
}

/** One of these words. @throws InputError 400 */
export function choiceIn<T extends string>(value: unknown, field: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new InputError('Put the request right.', [{ field, message: `give one of ${choices.join(', ')}` }], 400);
}
