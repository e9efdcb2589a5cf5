import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { MovesController } from './api/moves.controller.js';
import { BurndownWebModule } from './burndown/burndown-web.module.js';
import { PeopleModule } from './people/people.module.js';
import { ReadinessWebModule } from './readiness/readiness-web.module.js';
import { RolloutModule } from './rollout.module.js';
import { AnswersController } from './web/answers.controller.js';
import { MovePageController } from './web/move-page.controller.js';
import { StatementsController } from './web/statements.controller.js';
import { WorkbenchController } from './web/workbench.controller.js';

/** Pages and JSON of the rollout. */
@Module({
  imports: [BurndownWebModule, PeopleModule, ReadinessWebModule, RolloutModule, DirectoryModule],
  controllers: [MovesController, MovePageController, WorkbenchController, AnswersController, StatementsController],
})
export class RolloutWebModule {}
