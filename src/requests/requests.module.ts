import { Module } from '@nestjs/common';

/** Requests for equipment, and the stock that serves them. For any process. */
@Module({})
export class RequestsModule {}
