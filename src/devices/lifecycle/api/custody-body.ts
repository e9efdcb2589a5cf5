import { InputError, NotFoundError } from '../../../common/errors.js';
import { readCommandInput, type CommandInput } from '../../domain/lifecycle/command-input.js';
import { isCustodyCommand, type CustodyCommand } from '../../domain/lifecycle/commands.js';

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
