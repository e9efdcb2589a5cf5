import { Module } from '@nestjs/common';
import { AskingModule } from './asking/asking.module.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { FulfilmentModule } from './fulfilment/fulfilment.module.js';
import { StockModule } from './stock/stock.module.js';
import { RequestMessagesModule } from './messages/messages.module.js';

/** Requests for equipment, and the stock that serves them. For any process. */
@Module({
  imports: [AskingModule, DecisionsModule, FulfilmentModule, RequestMessagesModule, StockModule],
  exports: [AskingModule, DecisionsModule, FulfilmentModule, RequestMessagesModule, StockModule],
})
export class RequestsModule {}
