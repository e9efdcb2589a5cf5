import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { RunsExportController } from './api/runs-export.controller.js';
import { SyncAdministrationApiController } from './api/sync-administration.controller.js';
import { SyncController } from './api/sync.controller.js';
import { HoldsExportController } from './api/holds-export.controller.js';
import { CallRecordRunQueries } from './call-records/call-record-runs.queries.js';
import { HoldsQueries } from './holds.queries.js';
import { HoldService } from './hold.service.js';
import { PauseService } from './pause.service.js';
import { RunningQueries } from './running.queries.js';
import { RunQueueService } from './run-queue.service.js';
import { SourceStatusQueries } from './source-status.queries.js';
import { HoldListsController } from './web/hold-lists.controller.js';
import { ProgressController } from './web/progress.controller.js';
import { ProgressFeed } from './web/progress-feed.js';
import { SyncAdministrationController } from './web/sync-administration.controller.js';
import { SyncHealthController } from './web/sync-health.controller.js';
import { SyncPagesController } from './web/sync-pages.controller.js';
import { SyncQueries } from './sync.queries.js';

/** Milliseconds; the status page is asked for every two seconds while something runs. */
const COUNTS_MAXIMUM_AGE = 10_000;

/** What the synchronisation did, how it is doing and what an administrator does about it, as pages and JSON; the worker reads Microsoft Graph. */
@Module({
  imports: [AuthModule, DirectoryModule],
  controllers: [
    SyncController,
    RunsExportController,
    HoldsExportController,
    SyncAdministrationApiController,
    SyncPagesController,
    HoldListsController,
    SyncAdministrationController,
    SyncHealthController,
    ProgressController,
  ],
  providers: [
    {
      provide: SyncQueries,
      useFactory: (dataSource: DataSource) => new SyncQueries(dataSource, COUNTS_MAXIMUM_AGE),
      inject: [DataSource],
    },
    SourceStatusQueries,
    CallRecordRunQueries,
    HoldsQueries,
    RunningQueries,
    ProgressFeed,
    RunQueueService,
    PauseService,
    HoldService,
  ],
  exports: [SyncQueries, SourceStatusQueries],
})
export class SyncStatusModule {}
