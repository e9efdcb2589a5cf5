import { Module } from '@nestjs/common';
import { StockModule } from '../stock/stock.module.js';
import { FulfilmentListsController } from './api/fulfilment-lists.controller.js';
import { FulfilmentController } from './api/fulfilment.controller.js';
import { FulfilmentModule } from './fulfilment.module.js';
import { PickingPagesController } from './web/picking-pages.controller.js';
import { PicksPagesController } from './web/picks-pages.controller.js';
import { ReceiptsPageController } from './web/receipts-page.controller.js';

/** Picking, handing over and receiving, for people and programs: pages and API. */
@Module({
  imports: [FulfilmentModule, StockModule],
  controllers: [
    FulfilmentController,
    FulfilmentListsController,
    PickingPagesController,
    PicksPagesController,
    ReceiptsPageController,
  ],
})
export class FulfilmentWebModule {}
