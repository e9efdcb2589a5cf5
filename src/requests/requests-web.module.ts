import { Module } from '@nestjs/common';
import { RequestsModule } from './requests.module.js';

/** Requests for equipment and stock, for people and programs: pages and API. */
@Module({ imports: [RequestsModule] })
export class RequestsWebModule {}
