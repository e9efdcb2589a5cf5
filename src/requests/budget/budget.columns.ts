import { columnsOf } from '../../common/csv-columns.js';
import { budgetStanding, BUDGET_STANDING_WORDS } from '../domain/budget-standing.js';
import { financialYearWords } from '../domain/financial-year.js';
import { poundsOf } from '../domain/money.js';
import { REQUEST_STATE_WORDS } from '../domain/request-words.js';
import type { BudgetRequest, TeamAmounts } from './budget.queries.js';
import type { CostCentreView } from './cost-centres.queries.js';

/** What an export of cost centres shows; amounts in pounds. */
export const COST_CENTRE_COLUMNS = columnsOf<CostCentreView>({
  id: 'Id',
  code: 'Cost centre',
  name: 'Name',
  budgetHolder: [
    { name: 'budgetHolder', header: 'Budget holder', value: ({ budgetHolder }) => budgetHolder?.displayName },
  ],
  year: [{ name: 'year', header: 'Financial year', value: ({ year }) => financialYearWords(year) }],
  amount: [{ name: 'amount', header: 'Budget', value: ({ amount }) => poundsOf(amount) }],
  spent: [{ name: 'spent', header: 'Spent', value: ({ spent }) => poundsOf(spent) }],
  committed: [{ name: 'committed', header: 'Committed', value: ({ committed }) => poundsOf(committed) }],
  backOrdered: [
    { name: 'backOrdered', header: 'Of that, waiting for stock', value: ({ backOrdered }) => poundsOf(backOrdered) },
  ],
  left: [{ name: 'left', header: 'Left', value: ({ left }) => poundsOf(left) }],
  waiting: [{ name: 'waiting', header: 'Waiting for a decision', value: ({ waiting }) => poundsOf(waiting) }],
  forecast: [
    { name: 'forecast', header: 'Forecast', value: ({ forecast }) => poundsOf(forecast) },
    { name: 'standing', header: 'Standing', value: (centre) => BUDGET_STANDING_WORDS[budgetStanding(centre)] },
  ],
  changedBy: 'Changed by',
  changedAt: 'Changed',
  version: 'Version',
});

/** What an export of teams shows; amounts in pounds. */
export const TEAM_COLUMNS = columnsOf<TeamAmounts>({
  team: 'Team',
  requests: 'Requests',
  spent: [{ name: 'spent', header: 'Spent', value: ({ spent }) => poundsOf(spent) }],
  committed: [{ name: 'committed', header: 'Committed', value: ({ committed }) => poundsOf(committed) }],
  backOrdered: [
    { name: 'backOrdered', header: 'Of that, waiting for stock', value: ({ backOrdered }) => poundsOf(backOrdered) },
  ],
  waiting: [{ name: 'waiting', header: 'Waiting for a decision', value: ({ waiting }) => poundsOf(waiting) }],
  forecast: [{ name: 'forecast', header: 'Forecast', value: ({ forecast }) => poundsOf(forecast) }],
});

/** What an export of the requests behind a figure shows; amounts in pounds. */
export const BUDGET_REQUEST_COLUMNS = columnsOf<BudgetRequest>({
  id: 'Request',
  state: [{ name: 'state', header: 'State', value: ({ state }) => REQUEST_STATE_WORDS[state] }],
  requester: 'Asked by',
  submittedOn: 'Submitted',
  costCentre: 'Cost centre',
  spent: [{ name: 'spent', header: 'Spent', value: ({ spent }) => poundsOf(spent) }],
  committed: [{ name: 'committed', header: 'Committed', value: ({ committed }) => poundsOf(committed) }],
  backOrdered: [
    { name: 'backOrdered', header: 'Of that, waiting for stock', value: ({ backOrdered }) => poundsOf(backOrdered) },
  ],
  waiting: [{ name: 'waiting', header: 'Waiting for a decision', value: ({ waiting }) => poundsOf(waiting) }],
});
