import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../../audit/audit-entry.js';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import { Transactor } from '../../database/transactor.js';
import type { CustodyActor } from '../../devices/lifecycle/custody-actor.js';
import { receiveWithin, type DeliveryLineOutcome } from '../../devices/lifecycle/receiving.service.js';
import { moveStock } from '../stock/movements.js';
import { serveArrivals } from '../stock/stock-arrivals.js';
import { lockLineOfOpenOrder, settleOrder, type LockedOrder, type OrderLineRow } from './order-rows.queries.js';
import { machinesOfAnotherProduct, modelFault } from './product-models.queries.js';

/** A machine of a delivery: its serial number and, if it has one, its asset tag. */
export interface DeliveredMachine {
  readonly serialNumber: string;
  readonly assetTag: string | null;
}

/** What came of a line: machines by their serial numbers, or so many of what has none. */
export type Delivered =
  | { readonly quantity: number }
  | {
      readonly machines: readonly DeliveredMachine[];
      /** As on the labels; both together are a model of the product. */
      readonly manufacturer: string | null;
      readonly model: string;
      /** `all` receives nothing unless every machine can be, `rest` leaves out those that cannot. */
      readonly mode: 'all' | 'rest';
    };

/** Some of a line of an order that came. */
export interface OrderDelivery {
  readonly lineId: number;
  readonly delivered: Delivered;
  readonly deliveryNote: string | null;
  readonly idempotencyKey: string | null;
}

/** What was received. */
export interface OrderReceipt {
  readonly orderId: number;
  readonly receiptId: number;
  readonly quantity: number;
  /** Machines that were left out, by their line in the delivery, with the reason. */
  readonly refused: readonly { readonly line: number; readonly reason: string }[];
  /** Whether the order is closed now, because all of it came. */
  readonly closed: boolean;
}

const MORE_THAN_ORDERED =
  'That is more than is still to come of this line. Look at the order as it is now; for what was not ordered, change the order first.';
const SENTENCES = {
  purchase_order_line_received_check: MORE_THAN_ORDERED,
  purchase_receipt_open: 'This order has ended. Nothing was received.',
};

/** Receives what was ordered: some of a line at a time, until all of it is here. */
@Injectable()
export class OrderReceivingService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Receives some of a line. Machines come into custody at the place of the line, with supplier, order and price in the
   * register; what has no serial number is counted into stock. Whoever waits for the product is served.
   * @throws NotFoundError; ConflictError when the order ended or more came than was ordered; InputError for what does not
   * fit the product, and, under `all`, naming each machine that cannot be received; ForbiddenError
   */
  receive(delivery: OrderDelivery, by: CustodyActor): Promise<OrderReceipt> {
    const { idempotencyKey, ...request } = delivery;
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor: by.actor, key: idempotencyKey, request: { receive: 'order-line', ...request } }, () =>
        receiveOfLine(tx, request, by),
      ),
    );
  }
}

async function receiveOfLine(
  tx: EntityManager,
  { lineId, delivered, deliveryNote }: Omit<OrderDelivery, 'idempotencyKey'>,
  by: CustodyActor,
): Promise<OrderReceipt> {
  const { order, line } = await lockLineOfOpenOrder(tx, lineId, null);
  const { actor } = by;
  const came =
    'quantity' in delivered
      ? await countIn(tx, { line, quantity: delivered.quantity, deliveryNote, actor })
      : await takeIn(tx, { order, line, ...delivered, deliveryNote }, by);
  await serveArrivals(tx, [line], actor);
  const closed = await settleOrder(tx, order.id, actor);
  const { receiptId, quantity, refused } = came;
  await appendToAudit(tx, [
    ...came.entries,
    {
      event: 'purchase-order.received',
      actor,
      subject: { kind: 'purchase-order', id: order.id },
      details: { line: lineId, receipt: receiptId, quantity },
    },
  ]);
  return { orderId: order.id, receiptId, quantity, refused, closed };
}

interface Came extends Pick<OrderReceipt, 'receiptId' | 'quantity' | 'refused'> {
  readonly entries: readonly AuditEntry[];
}

interface Counted {
  readonly line: OrderLineRow;
  readonly quantity: number;
  readonly deliveryNote: string | null;
  readonly actor: Actor;
}

