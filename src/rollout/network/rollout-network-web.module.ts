import { Module } from '@nestjs/common';
import { ProgrammeQueries } from '../programme.queries.js';
import { WavesModule } from '../waves/waves.module.js';
import { NetworkFixesController } from './api/network-fixes.controller.js';
import { RolloutNetworkModule } from './rollout-network.module.js';
import { NetworkPagesController } from './web/network-pages.controller.js';

/** Networks and whom they stop, for people and programs: pages and API. */
@Module({
  imports: [RolloutNetworkModule, WavesModule],
  controllers: [NetworkFixesController, NetworkPagesController],
  providers: [ProgrammeQueries],
})
export class RolloutNetworkWebModule {}
