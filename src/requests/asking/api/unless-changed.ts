import { PreconditionFailedError } from '../../../web/if-match.js';
import { RequestChangedError } from '../own-request.queries.js';

/** Does a command whose version came as `If-Match`; that the request was changed is then the header’s failure (412). */
export async function unlessChanged<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (error) {
    throw error instanceof RequestChangedError ? new PreconditionFailedError(error.message) : error;
  }
}
