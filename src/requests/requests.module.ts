import { Module } from '@nestjs/common';
import { AskingModule } from './asking/asking.module.js';
import { BudgetModule } from './budget/budget.module.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { FulfilmentModule } from './fulfilment/fulfilment.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { StockModule } from './stock/stock.module.js';
import { RequestMessagesModule } from './messages/messages.module.js';

/** Requests for equipment, and the stock that serves them. For any process. */
@Module({
  imports: [
    AskingModule,
    BudgetModule,
    OrdersModule,
    DecisionsModule,
    FulfilmentModule,
    RequestMessagesModule,
    StockModule,
  ],
  exports: [
    AskingModule,
    BudgetModule,
    OrdersModule,
    DecisionsModule,
    FulfilmentModule,
    RequestMessagesModule,
    StockModule,
  ],
})
export class RequestsModule {}
