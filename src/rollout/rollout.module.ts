import { Module } from '@nestjs/common';
import { MoveCircle } from '../auth/own-objects.queries.js';
import { BurndownModule } from './burndown/burndown.module.js';
import { MoveCircleQueries } from './move-circle.queries.js';
import { MoveDerivationService } from './move-derivation.service.js';
import { ProgrammeQueries } from './programme.queries.js';

/** The rollout: its programme, everybody's move and the facts behind it. For any process. */
@Module({
  imports: [BurndownModule],
  providers: [MoveDerivationService, ProgrammeQueries, { provide: MoveCircle, useClass: MoveCircleQueries }],
  exports: [BurndownModule, MoveDerivationService, ProgrammeQueries, MoveCircle],
})
export class RolloutModule {}
