import { Global, Module } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.types.js';
import { DemonstrationPost } from './demonstration-post.service.js';
import { DispatchService } from './dispatch.service.js';
import { MessageClaims } from './message-claims.service.js';
import { MessageTemplates } from './message-templates.js';
import { NotificationsJobs } from './notifications.jobs.js';
import { DISPATCH_HOOK, POST, type DispatchHook, type Post } from './post.js';
import { RecipientsQueries } from './recipients.queries.js';
import { SmtpPost } from './smtp-post.js';

/**
 * Messages to people, for any process. The demonstration's go to its own mailbox whatever the settings say: its people
 * are invented, and no mail leaves it.
 */
@Global()
@Module({
  providers: [
    MessageClaims,
    MessageTemplates,
    RecipientsQueries,
    DemonstrationPost,
    DispatchService,
    NotificationsJobs,
    {
      provide: POST,
      inject: [CONFIG, MessageClaims, DemonstrationPost, { token: DISPATCH_HOOK, optional: true }],
      useFactory: (
        { tenant, mail }: Config,
        claims: MessageClaims,
        demonstration: DemonstrationPost,
        hook?: DispatchHook,
      ): Post | null => {
        if (tenant.kind === 'demonstration') return demonstration;
        return mail && new SmtpPost(mail, claims, hook);
      },
    },
  ],
  exports: [MessageTemplates, DispatchService, NotificationsJobs],
})
export class NotificationsModule {}
