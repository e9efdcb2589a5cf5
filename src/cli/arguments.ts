import os from 'node:os';
import { InvalidArgumentError } from 'commander';
import { commandLineActor, type Actor } from '../audit/actor.js';
import { SOURCE_NAMES, type SourceName } from '../config/sources.js';
import { CommandError, EXIT } from './command-error.js';

const KNOWN = SOURCE_NAMES.join(', ');

/** Reads the name of a source. @throws InvalidArgumentError naming the known ones. */
export function sourceName(value: string): SourceName {
  const known = SOURCE_NAMES.find((name) => name === value);
  if (known !== undefined) return known;
  if (value === 'managers') {
    throw new InvalidArgumentError('Managers are read together with users: ask for "users".');
  }
  throw new InvalidArgumentError(`There is no such source. Known sources: ${KNOWN}.`);
}

/** Adds one more source to those given before. */
export function addSourceName(value: string, before: readonly SourceName[] | undefined): readonly SourceName[] {
  return [...new Set([...(before ?? []), sourceName(value)])];
}

/** Makes a reader of whole numbers in a range. */
export function wholeNumber(minimum: number, maximum: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d{1,10}$/.test(value) || number < minimum || number > maximum) {
      throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`);
    }
    return number;
  };
}

/** The id of a run, a hold or another record. */
export const recordId = wholeNumber(1, 2_147_483_647);

/** The account at the keyboard, as the operating system knows it. */
export function operator(): Actor {
  try {
    return commandLineActor(os.userInfo().username);
  } catch {
    // A container may run under a number without a name.
    return commandLineActor(`${process.getuid?.() ?? 'unknown'}`);
  }
}

/** Asks a yes-or-no question on the terminal. @throws CommandError where there is none to ask on. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new CommandError('This needs a confirmation.', 'Add --yes to go on without being asked.', EXIT.usage);
  }
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
