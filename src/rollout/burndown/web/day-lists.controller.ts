import { Controller } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import type { ListDefinition } from '../../../web/list-definition.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import type { PageView, Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { DayListsQueries, type DayList, type OnDay } from '../day-lists.queries.js';
import { DESKTOP_SCOPE_LIST, DESKTOPS_ON_DAY_LIST, MOVES_ON_DAY_LIST, PERSON_SCOPE_LIST } from './day-lists.js';

/** What the parameters of all these lists have. */
interface DayListQuery<Sort> {
  readonly limit?: number;
  readonly cursor?: string;
  readonly sort?: Sort;
}

/** Who and what is behind the figures of the rollout, as at the end of any day. */
@Controller('rollout')
export class DayListPagesController {
  constructor(
    private readonly pages: ListPages,
    private readonly lists: DayListsQueries,
  ) {}

  @Page('moves')
  @Access('rollout:read')
  moves(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.show(MOVES_ON_DAY_LIST, this.lists.moves, query, access);
  }

  @Page('desktops')
  @Access('rollout:read')
  desktops(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.show(DESKTOPS_ON_DAY_LIST, this.lists.desktops, query, access);
  }

  @Page('scope/people')
  @Access('rollout:read')
  personScope(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.show(PERSON_SCOPE_LIST, this.lists.personScope, query, access);
  }

  @Page('scope/desktops')
  @Access('rollout:read')
  desktopScope(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.show(DESKTOP_SCOPE_LIST, this.lists.desktopScope, query, access);
  }

  private show<Row, Sort, Filter extends object, Parameters extends OnDay<Filter> & DayListQuery<Sort>>(
    definition: ListDefinition<Row, Parameters>,
    list: DayList<Row, Filter, Sort>,
    query: RawQuery,
    access: CurrentAccess,
  ): Promise<PageView | Redirect> {
    return this.pages.show(
      definition,
      query,
      access,
      {
        page: (asked) => list.page(asked, { limit: asked.limit, cursor: asked.cursor }, asked.sort),
        count: (asked) => list.count(asked),
      },
      { template: 'rollout/burndown/web/day-list.njk', data: { isNow: query['on'] === undefined } },
    );
  }
}
