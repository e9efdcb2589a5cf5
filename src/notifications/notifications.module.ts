import { Module } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.types.js';
import { DemonstrationPost } from './demonstration-post.service.js';
import { DispatchService } from './dispatch.service.js';
import { mailWay } from './mail-way.js';
import { MessageClaims } from './message-claims.service.js';
import { MessageTemplates } from './message-templates.js';
import { MessagesQueries } from './messages.queries.js';
import { NotificationsJobs } from './notifications.jobs.js';
import { DISPATCH_HOOK, POST, type DispatchHook, type Post } from './post.js';
import { RecipientsQueries } from './recipients.queries.js';
import { SmtpPost } from './smtp-post.js';

/** Messages to people, for any process. */
@Module({
  providers: [
    MessageClaims,
    MessageTemplates,
    MessagesQueries,
    RecipientsQueries,
    DemonstrationPost,
    DispatchService,
    NotificationsJobs,
    {
      provide: POST,
      inject: [CONFIG, MessageClaims, DemonstrationPost, { token: DISPATCH_HOOK, optional: true }],
      useFactory: (
        config: Config,
        claims: MessageClaims,
        demonstration: DemonstrationPost,
        hook?: DispatchHook,
      ): Post | null => {
        if (mailWay(config) === 'demonstration') return demonstration;
        return config.mail && new SmtpPost(config.mail, claims, hook);
      },
    },
  ],
  exports: [DispatchService, MessageTemplates, MessagesQueries, NotificationsJobs],
})
export class NotificationsModule {}
