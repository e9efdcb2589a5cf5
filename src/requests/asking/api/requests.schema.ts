import {
  anyObject,
  choice,
  flag,
  instant,
  list,
  orNull,
  record,
  text,
  whole,
  type Schema,
} from '../../../web/api-schema.js';
import { PRODUCT_KINDS } from '../../domain/product-words.js';
import { DELIVERIES, LINE_STATES, REQUEST_EVENTS, REQUEST_STATES } from '../../domain/request-words.js';

const person = record({
  id: orNull(whole('Number in Untether; null when the directory does not have them.')),
  entraId: text('Object id in Entra ID.'),
  displayName: orNull(text()),
});
const day = orNull({ ...text('A day (ISO 8601).'), format: 'date' });

/** What a command about a request came to. */
export const outcomeSchema = record({
  id: whole('Number of the request.'),
  state: choice(REQUEST_STATES),
  revision: whole(),
  version: text('Send it as `If-Match` with a change.'),
});

/** A request in a list. */
export const requestSummary = record({
  id: whole('Number of the request.'),
  state: choice(REQUEST_STATES),
  revision: whole(),
  requester: person,
  createdAt: instant(),
  submittedAt: orNull(instant()),
  neededBy: day,
  delivery: choice(DELIVERIES),
  site: orNull(text()),
  people: whole('How many people it is for.'),
  person: orNull(person),
  lines: anyObject('How many lines are in each state.'),
  totalPence: orNull(whole('In pence; null to who is not to know what others get.')),
  version: text(),
});

const machine = record({ id: whole(), name: orNull(text()), serialNumber: orNull(text()) });

const line: Schema = record({
  id: whole(),
  revision: whole(),
  beneficiary: person,
  product: record({ id: whole(), name: text(), kind: choice(PRODUCT_KINDS) }),
  bundle: orNull(record({ id: whole(), name: text() })),
  quantity: whole(),
  pricePence: whole('For each, in pence.'),
  exceptionReason: orNull(text('Why a rule is not kept.')),
  privateReason: orNull(text('Only to the requester, the person whom it is for, and whoever is to decide.')),
  replaces: orNull(record({ id: whole(), name: orNull(text()) })),
  state: choice(LINE_STATES),
  reserved: whole(),
  picked: whole(),
  cancelled: whole(),
  waitingSince: orNull(instant('Those who wait are served in this order.')),
  reservations: list(record({ place: text(), quantity: whole(), expiresAt: instant() })),
  picks: list(
    record({
      id: whole(),
      state: text(),
      quantity: whole(),
      place: text(),
      machine: orNull(machine),
      tracking: orNull(text()),
      pickedAt: instant(),
      dispatchedAt: orNull(instant()),
      handedOverAt: orNull(instant()),
      receivedAt: orNull(instant()),
      receivedHow: orNull(choice(['confirmed', 'observed'])),
    }),
  ),
});

/** A request with everything behind it, as far as the caller may see it. */
export const wholeRequest = record({
  id: whole(),
  state: choice(REQUEST_STATES),
  version: text('Send it as `If-Match` with a change.'),
  requester: person,
  createdAt: instant(),
  changedAt: instant(),
  endedAt: orNull(instant()),
  revision: whole('The revision that is shown.'),
  revisions: list(
    record({
      revision: whole(),
      neededBy: day,
      delivery: choice(DELIVERIES),
      site: orNull(text()),
      reason: orNull(text()),
      costCentreCode: orNull(text()),
      costCentreName: orNull(text()),
      submittedAt: orNull(instant()),
      totalPence: whole('In pence; 0 until it is submitted.'),
    }),
  ),
  lines: list(line),
  steps: list(
    record({
      revision: whole(),
      step: whole(),
      kind: text(),
      approver: orNull(person),
      queue: orNull(text()),
      queueReason: orNull(text()),
      openedAt: orNull(instant()),
      dueAt: orNull(instant()),
      decision: orNull(
        record({
          outcome: choice(['approved', 'rejected', 'returned']),
          reason: orNull(text()),
          decidedBy: person,
          onBehalfOf: orNull(person),
          decidedAt: instant(),
        }),
      ),
    }),
  ),
  history: list(
    record({
      at: instant(),
      event: choice(REQUEST_EVENTS),
      actor: text(),
      revision: whole(),
      lineId: orNull(whole()),
      details: anyObject('What goes with an event of this kind.'),
    }),
    'Newest first.',
  ),
});

const item = record({ productId: whole(), quantity: whole() });

/** Everything that can be asked for. */
export const catalogueSchema = record({
  products: list(
    record({
      id: whole(),
      name: text(),
      kind: choice(PRODUCT_KINDS),
      description: orNull(text()),
      pricePence: whole('In pence.'),
      mostEach: orNull(whole('Most for one person without a reason.')),
      reasonNeeded: flag(),
      replacesKind: flag('Whether whoever gets it gives back the machine that it replaces.'),
      available: whole('In stock, and neither promised nor waited for.'),
      onOrder: whole(),
      expectedOn: day,
      usualDays: orNull(whole('Median of days from submission to hand-over of the latest ones.')),
      alternatives: list(record({ productId: whole(), note: orNull(text()) })),
    }),
  ),
  bundles: list(
    record({
      id: whole(),
      name: text(),
      workStyle: orNull(text()),
      description: orNull(text()),
      pricePence: whole('In pence.'),
      items: list(item),
    }),
  ),
});
