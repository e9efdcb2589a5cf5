import { shownDays, shownTime } from '../../../common/uk-time.js';
import type { Cell, ListDefinition, ListField } from '../../../web/list-definition.js';
import { paths } from '../../../web/paths.js';
import { PageParameters, WholeNumberField } from '../../../web/query-fields.js';
import {
  budgetStanding,
  BUDGET_STANDING_WORDS,
  type BudgetFigures,
  type BudgetStanding,
} from '../../domain/budget-standing.js';
import { FIRST_YEAR, financialYearWords, LAST_YEAR } from '../../domain/financial-year.js';
import { shownPounds } from '../../domain/money.js';
import { REQUEST_STATE_WORDS } from '../../domain/request-words.js';
import { BudgetRequestsParameters, CostCentresParameters } from '../api/budget.parameters.js';
import { BUDGET_REQUEST_COLUMNS, COST_CENTRE_COLUMNS, TEAM_COLUMNS } from '../budget.columns.js';
import type { BudgetRequest, TeamAmounts } from '../budget.queries.js';
import type { CostCentreView } from '../cost-centres.queries.js';
import { presentYear } from '../present-year.js';

export const STANDING_TAGS: Readonly<Record<BudgetStanding, string>> = {
  none: 'govuk-tag--grey',
  within: 'govuk-tag--green',
  'forecast-over': 'govuk-tag--yellow',
  over: 'govuk-tag--red',
};

/** How many years back, and ahead, can be chosen; any other can be typed into the address. */
const YEARS_BACK = 4;
const YEARS_AHEAD = 1;

/** Financial years to choose from, the latest first. */
export function yearOptions(): readonly { readonly value: string; readonly text: string }[] {
  const latest = presentYear() + YEARS_AHEAD;
  return Array.from({ length: YEARS_AHEAD + YEARS_BACK + 1 }, (_, index) => latest - index).map((year) => ({
    value: String(year),
    text: financialYearWords(year),
  }));
}

const yearField = (): ListField => ({
  name: 'year',
  label: 'Financial year',
  kind: 'choice',
  options: yearOptions(),
  open: 'This financial year',
});

const AMOUNTS = ['spent', 'committed', 'backOrdered', 'waiting'] as const;
const FIGURES = ['amount', ...AMOUNTS, 'left', 'forecast'];
const SHOWN_FIGURES = ['amount', 'spent', 'committed', 'left', 'waiting', 'forecast', 'standing'];

/** The address of the requests behind a figure. */
export function requestsBehind(narrowed: Readonly<Record<string, string>>): string {
  return `${paths.budgetRequests()}?${new URLSearchParams(narrowed).toString()}`;
}

function amountCells<Row extends Readonly<Record<(typeof AMOUNTS)[number], number>>>(): Record<
  string,
  (row: Row) => Cell
> {
  return Object.fromEntries(AMOUNTS.map((name) => [name, (row: Row) => ({ text: shownPounds(row[name]) })]));
}

function figureCells<Row extends BudgetFigures>(): Record<string, (row: Row) => Cell> {
  return {
    ...amountCells<Row>(),
    amount: ({ amount }) => (amount === null ? {} : { text: shownPounds(amount) }),
    left: ({ left }) => (left === null ? {} : { text: shownPounds(left) }),
    forecast: ({ forecast }) => ({ text: shownPounds(forecast) }),
    standing: (figures) => {
      const standing = budgetStanding(figures);
      return { text: BUDGET_STANDING_WORDS[standing], tag: STANDING_TAGS[standing] };
    },
  };
}

