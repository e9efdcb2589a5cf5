import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { financialYearWords } from '../../domain/financial-year.js';
import { poundsOf, shownPounds } from '../../domain/money.js';
import { presentYear } from '../present-year.js';
import { TeamBudgetsQueries, type TeamBudgetView } from '../team-budgets.queries.js';
import { TeamBudgetsService } from '../team-budgets.service.js';
import { yearOptions } from './budget-lists.js';
import { NewTeamBudgetForm, TeamBudgetForm, TeamBudgetVersionForm } from './team-budget-forms.js';

/** Setting, changing and removing what a team may ask for in a financial year. */
@Controller('budgets/teams')
export class TeamBudgetPagesController {
  constructor(
    private readonly queries: TeamBudgetsQueries,
    private readonly budgets: TeamBudgetsService,
  ) {}

  @Page('new')
  @Access('requests:administer')
  @UseGuards(NoParametersGuard)
  async newForm(): Promise<PageView> {
    const teams = await this.queries.teams();
    return pageView('requests/budget/web/team-budget-form.njk', {
      title: 'Set the budget of a team',
      budget: null,
      teams: [{ value: '', text: 'Choose one' }, ...teams.map((team) => ({ value: team, text: team }))],
      years: yearOptions(),
      year: String(presentYear()),
    });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('requests:administer', { audit: 'budget.set' })
  @UseGuards(NoParametersGuard)
  async add(
    @Body() { team, year, amount }: NewTeamBudgetForm,
    @Current() { actor }: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    await this.budgets.add({ team, year, amountPence: amount }, key, actor);
    return redirectTo(paths.budgetTeams(year), 'The budget was set.');
  }

  @Page(':id')
  @Access('requests:administer')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const budget = await this.#budget(id);
    return pageView('requests/budget/web/team-budget-form.njk', {
      title: `Budget of ${budget.team}, ${financialYearWords(budget.year)}`,
      budget: { ...budget, amount: poundsOf(budget.amount) },
    });
  }

  @FormPost(':id', { form: 'form' })
  @Access('requests:administer', { audit: 'budget.set' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { amount, version }: TeamBudgetForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const { year } = await this.#budget(id);
    await this.budgets.change(id, amount, version, actor);
    return redirectTo(paths.budgetTeams(year), 'The budget was set.');
  }

  @Page(':id/remove')
  @Access('requests:administer')
  @UseGuards(NoParametersGuard)
  async removeForm(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const budget = await this.#budget(id);
    return pageView('requests/budget/web/remove-team-budget.njk', {
      title: `Remove the budget of ${budget.team}, ${financialYearWords(budget.year)}`,
      budget: { ...budget, amount: shownPounds(budget.amount) },
    });
  }

  @FormPost(':id/remove', { form: 'removeForm' })
  @Access('requests:administer', { audit: 'budget.removed' })
  @UseGuards(NoParametersGuard)
  async remove(
    @Param('id', RecordIdPipe) id: number,
    @Body() { version }: TeamBudgetVersionForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const { year } = await this.#budget(id);
    await this.budgets.remove(id, version, actor);
    return redirectTo(paths.budgetTeams(year), 'The budget was removed.');
  }

  async #budget(id: number): Promise<TeamBudgetView> {
    const budget = await this.queries.one(id);
    if (budget === null) throw new NotFoundError('There is no such budget of a team.');
    return budget;
  }
}
