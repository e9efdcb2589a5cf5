import { Controller, Param } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { NotFoundError } from '../../common/errors.js';
import { ActorNamesQueries } from '../../directory/actor-names.queries.js';
import { ListPages, ListQuery } from '../../web/list-page.js';
import type { RawQuery } from '../../web/list-request.js';
import { type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { HoldsQueries } from '../holds.queries.js';
import { HOLD_LIST, holdItemList, holdSummary } from './sync-lists.js';

/** What waits for a person, and the records that it is about. */
@Controller()
export class HoldListsController {
  constructor(
    private readonly lists: ListPages,
    private readonly holds: HoldsQueries,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('held')
  @Access('sync:read')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(HOLD_LIST, query, access, {
      page: async ({ limit, cursor, ...filter }) => {
        const page = await this.holds.list(filter, { limit, cursor });
        const words = await this.actors.of(page.items.map(({ closedBy }) => closedBy));
        return { ...page, items: page.items.map((hold) => ({ ...hold, closer: words(hold.closedBy) })) };
      },
      count: (filter) => this.holds.count(filter),
    });
  }

  @Page('held/:id')
  @Access('sync:read')
  async items(
    @Param('id', RecordIdPipe) id: number,
    @ListQuery() query: RawQuery,
    @Current() access: CurrentAccess,
  ): Promise<PageView | Redirect> {
    const hold = await this.holds.one(id);
    if (!hold)
      throw new NotFoundError('There is no hold with this number. The list of held removals shows those there are.');
    const words = await this.actors.of([hold.closedBy]);
    return this.lists.show(
      holdItemList(hold),
      query,
      access,
      {
        page: ({ limit, cursor, removal }) => this.holds.items(id, removal, { limit, cursor }),
        count: ({ removal }) => this.holds.countItems(id, removal),
      },
      {
        template: 'sync/web/hold.njk',
        data: {
          hold: holdSummary(hold, words(hold.closedBy), new Date()),
          mayRelease: hold.state === 'held' && access.permissions.has('sync:administer'),
        },
      },
    );
  }
}
