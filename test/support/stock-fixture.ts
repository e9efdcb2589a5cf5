import type { DataSource } from 'typeorm';
import { emptyCustody } from './custody-fixture.js';

/** Empties catalogue and stock, with what asks for it and the machines on its shelves. */
export async function emptyStock(dataSource: DataSource): Promise<void> {
  await emptyCustody(dataSource);
  await dataSource.query(
    'truncate product, stock_place, bundle, cost_centre, team_budget, equipment_request, purchase_order restart identity cascade',
  );
}

/** A product that is counted, or one with serial numbers and a model. */
export async function insertProduct(
  dataSource: Pick<DataSource, 'query'>,
  name: string,
  { model = null, pricePence = 10_000 }: { readonly model?: string | null; readonly pricePence?: number } = {},
): Promise<number> {
  const [row] = await dataSource.query<{ id: number }[]>(
    `insert into product (name, kind, serialised, price_pence, changed_by)
     values ($1, $2, $3, $4, 'system:test') returning id`,
    [name, model === null ? 'headset' : 'laptop', model !== null, pricePence],
  );
  const id = row?.id ?? 0;
  if (model !== null) await dataSource.query('insert into product_model values ($1, $2)', [model.toLowerCase(), id]);
  return id;
}

/** A place where stock is kept. */
export async function insertPlace(dataSource: Pick<DataSource, 'query'>, name: string): Promise<number> {
  const [row] = await dataSource.query<{ id: number }[]>(
    `insert into stock_place (name, changed_by) values ($1, 'system:test') returning id`,
    [name],
  );
  return row?.id ?? 0;
}

/** Puts things on a shelf, as if they had been received. */
export async function stockUp(
  dataSource: Pick<DataSource, 'query'>,
  productId: number,
  placeId: number,
  quantity: number,
): Promise<void> {
  await dataSource.query(
    `insert into stock_movement (product_id, place_id, kind, quantity, actor) values ($1, $2, 'received', $3, 'system:test')`,
    [productId, placeId, quantity],
  );
}

/** Promises some of what is on a shelf to an approved request of somebody; the id of the reservation. */
export async function promise(
  dataSource: Pick<DataSource, 'query'>,
  productId: number,
  placeId: number,
  quantity: number,
): Promise<number> {
  const [row] = await dataSource.query<{ id: number }[]>(
    `with request as (insert into equipment_request (requester_entra_id, state) values ('asker', 'approved') returning id),
     revision as (insert into request_revision (request_id, revision, delivery, site) select id, 1, 'site', 'Civic' from request
       returning request_id),
     line as (insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence, state)
       select request_id, 1, 'getter', $1, $2, 100, 'reserved' from revision returning id)
     select id from line`,
    [productId, quantity],
  );
  const [reservation] = await dataSource.query<{ id: number }[]>(
    `insert into reservation (request_line_id, product_id, place_id, quantity, expires_at)
     values ($1, $2, $3, $4, now() + interval '14 days') returning id`,
    [row?.id, productId, placeId, quantity],
  );
  return reservation?.id ?? 0;
}

/** On hand and reserved of a product at a place. */
export async function levelOf(
  dataSource: Pick<DataSource, 'query'>,
  productId: number,
  placeId: number,
): Promise<{ readonly onHand: number; readonly reserved: number }> {
  const [row] = await dataSource.query<{ onHand: number; reserved: number }[]>(
    `select on_hand as "onHand", reserved from stock_level where product_id = $1 and place_id = $2`,
    [productId, placeId],
  );
  return row ?? { onHand: 0, reserved: 0 };
}
