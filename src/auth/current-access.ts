import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../audit/actor.js';
import type { Permission, Role } from './permissions.js';

/** Pages are for people and their browsers, the API for programs. */
export type Surface = 'page' | 'api';

/** Who asks, and what they may do; read anew for every request. */
export interface CurrentAccess {
  /** Who acts, as commands and the audit trail name them. */
  readonly actor: Actor;
  /** Object id in Entra ID of the person who asks, or whose token it is; null for a service of its own. */
  readonly personEntraId: string | null;
  /** For the header of a page; never for a log or the audit trail. */
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  /** Whether the directory has somebody who reports to the person. */
  readonly isManager: boolean;
  readonly surface: Surface;
  /**
   * A secret of this browser's session, from which tokens of forms can be derived: it is neither the cookie nor anything
   * that is stored. Null for a caller without a cookie.
   */
  readonly sessionId: string | null;
}

const known = new WeakMap<FastifyRequest, CurrentAccess>();

/** Keeps who asks for as long as the request lives. */
export function rememberAccess(request: FastifyRequest, access: CurrentAccess): void {
  known.set(request, access);
}

/** Who asks; null on routes that are open to all, and wherever the guard has let nobody in. */
export function accessOf(request: FastifyRequest): CurrentAccess | null {
  return known.get(request) ?? null;
}

/**
 * The caller, as a parameter of a controller's method.
 * @throws Error on a route that is open to all, where nobody has been asked who they are.
 */
export const Current = createParamDecorator((_data: unknown, context: ExecutionContext): CurrentAccess => {
  const access = accessOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (access === null) throw new Error('A route that is open to all has no current access.');
  return access;
});
