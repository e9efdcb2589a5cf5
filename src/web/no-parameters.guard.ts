import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { refuseUnknownParameters } from './parameters.pipe.js';

/** For routes that take no query parameters: whatever is sent is refused by name rather than ignored. */
@Injectable()
export class NoParametersGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    refuseUnknownParameters(context.switchToHttp().getRequest<FastifyRequest>().query as object, []);
    return true;
  }
}
