import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { shownTime } from '../../common/uk-time.js';
import { FormPost } from '../../web/form.js';
import { RequiredChoice } from '../../web/form-fields.js';
import { ListPages, ListQuery } from '../../web/list-page.js';
import type { RawQuery } from '../../web/list-request.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { paths } from '../../web/paths.js';
import { MessageTemplates } from '../message-templates.js';
import { MessagesQueries } from '../messages.queries.js';
import { DECISIONS, UndeliveredService, type Decision } from '../undelivered.service.js';
import { DONE_WORDS, messageView } from './message.view.js';
import { undeliveredList } from './undelivered-list.js';

/** What is decided about one message. */
class DecisionForm {
  @RequiredChoice('Choose what to do', DECISIONS)
  decision: Decision;
}

/** Messages that were not delivered, one of them, and what to do about them. */
@Controller('messages')
export class MessagesPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly queries: MessagesQueries,
    private readonly undelivered: UndeliveredService,
    private readonly templates: MessageTemplates,
  ) {}

  @Page('undelivered')
  @Access('messages:administer')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(
      undeliveredList(this.templates),
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) => this.queries.undelivered(filter, { limit, cursor }),
        count: (filter) => this.queries.countUndelivered(filter),
      },
      { template: 'notifications/web/undelivered.njk', data: { way: this.queries.way } },
    );
  }

  @FormPost('undelivered', { form: 'list' })
  @Access('messages:administer', { audit: 'message.all-retried' })
  async sendAllAgain(@Current() { actor }: CurrentAccess): Promise<Redirect> {
    const count = await this.undelivered.sendAllAgain(actor);
    const what = count === 1 ? '1 message is' : `${count} messages are`;
    return redirectTo(paths.undeliveredMessages(), `${what} sent again within a minute or two.`);
  }

  @Page(':id')
  @Access('messages:administer')
  @UseGuards(NoParametersGuard)
  async show(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const message = await this.queries.one(id);
    return pageView('notifications/web/message.njk', messageView(message, this.templates, shownTimeNow));
  }

  @FormPost(':id', { form: 'show' })
  @Access('messages:administer', {
    audit: ['message.retried', 'message.settled-as-arrived', 'message.given-up'],
  })
  async decide(
    @Param('id', RecordIdPipe) id: number,
    @Body() { decision }: DecisionForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    await this.undelivered.decide(id, decision, actor);
    return redirectTo(paths.undeliveredMessages(), DONE_WORDS[decision]);
  }
}

function shownTimeNow(instant: string | null): string {
  return shownTime(instant, new Date())?.text ?? 'Not yet';
}
