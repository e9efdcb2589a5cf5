import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { MovesController } from './api/moves.controller.js';
import { ProgrammesController } from './api/programmes.controller.js';
import { MoveStatementsController } from './api/statements.controller.js';
import { BurndownWebModule } from './burndown/burndown-web.module.js';
import { RolloutNetworkWebModule } from './network/rollout-network-web.module.js';
import { PeopleModule } from './people/people.module.js';
import { ReadinessWebModule } from './readiness/readiness-web.module.js';
import { RolloutModule } from './rollout.module.js';
import { WavesWebModule } from './waves/waves-web.module.js';
import { AnswersController } from './web/answers.controller.js';
import { MovePageController } from './web/move-page.controller.js';
import { ProgrammeController } from './web/programme.controller.js';
import { StatementsController } from './web/statements.controller.js';
import { WorkbenchBulkController } from './web/workbench-bulk.controller.js';
import { WorkbenchController } from './web/workbench.controller.js';

/** Pages and JSON of the rollout. */
@Module({
  imports: [
    BurndownWebModule,
    PeopleModule,
    ReadinessWebModule,
    RolloutModule,
    RolloutNetworkWebModule,
    WavesWebModule,
    DirectoryModule,
  ],
  controllers: [
    MovesController,
    ProgrammesController,
    MoveStatementsController,
    MovePageController,
    WorkbenchController,
    WorkbenchBulkController,
    AnswersController,
    ProgrammeController,
    StatementsController,
  ],
})
export class RolloutWebModule {}
