import { Module } from '@nestjs/common';
import { ProgrammeQueries } from '../programme.queries.js';
import { BurndownJobs } from './burndown.jobs.js';
import { BurndownQueries } from './burndown.queries.js';
import { DayListsQueries } from './day-lists.queries.js';
import { DesktopsOnDayQueries } from './desktops-on-day.queries.js';
import { ForecastQueries } from './forecast.queries.js';
import { MovesOnDayQueries } from './moves-on-day.queries.js';
import { OverviewQueries } from './overview.queries.js';
import { ProgrammeDayQueries } from './programme-day.queries.js';
import { SnapshotService } from './snapshot.service.js';

/** What the rollout's figures were, day by day, and who was behind them. For any process. */
@Module({
  providers: [
    BurndownJobs,
    BurndownQueries,
    DayListsQueries,
    DesktopsOnDayQueries,
    ForecastQueries,
    MovesOnDayQueries,
    OverviewQueries,
    ProgrammeDayQueries,
    ProgrammeQueries,
    SnapshotService,
  ],
  exports: [
    BurndownJobs,
    BurndownQueries,
    DayListsQueries,
    ForecastQueries,
    OverviewQueries,
    ProgrammeDayQueries,
    SnapshotService,
  ],
})
export class BurndownModule {}
