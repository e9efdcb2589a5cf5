import { choice, flag, instant, list, orNull, record, text, whole } from '../../../web/api-schema.js';
import { CUSTODY_STATES, SUBSTATES } from '../../../devices/domain/lifecycle/standing.js';
import { WORK_STYLES } from '../../../rollout/domain/move-words.js';
import { PRODUCT_KINDS } from '../../domain/product-words.js';
import { MOVEMENT_KINDS } from '../../domain/stock-words.js';

const version = text('Send it as `If-Match`, in quotation marks, with a change.');

/** What every record of the catalogue has. */
const CHANGED = { changedBy: text('Who changed it last, as a reference.'), changedAt: instant(), version };

/** The answer to a command that adds something. */
export const addedSchema = record({ id: whole() });

export const productSchema = record({
  id: whole(),
  name: text(),
  kind: choice(PRODUCT_KINDS),
  description: orNull(text()),
  serialised: flag('Whether each has a serial number; else it is counted.'),
  pricePence: whole(),
  mostEach: orNull(whole('Most for one person; null without a limit.')),
  reasonNeeded: flag(),
  replacesKind: flag('Whether whoever gets it gives back the machine that it replaces.'),
  offered: flag(),
  models: list(text(), 'What machines of it call themselves, in lower case.'),
  alternatives: list(record({ productId: whole(), name: text(), note: orNull(text()) })),
  onHand: whole('At all places together.'),
  reserved: whole('Of these, promised to requests.'),
  ...CHANGED,
});

export const bundleSchema = record({
  id: whole(),
  name: text(),
  workStyle: orNull(choice(WORK_STYLES, 'Who is offered it first; null for one that suits anybody.')),
  description: orNull(text()),
  offered: flag(),
  lines: list(record({ productId: whole(), product: text(), quantity: whole() })),
  pricePence: whole('Of everything in it.'),
  ...CHANGED,
});

export const placeSchema = record({
  id: whole(),
  name: text(),
  products: whole('Of which some are on hand.'),
  onHand: whole(),
  reserved: whole('Of these, promised to requests.'),
  machines: whole('Of these, with a serial number.'),
  countedAt: orNull(instant('Null when it was never counted.')),
  ...CHANGED,
});

export const levelSchema = record({
  id: whole(),
  productId: whole(),
  product: text(),
  kind: choice(PRODUCT_KINDS),
  serialised: flag(),
  placeId: whole(),
  place: text(),
  onHand: whole(),
  reserved: whole('Of these, promised to requests.'),
  free: whole('On hand and promised to nobody.'),
  threshold: orNull(whole('Below which it is low; null when nobody watches it.')),
  low: flag(),
  onOrder: whole('Ordered for this place and not received.'),
  version,
});

export const movementSchema = record({
  id: whole(),
  at: instant(),
  productId: whole(),
  product: text(),
  placeId: whole(),
  place: text(),
  kind: choice(MOVEMENT_KINDS),
  quantity: whole('Below zero for what left.'),
  onHandAfter: whole(),
  deviceId: orNull(whole()),
  requestId: orNull(whole()),
  orderId: orNull(whole()),
  transferId: orNull(whole()),
  countId: orNull(whole()),
  reason: orNull(text()),
  actor: text('Who, as a reference.'),
});

export const transferSchema = record({
  id: whole(),
  productId: whole(),
  product: text(),
  serialised: flag(),
  fromPlaceId: whole(),
  fromPlace: text(),
  toPlaceId: whole(),
  toPlace: text(),
  quantity: whole(),
  arrived: whole(),
  lost: whole(),
  open: whole('Neither arrived nor lost.'),
  lostReason: orNull(text()),
  tracking: orNull(text()),
  sentBy: text('Who, as a reference.'),
  sentAt: instant(),
  endedAt: orNull(instant()),
  version,
});

export const transferredMachineSchema = record({
  deviceId: whole(),
  label: text(),
  serialNumber: orNull(text()),
  state: choice(['sent', 'arrived', 'lost']),
});

export const countSchema = record({
  id: whole(),
  placeId: whole(),
  place: text(),
  openedBy: text(),
  openedAt: instant(),
  closedBy: orNull(text()),
  closedAt: orNull(instant()),
  abandoned: flag('Closed without correcting anything.'),
  counted: whole('Products of which a figure is entered.'),
  differences: whole('Products of which there are not as many as expected.'),
  scanned: whole('Serial numbers that were scanned.'),
  version,
});

const countedMachine = record({
  deviceId: orNull(whole('Null for a serial number that no machine has.')),
  label: orNull(text()),
  serialNumber: text(),
  product: orNull(text()),
  state: orNull(choice(CUSTODY_STATES, 'Of custody as it is now.')),
  substate: orNull(choice(SUBSTATES)),
  place: orNull(text()),
});

export const countContentSchema = record({
  lines: list(
    record({
      productId: whole(),
      product: text(),
      serialised: flag(),
      expected: whole(),
      counted: orNull(whole()),
      reason: orNull(text()),
    }),
  ),
  machines: record({
    found: whole(),
    missing: list(countedMachine, 'In stock at the place, and not scanned.'),
    unexpected: list(countedMachine, 'Scanned at the place, and not in stock there.'),
  }),
});