async function countIn(tx: EntityManager, counted: Counted): Promise<Came> {
  const { line, quantity, actor } = counted;
  if (line.serialised)
    throw onField('machines', 'Enter the serial numbers: this product is received machine by machine');
  const receiptId = await writeReceipt(tx, counted);
  const { productId, placeId } = line;
  await moveStock(tx, [{ productId, placeId, kind: 'received', quantity, receiptId, actor }]);
  return { receiptId, quantity, refused: [], entries: [] };
}

type Machines = Extract<Delivered, { readonly machines: readonly DeliveredMachine[] }>;

async function takeIn(
  tx: EntityManager,
  delivery: Machines & {
    readonly order: LockedOrder;
    readonly line: OrderLineRow;
    readonly deliveryNote: string | null;
  },
  by: CustodyActor,
): Promise<Came> {
  const { order, line, machines, manufacturer, model, mode, deliveryNote } = delivery;
  if (!line.serialised) throw onField('quantity', 'Enter how many came: this product has no serial numbers');
  const fault = await modelFault(tx, line.productId, { manufacturer, model });
  if (fault !== null) throw onField('model', fault);
  const common = { manufacturer, model, supplier: order.supplier, purchaseOrder: order.number };
  const bought = { purchasedOn: order.orderedOn, pricePence: line.pricePence };
  const { outcome, entries } = await receiveWithin(
    tx,
    {
      command: 'receive',
      lines: machines.map((machine) => ({ ...machine, ...common, ...bought })),
      input: { holder: null, place: line.place, reason: null, reference: deliveryNote, evidenceId: null, details: {} },
      mode,
    },
    by,
    (deviceIds) => machinesOfAnotherProduct(tx, line.productId, deviceIds),
  );
  const refused = refusedOf(outcome.lines);
  if (!outcome.done) {
    const fields = refused.map(({ line: place, reason }) => ({
      field: 'machines',
      message: `Line ${place}: ${reason}`,
    }));
    throw new InputError('Nothing was received.', fields);
  }
  const quantity = outcome.lines.filter((each) => each.outcome === 'done').length;
  const receiptId = await writeReceipt(tx, { line, quantity, deliveryNote, actor: by.actor });
  await checkStock(tx, line, outcome.lines);
  return { receiptId, quantity, refused, entries };
}

function refusedOf(lines: readonly DeliveryLineOutcome[]): OrderReceipt['refused'] {
  return lines.flatMap(({ line, reason }) => (reason === null ? [] : [{ line, reason }]));
}

/** What was received as this product stands in stock as this product, or nothing is received. */
async function checkStock(
  tx: EntityManager,
  { productId, placeId }: OrderLineRow,
  lines: readonly DeliveryLineOutcome[],
): Promise<void> {
  const deviceIds = lines.flatMap(({ outcome, deviceId }) =>
    outcome === 'done' && deviceId !== null ? [deviceId] : [],
  );
  const [stock] = await tx.query<{ machines: number }[]>(
    `select count(*)::integer as machines from stock_machine join device_custody on device_custody.id = stock_machine.custody_id
     where device_custody.device_id = any($1::integer[]) and (stock_machine.product_id, stock_machine.place_id) = ($2, $3)`,
    [deviceIds, productId, placeId],
  );
  if (stock?.machines === deviceIds.length) return;
  throw new ConflictError(
    'Some of these machines would not come into stock as this product. Look at their pages first.',
  );
}

async function writeReceipt(tx: EntityManager, { line, quantity, deliveryNote, actor }: Counted): Promise<number> {
  if (quantity > line.quantity - line.received) throw new ConflictError(MORE_THAN_ORDERED);
  const [receipt] = await tx
    .query<{ id: number }[]>(
      `insert into purchase_receipt (order_line_id, quantity, delivery_note, received_by) values ($1, $2, $3, $4) returning id`,
      [line.id, quantity, deliveryNote, actor],
    )
    .catch(orConflictOf(SENTENCES));
  return receipt?.id ?? 0;
}

function onField(field: string, message: string): InputError {
  return new InputError(`${message}.`, [{ field, message }]);
}
