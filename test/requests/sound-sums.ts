import type { Sql } from '../support/request-fixture.js';

/** What must be true of stock, requests and decisions whatever happened: each query finds what is not. */
export const SUMS: Readonly<Record<string, string>> = {
  'what is on hand is what moved': `
    select level.id from stock_level as level where on_hand <> (select coalesce(sum(quantity), 0) from stock_movement as moved
      where (moved.product_id, moved.place_id) = (level.product_id, level.place_id))`,
  'received = on hand + in transit + issued, per product and place, of what is counted': `
    select level.id from stock_level as level join product on product.id = level.product_id and not product.serialised
    where level.on_hand
      + (select coalesce(sum(quantity), 0) from stock_transfer as sent
         where (sent.product_id, sent.from_place_id) = (level.product_id, level.place_id))
      - (select coalesce(sum(arrived), 0) from stock_transfer as sent
         where (sent.product_id, sent.to_place_id) = (level.product_id, level.place_id))
      + (select coalesce(sum(quantity), 0) from pick where (pick.product_id, pick.place_id) = (level.product_id, level.place_id)
         and state <> 'put_back')
      - (select coalesce(sum(quantity), 0) from stock_movement as moved
         where (moved.product_id, moved.place_id) = (level.product_id, level.place_id) and kind in ('returned', 'counted'))
      <> (select coalesce(sum(receipt.quantity), 0) from purchase_receipt as receipt
          join purchase_order_line as line on line.id = receipt.order_line_id
          where (line.product_id, line.place_id) = (level.product_id, level.place_id))`,
  'machines on hand are the machines that custody has there': `
    select level.id from stock_level as level join product on product.id = level.product_id and product.serialised
    where on_hand <> (select count(*) from stock_machine
      where (stock_machine.product_id, stock_machine.place_id) = (level.product_id, level.place_id))
    union all
    select custody.id from device_custody as custody join stock_machine on stock_machine.custody_id = custody.id
    join stock_place on stock_place.id = stock_machine.place_id
    where (custody.state, custody.substate, lower(btrim(custody.place))) is distinct from ('in_stock', 'available', lower(stock_place.name))`,
  'a machine is on hand, on its way or issued, and one of these alone': `
    select custody.device_id from device_custody as custody join device on device.id = custody.device_id
    cross join lateral (select
      exists (select from stock_machine where custody_id = custody.id) as on_hand,
      exists (select from stock_transfer_machine as sent where sent.device_id = custody.device_id and sent.state = 'sent') as on_its_way,
      exists (select from pick where pick.device_id = custody.device_id and ended_at is null) as issued) as machine
    where custody.set_aside_at is null and (on_hand::integer + on_its_way::integer + issued::integer > 1
      or not on_hand and (custody.state, custody.substate) = ('in_stock', 'available')
        and exists (select from product_model where model_name = lower(device_model_name(device.manufacturer, device.model)))
        and exists (select from stock_place where lower(name) = lower(btrim(custody.place))))`,
  'what is reserved is the sum of reservations': `
    select level.id from stock_level as level where reserved <> (select coalesce(sum(quantity - picked), 0) from reservation
      where state = 'active' and (reservation.product_id, reservation.place_id) = (level.product_id, level.place_id))`,
  'a line has what was reserved and picked for it': `
    select line.id from request_line as line where
      reserved <> (select coalesce(sum(quantity - picked), 0) from reservation where request_line_id = line.id and state = 'active')
      or picked <> (select coalesce(sum(quantity), 0) from pick where request_line_id = line.id and state <> 'put_back')`,
  'a reservation has picked what was picked of it': `
    select reservation.id from reservation
    where picked <> (select coalesce(sum(quantity), 0) from pick where reservation_id = reservation.id)`,
  'one live promise per machine': `
    select device_id from pick where device_id is not null and ended_at is null group by device_id having count(*) > 1
    union all
    select pick.device_id from pick join device_custody as custody on custody.device_id = pick.device_id
    join stock_machine on stock_machine.custody_id = custody.id where pick.ended_at is null
    union all
    select pick.device_id from pick join request_line as line on line.id = pick.request_line_id
    join device_custody as custody on custody.device_id = pick.device_id and custody.set_aside_at is null
    where pick.state in ('picked', 'dispatched')
      and (custody.state, custody.holder_entra_id) is distinct from ('allocated', line.beneficiary_entra_id)`,
  'at most one decision per step': `
    select request_id from decision group by request_id, revision, step having count(*) > 1
    union all
    select request.id from equipment_request as request join approval_step as step
      on (step.request_id, step.revision) = (request.id, request.revision)
    left join decision on (decision.request_id, decision.revision, decision.step) = (step.request_id, step.revision, step.step)
    where request.state in ('approved', 'closed') and decision.outcome is distinct from 'approved'
    union all
    select request.id from equipment_request as request where request.state = 'rejected'
      and 1 <> (select count(*) from decision where request_id = request.id and decision.revision = request.revision and outcome = 'rejected')`,
  'nobody decided for themselves': `
    select decision.request_id from decision join equipment_request as request on request.id = decision.request_id
    left join request_line as line on (line.request_id, line.revision) = (decision.request_id, decision.revision)
    where person_behind(decision.decided_by) in (person_behind(request.requester_entra_id), person_behind(line.beneficiary_entra_id))`,
  'no reservation without an open request': `
    select reservation.id from reservation join request_line as line on line.id = reservation.request_line_id
    join equipment_request as request on request.id = line.request_id
    where reservation.state = 'active' and (request.state <> 'approved' or request.revision <> line.revision
      or line.state in ('received', 'cancelled', 'superseded'))
    union all
    select line.id from request_line as line join equipment_request as request on request.id = line.request_id
    where line.state in ('reserved', 'back_ordered', 'picking')
      and (request.state <> 'approved' or request.revision <> line.revision)`,
  'an order received what its receipts say': `
    select line.id from purchase_order_line as line
    where received <> (select coalesce(sum(quantity), 0) from purchase_receipt where order_line_id = line.id)`,
};

