import { Module } from '@nestjs/common';
import { LinksQueries } from '../../network/sites/links.queries.js';
import { NetworkModule } from '../../network/network.module.js';
import { RangesQueries } from '../../network/sites/ranges.queries.js';
import { RemoteAccessQueries } from '../../network/sites/remote-access.queries.js';
import { SitesQueries } from '../../network/sites/sites.queries.js';
import { SurveysQueries } from '../../network/sites/surveys.queries.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { WavesModule } from '../waves/waves.module.js';
import { NetworkFixesController } from './api/network-fixes.controller.js';
import { NetworkOverviewController } from './api/network-overview.controller.js';
import { RolloutNetworkModule } from './rollout-network.module.js';
import { NetworkPagesController } from './web/network-pages.controller.js';
import { RemoteAccessPageController } from './web/remote-access-page.controller.js';
import { SitePageController } from './web/site-page.controller.js';

/** Networks and whom they stop, for people and programs: pages and API. */
@Module({
  imports: [NetworkModule, RolloutNetworkModule, WavesModule],
  controllers: [
    NetworkFixesController,
    NetworkOverviewController,
    NetworkPagesController,
    RemoteAccessPageController,
    SitePageController,
  ],
  providers: [LinksQueries, ProgrammeQueries, RangesQueries, RemoteAccessQueries, SitesQueries, SurveysQueries],
})
export class RolloutNetworkWebModule {}
