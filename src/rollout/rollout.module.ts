import { Module } from '@nestjs/common';
import { MoveCircle } from '../auth/own-objects.queries.js';
import { BurndownModule } from './burndown/burndown.module.js';
import { FactCollectionService } from './fact-collection.service.js';
import { MoveAnswersQueries } from './move-answers.queries.js';
import { MoveCircleQueries } from './move-circle.queries.js';
import { MoveDerivationService } from './move-derivation.service.js';
import { MoveStandpointQueries } from './move-standpoint.queries.js';
import { MoveStatementsService } from './move-statements.service.js';
import { MovesQueries } from './moves.queries.js';
import { ProgrammeQueries } from './programme.queries.js';
import { ProgrammeService } from './programme.service.js';
import { ReadinessModule } from './readiness/readiness.module.js';
import { RolloutJobs } from './rollout.jobs.js';
import { ScopePreviewQueries } from './scope-preview.queries.js';
import { WavesModule } from './waves/waves.module.js';

const OPEN = [
  FactCollectionService,
  MoveAnswersQueries,
  MoveCircleQueries,
  MoveDerivationService,
  MoveStandpointQueries,
  MoveStatementsService,
  MovesQueries,
  ProgrammeQueries,
  ProgrammeService,
  RolloutJobs,
  ScopePreviewQueries,
];

/** The rollout: its programme, everybody's move and the facts behind it. For any process. */
@Module({
  imports: [BurndownModule, ReadinessModule, WavesModule],
  providers: [...OPEN, { provide: MoveCircle, useExisting: MoveCircleQueries }],
  exports: [BurndownModule, ReadinessModule, WavesModule, MoveCircle, ...OPEN],
})
export class RolloutModule {}
