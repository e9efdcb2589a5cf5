import { Module } from '@nestjs/common';
import { RolloutModule } from '../rollout.module.js';
import { BurndownController } from './api/burndown.controller.js';
import { DayFiles } from './api/day-files.js';
import { DayListsController } from './api/day-lists.controller.js';
import { DayListPagesController } from './web/day-lists.controller.js';
import { RolloutOverviewController } from './web/overview.controller.js';

/** Pages and JSON of the rollout's figures. */
@Module({
  imports: [RolloutModule],
  controllers: [BurndownController, DayListsController, RolloutOverviewController, DayListPagesController],
  providers: [DayFiles],
})
export class BurndownWebModule {}
