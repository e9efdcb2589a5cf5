import { Module } from '@nestjs/common';
import { AskingModule } from './asking/asking.module.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { FulfilmentModule } from './fulfilment/fulfilment.module.js';

/** Requests for equipment, and the stock that serves them. For any process. */
@Module({ imports: [AskingModule, DecisionsModule, FulfilmentModule], exports: [AskingModule, DecisionsModule, FulfilmentModule] })
export class RequestsModule {}
