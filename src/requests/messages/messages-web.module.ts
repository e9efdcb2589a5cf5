import { Module } from '@nestjs/common';
import { RequestMessagesModule } from './messages.module.js';
import { RequestMessagesController } from './web/request-messages.controller.js';

/** Pages about what people are told by mail about requests and stock. */
@Module({ imports: [RequestMessagesModule], controllers: [RequestMessagesController] })
export class RequestMessagesWebModule {}
