import { Module } from '@nestjs/common';
import { DirectoryModule } from '../../directory/directory.module.js';
import { PlacesQueries } from '../stock/places.queries.js';
import { ProductsQueries } from '../stock/products.queries.js';
import { OrderLinesController } from './api/order-lines.controller.js';
import { OrderReceiptsController } from './api/order-receipts.controller.js';
import { OrdersController } from './api/orders.controller.js';
import { OrdersModule } from './orders.module.js';
import { OrderLinePagesController } from './web/order-line-pages.controller.js';
import { OrderPagesController } from './web/order-pages.controller.js';
import { OrderReceivingPageController } from './web/order-receiving-page.controller.js';

/** Orders at suppliers, for people and programs: pages and API. */
@Module({
  imports: [OrdersModule, DirectoryModule],
  controllers: [
    OrdersController,
    OrderLinesController,
    OrderReceiptsController,
    OrderPagesController,
    OrderReceivingPageController,
    OrderLinePagesController,
  ],
  providers: [ProductsQueries, PlacesQueries],
})
export class OrdersWebModule {}
