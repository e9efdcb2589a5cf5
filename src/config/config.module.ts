import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.types.js';

/** Injection token of the checked settings. */
export const CONFIG = Symbol('CONFIG');

/** Gives every module the settings. */
@Module({})
export class ConfigModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
