import { Module } from '@nestjs/common';
import { DecisionsModule } from './decisions/decisions.module.js';
import { FulfilmentModule } from './fulfilment/fulfilment.module.js';

/** Requests for equipment, and the stock that serves them. For any process. */
@Module({ imports: [DecisionsModule, FulfilmentModule], exports: [DecisionsModule, FulfilmentModule] })
export class RequestsModule {}
