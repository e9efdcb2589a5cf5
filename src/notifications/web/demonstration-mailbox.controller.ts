import { Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { NotFoundError } from '../../common/errors.js';
import { shownTime } from '../../common/uk-time.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { pageView, type PageView } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { MessagesQueries } from '../messages.queries.js';

/** The demonstration's mailbox: everybody's mails, none of which left it. No other installation has it. */
@Controller('demonstration/mailbox')
@UseGuards(NoParametersGuard)
export class DemonstrationMailboxController {
  constructor(private readonly messages: MessagesQueries) {}

  @Page('')
  @Access('messages:administer')
  async list(): Promise<PageView> {
    this.#onlyInDemonstration();
    const now = new Date();
    const mails = await this.messages.mails();
    return pageView('notifications/web/mailbox.njk', {
      title: 'Mailbox of the demonstration',
      mails: mails.map((mail) => ({ ...mail, delivered: shownTime(mail.deliveredAt, now) })),
    });
  }

  @Page(':id')
  @Access('messages:administer')
  async show(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    this.#onlyInDemonstration();
    const { subject, recipientAddress, deliveredAt, text } = await this.messages.mail(id);
    return pageView('notifications/web/mail.njk', {
      title: subject,
      facts: [
        { label: 'To', value: recipientAddress },
        { label: 'Delivered', value: shownTime(deliveredAt, new Date())?.text },
      ],
      paragraphs: text.trim().split('\n\n'),
    });
  }

  #onlyInDemonstration(): void {
    if (this.messages.way !== 'demonstration') throw new NotFoundError('Only the demonstration has a mailbox.');
  }
}
