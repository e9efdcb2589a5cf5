import { Module, type DynamicModule } from '@nestjs/common';
import type { GraphSettings } from '../config/config.types.js';
import { FormFactorModule } from '../devices/form-factor.module.js';
import { IdentityModule } from '../devices/identity.module.js';
import { ImportModule } from '../devices/import/import.module.js';
import { SearchIndexService } from '../devices/search-index.service.js';
import { GraphModule } from '../graph/graph.module.js';
import { CallQualityModule } from '../network/call-quality/call-quality.module.js';
import { CallRecordReader } from './call-records/call-record-reader.js';
import { CallRecordRunQueries } from './call-records/call-record-runs.queries.js';
import { CallRecordRunsService } from './call-records/call-record-runs.service.js';
import { CallRecordsService } from './call-records/call-records.service.js';
import { HoldService } from './hold.service.js';
import { LeaseService } from './lease.service.js';
import { MergeService } from './merge.service.js';
import { PauseService } from './pause.service.js';
import { ReadService } from './read.service.js';
import { StagingService } from './staging.service.js';
import { SyncRoundService } from './sync-round.service.js';
import { SyncService } from './sync.service.js';

/** The engine that reads Microsoft Graph. Needs the configuration and the database modules. */
@Module({})
export class SyncModule {
  /** `settings` is called when a run starts, when a demonstration tenant has had time to start. */
  static forRoot(settings: () => GraphSettings): DynamicModule {
    return {
      module: SyncModule,
      imports: [GraphModule.forRoot(settings), IdentityModule, FormFactorModule, ImportModule, CallQualityModule],
      providers: [
        SearchIndexService,
        SyncService,
        SyncRoundService,
        ReadService,
        StagingService,
        MergeService,
        LeaseService,
        HoldService,
        PauseService,
        CallRecordReader,
        CallRecordRunQueries,
        CallRecordRunsService,
        CallRecordsService,
      ],
      exports: [
        SyncService,
        SyncRoundService,
        LeaseService,
        HoldService,
        PauseService,
        CallRecordRunQueries,
        CallRecordsService,
        GraphModule,
      ],
    };
  }
}
