import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, from, mergeMap, type Observable } from 'rxjs';
import { ConflictError, InputError } from '../common/errors.js';
import { ControllerMethods } from './controller-methods.js';
import { PageView, Redirect } from './page.js';
import { SHELL, type Shell } from './shell.js';
import { FORM_METHOD, rememberTrouble, type FormTrouble } from './submitted-form.js';

/**
 * Makes the answer of what a page or form method returns and, for a form, of what it throws. Routes of the API go
 * without it: an interceptor costs every request a subscription.
 */
@Injectable()
export class PageInterceptor implements NestInterceptor {
  constructor(
    @Inject(SHELL) private readonly shell: Shell,
    private readonly reflector: Reflector,
    private readonly methods: ControllerMethods,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const form = this.reflector.get<string | undefined>(FORM_METHOD, context.getHandler());
    const answer =
      form === undefined
        ? next.handle()
        : next.handle().pipe(
            catchError((error: unknown) => {
              const trouble = troubleFrom(error);
              if (trouble === null) throw error;
              rememberTrouble(request, trouble);
              return from(this.methods.call(context, form)).pipe(
                mergeMap(async (view) =>
                  view instanceof PageView ? new PageView(view.template, view.data, trouble.status) : view,
                ),
              );
            }),
          );
    return answer.pipe(mergeMap(async (result) => this.answer(request, reply, result)));
  }

  private answer(request: FastifyRequest, reply: FastifyReply, result: unknown): unknown {
    if (result instanceof PageView) return this.shell.pages.render(request, reply, result);
    if (result instanceof Redirect) return this.shell.pages.redirect(request, reply, result);
    return result;
  }
}

/** What a form says of an error; null for errors that have a page of their own. */
function troubleFrom(error: unknown): FormTrouble | null {
  if (error instanceof ConflictError) {
    return { status: error.status, message: error.message, errors: [], conflict: error.details };
  }
  if (!(error instanceof InputError)) return null;
  return { status: 422, message: error.message, errors: error.fields, conflict: null };
}
