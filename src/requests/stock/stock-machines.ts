import type { Actor } from '../../audit/actor.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import type { Transaction } from '../../database/transactor.js';

/** Machines that custody has available at a place of stock, of a model that is a product's. */
const AVAILABLE = `
  from device_custody as custody
  join device on device.id = custody.device_id
  join product_model on product_model.model_name = lower(device_model_name(device.manufacturer, device.model))
  join stock_place on lower(stock_place.name) = lower(btrim(custody.place))
  where custody.state = 'in_stock' and custody.substate = 'available' and custody.set_aside_at is null`;

const NOT_TAKEN = 'not exists (select from stock_machine as taken where taken.custody_id = custody.id)';

/**
 * Takes machines into stock that custody has available and stock does not know of: after a model or a place was added,
 * or when their model became known only after they came. Ones that are promised to nobody follow by themselves.
 * @returns which levels rose, for whoever serves back-orders
 */
export async function takeStockOfMachines(
  tx: Transaction,
  actor: Actor = 'system:stock',
): Promise<readonly StockRise[]> {
  // Custody first, as in every command about a machine; then looked at anew, as somebody may have been quicker.
  const candidates = await tx.query<{ id: number }[]>(
    `select custody.id ${AVAILABLE} and ${NOT_TAKEN} order by custody.device_id for update of custody`,
  );
  if (candidates.length === 0) return [];
  return tx.query<StockRise[]>(
    `with found as materialized (
       select custody.id, product_model.product_id, stock_place.id as place_id ${AVAILABLE} and ${NOT_TAKEN}
         and custody.id = any($1::integer[])),
     moved as (
       insert into stock_movement (product_id, place_id, kind, quantity, custody_id, actor)
       select product_id, place_id, 'machine_in', 1, id, $2 from found order by product_id, place_id, id
       returning product_id, place_id, custody_id),
     taken as (
       insert into stock_machine (custody_id, product_id, place_id)
       select custody_id, product_id, place_id from moved)
     select product_id as "productId", place_id as "placeId", count(*)::integer as quantity from moved
     group by product_id, place_id order by product_id, place_id`,
    [candidates.map(({ id }) => id), actor],
  );
}

/** How many of a product came to a place. */
export interface StockRise {
  readonly productId: number;
  readonly placeId: number;
  readonly quantity: number;
}

/**
 * Takes machines of models out of stock that are a product's no more.
 * @param modelNames as `product_model` has them
 * @throws ConflictError when they are promised
 */
export async function withdrawModels(
  tx: Transaction,
  productId: number,
  modelNames: readonly string[],
  actor: Actor,
): Promise<void> {
  if (modelNames.length === 0) return;
  const custodies = await tx.query<{ id: number }[]>(
    `select custody.id from stock_machine
     join device_custody as custody on custody.id = stock_machine.custody_id
     join device on device.id = custody.device_id
     where stock_machine.product_id = $1
       and lower(device_model_name(device.manufacturer, device.model)) = any($2::text[])
     order by custody.device_id for update of custody`,
    [productId, modelNames],
  );
  if (custodies.length === 0) return;
  await tx
    .query(
      `with gone as (
         delete from stock_machine where custody_id = any($1::integer[]) returning custody_id, product_id, place_id)
       insert into stock_movement (product_id, place_id, kind, quantity, custody_id, reason, actor)
       select product_id, place_id, 'machine_out', -1, custody_id, 'Its model is no longer one of the product''s', $2
       from gone order by product_id, place_id, custody_id`,
      [custodies.map(({ id }) => id), actor],
    )
    .catch(
      orConflictOf({
        stock_level_reserved_check:
          'Machines of a model that you take away are promised to requests. Pick them first, or keep the model until then.',
      }),
    );
}
