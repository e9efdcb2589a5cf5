import type { DataSource } from 'typeorm';

/** Records of fulfilment that pages are opened for. */
export interface FulfilmentRows {
  /** Of which some is left to pick, counted. */
  readonly reservation: number;
  /** Of a machine. */
  readonly machineReservation: number;
  readonly pickPlace: number;
  /** Lies ready to be handed over. */
  readonly pick: number;
  /** Was handed over to the person, who has not confirmed it. */
  readonly givenPick: number;
}

/** An approved request of a manager for somebody, of which something is reserved, picked and handed over. */
export async function insertFulfilment(
  dataSource: DataSource,
  people: { readonly manager: string; readonly beneficiary: string },
): Promise<FulfilmentRows> {
  const ids = async (statement: string, values: readonly unknown[] = []): Promise<number[]> =>
    (await dataSource.query<{ id: number }[]>(statement, [...values])).map(({ id }) => id);
  const [bag = 0, tablet = 0] = await ids(
    `insert into product (name, kind, serialised, price_pence, changed_by) values
       ('Carrying bag', 'bag', false, 1900, 'system:test'), ('Field laptop', 'laptop', true, 119900, 'system:test') returning id`,
  );
  const [place = 0] = await ids(
    `insert into stock_place (name, changed_by) values ('Depot 7, stores', 'system:test') returning id`,
  );
  await dataSource.query(`insert into product_model values ('rugged fieldbook 9', $1)`, [tablet]);
  await dataSource.query(
    `with machine as (
       insert into device (serial_number, manufacturer, model, name, record_count, last_seen_at)
       values ('RUGGED0001', 'Rugged', 'FieldBook 9', 'LT-R1', 0, now()) returning id)
     insert into device_custody (device_id, recorded_for, state, substate, place)
     select id, id, 'in_stock', 'available', 'Depot 7, stores' from machine`,
  );
  await dataSource.query(
    `insert into stock_movement (product_id, place_id, kind, quantity, actor) values ($1, $2, 'received', 9, 'system:test')`,
    [bag, place],
  );
  const [request = 0] = await ids(
    `insert into equipment_request (requester_entra_id, state) values ($1, 'submitted') returning id`,
    [people.manager],
  );
  await dataSource.query(
    `insert into request_revision (request_id, revision, needed_by, delivery, site) values ($1, 1, current_date + 9, 'site', 'Library')`,
    [request],
  );
  const lines = await ids(
    `insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence)
     values ($1, 1, $2, $3, 4, 1900), ($1, 1, $2, $4, 1, 119900) returning id`,
    [request, people.beneficiary, bag, tablet],
  );
  await dataSource.query('update request_revision set submitted_at = now() where request_id = $1', [request]);
  await dataSource.query(`update equipment_request set state = 'approved' where id = $1`, [request]);
  const [reservation = 0, machineReservation = 0] = await ids(
    `insert into reservation (request_line_id, product_id, place_id, quantity, expires_at)
     select id, product_id, $2, quantity, now() + interval '14 days' from unnest($1::integer[]) as given(line)
     join request_line on request_line.id = given.line order by id returning id`,
    [lines, place],
  );
  await dataSource.query('update reservation set picked = 2 where id = $1', [reservation]);
  const [pick = 0, givenPick = 0] = await ids(
    `insert into pick (reservation_id, request_line_id, product_id, place_id, quantity, picked_by, state, handed_over_by, handed_over_at)
     select reservation.id, request_line_id, product_id, place_id, 1, 'system:test', given.state,
       case when given.state = 'handed_over' then 'system:test' end, case when given.state = 'handed_over' then now() end
     from reservation, (values ('picked'), ('handed_over')) as given(state) where reservation.id = $1 returning id`,
    [reservation],
  );
  await dataSource.query(
    `insert into stock_movement (product_id, place_id, kind, quantity, pick_id, actor)
     select product_id, place_id, 'picked', -quantity, id, 'system:test' from pick where reservation_id = $1`,
    [reservation],
  );
  await dataSource.query(
    `update request_line set state = 'reserved' where id = any($1::integer[]) and state = 'open'`,
    [lines],
  );
  await dataSource.query(`update request_line set state = 'picking' where id = any($1::integer[]) and picked > 0`, [
    lines,
  ]);
  return { reservation, machineReservation, pickPlace: place, pick, givenPick };
}
