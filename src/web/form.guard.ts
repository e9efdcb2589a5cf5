import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ForbiddenError } from '../common/errors.js';
import { formTokenOf, isFormToken } from './form-token.js';
import { separateHiddenFields } from './submitted-form.js';

/**
 * Lets a form in only with the token of the session that it was shown to (OWASP Cross-Site Request Forgery Prevention
 * Cheat Sheet: HMAC of the session). That the request comes from a page of this site was checked before.
 */
@Injectable()
export class FormGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { token } = separateHiddenFields(request);
    const expected = formTokenOf(request);
    if (expected !== null && !isFormToken(token, expected)) {
      throw new ForbiddenError(
        'This form belongs to another sign-in, or it is too old. Nothing was changed. Go back, load the page again and send it once more.',
      );
    }
    return true;
  }
}
