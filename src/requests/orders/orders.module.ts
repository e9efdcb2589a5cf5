import { Module } from '@nestjs/common';
import { OrderReceivingService } from './order-receiving.service.js';
import { OrdersQueries } from './orders.queries.js';
import { OrdersService } from './orders.service.js';

/** Orders at suppliers and what comes of them. For any process. */
@Module({
  providers: [OrdersService, OrderReceivingService, OrdersQueries],
  exports: [OrdersService, OrderReceivingService, OrdersQueries],
})
export class OrdersModule {}
