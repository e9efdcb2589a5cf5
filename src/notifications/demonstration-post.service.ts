import { Inject, Injectable, Optional } from '@nestjs/common';
import { Transactor } from '../database/transactor.js';
import { MessageClaims, type ClaimedMessage } from './message-claims.service.js';
import { DISPATCH_HOOK, type DispatchHook, type Mail, type Post } from './post.js';

/** Delivers into the demonstration's own mailbox: mail and mark are one transaction, so it arrives exactly once. */
@Injectable()
export class DemonstrationPost implements Post {
  constructor(
    private readonly transactor: Transactor,
    private readonly claims: MessageClaims,
    @Optional() @Inject(DISPATCH_HOOK) private readonly hook?: DispatchHook,
  ) {}

  async deliver(message: ClaimedMessage, { to, subject, text, html }: Mail): Promise<void> {
    await this.hook?.('connected');
    await this.transactor.run(async (tx) => {
      await this.claims.sentWithin(tx, message);
      await this.hook?.('marked');
      await tx.query(
        `insert into demonstration_mail (message_id, recipient_address, subject, text, html) values ($1, $2, $3, $4, $5)`,
        [message.id, to, subject, text, html],
      );
      await this.hook?.('handed-over');
    });
  }
}
