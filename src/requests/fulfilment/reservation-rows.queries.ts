import type { EntityManager } from 'typeorm';
import type { Allotment, FreeStock } from '../domain/allotment.js';

/** Days for which a reservation is kept unless picking begins; a working assumption: two weeks to come and pick it up. */
export const RESERVED_DAYS = 14;

/** Locks the levels of products, in the order of product and place, and tells what is free at them. */
export function lockLevels(tx: EntityManager, productIds: readonly number[]): Promise<FreeStock[]> {
  return tx.query<FreeStock[]>(
    `select product_id as "productId", place_id as "placeId", on_hand - reserved as free
     from stock_level where product_id = any($1::integer[]) order by product_id, place_id for no key update`,
    [productIds],
  );
}

/**
 * Reserves what was allotted, on levels that are locked. What a line has reserved at the place already is put together with
 * it: a line has one active reservation at a place.
 */
export async function reserve(tx: EntityManager, allotments: readonly Allotment[]): Promise<void> {
  if (allotments.length === 0) return;
  const [standing] = await tx.query<[{ lineId: number; placeId: number; left: number }[], number]>(
    `update reservation as held set state = case when before.picked = 0 then 'released' else 'picked' end, ended_at = now(),
       quantity = case when before.picked = 0 then before.quantity else before.picked end
     from reservation as before
     join jsonb_to_recordset($1::jsonb) as given("lineId" integer, "placeId" integer)
       on before.request_line_id = given."lineId" and before.place_id = given."placeId"
     where before.state = 'active' and held.id = before.id
     returning held.request_line_id as "lineId", held.place_id as "placeId", before.quantity - before.picked as left`,
    [JSON.stringify(allotments)],
  );
  const leftOf = new Map(standing.map(({ lineId, placeId, left }) => [`${lineId} ${placeId}`, left]));
  const rows = allotments.map((each) => ({
    ...each,
    quantity: each.quantity + (leftOf.get(`${each.lineId} ${each.placeId}`) ?? 0),
  }));
  await tx.query(
    `insert into reservation (request_line_id, product_id, place_id, quantity, expires_at)
     select "lineId", "productId", "placeId", quantity, now() + make_interval(days => $2)
     from jsonb_to_recordset($1::jsonb) as given("lineId" integer, "productId" integer, "placeId" integer, quantity integer)
     order by "productId", "placeId", "lineId"`,
    [JSON.stringify(rows), RESERVED_DAYS],
  );
}

/**
 * Ends the active reservations of lines; the levels are locked. What was picked of them stays picked.
 * @returns how many each line loses
 */
export async function endReservations(
  tx: EntityManager,
  lineIds: readonly number[],
  state: 'released' | 'expired',
): Promise<ReadonlyMap<number, number>> {
  const [rows] = await tx.query<[{ lineId: number; quantity: number }[], number]>(
    `update reservation set state = $2, ended_at = now() from reservation as before
     where reservation.request_line_id = any($1::integer[]) and reservation.state = 'active' and before.id = reservation.id
     returning reservation.request_line_id as "lineId", before.quantity - before.picked as quantity`,
    [lineIds, state],
  );
  const lost = new Map<number, number>();
  for (const { lineId, quantity } of rows) lost.set(lineId, (lost.get(lineId) ?? 0) + quantity);
  return lost;
}
