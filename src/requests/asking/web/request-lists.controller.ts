import { Controller } from '@nestjs/common';
import { Access, SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import type { PageView, Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { askingPerson } from '../own-request.queries.js';
import { RequestsQueries } from '../requests.queries.js';
import { MY_REQUEST_LIST, REQUEST_LIST } from './request-list.js';

/** Lists of requests: everybody’s, and one’s own. */
@Controller('requests')
export class RequestListsController {
  constructor(
    private readonly lists: ListPages,
    private readonly requests: RequestsQueries,
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
  mine(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const person = askingPerson(access);
    return this.lists.show(
      MY_REQUEST_LIST,
      query,
      access,
      {
        page: ({ whose = 'mine', limit, cursor }) => this.requests.own(person, whose, { limit, cursor }),
        count: ({ whose = 'mine' }) => this.requests.countOwn(person, whose),
      },
      { template: 'requests/asking/web/requests.njk' },
    );
  }
}
