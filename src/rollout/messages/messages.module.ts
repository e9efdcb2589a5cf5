import { Module } from '@nestjs/common';
import { NotificationsModule } from '../../notifications/notifications.module.js';
import { RolloutModule } from '../rollout.module.js';
import { DueMessagesQueries } from './due-messages.queries.js';
import { MessageFactsQueries } from './message-facts.queries.js';
import { MessagePlanningService } from './message-planning.service.js';
import { MessageSettingsQueries } from './message-settings.queries.js';
import { RolloutMessagesJobs } from './messages.jobs.js';
import { RolloutTemplates } from './rollout-templates.service.js';

/** What the rollout tells people by mail. For any process. */
@Module({
  imports: [NotificationsModule, RolloutModule],
  providers: [
    DueMessagesQueries,
    MessageFactsQueries,
    MessagePlanningService,
    MessageSettingsQueries,
    RolloutMessagesJobs,
    RolloutTemplates,
  ],
  exports: [
    DueMessagesQueries,
    MessagePlanningService,
    MessageSettingsQueries,
    NotificationsModule,
    RolloutMessagesJobs,
    RolloutModule,
    RolloutTemplates,
  ],
})
export class RolloutMessagesModule {}
