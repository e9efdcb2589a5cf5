import type { Actor } from '../../audit/actor.js';
import type { AuditEntry } from '../../audit/audit-entry.js';
import { ConflictError, InputError, type FieldError } from '../../common/errors.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import type { Transaction } from '../../database/transactor.js';
import { receiveWithin, type DeliveryLineOutcome } from '../../devices/lifecycle/receiving.service.js';
import { moveStock } from '../stock/movements.js';
import type { RequestActor } from '../request-actor.js';
import type { LockedOrder, OrderLineRow } from './order-rows.queries.js';
import { machinesOfAnotherProduct, modelFault } from './product-models.queries.js';

/** A machine of a delivery: its serial number and, if it has one, its asset tag. */
export interface DeliveredMachine {
  readonly serialNumber: string;
  readonly assetTag: string | null;
}

/** Machines by their serial numbers. */
interface DeliveredMachines {
  readonly machines: readonly DeliveredMachine[];
  /** As on the labels; both together are a model of the product. */
  readonly manufacturer: string | null;
  readonly model: string;
}

/** What came of a line: machines, or so many of what has no serial number. */
export type Delivered = { readonly quantity: number } | DeliveredMachines;

/** Whether nothing is received unless every machine can be, or those are left out that cannot. */
export const DELIVERY_MODES = ['all', 'rest'] as const;
export type DeliveryMode = (typeof DELIVERY_MODES)[number];

/** What was received of a line. */
export interface ReceivedLine {
  readonly lineId: number;
  /** Null when all of its machines were left out. */
  readonly receiptId: number | null;
  readonly quantity: number;
  /** Machines that were left out, by their place in the delivery of the line, with the reason. */
  readonly refused: readonly { readonly line: number; readonly reason: string }[];
}

/** What was received of a line, with what belongs into the audit trail at the end of the transaction. */
export interface ReceivedOfLine extends ReceivedLine {
  readonly entries: readonly AuditEntry[];
}

/** What came of a line of an order that is locked. */
interface ComingOfLine {
  readonly order: LockedOrder;
  readonly line: OrderLineRow;
  readonly mode: DeliveryMode;
  readonly deliveryNote: string | null;
}

const SENTENCES = {
  purchase_order_line_received_check: 'That is more than is still to come. Look at the order as it is now.',
  purchase_receipt_open: 'This order has ended. Nothing was received.',
};

/**
 * Receives what came of a line.
 * @throws InputError before anything is written, with the fields `quantity`, `machines` and `model`; ConflictError when
 * more came than was ordered; ForbiddenError
 */
export function receiveOfLine(
  tx: Transaction,
  coming: ComingOfLine,
  delivered: Delivered,
  by: RequestActor,
): Promise<ReceivedOfLine> {
  return 'quantity' in delivered
    ? countIn(tx, coming, delivered.quantity, by.actor)
    : takeIn(tx, coming, delivered, by);
}

/** What is wrong with machines, beside their field. */
export function faultsOf(refused: ReceivedLine['refused'], field: string): FieldError[] {
  return refused.map(({ line, reason }) => ({ field, message: `Line ${line}: ${reason}` }));
}

async function countIn(tx: Transaction, coming: ComingOfLine, quantity: number, actor: Actor): Promise<ReceivedOfLine> {
  const { id: lineId, serialised, productId, placeId } = coming.line;
  if (serialised) throw onField('machines', 'Enter the serial numbers: this product is received machine by machine');
  const receiptId = await writeReceipt(tx, coming, quantity, actor);
  await moveStock(tx, [{ productId, placeId, kind: 'received', quantity, receiptId, actor }]);
  return { lineId, receiptId, quantity, refused: [], entries: [] };
}

async function takeIn(
  tx: Transaction,
  coming: ComingOfLine,
  { machines, manufacturer, model }: DeliveredMachines,
  by: RequestActor,
): Promise<ReceivedOfLine> {
  const { order, line, mode, deliveryNote } = coming;
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
  const refused = outcome.lines.flatMap((each) =>
    each.reason === null ? [] : [{ line: each.line, reason: each.reason }],
  );
  if (!outcome.done) {
    if (mode === 'all') throw new InputError('Nothing was received.', faultsOf(refused, 'machines'));
    return { lineId: line.id, receiptId: null, quantity: 0, refused, entries: [] };
  }
  const quantity = outcome.lines.filter((each) => each.outcome === 'done').length;
  const receiptId = await writeReceipt(tx, coming, quantity, by.actor);
  await checkStock(tx, line, outcome.lines);
  return { lineId: line.id, receiptId, quantity, refused, entries };
}

/** What was received as this product stands in stock as this product, or nothing is received. */
async function checkStock(
  tx: Transaction,
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

async function writeReceipt(
  tx: Transaction,
  { line, deliveryNote }: ComingOfLine,
  quantity: number,
  actor: Actor,
): Promise<number> {
  const toCome = line.quantity - line.received;
  if (quantity > toCome) {
    throw new ConflictError(
      `More came of ${line.product} for ${line.place} than the ${toCome} still to come. Look at the order as it is now; ` +
        'for what was not ordered, change the order first.',
    );
  }
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
