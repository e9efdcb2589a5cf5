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
const forecast = whole('Spent, committed and waiting together, in pence.');

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
  year: whole('Calendar year in which the financial year begins.'),
  amount: orNull(whole('Budget in pence; null when none is set.')),
  ...amounts,
  left: orNull(whole('Of the budget, neither spent nor committed; below zero when more is. In pence.')),
  forecast,
  changedBy: text('Who changed it last, as a reference.'),
  changedAt: instant(),
  version: text('Send it as `If-Match`, in quotation marks, with a change.'),
});

/** What teams ask for in a financial year. */
export const teamsSchema = record({
  items: list(
    record({
      team: orNull(text('Department of whom the equipment is for.')),
      requests: whole(),
      ...amounts,
      forecast,
    }),
  ),
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
