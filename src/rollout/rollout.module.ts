import { Module } from '@nestjs/common';
import { MoveCircle } from '../auth/own-objects.queries.js';
import { BurndownModule } from './burndown/burndown.module.js';
import { MoveCircleQueries } from './move-circle.queries.js';
import { MoveDerivationService } from './move-derivation.service.js';
import { MovesQueries } from './moves.queries.js';
import { ProgrammeQueries } from './programme.queries.js';
import { ReadinessResultsQueries } from './readiness/readiness-results.queries.js';

/** The rollout: its programme, everybody's move and the facts behind it. For any process. */
@Module({
  imports: [BurndownModule],
  providers: [
    MoveDerivationService,
    MovesQueries,
    ProgrammeQueries,
    ReadinessResultsQueries,
    { provide: MoveCircle, useClass: MoveCircleQueries },
  ],
  exports: [BurndownModule, MoveDerivationService, MovesQueries, ProgrammeQueries, ReadinessResultsQueries, MoveCircle],
})
export class RolloutModule {}
