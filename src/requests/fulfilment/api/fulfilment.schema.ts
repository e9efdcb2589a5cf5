import { choice, flag, instant, list, orNull, record, text, whole } from '../../../web/api-schema.js';
import { PICK_STATES, RECEIPTS } from '../../domain/pick-words.js';
import { PRODUCT_KINDS } from '../../domain/product-words.js';
import { DELIVERIES } from '../../domain/request-words.js';

const product = record({
  id: whole(),
  name: text(),
  kind: choice(PRODUCT_KINDS),
  serialised: flag('Whether it is picked by serial number.'),
});
const person = record({
  id: orNull(whole('Null when the directory does not have them.')),
  entraId: text('Object id in Entra ID.'),
  displayName: orNull(text()),
});
const place = record({ id: whole(), name: text() });

/** Something that is reserved and to be picked. */
export const toPickSchema = record({
  id: whole('Number of the reservation.'),
  requestId: whole(),
  lineId: whole(),
  product,
  quantity: whole('How many are left to pick.'),
  place,
  person,
  delivery: choice(DELIVERIES),
  site: orNull(text()),
  neededBy: orNull({ ...text('A day (ISO 8601).'), format: 'date' }),
  reservedAt: instant(),
  expiresAt: instant('When the reservation ends unless picking begins.'),
});

/** Something that was picked. */
export const pickSchema = record({
  id: whole('Number of the pick.'),
  requestId: whole(),
  lineId: whole(),
  product,
  quantity: whole(),
  place,
  person,
  machine: orNull(record({ id: whole(), name: orNull(text()), serialNumber: orNull(text()) })),
  state: choice(PICK_STATES),
  delivery: choice(DELIVERIES),
  site: orNull(text()),
  pickedAt: instant(),
  tracking: orNull(text('The carrier’s number.')),
  dispatchedAt: orNull(instant()),
  handedOverAt: orNull(instant()),
  receivedHow: orNull(choice(RECEIPTS, 'Observed: taken from a first sign-in of the person.')),
  receivedAt: orNull(instant()),
  endedAt: orNull(instant('When it was put or brought back.')),
  version: text('Send it as `If-Match` with a change.'),
});

export const picksSchema = list(pickSchema);

/** What a command about a pick came to. */
export const pickOutcomeSchema = record({
  pickId: whole(),
  requestId: whole(),
  lineId: whole(),
  state: choice(PICK_STATES),
  version: text(),
});
