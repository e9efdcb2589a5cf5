import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ExternalContextCreator, ModuleRef, Reflector } from '@nestjs/core';
import { RouteParamsFactory } from '@nestjs/core/router/route-params-factory.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, from, mergeMap, type Observable } from 'rxjs';
import { ConflictError, InputError } from '../common/errors.js';
import { FORM_METHOD } from './form.js';
import { PageView, Redirect } from './page.js';
import { SHELL, type Shell } from './shell.js';
import { rememberTrouble, type FormTrouble } from './submitted-form.js';

type Controller = Record<string, (...parameters: unknown[]) => unknown>;

/** Makes the answer of what a page or form method returns and, for a form, of what it throws. */
@Injectable()
export class PageInterceptor implements NestInterceptor {
  constructor(
    @Inject(SHELL) private readonly shell: Shell,
    private readonly reflector: Reflector,
    private readonly modules: ModuleRef,
    private readonly methods: ExternalContextCreator,
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
              return from(this.formAgain(context, form)).pipe(
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

  /** Calls the method that shows the form, with its own parameters read from this request. */
  private formAgain(context: ExecutionContext, method: string): Promise<unknown> {
    const controller = this.modules.get<Controller>(context.getClass(), { strict: false });
    const show = controller[method];
    if (!show) throw new TypeError(`${context.getClass().name} has no method ${method} that shows its form.`);
    const parameters = new RouteParamsFactory();
    const valueOf = (type: number, data: unknown, [req, res, next]: unknown[]): unknown =>
      parameters.exchangeKeyForValue(type, data as string, { req, res, next } as never);
    const call: (...given: unknown[]) => Promise<unknown> = this.methods.create(
      controller,
      show,
      method,
      ROUTE_ARGS_METADATA,
      { exchangeKeyForValue: valueOf },
      undefined,
      undefined,
      { guards: false, interceptors: false, filters: false },
      'http',
    );
    return call(...context.getArgs<unknown[]>());
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
