import { choice, flag, instant, list, orNull, record, text, whole } from '../../../web/api-schema.js';
import { APPROVAL_QUEUES, OUTCOMES, PASSED_OVER_REASONS, STEP_KINDS } from '../../domain/decision-words.js';
import { DELIVERIES, REQUEST_STATES } from '../../domain/request-words.js';

const person = record({
  id: orNull(whole('Null when the directory does not know them.')),
  entraId: text('Object id in Entra ID.'),
  displayName: orNull(text()),
});

/** A step that waits for the caller’s decision. */
export const waitingApproval = record({
  requestId: whole(),
  revision: whole('Send it as `If-Match` with the decision.'),
  step: whole(),
  kind: choice(STEP_KINDS),
  onBehalfOf: orNull({ ...person, description: 'Whom you would stand in for; null for what is your own.' }),
  queue: orNull(choice(APPROVAL_QUEUES)),
  queueReason: orNull(
    choice([...PASSED_OVER_REASONS, 'escalated'], 'Why it is in a queue; null where it belongs there.'),
  ),
  openedAt: instant(),
  dueAt: instant(),
  overdue: flag(),
  requester: person,
  people: whole('How many it is for.'),
  names: list(orNull(text()), 'The first few of them.'),
  things: list(record({ productId: whole(), name: text(), quantity: whole(), pricePence: whole() })),
  totalPence: whole(),
  neededBy: orNull({ ...text(), format: 'date' }),
  delivery: choice(DELIVERIES),
  site: orNull(text()),
  reason: orNull(text()),
  costCentreCode: orNull(text()),
  costCentreName: orNull(text()),
  exceptions: whole('Lines that break a rule, with a reason.'),
});

const machine = record({
  deviceId: whole(),
  productId: orNull(whole()),
  isPortable: flag(),
  isReturnable: flag(),
  label: text(),
});

/** Everything with which a step is decided. */
export const approvalDetails = record({
  approval: waitingApproval,
  budget: orNull(
    record({
      year: whole('In which the financial year begins.'),
      amount: orNull(whole('In pence, as all of these; null when none is set.')),
      spent: whole(),
      committed: whole(),
      backOrdered: whole(),
      waiting: whole(),
      forecast: whole(),
      left: orNull(whole()),
    }),
  ),
  stock: list(
    record({
      productId: whole(),
      available: whole('In stock, and awaited by nobody who was approved.'),
      onOrder: whole(),
      expectedOn: orNull({ ...text(), format: 'date' }),
    }),
  ),
  people: list(
    record({
      person,
      lines: list(
        record({
          productId: whole(),
          product: text(),
          quantity: whole(),
          pricePence: whole(),
          exceptionReason: orNull(text()),
          privateReason: orNull(text('Only for whoever decides.')),
          replaces: orNull(text('The machine that is given back.')),
        }),
      ),
      machines: list(machine, 'What they have now.'),
      held: list(record({ productId: whole(), quantity: whole() })),
      awaited: list(record({ productId: whole(), quantity: whole() }), 'By other requests.'),
    }),
  ),
  earlier: list(
    record({
      step: whole(),
      kind: choice(STEP_KINDS),
      outcome: choice(OUTCOMES),
      reason: orNull(text()),
      decidedBy: orNull(text()),
      onBehalfOf: orNull(text()),
      decidedAt: instant(),
    }),
  ),
});

export const decisionOutcome = record({
  requestId: whole(),
  revision: whole(),
  step: whole(),
  outcome: choice(OUTCOMES),
  state: choice(REQUEST_STATES, '`submitted` while another step waits.'),
});

export const bulkDecisions = record({
  decisions: list(
    record({
      requestId: whole(),
      revision: whole(),
      step: whole(),
      approved: flag(),
      state: orNull(choice(REQUEST_STATES)),
      refusal: orNull(text('Why it was not approved.')),
    }),
  ),
});

export const delegationSchema = record({
  id: whole(),
  fromEntraId: text(),
  fromName: orNull(text()),
  toEntraId: text(),
  toName: orNull(text()),
  fromDay: { ...text(), format: 'date' },
  untilDay: { ...text(), format: 'date' },
  reason: text(),
  createdBy: text(),
  createdAt: instant(),
  endedAt: orNull(instant()),
  holdsToday: flag(),
  decisions: whole('Decisions that were made by it.'),
});

const account = record({
  id: orNull(whole()),
  entraId: text(),
  displayName: orNull(text()),
  userPrincipalName: orNull(text()),
});

export const linkedAccountsSchema = record({
  linked: list(record({ account, person: account, linkedBy: text(), linkedAt: instant() })),
  suggested: list(record({ account, person: account, because: choice(['employee-id', 'name']) })),
});
