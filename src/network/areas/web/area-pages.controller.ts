import { Controller } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import type { PageView, Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { AreasQueries } from '../areas.queries.js';
import { AREA_LIST } from './area-list.js';

/** What is published of the coverage of areas, as context. */
@Controller('network/areas')
export class AreaPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly areas: AreasQueries,
  ) {}

  @Page('')
  @Access('network:read')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(
      AREA_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) => this.areas.list(filter, { limit, cursor }),
        count: (filter) => this.areas.count(filter),
      },
      { template: 'network/areas/web/areas.njk' },
    );
  }
}
