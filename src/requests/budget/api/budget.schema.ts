import { choice, instant, list, orNull, record, text, whole } from '../../../web/api-schema.js';
import { REQUEST_STATES } from '../../domain/request-words.js';

/** The answer to a command that adds something. */
export const addedSchema = record({ id: whole() });

const amounts = {
  spent: whole('Handed over and not brought back, in pence.'),
  committed: whole('Approved and not handed over, in pence.'),
  backOrdered: whole('Of what is committed, what waits for stock; in pence.'),
  waiting: whole('Waiting for a decision, in pence.'),
};
const figures = {
  amount: orNull(whole('Budget in pence; null when none is set.')),
  ...amounts,
  left: orNull(whole('Of the budget, neither spent nor committed; below zero when more is. In pence.')),
  forecast: whole('Spent, committed and waiting together, in pence.'),
};
const year = whole('Calendar year in which the financial year begins.');
const changed = {
  changedBy: text('Who changed it last, as a reference.'),
  changedAt: instant(),
  version: text('Send it as `If-Match`, in quotation marks, with a change.'),
};

/** A cost centre with its budget of a financial year. */
export const costCentreSchema = record({
  id: whole(),
  code: text('As in the directory.'),
  name: text(),
  budgetHolder: orNull(
    record({
      entraId: text('Object id in Entra ID.'),
      personId: orNull(whole('Number in Untether; null when the directory does not have them.')),
      displayName: orNull(text()),
    }),
  ),
  year,
  ...figures,
  ...changed,
});

/** What teams ask for in a financial year, against their budgets. */
export const teamsSchema = record({
  items: list(
    record({
      team: orNull(text('Department of whom the equipment is for.')),
      requests: whole(),
      budgetId: orNull(whole('Number of the budget; null when none is set.')),
      ...figures,
    }),
  ),
});

/** The budget of a team. */
export const teamBudgetSchema = record({
  id: whole(),
  team: text('A department, as the directory spelt it.'),
  year,
  amount: whole('In pence.'),
  ...changed,
});

/** A request as it counts to budgets. */
export const budgetRequestSchema = record({
  id: whole('Number of the request.'),
  state: choice(REQUEST_STATES),
  requester: orNull(text()),
  submittedOn: { ...text('A day (ISO 8601).'), format: 'date' },
  costCentre: orNull(text()),
  ...amounts,
});
