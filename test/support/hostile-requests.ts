import type { DataSource } from 'typeorm';

/** Someone in the directory, and what everything that they have to do with is called. */
export interface HostileText {
  readonly entraId: string;
  readonly text: string;
}

/** Statements that make each text a product, a bundle, a place, an order, a cost centre, two requests and all that follows. */
const STATEMENTS = [
  `insert into product (name, kind, description, serialised, price_pence, changed_by)
   select text, 'bag', text, false, 100, text from hostile order by row`,
  `insert into stock_place (name, changed_by) select text, text from hostile order by row`,
  `insert into bundle (name, description, changed_by) select text, text, text from hostile order by row`,
  `insert into bundle_line select row, row, 1 from hostile`,
  `insert into stock_movement (product_id, place_id, kind, quantity, reason, actor)
   select row, row, 'received', 9, text, text from hostile order by row`,
  `insert into stock_transfer (product_id, from_place_id, to_place_id, quantity, lost, lost_reason, tracking, sent_by, ended_at)
   select row, row, 1 + row % (select count(*) from hostile), 1, 1, text, text, text, now() from hostile order by row`,
  `insert into stock_count (place_id, opened_by, closed_by, closed_at) select row, text, text, now() from hostile order by row`,
  `insert into cost_centre (code, name, changed_by) select text, text, text from hostile order by row`,
  `insert into team_budget (team, year, amount_pence, changed_by)
   select left(btrim(text), 200), 2026, 100, text from hostile order by row on conflict do nothing`,
  `insert into purchase_order (number, supplier, state, ordered_on, end_reason, changed_by)
   select text, text, 'cancelled', current_date, text, text from hostile order by row`,
  // The first of each is to be approved, the second waits for a decision.
  `insert into equipment_request (requester_entra_id, state) select entra_id, 'submitted' from hostile, generate_series(1, 2) as n order by n, row`,
  `insert into request_revision (request_id, revision, needed_by, delivery, site, reason, cost_centre_code)
   select request.id, 1, current_date, 'site', text, text, text
   from equipment_request as request join hostile on hostile.entra_id = request.requester_entra_id`,
  `insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence, exception_reason, private_reason)
   select request.id, 1, entra_id, row, 1, 100, text, 'Private: ' || text
   from equipment_request as request join hostile on hostile.entra_id = request.requester_entra_id order by request.id`,
  `update request_revision set submitted_at = now()`,
  `insert into approval_step (request_id, revision, step, kind, queue, opened_at, due_at)
   select id, 1, 1, 'line_manager', 'approvals', now(), now() + interval '1 day' from equipment_request
   where id > (select count(*) from hostile)`,
  `update equipment_request set state = 'approved' where id <= (select count(*) from hostile)`,
  `insert into reservation (request_line_id, product_id, place_id, quantity, expires_at)
   select id, product_id, product_id, 1, now() + interval '1 day' from request_line where id <= (select count(*) from hostile) order by id`,
  // Every other one is picked.
  `update reservation set picked = 1, state = 'picked', ended_at = now() where id % 2 = 0`,
  `insert into pick (reservation_id, request_line_id, product_id, place_id, quantity, tracking, picked_by)
   select id, request_line_id, product_id, place_id, 1, text, text from reservation join hostile on row = product_id
   where state = 'picked' order by id`,
];

/**
 * Fills what has to do with requests with texts that mean harm.
 * @param texts without blanks around them, each in another case only once, of at most 50 characters; the database has
 * nothing of requests yet
 */
export async function insertHostileRequests(dataSource: DataSource, texts: readonly HostileText[]): Promise<void> {
  await dataSource.query('create table hostile (row integer primary key, entra_id text, text text)');
  await dataSource.query(
    `insert into hostile select row, entra_id, text from unnest($1::text[], $2::text[]) with ordinality as given(entra_id, text, row)`,
    [texts.map(({ entraId }) => entraId), texts.map(({ text }) => text)],
  );
  for (const statement of STATEMENTS) await dataSource.query(statement);
  await dataSource.query('drop table hostile');
}
