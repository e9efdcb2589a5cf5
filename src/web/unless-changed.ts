import { PreconditionFailedError } from './if-match.js';
import { ChangedMeanwhileError } from '../database/record-version.js';

/** Does a command whose version came as `If-Match`; that the record was changed is then the header's failure (412). */
export async function unlessChanged<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (error) {
    throw error instanceof ChangedMeanwhileError ? new PreconditionFailedError(error.message) : error;
  }
}
