import { Body, Controller, Get, Header, Inject, Param, UseGuards } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { OpenToAll, SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { shownTime } from '../../../common/uk-time.js';
import { FormPost } from '../../../web/form.js';
import { RequiredChoice, RequiredId } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { paths } from '../../../web/paths.js';
import { SHELL, type Shell } from '../../../web/shell.js';
import { CalendarFeedsService, type FeedPurpose } from '../calendar-feeds.service.js';
import { CalendarQueries } from '../calendar.queries.js';

class IssueForm {
  @RequiredChoice('Choose a calendar', ['own', 'engineer'])
  purpose: FeedPurpose;
}

class RevokeForm {
  @RequiredId('Choose an address')
  feedId: number;
}

const PURPOSES: Readonly<Record<FeedPurpose, string>> = {
  own: 'My own hand-over',
  engineer: 'My days as an engineer, with the names of those who come',
};

/** The secret addresses of one's calendars. */
@Controller('my-calendar')
export class CalendarPagesController {
  constructor(
    @Inject(SHELL) private readonly shell: Shell,
    private readonly feeds: CalendarFeedsService,
    private readonly queries: CalendarQueries,
  ) {}

  @Page('')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  async list(@Current() access: CurrentAccess): Promise<PageView> {
    return this.#page(access, null);
  }

  @FormPost('', { form: 'list' })
  @SignedIn({ audit: 'calendar-feed.issued' })
  @UseGuards(NoParametersGuard)
  async issue(@Body() { purpose }: IssueForm, @Current() access: CurrentAccess): Promise<PageView> {
    const { secret } = await this.feeds.issue(purpose, access);
    return this.#page(access, `${this.shell.address.origin}/calendar/${secret}.ics`);
  }

  @FormPost('revoke', { form: 'list' })
  @SignedIn({ audit: 'calendar-feed.revoked' })
  @UseGuards(NoParametersGuard)
  async revoke(@Body() { feedId }: RevokeForm, @Current() access: CurrentAccess): Promise<Redirect> {
    await this.feeds.revoke(feedId, access);
    return redirectTo(paths.myCalendar(), 'The address does not work any more.');
  }

  async #page({ personEntraId, permissions }: CurrentAccess, address: string | null): Promise<PageView> {
    const now = new Date();
    const feeds = personEntraId === null ? [] : await this.queries.feedsOf(personEntraId, now);
    return pageView('rollout/waves/web/my-calendar.njk', {
      title: 'Calendar',
      section: 'my-move',
      worksAsEngineer: permissions.has('rollout:work'),
      address,
      feeds: feeds.map((feed) => ({
        ...feed,
        what: PURPOSES[feed.purpose],
        issued: shownTime(feed.issuedAt, now),
        expires: shownTime(feed.expiresAt, now),
      })),
      purposes: (permissions.has('rollout:work') ? (['own', 'engineer'] as const) : (['own'] as const)).map(
        (value) => ({
          value,
          text: PURPOSES[value],
        }),
      ),
    });
  }
}

/** Calendars for calendar programs, which cannot sign in: whoever has the address reads it. */
@Controller('calendar')
export class CalendarController {
  constructor(private readonly queries: CalendarQueries) {}

  @Get(':file')
  @OpenToAll()
  @UseGuards(NoParametersGuard)
  @ApiExcludeEndpoint()
  @Header('content-type', 'text/calendar; charset=utf-8')
  @Header('cache-control', 'private, no-store')
  async calendar(@Param('file') file: string): Promise<string> {
    const secret = /^([\w-]{43})(?:\.ics)?$/.exec(file)?.[1];
    const calendar = secret === undefined ? null : await this.queries.calendar(secret, new Date());
    if (calendar === null) throw new NotFoundError('There is no such calendar. Issue a new address.');
    return calendar;
  }
}
