import { logFields } from '../config/logger.js';

/** Field of the log by which every line of a request is found, and its entries in the audit trail. */
export const REQUEST_FIELD = 'request';

/** Id of the request that is being answered, as its `X-Request-Id` says; null outside of one. */
export function currentRequestId(): string | null {
  return logFields()[REQUEST_FIELD] ?? null;
}
