import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ExternalContextCreator, ModuleRef, ModulesContainer } from '@nestjs/core';
import { RouteParamsFactory } from '@nestjs/core/router/route-params-factory.js';

type Controller = Record<string, (...parameters: unknown[]) => unknown>;

/** Calls another method of the controller that a request has come to, with that method's own parameters. */
@Injectable()
export class ControllerMethods {
  private readonly parameters = new RouteParamsFactory();
  private readonly contexts: ExternalContextCreator;

  constructor(
    private readonly controllers: ModuleRef,
    modules: ModulesContainer,
    contexts: ExternalContextCreator,
  ) {
    // Nest looks for the module of a provider; without the module of the controller its pipes would be left out silently.
    const moduleOf = (type: unknown): string =>
      [...modules].find(([, module]) => module.controllers.has(type as never))?.[0] ?? '';
    this.contexts = Object.create(contexts, { getContextModuleKey: { value: moduleOf } }) as ExternalContextCreator;
  }

  /** What the method returns; its parameters, with their pipes, are read from the request of the context. */
  call(context: ExecutionContext, name: string): Promise<unknown> {
    const controller = this.controllers.get<Controller>(context.getClass(), { strict: false });
    const method = controller[name];
    if (!method) throw new TypeError(`${context.getClass().name} has no method called ${name}.`);
    const valueOf = (type: number, data: unknown, [req, res, next]: unknown[]): unknown =>
      this.parameters.exchangeKeyForValue(type, data as string, { req, res, next } as never);
    const call: (...given: unknown[]) => Promise<unknown> = this.contexts.create(
      controller,
      method,
      name,
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
