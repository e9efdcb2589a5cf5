import { Module } from '@nestjs/common';
import { AskingWebModule } from './asking/asking-web.module.js';
import { RequestsModule } from './requests.module.js';

/** Requests for equipment and stock, for people and programs: pages and API. */
@Module({ imports: [AskingWebModule, RequestsModule] })
export class RequestsWebModule {}
