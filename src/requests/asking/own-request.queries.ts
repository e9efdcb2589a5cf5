import type { EntityManager } from 'typeorm';
import { ConflictError, ForbiddenError, NotFoundError } from '../../common/errors.js';
import { REQUEST_STATE_WORDS, type RequestState } from '../domain/request-words.js';
import type { RequestActor } from '../request-actor.js';
import { lockRequest, type LockedRequest } from './request-rows.queries.js';

/** The request was changed since it was looked at. */
export class RequestChangedError extends ConflictError {}

/**
 * The person who asks, by their object id: a program of its own asks for nobody.
 * @throws ForbiddenError
 */
export function askingPerson({ personEntraId, permissions }: RequestActor): string {
  if (personEntraId !== null && permissions.has('own:read')) return personEntraId;
  throw new ForbiddenError('Only a person can ask for equipment. Sign in, or use a token of a person.');
}

/**
 * Locks a request that somebody made. To everybody else it is as if it were not there.
 * @param version that was looked at; null when it does not matter
 * @throws NotFoundError; RequestChangedError when it is of another version
 */
export async function lockOwnRequest(
  tx: EntityManager,
  id: number,
  by: RequestActor,
  version: string | null,
): Promise<LockedRequest> {
  const request = await lockRequest(tx, id);
  if (request === null || request.requesterEntraId !== askingPerson(by)) {
    throw new NotFoundError('There is no such request of yours.');
  }
  if (version !== null && version !== request.version) {
    throw new RequestChangedError('The request was changed meanwhile. Look at it again and decide anew.');
  }
  return request;
}

/** @throws ConflictError unless the request is in one of these states */
export function expectState(request: LockedRequest, states: readonly RequestState[], toDo: string): void {
  if (states.includes(request.state)) return;
  throw new ConflictError(`${REQUEST_STATE_WORDS[request.state]}: a request in this state cannot be ${toDo}.`);
}
