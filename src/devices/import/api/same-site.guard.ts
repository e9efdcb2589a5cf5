import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ForbiddenError } from '../../../common/errors.js';

/**
 * Refuses what a page of another site makes a browser send: browsers say so themselves (Fetch Metadata Request Headers,
 * w3.org/TR/fetch-metadata), and programs that are no browsers send neither header.
 */
@Injectable()
export class SameSiteGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const site = headers['sec-fetch-site'];
    const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
    if (isForeign || (headers.origin !== undefined && hostOf(headers.origin) !== headers.host)) {
      throw new ForbiddenError('Pages of other sites may not change anything here.');
    }
    return true;
  }
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
