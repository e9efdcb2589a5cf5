import { Module } from '@nestjs/common';
import { DirectoryModule } from '../../directory/directory.module.js';
import { PlacesQueries } from '../stock/places.queries.js';
import { ProductsQueries } from '../stock/products.queries.js';
import { OrderLinesController } from './api/order-lines.controller.js';
import { OrdersController } from './api/orders.controller.js';
import { OrdersModule } from './orders.module.js';
import { OrderLinePagesController } from './web/order-line-pages.controller.js';
import { OrderPagesController } from './web/order-pages.controller.js';

/** Orders at suppliers, for people and programs: pages and API. */
@Module({
  imports: [OrdersModule, DirectoryModule],
  controllers: [OrdersController, OrderLinesController, OrderPagesController, OrderLinePagesController],
  providers: [ProductsQueries, PlacesQueries],
})
export class OrdersWebModule {}
