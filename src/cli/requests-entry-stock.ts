import type { RequestsStory, StoryMovement } from '../demo/tenant/requests-records.js';
import { DEMONSTRATION, insertRows, type Transaction } from './requests-entry-rows.js';

interface Known {
  readonly products: ReadonlyMap<string, number>;
  readonly places: ReadonlyMap<string, number>;
  /** Picks, by the place of their request and line in the story. */
  readonly picks: ReadonlyMap<string, number>;
}

/** Enters orders with their receipts, transfers, counts, and every movement of counted things in the order of time. */
export async function enterStock(tx: Transaction, story: RequestsStory, known: Known): Promise<void> {
  const product = (name: string): number => known.products.get(name) ?? 0;
  const place = (name: string): number => known.places.get(name) ?? 0;
  const receipts = await enterOrders(tx, story, product, place);
  const transfers = await insertRows(
    tx,
    `insert into stock_transfer (product_id, from_place_id, to_place_id, quantity, arrived, sent_by, sent_at, ended_at)
     select product, "from", "to", quantity, case when "arrivedAt" is null then 0 else quantity end, '${DEMONSTRATION}', "sentAt", "arrivedAt"
     from rows from (jsonb_to_recordset($1::jsonb) as (product integer, "from" integer, "to" integer, quantity integer,
       "sentAt" timestamptz, "arrivedAt" timestamptz)) with ordinality as given(product, "from", "to", quantity, "sentAt", "arrivedAt", turn)
     order by turn returning id`,
    story.transfers.map((each) => ({
      ...each,
      product: product(each.product),
      from: place(each.from),
      to: place(each.to),
    })),
  );
  const counts = await enterCounts(tx, story, product, place);
  const reference = (movement: StoryMovement): object => {
    const [first = 0, second = 0] = movement.of;
    if (movement.kind === 'picked') return { pick: known.picks.get(`${first} ${second}`) };
    if (movement.kind === 'received') return { receipt: receipts.get(`${first} ${second}`) };
    if (movement.kind === 'counted') return { count: counts[first], reason: 'Not on the shelf' };
    return { transfer: transfers[first] };
  };
  const movements = story.movements.map((movement) => ({
    ...{ at: movement.at, kind: movement.kind, quantity: movement.quantity },
    product: product(movement.product),
    place: place(movement.place),
    ...reference(movement),
  }));
  await tx.query(
    `insert into stock_movement (product_id, place_id, kind, quantity, pick_id, receipt_id, transfer_id, count_id, reason, actor, at)
     select product, place, kind, quantity, pick, receipt, transfer, count, reason, '${DEMONSTRATION}', at
     from rows from (jsonb_to_recordset($1::jsonb) as (product integer, place integer, kind text, quantity integer, pick integer,
       receipt integer, transfer integer, count integer, reason text, at timestamptz)) with ordinality
       as given(product, place, kind, quantity, pick, receipt, transfer, count, reason, at, turn) order by turn`,
    [JSON.stringify(movements)],
  );
}

/** @returns numbers of the first receipt of each line, by the places of order and line in the story */
async function enterOrders(
  tx: Transaction,
  { orders }: RequestsStory,
  product: (name: string) => number,
  place: (name: string) => number,
): Promise<ReadonlyMap<string, number>> {
  const orderIds = await insertRows(
    tx,
    `insert into purchase_order (number, supplier, ordered_on, expected_on, changed_by)
     select number, supplier, "orderedOn", "expectedOn", '${DEMONSTRATION}'
     from rows from (jsonb_to_recordset($1::jsonb) as (number text, supplier text, "orderedOn" date, "expectedOn" date)) with ordinality
       as given(number, supplier, "orderedOn", "expectedOn", turn) order by turn returning id`,
    orders,
  );
  const lines = orders.flatMap((order, index) =>
    order.lines.map((line, at) => ({
      ...line,
      ...{ key: `${index} ${at}`, order: orderIds[index], product: product(line.product), place: place(line.place) },
    })),
  );
  const lineIds = await insertRows(
    tx,
    `insert into purchase_order_line (order_id, product_id, place_id, quantity, price_pence)
     select "order", product, place, quantity, "pricePence"
     from rows from (jsonb_to_recordset($1::jsonb) as ("order" integer, product integer, place integer, quantity integer,
       "pricePence" integer)) with ordinality as given("order", product, place, quantity, "pricePence", turn) order by turn returning id`,
    lines,
  );
  const receipts = lines.flatMap(({ key, receipts: each }, index) =>
    each.map((receipt) => ({ ...receipt, key, line: lineIds[index] })),
  );
  const receiptIds = await insertRows(
    tx,
    `insert into purchase_receipt (order_line_id, quantity, received_by, received_at)
     select line, quantity, '${DEMONSTRATION}', at
     from rows from (jsonb_to_recordset($1::jsonb) as (line integer, quantity integer, at timestamptz)) with ordinality
       as given(line, quantity, at, turn) order by turn returning id`,
    receipts,
  );
  await tx.query(
    `update purchase_order set state = 'closed' where not exists (
       select from purchase_order_line as line where line.order_id = purchase_order.id and line.received < line.quantity)`,
  );
  return new Map(receipts.map(({ key }, index) => [key, receiptIds[index] ?? 0]));
}

async function enterCounts(
  tx: Transaction,
  { counts }: RequestsStory,
  product: (name: string) => number,
  place: (name: string) => number,
): Promise<readonly number[]> {
  const ids = await insertRows(
    tx,
    `insert into stock_count (place_id, opened_by, opened_at, closed_by, closed_at)
     select place, '${DEMONSTRATION}', "openedAt", '${DEMONSTRATION}', "closedAt"
     from rows from (jsonb_to_recordset($1::jsonb) as (place integer, "openedAt" timestamptz, "closedAt" timestamptz)) with ordinality
       as given(place, "openedAt", "closedAt", turn) order by turn returning id`,
    counts.map((count) => ({ ...count, place: place(count.place) })),
  );
  await tx.query(
    `insert into stock_count_line (count_id, product_id, expected, counted, reason)
     select count, product, expected, counted, case when counted <> expected then 'Not on the shelf' end
     from jsonb_to_recordset($1::jsonb) as given(count integer, product integer, expected integer, counted integer)`,
    [
      JSON.stringify(
        counts.flatMap(({ lines }, index) =>
          lines.map((line) => ({ ...line, count: ids[index], product: product(line.product) })),
        ),
      ),
    ],
  );
  return ids;
}
