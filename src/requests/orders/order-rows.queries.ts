import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { ConflictError, NotFoundError } from '../../common/errors.js';
import { ChangedMeanwhileError } from '../../database/record-version.js';
import type { OrderState } from '../domain/order-words.js';

/** An order that is locked until the end of the transaction. */
export interface LockedOrder {
  readonly id: number;
  readonly number: string;
  readonly supplier: string;
  readonly orderedOn: string;
}

/**
 * Locks an order that is still open.
 * @param version of the order that was looked at; null to go by whatever it is
 * @throws NotFoundError; ChangedMeanwhileError; ConflictError for one that ended
 */
export async function lockOpenOrder(tx: EntityManager, id: number, version: string | null): Promise<LockedOrder> {
  const [found] = await tx.query<(LockedOrder & { readonly state: OrderState; readonly version: string })[]>(
    `select id, number, supplier, ordered_on::text as "orderedOn", state, version::text from purchase_order
     where id = $1 for no key update`,
    [id],
  );
  if (!found) throw new NotFoundError('There is no such order.');
  if (version !== null && found.version !== version) throw new ChangedMeanwhileError('order');
  if (found.state !== 'open') {
    throw new ConflictError('This order has ended. What comes now belongs to another order; enter one for it.');
  }
  return found;
}

/** A line of an order. */
export interface OrderLineRow {
  readonly id: number;
  readonly orderId: number;
  readonly productId: number;
  readonly product: string;
  readonly serialised: boolean;
  readonly placeId: number;
  readonly place: string;
  readonly quantity: number;
  readonly received: number;
  readonly pricePence: number;
}

/** The lines of an order that is locked, as they are now. */
export function linesOfOrder(tx: EntityManager, orderId: number): Promise<OrderLineRow[]> {
  return tx.query<OrderLineRow[]>(
    `select line.id, line.order_id as "orderId", line.product_id as "productId", product.name as product, product.serialised,
       line.place_id as "placeId", place.name as place, line.quantity, line.received, line.price_pence as "pricePence"
     from purchase_order_line as line join product on product.id = line.product_id
     join stock_place as place on place.id = line.place_id where line.order_id = $1 order by line.id`,
    [orderId],
  );
}

/**
 * Locks the open order of a line.
 * @throws NotFoundError; ChangedMeanwhileError; ConflictError for an order that ended
 */
export async function lockOpenOrderOfLine(tx: EntityManager, lineId: number, version: string): Promise<LockedOrder> {
  const find = (): Promise<{ orderId: number }[]> =>
    tx.query('select order_id as "orderId" from purchase_order_line where id = $1', [lineId]);
  const [of] = await find();
  if (!of) throw noSuchLine();
  const order = await lockOpenOrder(tx, of.orderId, version);
  // Whoever had the order locked before may have taken the line away.
  if ((await find()).length === 0) throw noSuchLine();
  return order;
}

/** Gives an order a new version, and closes it when all of it came. @returns whether it is closed now */
export async function settleOrder(tx: EntityManager, orderId: number, actor: Actor): Promise<boolean> {
  const [rows] = await tx.query<[{ state: OrderState }[], number]>(
    `update purchase_order set version = nextval('equipment_version_sequence'), changed_by = $2, changed_at = now(),
       state = case when ${ALL_CAME} then 'closed' else state end
     where id = $1 returning state`,
    [orderId, actor],
  );
  return rows[0]?.state === 'closed';
}

const ALL_CAME = `exists (select from purchase_order_line where order_id = purchase_order.id)
  and not exists (select from purchase_order_line where order_id = purchase_order.id and received < quantity)`;

function noSuchLine(): NotFoundError {
  return new NotFoundError('There is no such line of an order.');
}
