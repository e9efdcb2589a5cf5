import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../../audit/audit-entry.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { InputError, type FieldError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import { serveArrivals } from '../stock/stock-arrivals.js';
import type { RequestActor } from '../request-actor.js';
import {
  faultsOf,
  receiveOfLine,
  type Delivered,
  type DeliveryMode,
  type ReceivedLine,
  type ReceivedOfLine,
} from './order-line-receiving.js';
import { linesOfOrder, lockOpenOrder, settleOrder, type OrderLineRow } from './order-rows.queries.js';

/** What a delivery brought of the lines of one order. */
export interface OrderDelivery {
  readonly orderId: number;
  /** Each line once. */
  readonly lines: readonly { readonly lineId: number; readonly delivered: Delivered }[];
  readonly mode: DeliveryMode;
  readonly deliveryNote: string | null;
  readonly idempotencyKey: string | null;
}

/** What was received. */
export interface OrderReceipt {
  readonly orderId: number;
  /** In the order in which they were given. */
  readonly lines: readonly ReceivedLine[];
  /** Whether the order is closed now, because all of it came. */
  readonly closed: boolean;
}

/** Receives what was ordered, a delivery at a time, until all of it is here. */
@Injectable()
export class OrderReceivingService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Receives what a delivery brought of any lines of an order, all in one. Machines come into custody at the place of
   * their line, with supplier, order and price in the register; what has no serial number is counted into stock. Whoever
   * waits for the products is served.
   * @throws NotFoundError; ConflictError when the order ended or more came than was ordered; InputError for what does not
   * fit the order or the product, and, under `all`, naming each machine that cannot be received (fields such as
   * `lines.0.machines`); ForbiddenError
   */
  receive({ idempotencyKey, ...delivery }: OrderDelivery, by: RequestActor): Promise<OrderReceipt> {
    const request = { receive: 'purchase-order', ...delivery };
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor: by.actor, key: idempotencyKey, request }, () => receiveWithinOrder(tx, delivery, by)),
    );
  }
}

async function receiveWithinOrder(
  tx: EntityManager,
  { orderId, lines, mode, deliveryNote }: Omit<OrderDelivery, 'idempotencyKey'>,
  by: RequestActor,
): Promise<OrderReceipt> {
  const order = await lockOpenOrder(tx, orderId, null);
  const coming = await comingLines(tx, orderId, lines);
  const came: (ReceivedOfLine & { readonly place: number })[] = [];
  const faults: FieldError[] = [];
  for (const { place, line, delivered } of coming) {
    try {
      const received = await receiveOfLine(tx, { order, line, mode, deliveryNote }, delivered, by);
      came.push({ ...received, place });
    } catch (error) {
      // Nothing was written of this line; what is wrong with the others is told together with it.
      if (!(error instanceof InputError)) throw error;
      faults.push(...error.fields.map((fault) => ({ ...fault, field: `lines.${place}.${fault.field}` })));
    }
  }
  came.sort((a, b) => a.place - b.place);
  if (faults.length === 0 && came.every(({ quantity }) => quantity === 0)) {
    faults.push(...came.flatMap(({ place, refused }) => faultsOf(refused, `lines.${place}.machines`)));
  }
  if (faults.length > 0) throw new InputError('Nothing was received.', faults);
  await serveArrivals(
    tx,
    coming.map(({ line }) => line),
    by.actor,
  );
  const closed = await settleOrder(tx, orderId, by.actor);
  await appendToAudit(tx, [
    ...came.flatMap(({ entries }) => entries),
    ...came.flatMap((line) => entryOf(orderId, line, by)),
  ]);
  return {
    orderId,
    lines: came.map(({ lineId, receiptId, quantity, refused }) => ({ lineId, receiptId, quantity, refused })),
    closed,
  };
}

function entryOf(
  orderId: number,
  { lineId, receiptId, quantity }: ReceivedLine,
  { actor }: RequestActor,
): AuditEntry[] {
  if (receiptId === null) return [];
  return [
    {
      event: 'purchase-order.received',
      actor,
      subject: { kind: 'purchase-order', id: orderId },
      details: { line: lineId, receipt: receiptId, quantity },
    },
  ];
}

interface ComingLine {
  /** In the delivery. */
  readonly place: number;
  readonly line: OrderLineRow;
  readonly delivered: Delivered;
}

/**
 * The lines of a delivery in the order in which they are received. Machines come first, whose deliveries wait for each
 * other; then by product and place, in which order levels are locked.
 */
async function comingLines(
  tx: EntityManager,
  orderId: number,
  delivery: OrderDelivery['lines'],
): Promise<readonly ComingLine[]> {
  const rows = new Map((await linesOfOrder(tx, orderId)).map((line) => [line.id, line]));
  const faults: FieldError[] = [];
  const coming = delivery.flatMap(({ lineId, delivered }, place): ComingLine[] => {
    const line = rows.get(lineId);
    rows.delete(lineId);
    if (line) return [{ place, line, delivered }];
    faults.push({ field: `lines.${place}.lineId`, message: 'Name lines of this order, and each of them once' });
    return [];
  });
  if (delivery.length === 0) faults.push({ field: 'lines', message: 'Enter what came of at least one line' });
  if (faults.length > 0) throw new InputError('Nothing was received.', faults);
  return coming.sort(
    ({ line: a }, { line: b }) =>
      Number(b.serialised) - Number(a.serialised) || a.productId - b.productId || a.placeId - b.placeId || a.id - b.id,
  );
}
