import type { DataSource } from 'typeorm';
import type { Equipment } from './request-fixture.js';

/** Tables that are filled in one statement each: what is entered is sound as a whole, and is not checked row by row. */
const FILLED = [
  'request_revision',
  'request_line',
  'approval_step',
  'decision',
  'stock_level',
  'stock_movement',
  'purchase_receipt',
  'purchase_order_line',
  'reservation',
  'pick',
  'request_event',
];

/** People of the team who lead the others. */
const LEADERS = 40;
/** Minutes between two requests: 50,000 of them take three years. */
const APART = 30;

/**
 * Enters the requests of some years, with decisions, stock, orders and what was handed over: one in twenty waits for stock,
 * one in a hundred for a decision of the head, the others are closed. The manager made one in fifty of them.
 */
export async function insertPastRequests(
  dataSource: DataSource,
  { manager, head, budgetHolder, team, products, places }: Equipment,
  requests: number,
): Promise<void> {
  const leaders = team.slice(0, LEADERS);
  const query = (sql: string, values: unknown[] = []): Promise<unknown> => dataSource.query(sql, values);
  for (const table of FILLED) await query(`alter table ${table} disable trigger user`);
  await query(
    `update person set manager_entra_id = ($1::text[])[1 + id % ${LEADERS}] where entra_id = any($2::text[])`,
    [leaders, team.slice(LEADERS)],
  );
  await query(
    `with centre as (
       insert into cost_centre (code, name, budget_holder_entra_id, changed_by)
       select 'CC-' || 200 + n, 'Service ' || n, $1, 'system:test' from generate_series(1, 60) as n returning code)
     insert into budget (cost_centre_code, year, amount_pence, changed_by)
     select code, year, 50000000, 'system:test' from centre, generate_series(2024, 2027) as year`,
    [budgetHolder],
  );
  await query(
    `insert into product (name, kind, serialised, price_pence, changed_by)
     select 'Product ' || n, 'other', false, 1000, 'system:test' from generate_series(1, 60) as n`,
  );
  await query(
    `insert into stock_place (name, changed_by) select 'Place ' || n, 'system:test' from generate_series(1, 20) as n`,
  );
  await query(
    `insert into stock_level (product_id, place_id, on_hand, threshold)
     select product.id, stock_place.id, 5, 4 from product, stock_place on conflict do nothing`,
  );
  await query(
    `insert into equipment_request (requester_entra_id, state, created_at, ended_at)
     select case when n % 50 = 0 then $2 else ($1::text[])[1 + n % ${LEADERS}] end, state,
       now() - (${requests} - n) * interval '${APART} minutes', case when state = 'closed' then now() end
     from (select n, case when n % 20 = 0 then 'approved' when n % 99 = 0 then 'submitted' else 'closed' end as state
           from generate_series(1, ${requests}) as n) as made`,
    [leaders, manager],
  );
  await query(
    `insert into request_revision (request_id, revision, needed_by, delivery, site, cost_centre_code, submitted_at, total_pence)
     select id, 1, created_at::date + 14, 'site', 'Civic Centre', 'CC-' || 201 + id % 60, created_at + interval '5 minutes', 30000
     from equipment_request`,
  );
  await query(
    `insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence, state, reserved,
       picked, waiting_since)
     select request.id, 1, ($3::text[])[1 + (request.id * 7 + line) % cardinality($3::text[])], product, 1, 15000,
       case when state = 'approved' then case line when 1 then 'back_ordered' else 'reserved' end
            when state = 'closed' then 'received' else 'open' end,
       (state = 'approved' and line = 2)::integer, (state = 'closed')::integer,
       case when state = 'approved' and line = 1 then created_at + interval '1 day' end
     from equipment_request as request, (values (1, $1::integer), (2, $2::integer)) as item(line, product)`,
    [products.laptop, products.dock, team],
  );
  await query(
    `insert into approval_step (request_id, revision, step, kind, approver_entra_id, opened_at, due_at)
     select id, 1, 1, 'line_manager', $1, created_at, created_at + interval '3 days' from equipment_request`,
    [head],
  );
  await query(
    `insert into decision (request_id, revision, step, outcome, decided_by, decided_at)
     select id, 1, 1, 'approved', $1, created_at + interval '1 day' from equipment_request where state <> 'submitted'`,
    [head],
  );
  await query(
    `insert into reservation (request_line_id, product_id, place_id, quantity, picked, state, expires_at, ended_at)
     select id, product_id, $1, 1, picked, case picked when 1 then 'picked' else 'active' end, now() + interval '9 days',
       case picked when 1 then now() end
     from request_line where picked + reserved = 1`,
    [places.stores],
  );
  await query(
    `insert into pick (reservation_id, request_line_id, product_id, place_id, quantity, state, picked_by, picked_at,
       handed_over_at, received_at, received_how)
     select id, request_line_id, product_id, place_id, 1, 'received', 'system:test', now(), now(), now(), 'confirmed'
     from reservation where state = 'picked'`,
  );
  await query(
    `insert into stock_movement (product_id, place_id, kind, quantity, pick_id, actor, on_hand_after)
     select product_id, place_id, 'picked', -1, id, 'system:test', 7 from pick`,
  );
  await query(
    `with purchase as (
       insert into purchase_order (number, supplier, ordered_on, expected_on, changed_by)
       select 'PAST-' || n, 'Supplier ' || n % 30, current_date - n, current_date - n + 30, 'system:test'
       from generate_series(1, 2000) as n returning id),
     line as (
       insert into purchase_order_line (order_id, product_id, place_id, quantity, received, price_pence)
       select id, 1 + id % 60, $1, 10, case when id % 9 = 0 then 4 else 10 end, 1000 from purchase returning id, received)
     insert into purchase_receipt (order_line_id, quantity, received_by) select id, received, 'system:test' from line`,
    [places.stores],
  );
  await query(
    `insert into stock_transfer (product_id, from_place_id, to_place_id, quantity, arrived, sent_by, ended_at)
     select 1 + n % 60, $1, $2, 1, (n % 50 > 0)::integer, 'system:test', case when n % 50 > 0 then now() end
     from generate_series(1, 2000) as n`,
    [places.stores, places.annexe],
  );
  await query(
    `insert into stock_count (place_id, opened_by, closed_by, closed_at)
     select 1 + n % 20, 'system:test', 'system:test', now() from generate_series(1, 500) as n`,
  );
  await query(
    `insert into request_event (request_id, revision, event, actor)
     select id, 1, event, 'system:test' from equipment_request, unnest(array['begun', 'submitted', 'closed']) as event`,
  );
  for (const table of FILLED) await query(`alter table ${table} enable trigger user`);
  await query(
    `vacuum (analyze) person, cost_centre, budget, product, equipment_request, purchase_order, ${FILLED.join(', ')}`,
  );
}
