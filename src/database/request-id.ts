import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** Runs `work` as part of the request with this id. */
export function withRequestId<T>(id: string, work: () => T): T {
  return current.run(id, work);
}

/** Id of the request that is being answered, as its `X-Request-Id` says; null outside of one. */
export function currentRequestId(): string | null {
  return current.getStore() ?? null;
}
