import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RunsExportController } from './api/runs-export.controller.js';
import { SyncController } from './api/sync.controller.js';
import { SourceStatusQueries } from './source-status.queries.js';
import { SyncHealthController } from './web/sync-health.controller.js';
import { SyncPagesController } from './web/sync-pages.controller.js';
import { SyncQueries } from './sync.queries.js';

/** Milliseconds; the status page is asked for every two seconds while something runs. */
const COUNTS_MAXIMUM_AGE = 10_000;

/** What the synchronisation did and how it is doing, as pages and JSON; reads only. */
@Module({
  controllers: [SyncController, RunsExportController, SyncPagesController, SyncHealthController],
  providers: [
    {
      provide: SyncQueries,
      useFactory: (dataSource: DataSource) => new SyncQueries(dataSource, COUNTS_MAXIMUM_AGE),
      inject: [DataSource],
    },
    SourceStatusQueries,
  ],
  exports: [SyncQueries, SourceStatusQueries],
})
export class SyncStatusModule {}
