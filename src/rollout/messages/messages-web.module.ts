import { Module } from '@nestjs/common';
import { MessageSettingsService } from './message-settings.service.js';
import { RolloutMessagesModule } from './messages.module.js';
import { RolloutMessagesController } from './web/rollout-messages.controller.js';

/** Pages about what the rollout tells people by mail. */
@Module({
  imports: [RolloutMessagesModule],
  controllers: [RolloutMessagesController],
  providers: [MessageSettingsService],
})
export class RolloutMessagesWebModule {}
