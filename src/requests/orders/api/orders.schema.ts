import { choice, flag, instant, list, orNull, record, text, whole } from '../../../web/api-schema.js';
import { ORDER_STATES } from '../../domain/order-words.js';

const day = { ...text('A day (ISO 8601).'), format: 'date' };

/** The answer to a command that adds something. */
export const addedSchema = record({ id: whole() });

const order = {
  id: whole(),
  number: text('The council’s number of the order.'),
  supplier: text(),
  state: choice(ORDER_STATES),
  orderedOn: day,
  expectedOn: orNull(day),
  late: flag('Whether some of it should have come before today.'),
  lines: whole('How many.'),
  quantity: whole('Of all lines.'),
  received: whole('Of all lines.'),
  totalPence: whole('Of all lines.'),
  endReason: orNull(text('Why it ended before everything came.')),
  changedBy: text('Who changed it last, as a reference.'),
  changedAt: instant(),
  version: text('Send it as `If-Match`, in quotation marks, with a change.'),
};

/** An order in a list. */
export const orderSchema = record(order);

/** A line of an order. */
const orderLine = record({
  id: whole(),
  orderId: whole(),
  productId: whole(),
  product: text(),
  serialised: flag('Whether machines are received one by one, by their serial numbers.'),
  placeId: whole(),
  place: text('Where it is delivered to.'),
  quantity: whole(),
  received: whole(),
  pricePence: whole('For each.'),
  receipts: list(
    record({
      id: whole(),
      quantity: whole(),
      deliveryNote: orNull(text()),
      receivedBy: text('As a reference.'),
      receivedAt: instant(),
    }),
  ),
});

/** An order with its lines and what came of them. */
export const wholeOrderSchema = record({ ...order, orderLines: list(orderLine) });

/** What was received. */
export const receiptSchema = record({
  orderId: whole(),
  lines: list(
    record({
      lineId: whole(),
      receiptId: orNull(whole('Null when all of its machines were left out.')),
      quantity: whole(),
      refused: list(
        record({ line: whole('Place in `machines`, counted from 1.'), reason: text() }),
        'Machines that were left out.',
      ),
    }),
    'In the order in which they were given.',
  ),
  closed: flag('Whether the order is closed now, because all of it came.'),
});

/** What is still to come. */
export const expectedSchema = record({
  items: list(
    record({
      orderId: whole(),
      orderNumber: text(),
      productId: whole(),
      placeId: whole(),
      place: text(),
      quantity: whole(),
      expectedOn: orNull(day),
    }),
  ),
});
