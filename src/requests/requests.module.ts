import { Module } from '@nestjs/common';
import { FulfilmentModule } from './fulfilment/fulfilment.module.js';

/** Requests for equipment, and the stock that serves them. For any process. */
@Module({ imports: [FulfilmentModule], exports: [FulfilmentModule] })
export class RequestsModule {}
