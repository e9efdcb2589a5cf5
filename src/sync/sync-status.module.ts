import { Module } from '@nestjs/common';
import { SyncController } from './api/sync.controller.js';
import { SourceStatusQueries } from './source-status.queries.js';
import { SyncHealthController } from './web/sync-health.controller.js';
import { SyncPagesController } from './web/sync-pages.controller.js';
import { SyncQueries } from './sync.queries.js';

/** What the synchronisation did and how it is doing, as pages and JSON; reads only. */
@Module({
  controllers: [SyncController, SyncPagesController, SyncHealthController],
  providers: [SyncQueries, SourceStatusQueries],
  exports: [SyncQueries, SourceStatusQueries],
})
export class SyncStatusModule {}
