import { Controller, Param } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { NotFoundError } from '../../common/errors.js';
import { PeopleQueries } from '../../directory/people.queries.js';
import { ListPages, ListQuery } from '../../web/list-page.js';
import type { RawQuery } from '../../web/list-request.js';
import { type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { GuidPipe } from '../../web/path-ids.pipe.js';
import { LicencesQueries } from '../licences.queries.js';
import { holderList, LICENCE_LIST } from './licence-list.js';

@Controller()
export class LicenceListsController {
  constructor(
    private readonly lists: ListPages,
    private readonly licences: LicencesQueries,
    private readonly people: PeopleQueries,
  ) {}

  @Page('licences')
  @Access('estate:read')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(LICENCE_LIST, query, access, {
      page: ({ sort, ...filter }) => this.licences.list(filter, sort),
    });
  }

  @Page('licences/:skuId')
  @Access('estate:read')
  async holders(
    @Param('skuId', GuidPipe) skuId: string,
    @ListQuery() query: RawQuery,
    @Current() access: CurrentAccess,
  ): Promise<PageView | Redirect> {
    const licence = await this.licences.one(skuId);
    if (!licence)
      throw new NotFoundError('There is no product with this id. The list of licences shows those there are.');
    return this.lists.show(
      holderList(licence),
      query,
      access,
      {
        page: ({ limit, cursor, sort, ...filter }) =>
          this.people.licenceHolders(skuId, { limit, cursor }, sort, filter),
        count: (filter) => this.people.count({ ...filter, skuId }),
      },
      { template: 'licences/web/licence.njk', data: { licence } },
    );
  }
}