/** Cost centres and how their budgets stand. */
export function costCentreList(): ListDefinition<CostCentreView, CostCentresParameters> {
  return {
    name: null,
    title: 'Budgets',
    section: 'budgets',
    path: paths.budgets(),
    one: 'cost centre',
    many: 'cost centres',
    parameters: CostCentresParameters,
    fields: [
      { name: 'search', label: 'Code or name', hint: 'Finds what begins like this.', kind: 'search' },
      yearField(),
    ],
    columns: COST_CENTRE_COLUMNS,
    shown: ['code', 'name', ...SHOWN_FIGURES],
    sorts: {},
    defaultSort: null,
    cells: {
      ...figureCells<CostCentreView>(),
      code: ({ id, code, year }) => ({ text: code, href: paths.costCentre(id, year) }),
      budgetHolder: ({ budgetHolder }) =>
        budgetHolder === null
          ? {}
          : {
              text: budgetHolder.displayName ?? 'Somebody who is not in the directory',
              ...(budgetHolder.personId === null ? {} : { href: paths.person(budgetHolder.personId) }),
            },
      changedAt: ({ changedAt }, now) => ({ time: shownTime(changedAt, now) }),
    },
    numeric: FIGURES,
    file: { path: '/api/v1/budgets/cost-centres.csv', permission: 'estate:export' },
    nothing: 'No cost centre is entered. Enter those that pay for equipment, and their budgets.',
  };
}

/** What the page of teams can be asked for. */
export class TeamsParameters extends PageParameters {
  @WholeNumberField('Calendar year in which the financial year begins.', { minimum: FIRST_YEAR, maximum: LAST_YEAR })
  year?: number;
}

/** What teams ask for, against their budgets. @param year that is shown @param administers budgets */
export function teamList(year: number, administers: boolean): ListDefinition<TeamAmounts, TeamsParameters> {
  return {
    name: null,
    title: `Budgets by team, ${financialYearWords(year)}`,
    section: 'budgets',
    path: paths.budgetTeams(),
    one: 'team',
    many: 'teams',
    parameters: TeamsParameters,
    fields: [yearField()],
    columns: TEAM_COLUMNS,
    shown: ['team', 'requests', ...SHOWN_FIGURES],
    sorts: {},
    defaultSort: null,
    cells: {
      ...figureCells<TeamAmounts>(),
      team: ({ team }) =>
        team === null
          ? { text: 'No team in the directory' }
          : { text: team, href: requestsBehind({ team, year: String(year) }) },
      amount: ({ amount, budgetId }) =>
        amount === null
          ? {}
          : {
              text: shownPounds(amount),
              ...(administers && budgetId !== null ? { href: paths.teamBudget(budgetId) } : {}),
            },
    },
    numeric: ['requests', ...FIGURES],
    file: { path: '/api/v1/budgets/teams.csv', permission: 'estate:export' },
    nothing: 'No team has a budget or asked for anything in this financial year.',
  };
}

/** The requests behind a figure. */
export function budgetRequestList(): ListDefinition<BudgetRequest, BudgetRequestsParameters> {
  return {
    name: null,
    title: 'Requests that count to budgets',
    section: 'budgets',
    path: paths.budgetRequests(),
    one: 'request',
    many: 'requests',
    parameters: BudgetRequestsParameters,
    fields: [
      { name: 'team', label: 'Team', hint: 'The whole name of the department.', kind: 'text' },
      yearField(),
      { name: 'costCentreId', label: 'Number of the cost centre', kind: 'hidden' },
      { name: 'none', label: 'Without a cost centre', kind: 'hidden' },
    ],
    columns: BUDGET_REQUEST_COLUMNS,
    shown: BUDGET_REQUEST_COLUMNS.map(({ name }) => name),
    sorts: {},
    defaultSort: null,
    cells: {
      ...amountCells<BudgetRequest>(),
      id: ({ id }) => ({ text: `Request ${id}`, href: paths.request(id) }),
      state: ({ state }) => ({ text: REQUEST_STATE_WORDS[state] }),
      submittedOn: ({ submittedOn }) => ({ text: shownDays(submittedOn, submittedOn) }),
    },
    numeric: [...AMOUNTS],
    file: { path: '/api/v1/budgets/requests.csv', permission: 'estate:export' },
    nothing: 'No request counts to it in this financial year.',
  };
}