/** Effects equal events: true of everything that commands did; rows that a fixture wrote have no history. */
export const EVENTS: Readonly<Record<string, string>> = {
  'decisions are told': `${counted('request_id', 'decision', `('approved', 'step-approved', 'rejected', 'returned')`)}`,
  'submissions are told': counted(
    'request_id',
    '(select request_id from request_revision where submitted_at is not null) as effect',
    `('submitted')`,
  ),
  'picks are told': counted(
    'request_id',
    '(select line.request_id from pick join request_line as line on line.id = pick.request_line_id) as effect',
    `('picked')`,
  ),
  'what was put back is told': counted(
    'request_id',
    `(select line.request_id from pick join request_line as line on line.id = pick.request_line_id where pick.state = 'put_back') as effect`,
    `('put-back')`,
  ),
  'receipts are told': counted(
    'request_id',
    `(select line.request_id from pick join request_line as line on line.id = pick.request_line_id where received_at is not null) as effect`,
    `('received', 'receipt-observed')`,
  ),
  'what was brought back is told': counted(
    'request_id',
    `(select line.request_id from pick join request_line as line on line.id = pick.request_line_id where pick.state = 'returned') as effect`,
    `('brought-back')`,
  ),
  'closing is told': counted('id', `(select id from equipment_request where state = 'closed') as effect`, `('closed')`),
  'what is in the history is in the trail': `
    select request_id from request_event where event in ('submitted', 'picked', 'rejected', 'cancelled', 'handed-over')
    group by request_id, event
    having count(*) <> (select count(*) from audit_event as noted where noted.event = 'request.' || request_event.event
      and noted.subject_kind = 'request' and noted.subject_id = request_event.request_id::text)`,
};

/** Requests of which an effect is not as often in the history as it happened. */
function counted(id: string, effects: string, events: string): string {
  return `
    select coalesce(happened.id, told.id) as id from (select ${id} as id, count(*) from ${effects} group by 1) as happened
    full join (select request_id as id, count(*) from request_event where event in ${events} group by 1) as told using (id)
    where happened.count is distinct from told.count`;
}

/** What is not as it must be, in words; empty when all is sound. */
export async function unsound(sql: Sql, rules: Readonly<Record<string, string>> = SUMS): Promise<string[]> {
  const names = Object.keys(rules);
  const found = await sql.query<{ rule: number; ids: string }[]>(
    names
      .map(
        (name, index) =>
          `select ${index} as rule, string_agg(wrong.id::text, ', ') as ids from (${rules[name] ?? ''}) as wrong(id) having count(*) > 0`,
      )
      .join('\nunion all\n'),
  );
  return found.map(({ rule, ids }) => `${names[rule] ?? ''}: not for ${ids}`);
}
