import { Controller } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import type { PageView, Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { financialYearWords, FIRST_YEAR, LAST_YEAR } from '../../domain/financial-year.js';
import { shownPounds } from '../../domain/money.js';
import { BudgetQueries } from '../budget.queries.js';
import { CostCentresQueries } from '../cost-centres.queries.js';
import { presentYear } from '../present-year.js';
import { budgetRequestList, costCentreList, requestsBehind, teamList } from './budget-lists.js';

/** Budgets by cost centre and by team, and the requests behind each figure. */
@Controller('budgets')
export class BudgetListsController {
  constructor(
    private readonly lists: ListPages,
    private readonly centres: CostCentresQueries,
    private readonly budgets: BudgetQueries,
  ) {}

  @Page('')
  @Access('requests:read')
  async costCentres(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const year = yearIn(query);
    const unnamed = await this.budgets.standing(null, year);
    return this.lists.show(
      costCentreList(),
      query,
      access,
      { page: ({ limit, cursor, search }) => this.centres.page({ year, search }, { limit, cursor }) },
      {
        template: 'requests/budget/web/budgets.njk',
        data: {
          year,
          yearWords: financialYearWords(year),
          administers: access.permissions.has('requests:administer'),
          unnamed:
            unnamed.forecast > 0 || unnamed.spent > 0
              ? { forecast: shownPounds(unnamed.forecast), href: requestsBehind({ none: 'true', year: String(year) }) }
              : null,
        },
      },
    );
  }

  @Page('teams')
  @Access('requests:read')
  teams(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const year = yearIn(query);
    return this.lists.show(
      teamList(year, access.permissions.has('requests:administer')),
      query,
      access,
      { page: async () => ({ items: await this.budgets.teams(year), next: null, asOf: null }) },
      { template: 'requests/budget/web/budget-teams.njk' },
    );
  }

  @Page('requests')
  @Access('requests:read')
  requests(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(
      budgetRequestList(),
      query,
      access,
      {
        page: ({ limit, cursor, year = presentYear(), ...filter }) =>
          this.budgets.requests({ year, ...filter }, { limit, cursor }),
      },
      { template: 'requests/budget/web/budget-part.njk' },
    );
  }
}

/** The year of an address, for what stands around its list; the list itself says what is wrong with one that is none. */
function yearIn({ year }: RawQuery): number {
  const given = typeof year === 'string' && /^\d{4}$/.test(year) ? Number(year) : presentYear();
  return given >= FIRST_YEAR && given <= LAST_YEAR ? given : presentYear();
}
