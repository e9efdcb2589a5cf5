import { Controller } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { PeopleQueries } from '../../directory/people.queries.js';
import { LicencesQueries } from '../../licences/licences.queries.js';
import { ListPages, ListQuery } from '../../web/list-page.js';
import type { RawQuery } from '../../web/list-request.js';
import { type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { LeaversQueries } from '../leavers.queries.js';
import { LEAVER_LIST } from './leaver-list.js';
import { peopleList } from './people-list.js';

/** Lists of people, for which several modules are asked. */
@Controller()
export class PeopleListsController {
  constructor(
    private readonly lists: ListPages,
    private readonly people: PeopleQueries,
    private readonly licences: LicencesQueries,
    private readonly leavers: LeaversQueries,
  ) {}

  @Page('people')
  @Access('estate:read')
  async list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const { items } = await this.licences.list();
    const products = items.map(({ skuId, productName }) => ({ value: skuId, text: productName }));
    return this.lists.show(peopleList(products), query, access, {
      page: ({ limit, cursor, sort, ...filter }) => this.people.list(filter, { limit, cursor }, sort),
      count: (filter) => this.people.count(filter),
    });
  }

  @Page('leavers')
  @Access('estate:read')
  leaving(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(LEAVER_LIST, query, access, {
      page: ({ limit, cursor, sort, ...filter }) => this.leavers.list(filter, { limit, cursor }, sort),
      count: (filter) => this.leavers.count(filter),
    });
  }
}
