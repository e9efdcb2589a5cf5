import { Controller } from '@nestjs/common';
import { Access, SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import type { PageView, Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { paths } from '../../../web/paths.js';
import { ApprovalsQueries } from '../../decisions/approvals.queries.js';
import { waitingWords } from '../../decisions/web/approval.view.js';
import { PicksQueries } from '../../fulfilment/picks.queries.js';
import { askingPerson } from '../own-request.queries.js';
import { RequestsQueries, WHOSE } from '../requests.queries.js';
import { MY_REQUEST_LIST, REQUEST_LIST, WHOSE_WORDS } from './request-list.js';

/** Lists of requests: everybody’s, and one’s own. */
@Controller('requests')
export class RequestListsController {
  constructor(
    private readonly lists: ListPages,
    private readonly requests: RequestsQueries,
    private readonly picks: PicksQueries,
    private readonly approvals: ApprovalsQueries,
  ) {}

  @Page('')
  @Access('requests:read')
  all(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(
      REQUEST_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, sort, ...filter }) => this.requests.page(filter, { limit, cursor }, sort),
        count: (filter) => this.requests.count(filter),
      },
      { template: 'requests/asking/web/requests.njk' },
    );
  }

  @Page('mine')
  @SignedIn()
  async mine(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const person = askingPerson(access);
    const { length: toConfirm } = await this.picks.toConfirm(person);
    const waiting = await this.approvals.count(access);
    const toDecide = waiting === null || waiting.rows === 0 ? null : waitingWords(waiting);
    return this.lists.show(
      MY_REQUEST_LIST,
      query,
      access,
      {
        page: ({ whose = 'mine', state, limit, cursor }) =>
          this.requests.own(person, { whose, state }, { limit, cursor }),
        count: ({ whose = 'mine', state }) => this.requests.countOwn(person, { whose, state }),
      },
      {
        template: 'requests/asking/web/requests.njk',
        data: { toConfirm, toDecide, whose: whoseLinks(query['whose']) },
      },
    );
  }
}

/** The three lists of one’s own, each with whether it is the present one. */
function whoseLinks(present: unknown): { text: string; href: string; current: boolean }[] {
  const shown = WHOSE.find((each) => each === present) ?? 'mine';
  return WHOSE.map((each) => ({
    text: WHOSE_WORDS[each],
    href: paths.myRequests(each === 'mine' ? undefined : each),
    current: each === shown,
  }));
}
