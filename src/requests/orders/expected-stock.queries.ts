import type { EntityManager } from 'typeorm';

/** How many of a product are still to come to a place by one order. */
export interface ExpectedStock {
  readonly orderId: number;
  readonly orderNumber: string;
  readonly productId: number;
  readonly placeId: number;
  readonly place: string;
  readonly quantity: number;
  /** The day that the supplier said; null when it is not known. */
  readonly expectedOn: string | null;
}

/**
 * What is ordered and has not come, the earliest first and what has no day last.
 * @param productIds all products without it
 */
export function expectedStock(
  source: Pick<EntityManager, 'query'>,
  productIds?: readonly number[],
): Promise<ExpectedStock[]> {
  return source.query<ExpectedStock[]>(
    `select purchase_order.id as "orderId", purchase_order.number as "orderNumber", line.product_id as "productId",
       line.place_id as "placeId", place.name as place, (line.quantity - line.received) as quantity,
       purchase_order.expected_on::text as "expectedOn"
     from purchase_order_line as line
     join purchase_order on purchase_order.id = line.order_id and purchase_order.state = 'open'
     join stock_place as place on place.id = line.place_id
     where line.received < line.quantity and ($1::integer[] is null or line.product_id = any($1::integer[]))
     order by purchase_order.expected_on nulls last, line.id`,
    [productIds ?? null],
  );
}
