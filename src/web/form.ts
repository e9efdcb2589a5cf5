import {
  applyDecorators,
  createParamDecorator,
  Post,
  SetMetadata,
  UseGuards,
  UseInterceptors,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { InputError } from '../common/errors.js';
import { FormGuard } from './form.guard.js';
import { PageInterceptor } from './page.interceptor.js';
import { GUID } from './query-fields.js';
import { FORM_METHOD, submissionOf } from './submitted-form.js';

/**
 * A route that takes a form: POST with `application/x-www-form-urlencoded` only, from a page of this site, with the
 * session's token. The method gets the fields as `@Body()` (a class of `form-fields.ts` decorators; whatever the class
 * does not name is refused) and returns a Redirect. When it, or the check of the fields, throws an InputError, the
 * method named by `form` is shown again with status 422, the summary of what is wrong and everything that was typed; a
 * ConflictError shows it with status 409 and both sides.
 * @param options.form name of the method of the same controller that shows the form (its `@Page`); its own parameters
 *   are read from the address of the POST.
 */
export function FormPost(path: string, options: { readonly form: string }): MethodDecorator {
  return applyDecorators(
    Post(path),
    RouteConfig({ takesForm: true }),
    UseGuards(FormGuard),
    UseInterceptors(PageInterceptor),
    SetMetadata(FORM_METHOD, options.form),
    ApiExcludeEndpoint(),
  );
}

/**
 * Parameter decorator: the key of this submission, the same when a form is sent twice. Commands that are not repeatable
 * by nature take it as their idempotency key (see `once`). It and the token are no part of `@Body()`.
 */
export const Submission = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  const key = submissionOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (key === null || !GUID.test(key)) {
    throw new InputError('The form came without its number. Load the page again and send it once more.');
  }
  return key.toLowerCase();
});
