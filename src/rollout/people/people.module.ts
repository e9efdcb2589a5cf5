import { Module } from '@nestjs/common';
import { DirectoryModule } from '../../directory/directory.module.js';
import { RolloutModule } from '../rollout.module.js';
import { WavesModule } from '../waves/waves.module.js';
import { AppointmentsQueries } from './appointments.queries.js';
import { TeamQueries } from './team.queries.js';
import { MyDayController } from './web/my-day.controller.js';
import { MyMoveController } from './web/my-move.controller.js';
import { MyTeamController } from './web/my-team.controller.js';

/** Pages of the people whom the rollout is about: one's own move, one's team, one's day as an engineer. */
@Module({
  imports: [DirectoryModule, RolloutModule, WavesModule],
  controllers: [MyDayController, MyMoveController, MyTeamController],
  providers: [AppointmentsQueries, TeamQueries],
})
export class PeopleModule {}
