import { Module } from '@nestjs/common';
import { ProgrammeQueries } from '../programme.queries.js';
import { BurndownJobs } from './burndown.jobs.js';
import { BurndownQueries } from './burndown.queries.js';
import { SnapshotService } from './snapshot.service.js';

/** What the rollout's figures were, day by day. For any process. */
@Module({
  providers: [BurndownJobs, BurndownQueries, ProgrammeQueries, SnapshotService],
  exports: [BurndownJobs, BurndownQueries, SnapshotService],
})
export class BurndownModule {}
