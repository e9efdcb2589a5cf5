import { InputError } from '../common/errors.js';

const LONGEST_FILE_NAME = 255;

/**
 * The name that a file was sent under, only to be shown: without folders and control characters; null when nothing is left.
 * @throws InputError 400 when it is too long
 */
export function shownFileName(name: string | null): string | null {
  const shown =
    (name ?? '')
      .replace(/\p{Cc}/gu, ' ')
      .split(/[\\/]/)
      .at(-1)
      ?.trim() ?? '';
  if ([...shown].length > LONGEST_FILE_NAME) {
    throw new InputError(`The name of the file is longer than ${LONGEST_FILE_NAME} characters. Shorten it.`, [], 400);
  }
  return shown === '' ? null : shown;
}
