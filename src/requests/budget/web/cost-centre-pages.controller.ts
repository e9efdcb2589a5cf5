import { Body, Controller, Param, Query, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { shownTime } from '../../../common/uk-time.js';
import { ActorNamesQueries } from '../../../directory/actor-names.queries.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { budgetStanding, BUDGET_STANDING_WORDS } from '../../domain/budget-standing.js';
import { financialYearWords } from '../../domain/financial-year.js';
import { shownPounds } from '../../domain/money.js';
import { YearParameters } from '../api/budget.parameters.js';
import { CostCentresQueries, type CostCentreView } from '../cost-centres.queries.js';
import { CostCentresService } from '../cost-centres.service.js';
import { presentYear } from '../present-year.js';
import { requestsBehind, STANDING_TAGS, yearOptions } from './budget-lists.js';
import { BudgetForm, CostCentreForm, NewCostCentreForm } from './cost-centre-forms.js';

/** One cost centre: how its budget stands, entering, changing, and setting its budgets. */
@Controller('budgets/cost-centres')
export class CostCentrePagesController {
  constructor(
    private readonly queries: CostCentresQueries,
    private readonly centres: CostCentresService,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('new')
  @Access('requests:administer')
  @UseGuards(NoParametersGuard)
  async newForm(): Promise<PageView> {
    const codes = await this.queries.notEntered();
    return pageView('requests/budget/web/cost-centre-form.njk', {
      title: 'Enter a cost centre',
      action: paths.newCostCentre(),
      back: paths.budgets(),
      centre: null,
      codes,
    });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('requests:administer', { audit: 'cost-centre.added' })
  @UseGuards(NoParametersGuard)
  async add(
    @Body() { code, name, budgetHolder }: NewCostCentreForm,
    @Current() { actor }: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    const { id } = await this.centres.add({ code, name, budgetHolder: budgetHolder ?? null }, key, actor);
    return redirectTo(paths.costCentre(id), 'The cost centre was entered. Set its budget next.');
  }

  @Page(':id')
  @Access('requests:read')
  async show(
    @Param('id', RecordIdPipe) id: number,
    @Query() { year = presentYear() }: YearParameters,
    @Current() { permissions }: CurrentAccess,
  ): Promise<PageView> {
    const [centre, budgets] = await Promise.all([this.#centre(id, year), this.queries.budgets(id)]);
    const words = await this.actors.of(budgets.map(({ changedBy }) => changedBy));
    const now = new Date();
    const standing = budgetStanding(centre);
    const amount = (pence: number | null): string => (pence === null ? 'Not set' : shownPounds(pence));
    return pageView('requests/budget/web/cost-centre.njk', {
      title: `${centre.code}, ${centre.name}`,
      centre,
      yearWords: financialYearWords(year),
      tag: { text: BUDGET_STANDING_WORDS[standing], classes: STANDING_TAGS[standing] },
      over: standing === 'over' ? shownPounds(-(centre.left ?? 0)) : null,
      requestsHref: requestsBehind({ costCentreId: String(id), year: String(year) }),
      facts: [
        {
          label: 'Budget holder',
          value:
            centre.budgetHolder === null
              ? 'Nobody'
              : (centre.budgetHolder.displayName ?? 'Somebody who is not in the directory'),
        },
        { label: 'Budget', value: amount(centre.amount) },
        { label: 'Spent', value: amount(centre.spent), note: 'Handed over, and not brought back.' },
        { label: 'Committed', value: amount(centre.committed), note: 'Approved, and not handed over yet.' },
        { label: 'Of that, waiting for stock', value: amount(centre.backOrdered) },
        { label: 'Left', value: amount(centre.left) },
        { label: 'Waiting for a decision', value: amount(centre.waiting) },
        { label: 'Forecast', value: amount(centre.forecast), note: 'Spent, committed and waiting together.' },
      ],
      budgets: budgets.map((budget) => ({
        words: financialYearWords(budget.year),
        href: paths.costCentre(id, budget.year),
        amount: shownPounds(budget.amount),
        by: words(budget.changedBy),
        at: shownTime(budget.changedAt, now),
      })),
      administers: permissions.has('requests:administer'),
    });
  }

  @Page(':id/edit')
  @Access('requests:administer')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const centre = await this.#centre(id, presentYear());
    return pageView('requests/budget/web/cost-centre-form.njk', {
      title: `Change ${centre.code}`,
      action: paths.changeCostCentre(id),
      back: paths.costCentre(id),
      centre,
    });
  }

  @FormPost(':id/edit', { form: 'form' })
  @Access('requests:administer', { audit: 'cost-centre.changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { name, budgetHolder, version }: CostCentreForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    await this.centres.change(id, { name, budgetHolder: budgetHolder ?? null }, version, actor);
    return redirectTo(paths.costCentre(id), 'The cost centre was changed.');
  }

  @Page(':id/budget')
  @Access('requests:administer')
  @UseGuards(NoParametersGuard)
  async budgetForm(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const centre = await this.#centre(id, presentYear());
    return pageView('requests/budget/web/set-budget.njk', {
      title: `Set a budget of ${centre.code}`,
      centre,
      years: yearOptions(),
    });
  }

  @FormPost(':id/budget', { form: 'budgetForm' })
  @Access('requests:administer', { audit: 'budget.set' })
  @UseGuards(NoParametersGuard)
  async setBudget(
    @Param('id', RecordIdPipe) id: number,
    @Body() { year, amount, version }: BudgetForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    await this.centres.setBudget(id, { year, amountPence: amount }, version, actor);
    return redirectTo(paths.costCentre(id, year), 'The budget was set.');
  }

  async #centre(id: number, year: number): Promise<CostCentreView> {
    const centre = await this.queries.one(id, year);
    if (centre === null) throw new NotFoundError('There is no such cost centre.');
    return centre;
  }
}
