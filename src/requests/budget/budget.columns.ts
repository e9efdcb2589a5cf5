import { columnsOf, type NamedColumn } from '../../common/csv-columns.js';
import { budgetStanding, BUDGET_STANDING_WORDS, type Amounts, type BudgetFigures } from '../domain/budget-standing.js';
import { poundsOf } from '../domain/money.js';
import type { BudgetRequest, TeamAmounts } from './budget.queries.js';
import type { CostCentreView } from './cost-centres.queries.js';

/** Amounts, in pounds. */
const AMOUNT_COLUMNS: readonly NamedColumn<Amounts>[] = [
  { name: 'spent', header: 'Spent', value: ({ spent }) => poundsOf(spent) },
  { name: 'committed', header: 'Committed', value: ({ committed }) => poundsOf(committed) },
  { name: 'backOrdered', header: 'Of that, waiting for stock', value: ({ backOrdered }) => poundsOf(backOrdered) },
  { name: 'waiting', header: 'Waiting for a decision', value: ({ waiting }) => poundsOf(waiting) },
];

/** A budget and what it comes to, in pounds. */
const FIGURE_COLUMNS: readonly NamedColumn<BudgetFigures>[] = [
  { name: 'amount', header: 'Budget', value: ({ amount }) => poundsOf(amount) },
  ...AMOUNT_COLUMNS,
  { name: 'left', header: 'Left', type: 'number', value: ({ left }) => poundsOf(left) },
  { name: 'forecast', header: 'Forecast', value: ({ forecast }) => poundsOf(forecast) },
  { name: 'standing', header: 'Standing', value: (figures) => BUDGET_STANDING_WORDS[budgetStanding(figures)] },
];

/** What an export of cost centres shows; amounts in pounds. */
export const COST_CENTRE_COLUMNS: readonly NamedColumn<CostCentreView>[] = [
  ...columnsOf<Omit<CostCentreView, keyof BudgetFigures>>({
    id: 'Id',
    code: 'Cost centre',
    name: 'Name',
    budgetHolder: [
      { name: 'budgetHolder', header: 'Budget holder', value: ({ budgetHolder }) => budgetHolder?.displayName },
    ],
    year: 'Financial year from April',
    changedBy: 'Changed by',
    changedAt: 'Changed',
    version: 'Version',
  }),
  ...FIGURE_COLUMNS,
];

/** What an export of teams shows; amounts in pounds. */
export const TEAM_COLUMNS: readonly NamedColumn<TeamAmounts>[] = [
  ...columnsOf<Omit<TeamAmounts, keyof BudgetFigures>>({ team: 'Team', requests: 'Requests', budgetId: 'Budget id' }),
  ...FIGURE_COLUMNS,
];

/** What an export of the requests behind a figure shows; amounts in pounds. */
export const BUDGET_REQUEST_COLUMNS: readonly NamedColumn<BudgetRequest>[] = [
  ...columnsOf<Omit<BudgetRequest, keyof Amounts>>({
    id: 'Request',
    state: 'State',
    requester: 'Asked by',
    submittedOn: 'Submitted',
    costCentre: 'Cost centre',
  }),
  ...AMOUNT_COLUMNS,
];
