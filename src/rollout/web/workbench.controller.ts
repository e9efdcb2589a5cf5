import { Controller } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { ListPages, ListQuery } from '../../web/list-page.js';
import type { RawQuery } from '../../web/list-request.js';
import type { PageView, Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { MovesQueries } from '../moves.queries.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { WORKBENCH_LIST } from './workbench-list.js';

/** The rollout manager's list of moves. */
@Controller('rollout')
export class WorkbenchController {
  constructor(
    private readonly lists: ListPages,
    private readonly programmes: ProgrammeQueries,
    private readonly moves: MovesQueries,
  ) {}

  @Page('workbench')
  @Access('rollout:read')
  async list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const programme = await this.programmes.current();
    return this.lists.show(
      WORKBENCH_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, sort, ...filter }) =>
          programme === null
            ? Promise.resolve({ items: [], next: null, asOf: null })
            : this.moves.page(programme.id, filter, { limit, cursor }, sort),
        count: (filter) =>
          programme === null ? Promise.resolve({ rows: 0, more: false }) : this.moves.count(programme.id, filter),
      },
      {
        template: 'rollout/web/workbench.njk',
        data: { programme: programme?.name ?? null, manages: access.permissions.has('rollout:manage') },
      },
    );
  }
}
