import { Module, type DynamicModule } from '@nestjs/common';
import { AssetsController } from './assets.controller.js';
import { HealthController } from './health.controller.js';
import { ReadinessQueries } from './readiness.queries.js';
import { SHELL, type Shell } from './shell.js';

/** What every page uses and the health checks. */
@Module({})
export class WebModule {
  static forRoot(shell: Shell): DynamicModule {
    return {
      module: WebModule,
      global: true,
      controllers: [AssetsController, HealthController],
      providers: [{ provide: SHELL, useValue: shell }, ReadinessQueries],
      exports: [SHELL],
    };
  }
}
