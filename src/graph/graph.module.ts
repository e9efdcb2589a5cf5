import { Module, type DynamicModule } from '@nestjs/common';
import type { GraphSettings } from '../config/config.types.js';
import { GRAPH_SETTINGS, GraphClient } from './graph-client.js';

/** Microsoft Graph for whoever reads it. */
@Module({})
export class GraphModule {
  /** `settings` is called at the first request, when a demonstration tenant has had time to start. */
  static forRoot(settings: () => GraphSettings): DynamicModule {
    return {
      module: GraphModule,
      providers: [{ provide: GRAPH_SETTINGS, useValue: settings }, GraphClient],
      exports: [GraphClient, GRAPH_SETTINGS],
    };
  }
}
