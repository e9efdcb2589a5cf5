import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { UnauthenticatedError } from '../../auth/access.errors.js';
import { Callers } from '../../auth/callers.service.js';
import { rememberAccess } from '../../auth/current-access.js';

/** Finds out who asks on a route that is open to all, so that its page and form belong to their session. Stops nobody. */
@Injectable()
export class KnownCallerGuard implements CanActivate {
  constructor(private readonly callers: Callers) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    try {
      rememberAccess(request, (await this.callers.of(request, 'page')).access);
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
    }
    return true;
  }
}
