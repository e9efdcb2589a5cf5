import { Module } from '@nestjs/common';
import { LinksController } from './api/links.controller.js';
import { RangesController } from './api/ranges.controller.js';
import { RemoteAccessController } from './api/remote-access.controller.js';
import { SitesController } from './api/sites.controller.js';
import { SurveysController } from './api/surveys.controller.js';
import { InventoryModule } from './inventory.module.js';
import { LinkPagesController } from './web/link-pages.controller.js';
import { RangePagesController } from './web/range-pages.controller.js';
import { RemoteAccessPagesController } from './web/remote-access-pages.controller.js';
import { SitePagesController } from './web/site-pages.controller.js';
import { SurveyPagesController } from './web/survey-pages.controller.js';

/** What people enter of networks: its pages and its API. */
@Module({
  imports: [InventoryModule],
  controllers: [
    SitesController,
    LinksController,
    SurveysController,
    RangesController,
    RemoteAccessController,
    SitePagesController,
    LinkPagesController,
    SurveyPagesController,
    RangePagesController,
    RemoteAccessPagesController,
  ],
})
export class InventoryWebModule {}
