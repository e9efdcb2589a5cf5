import { Module } from '@nestjs/common';
import { NetworkModule } from '../../network/network.module.js';
import { MoveDerivationService } from '../move-derivation.service.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { ApplicationsQueries } from './applications.queries.js';
import { ApplicationsService } from './applications.service.js';
import { BlockersQueries } from './blockers.queries.js';
import { MeasuredNetworkReadiness, NetworkReadiness } from './network-readiness.queries.js';
import { ReadinessResultsQueries } from './readiness-results.queries.js';
import { ReadinessJobs } from './readiness.jobs.js';
import { ReadinessService } from './readiness.service.js';
import { RolloutSettingsService } from './rollout-settings.service.js';
import { SettingsHistoryQueries } from './settings-history.queries.js';
import { WaiversQueries } from './waivers.queries.js';
import { WaiversService } from './waivers.service.js';
import { WhatIfQueries } from './what-if.queries.js';

const OPEN = [
  ApplicationsQueries,
  ApplicationsService,
  BlockersQueries,
  ReadinessJobs,
  ReadinessResultsQueries,
  ReadinessService,
  RolloutSettingsService,
  SettingsHistoryQueries,
  WaiversQueries,
  WaiversService,
  WhatIfQueries,
];

/** Who is ready to move, what stands in the way, and what would be if it did not. For any process. */
@Module({
  imports: [NetworkModule],
  providers: [
    ...OPEN,
    MoveDerivationService,
    ProgrammeQueries,
    { provide: NetworkReadiness, useClass: MeasuredNetworkReadiness },
  ],
  exports: OPEN,
})
export class ReadinessModule {}
