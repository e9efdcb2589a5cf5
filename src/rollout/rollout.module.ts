import { Module } from '@nestjs/common';
import { MoveCircle } from '../auth/own-objects.queries.js';
import { BurndownModule } from './burndown/burndown.module.js';
import { MoveCircleQueries } from './move-circle.queries.js';
import { MoveDerivationService } from './move-derivation.service.js';
import { MovesQueries } from './moves.queries.js';
import { ProgrammeQueries } from './programme.queries.js';
import { ReadinessModule } from './readiness/readiness.module.js';

/** The rollout: its programme, everybody's move and the facts behind it. For any process. */
@Module({
  imports: [BurndownModule, ReadinessModule],
  providers: [
    MoveDerivationService,
    MovesQueries,
    ProgrammeQueries,
    { provide: MoveCircle, useClass: MoveCircleQueries },
  ],
  exports: [BurndownModule, ReadinessModule, MoveDerivationService, MovesQueries, ProgrammeQueries, MoveCircle],
})
export class RolloutModule {}
