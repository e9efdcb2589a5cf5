import { Module } from '@nestjs/common';
import { AskingWebModule } from './asking/asking-web.module.js';
import { BudgetWebModule } from './budget/budget-web.module.js';
import { FulfilmentWebModule } from './fulfilment/fulfilment-web.module.js';
import { RequestMessagesWebModule } from './messages/messages-web.module.js';
import { DecisionsWebModule } from './decisions/decisions-web.module.js';
import { OrdersWebModule } from './orders/orders-web.module.js';
import { StockWebModule } from './stock/stock-web.module.js';
import { RequestsModule } from './requests.module.js';

/** Requests for equipment and stock, for people and programs: pages and API. */
@Module({
  imports: [
    BudgetWebModule,
    OrdersWebModule,
    AskingWebModule,
    FulfilmentWebModule,
    RequestMessagesWebModule,
    DecisionsWebModule,
    RequestsModule,
    StockWebModule,
  ],
})
export class RequestsWebModule {}
