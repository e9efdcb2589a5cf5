import { Module } from '@nestjs/common';
import { MoveCircle } from '../auth/own-objects.queries.js';
import { BurndownModule } from './burndown/burndown.module.js';
import { MoveCircleQueries } from './move-circle.queries.js';
import { MoveDerivationService } from './move-derivation.service.js';
import { MoveStatementsService } from './move-statements.service.js';
import { MovesQueries } from './moves.queries.js';
import { ProgrammeQueries } from './programme.queries.js';
import { ProgrammeService } from './programme.service.js';
import { ReadinessModule } from './readiness/readiness.module.js';
import { ScopePreviewQueries } from './scope-preview.queries.js';

const OPEN = [
  MoveCircleQueries,
  MoveDerivationService,
  MoveStatementsService,
  MovesQueries,
  ProgrammeQueries,
  ProgrammeService,
  ScopePreviewQueries,
];

/** The rollout: its programme, everybody's move and the facts behind it. For any process. */
@Module({
  imports: [BurndownModule, ReadinessModule],
  providers: [...OPEN, { provide: MoveCircle, useExisting: MoveCircleQueries }],
  exports: [BurndownModule, ReadinessModule, MoveCircle, ...OPEN],
})
export class RolloutModule {}
