import { Module } from '@nestjs/common';
import { MessagesController } from './api/messages.controller.js';
import { NotificationsModule } from './notifications.module.js';
import { UndeliveredService } from './undelivered.service.js';
import { DemonstrationMailboxController } from './web/demonstration-mailbox.controller.js';
import { MessagesPagesController } from './web/messages-pages.controller.js';

/** Pages and JSON about messages. */
@Module({
  imports: [NotificationsModule],
  controllers: [MessagesController, MessagesPagesController, DemonstrationMailboxController],
  providers: [UndeliveredService],
})
export class NotificationsWebModule {}
