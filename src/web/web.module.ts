import { Module, type DynamicModule } from '@nestjs/common';
import { ApiDescription } from './api-description.js';
import { ApiDocumentationController } from './api-documentation.controller.js';
import { AssetsController } from './assets.controller.js';
import { ControllerMethods } from './controller-methods.js';
import { HealthController } from './health.controller.js';
import { InformationController } from './information.controller.js';
import { ReadinessQueries } from './readiness.queries.js';
import { SHELL, type Shell } from './shell.js';

/** What every page uses and the health checks. */
@Module({})
export class WebModule {
  static forRoot(shell: Shell): DynamicModule {
    return {
      module: WebModule,
      global: true,
      controllers: [ApiDocumentationController, AssetsController, HealthController, InformationController],
      providers: [{ provide: SHELL, useValue: shell }, ApiDescription, ControllerMethods, ReadinessQueries],
      exports: [SHELL, ControllerMethods],
    };
  }
}
