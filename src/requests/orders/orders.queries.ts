import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { keysetPage } from '../../database/keyset-page.js';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import type { OrderState } from '../domain/order-words.js';
import { expectedStock, type ExpectedStock } from './expected-stock.queries.js';
import { lastModelOf, type LabelledModel } from './product-models.queries.js';

/** An order at a supplier, in a list. */
export interface PurchaseOrderView {
  readonly id: number;
  readonly number: string;
  readonly supplier: string;
  readonly state: OrderState;
  readonly orderedOn: string;
  readonly expectedOn: string | null;
  /** Whether some of it should have come before today. */
  readonly late: boolean;
  readonly lines: number;
  readonly quantity: number;
  readonly received: number;
  /** Of all lines, in pence. */
  readonly totalPence: number;
  readonly endReason: string | null;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly version: string;
}

/** Some of a line that came. */
export interface ReceiptView {
  readonly id: number;
  readonly quantity: number;
  readonly deliveryNote: string | null;
  readonly receivedBy: string;
  readonly receivedAt: string;
}

/** A line of an order, with what came of it. */
export interface OrderLineView {
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
  readonly receipts: readonly ReceiptView[];
}

/** An order with all that is known of it. */
export interface WholeOrder extends PurchaseOrderView {
  readonly orderLines: readonly OrderLineView[];
}

export interface OrderFilter {
  /** Beginning of the number or the supplier. */
  readonly search?: string | undefined;
  readonly state?: OrderState | undefined;
  readonly productId?: number | undefined;
  readonly placeId?: number | undefined;
  /** True for open orders of which some should have come before today. */
  readonly late?: boolean | undefined;
}

const IS_LATE = `(purchase_order.state = 'open'
  and coalesce(purchase_order.expected_on < (now() at time zone 'Europe/London')::date, false))`;

const ITEM = `json_build_object('id', purchase_order.id, 'number', purchase_order.number, 'supplier', purchase_order.supplier,
  'state', purchase_order.state, 'orderedOn', purchase_order.ordered_on, 'expectedOn', purchase_order.expected_on,
  'late', ${IS_LATE}, 'lines', ordered.lines, 'quantity', ordered.quantity, 'received', ordered.received,
  'totalPence', ordered.total_pence, 'endReason', purchase_order.end_reason, 'changedBy', purchase_order.changed_by,
  'changedAt', ${utc('purchase_order.changed_at')}, 'version', purchase_order.version::text)`;

const JOINS = `cross join lateral (
  select count(*)::integer as lines, coalesce(sum(quantity), 0)::integer as quantity,
    coalesce(sum(received), 0)::integer as received, coalesce(sum(quantity * price_pence::bigint), 0) as total_pence
  from purchase_order_line where order_id = purchase_order.id) as ordered`;

const LINE = `json_build_object('id', line.id, 'orderId', line.order_id, 'productId', line.product_id, 'product', product.name,
  'serialised', product.serialised, 'placeId', line.place_id, 'place', place.name, 'quantity', line.quantity,
  'received', line.received, 'pricePence', line.price_pence,
  'receipts', coalesce((select json_agg(json_build_object('id', receipt.id, 'quantity', receipt.quantity,
      'deliveryNote', receipt.delivery_note, 'receivedBy', receipt.received_by,
      'receivedAt', ${utc('receipt.received_at')}) order by receipt.id)
    from purchase_receipt as receipt where receipt.order_line_id = line.id), '[]'))`;

const LINE_FROM = `from purchase_order_line as line join product on product.id = line.product_id
  join stock_place as place on place.id = line.place_id`;

/** Reads orders at suppliers. */
@Injectable()
export class OrdersQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the orders that match, newest first. */
  page(
    { search, state, productId, placeId, late }: OrderFilter,
    request: PageRequest,
  ): Promise<Page<PurchaseOrderView>> {
    const conditions = new SqlConditions()
      .addGiven(
        search === undefined ? undefined : beginningWith(search),
        (value) =>
          `lower(purchase_order.number) like lower(${value}) or lower(purchase_order.supplier) like lower(${value})`,
      )
      .addGiven(state, (value) => `purchase_order.state = ${value}`)
      .addGiven(productId, (value) => hasLine('product_id', value))
      .addGiven(placeId, (value) => hasLine('place_id', value))
      .addGiven(late, (value) => `${IS_LATE} = ${value}::boolean`);
    return keysetPage<PurchaseOrderView>(
      this.dataSource,
      { table: 'purchase_order', conditions, item: ITEM, joins: JOINS, sources: [] },
      { name: '-id', by: { expression: 'purchase_order.id', type: 'bigint', descending: true } },
      request,
    );
  }

  /** One order with its lines and receipts; null when there is none. */
  async one(id: number): Promise<WholeOrder | null> {
    const [row] = await this.dataSource.query<{ item: PurchaseOrderView; lines: OrderLineView[] }[]>(
      `select ${ITEM} as item,
         coalesce((select json_agg(${LINE} order by line.id) ${LINE_FROM} where line.order_id = purchase_order.id), '[]') as lines
       from purchase_order ${JOINS} where purchase_order.id = $1`,
      [id],
    );
    return row ? { ...row.item, orderLines: row.lines } : null;
  }

  /** One line with its order; null when there is none. */
  async line(lineId: number): Promise<{ readonly order: WholeOrder; readonly line: OrderLineView } | null> {
    const [row] = await this.dataSource.query<{ id: number }[]>(
      'select order_id as id from purchase_order_line where id = $1',
      [lineId],
    );
    const order = row ? await this.one(row.id) : null;
    const line = order?.orderLines.find(({ id }) => id === lineId);
    return order && line ? { order, line } : null;
  }

  /** What is ordered and has not come, the earliest first. @param productIds all products without it */
  expected(productIds?: readonly number[]): Promise<ExpectedStock[]> {
    return expectedStock(this.dataSource, productIds);
  }

  /** The model of the machine of a product that came last; null when none came yet. */
  lastModel(productId: number): Promise<LabelledModel | null> {
    return lastModelOf(this.dataSource, productId);
  }
}

function hasLine(column: string, value: string): string {
  return `exists (select from purchase_order_line where order_id = purchase_order.id and ${column} = ${value})`;
}
