import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import { Transactor } from '../../database/transactor.js';
import { ORDER_LIMITS } from '../domain/order-words.js';
import { lockOpenOrder, lockOpenOrderOfLine, settleOrder } from './order-rows.queries.js';

/** What is said of an order; days such as `2026-11-23`. */
export interface OrderDetails {
  /** The council's number of the order. */
  readonly number: string;
  readonly supplier: string;
  readonly orderedOn: string;
  /** When the supplier says that it comes; null for not known. */
  readonly expectedOn: string | null;
}

/** How many of a line, where to and at what price for each. */
export interface OrderLineTerms {
  readonly placeId: number;
  readonly quantity: number;
  readonly pricePence: number;
}

/** So many of a product, to be delivered to a place. */
export interface OrderLineInput extends OrderLineTerms {
  readonly productId: number;
}

const SENTENCES = {
  purchase_order_number_key: 'There is an order of this number already. Look at that one, or enter another number.',
  purchase_order_line_product_fkey: 'There is no such product. Look at the list of products.',
  purchase_order_line_place_fkey: 'There is no such place. Look at the list of places.',
  purchase_order_line_received_check: 'More of this line came already. Enter at least as many as were received.',
  purchase_receipt_line_fkey: 'Some of this line was received. Lower its quantity to that instead.',
};

