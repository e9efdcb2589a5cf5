import type { MailSettings } from '../config/mail-settings.js';
import type { ClaimedMessage, MessageClaims } from './message-claims.service.js';
import type { DispatchHook, Mail, Post } from './post.js';
import { DeliveryFailure, deliverBySmtp } from './smtp-delivery.js';

/**
 * Delivers through a mail server. SMTP cannot promise "exactly once": between the last byte of a mail and the server's
 * answer nobody knows whose it is. So it is written down before the content goes out, and a mail whose answer never came
 * is held as uncertain for a person, neither lost nor sent again.
 */
export class SmtpPost implements Post {
  constructor(
    private readonly settings: MailSettings,
    private readonly claims: MessageClaims,
    private readonly hook?: DispatchHook,
  ) {}

  async deliver(message: ClaimedMessage, mail: Mail): Promise<void> {
    let marked = false;
    try {
      await deliverBySmtp(this.settings, mail, message.messageKey, async () => {
        await this.hook?.('connected');
        await this.claims.handingOver(message);
        marked = true;
        await this.hook?.('marked');
      });
    } catch (error) {
      if (!(error instanceof DeliveryFailure)) throw error;
      if (marked && !error.refused) await this.claims.uncertain(message, 'connection-lost');
      else await this.claims.failed(message, error.code, error.permanent);
      return;
    }
    await this.hook?.('handed-over');
    await this.claims.sent(message);
  }
}