/** Enters, changes and ends orders at suppliers. An order that ended does not change any more. */
@Injectable()
export class OrdersService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Enters an order, with or without its lines.
   * @param key the same key is done once
   * @throws ConflictError for a number that is taken, a product or a place that is not there; InputError for impossible days
   */
  enter(
    input: OrderDetails & { readonly lines: readonly OrderLineInput[] },
    key: string | null,
    actor: Actor,
  ): Promise<{ readonly id: number }> {
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { enter: 'purchase-order', ...input } }, async () => {
        checkDays(input);
        const { number, supplier, orderedOn, expectedOn, lines } = input;
        const [row] = await tx
          .query<{ id: number }[]>(
            `insert into purchase_order (number, supplier, ordered_on, expected_on, changed_by)
             values ($1, $2, $3, $4, $5) returning id`,
            [number, supplier, orderedOn, expectedOn, actor],
          )
          .catch(orConflictOf(SENTENCES));
        const id = row?.id ?? 0;
        await insertLines(tx, id, lines);
        await appendToAudit(tx, {
          event: 'purchase-order.entered',
          actor,
          subject: { kind: 'purchase-order', id },
          details: { lines: lines.length },
        });
        return { id };
      }),
    );
  }

  /**
   * Says anew what is known of an order.
   * @param version of the order that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError when it ended, or for a number that is taken; InputError
   */
  change(id: number, details: OrderDetails, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      checkDays(details);
      await lockOpenOrder(tx, id, version);
      const { number, supplier, orderedOn, expectedOn } = details;
      await tx
        .query(
          'update purchase_order set number = $2, supplier = $3, ordered_on = $4, expected_on = $5 where id = $1',
          [id, number, supplier, orderedOn, expectedOn],
        )
        .catch(orConflictOf(SENTENCES));
      await settleOrder(tx, id, actor);
      await appendToAudit(tx, { event: 'purchase-order.changed', actor, subject: { kind: 'purchase-order', id } });
    });
  }

  /**
   * Adds a line to an open order.
   * @param key the same key is done once
   * @throws NotFoundError; ConflictError when the order ended, has all the lines it can, or names what is not there
   */
  addLine(orderId: number, line: OrderLineInput, key: string | null, actor: Actor): Promise<{ readonly id: number }> {
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { add: 'order-line', orderId, ...line } }, async () => {
        await lockOpenOrder(tx, orderId, null);
        const [has] = await tx.query<{ lines: number }[]>(
          'select count(*)::integer as lines from purchase_order_line where order_id = $1',
          [orderId],
        );
        if ((has?.lines ?? 0) >= ORDER_LIMITS.lines) {
          throw new ConflictError(`An order has at most ${ORDER_LIMITS.lines} lines. Enter another order.`);
        }
        const [id = 0] = await insertLines(tx, orderId, [line]);
        await settleOrder(tx, orderId, actor);
        await appendToAudit(tx, {
          event: 'purchase-order.line-added',
          actor,
          subject: { kind: 'purchase-order', id: orderId },
          details: { line: id },
        });
        return { id };
      }),
    );
  }

  /**
   * Changes how many of a line are ordered, where to and at what price. A quantity of what was received gives up the rest.
   * @param version of the order that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError when the order ended, or more was received
   */
  changeLine(
    lineId: number,
    terms: OrderLineTerms,
    version: string,
    actor: Actor,
  ): Promise<{ readonly orderId: number }> {
    return this.transactor.run(async (tx) => {
      const order = await lockOpenOrderOfLine(tx, lineId, version);
      await tx
        .query('update purchase_order_line set place_id = $2, quantity = $3, price_pence = $4 where id = $1', [
          lineId,
          terms.placeId,
          terms.quantity,
          terms.pricePence,
        ])
        .catch(orConflictOf(SENTENCES));
      await settleOrder(tx, order.id, actor);
      await appendToAudit(tx, {
        event: 'purchase-order.line-changed',
        actor,
        subject: { kind: 'purchase-order', id: order.id },
        details: { line: lineId },
      });
      return { orderId: order.id };
    });
  }

  /**
   * Takes a line of which nothing came out of its order.
   * @param version of the order that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError when the order ended, or some of the line was received
   */
  removeLine(lineId: number, version: string, actor: Actor): Promise<{ readonly orderId: number }> {
    return this.transactor.run(async (tx) => {
      const order = await lockOpenOrderOfLine(tx, lineId, version);
      await tx.query('delete from purchase_order_line where id = $1', [lineId]).catch(orConflictOf(SENTENCES));
      await settleOrder(tx, order.id, actor);
      await appendToAudit(tx, {
        event: 'purchase-order.line-removed',
        actor,
        subject: { kind: 'purchase-order', id: order.id },
        details: { line: lineId },
      });
      return { orderId: order.id };
    });
  }

  /**
   * Ends an order: what did not come is not expected any more. It is cancelled when nothing came, and closed otherwise.
   * @param version of the order that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError when it ended already
   */
  end(id: number, reason: string, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockOpenOrder(tx, id, version);
      await tx.query(
        `update purchase_order set end_reason = $2, changed_by = $3, changed_at = now(),
           version = nextval('equipment_version_sequence'),
           state = case when exists (select from purchase_order_line where order_id = purchase_order.id and received > 0)
             then 'closed' else 'cancelled' end
         where id = $1`,
        [id, reason, actor],
      );
      await appendToAudit(tx, { event: 'purchase-order.ended', actor, subject: { kind: 'purchase-order', id } });
    });
  }
}

async function insertLines(tx: EntityManager, orderId: number, lines: readonly OrderLineInput[]): Promise<number[]> {
  if (lines.length === 0) return [];
  const rows = await tx
    .query<{ id: number }[]>(
      `insert into purchase_order_line (order_id, product_id, place_id, quantity, price_pence)
       select $1, "productId", "placeId", quantity, "pricePence"
       from jsonb_to_recordset($2::jsonb) as line("productId" integer, "placeId" integer, quantity integer, "pricePence" integer)
       returning id`,
      [orderId, JSON.stringify(lines)],
    )
    .catch(orConflictOf(SENTENCES));
  return rows.map(({ id }) => id);
}

function checkDays({ orderedOn, expectedOn }: OrderDetails): void {
  if (expectedOn === null || expectedOn >= orderedOn) return;
  const message = 'Enter a day that is not before the day of the order';
  throw new InputError(`${message}.`, [{ field: 'expectedOn', message }]);
}
