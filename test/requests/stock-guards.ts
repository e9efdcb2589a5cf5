import { does, refuses, type GuardProof, type Stand } from './guard-proofs.js';

/** Refusals without a name: restrict_violation. */
const BY_STATE = { by: '23001' };

const move = (kind: string, quantity: number) => (stand: Stand) =>
  `insert into stock_movement (product_id, place_id, kind, quantity, actor)
   values (${stand.equipment.products.headset}, ${stand.equipment.places.stores}, '${kind}', ${quantity}, 'system:test')`;

/** Stock, transfers, counts and orders. */
export const STOCK_GUARDS: readonly GuardProof[] = [
  refuses('stock_level_on_hand_check', 'stock is never below zero', move('picked', -11), {
    backedBy: ['stock_level_reserved_check'],
  }),
  refuses('stock_level_reserved_check', 'no more is promised than is on hand', move('sent', -8)),
  refuses(
    'stock_level_reserved_check',
    'a promised machine is not handed out to somebody else',
    ({ equipment: { machines } }) =>
      `update device_custody set state = 'in_use', substate = null, holder_entra_id = 'x' where device_id in (${machines[1]}, ${machines[2]})`,
  ),
  refuses(
    'stock_level_pkey',
    'a product has one level at a place',
    ({ equipment: { products, places } }) =>
      `insert into stock_level (product_id, place_id) values (${products.dock}, ${places.stores})`,
  ),
  refuses(
    'stock_level_guard',
    'nobody writes what is on hand',
    () => 'update stock_level set on_hand = on_hand + 1',
    BY_STATE,
  ),
  refuses(
    'stock_level_guard_insert',
    'no level begins with stock that never came',
    ({ equipment: { products, places } }) =>
      `insert into stock_level (product_id, place_id, on_hand) values (${products.dock}, ${places.annexe}, 5)`,
    BY_STATE,
  ),
  does(
    'stock_movement_apply',
    'what is on hand is the sum of what moved',
    move('counted', 4),
    () =>
      `select bool_and(on_hand = (select sum(quantity) from stock_movement as moved
         where (moved.product_id, moved.place_id) = (stock_level.product_id, stock_level.place_id))) as done from stock_level`,
  ),
  refuses('stock_movement_quantity_check', 'nothing comes by leaving', move('picked', 5)),
  refuses('stock_movement_kind_check', 'stock moves in no other way', move('found', 5)),
  refuses(
    'stock_movement_append_only',
    'what moved is never rewritten',
    () => `update stock_movement set actor = 'x'`,
    BY_STATE,
  ),
  does(
    'device_custody_stock',
    'a machine that leaves custody’s shelf leaves stock',
    ({ equipment: { machines } }) =>
      `update device_custody set state = 'in_use', substate = null, holder_entra_id = 'x' where device_id = ${machines[2]}`,
    ({ equipment: { products, places } }) =>
      `select on_hand = 1 as done from stock_level where product_id = ${products.laptop} and place_id = ${places.stores}`,
  ),
  does(
    'device_custody_stock_delete',
    'a machine whose custody was removed is no stock',
    ({ equipment: { machines } }) =>
      // A row that is removed takes what refers to it along, as it would without any guard.
      `alter table stock_machine drop constraint stock_machine_custody_fkey; delete from device_custody where device_id = ${machines[2]}`,
    ({ equipment: { products, places } }) =>
      `select on_hand = 1 as done from stock_level where product_id = ${products.laptop} and place_id = ${places.stores}`,
  ),
  refuses(
    'stock_machine_pkey',
    'a machine is stock once',
    () => 'insert into stock_machine select * from stock_machine',
  ),
  refuses(
    'stock_machine_custody_fkey',
    'stock is machines that custody has',
    ({ equipment: { products, places } }) =>
      `insert into stock_machine values (999999, ${products.laptop}, ${places.stores})`,
  ),
  refuses(
    'product_model_pkey',
    'a model is one product, or a machine would be stock of two',
    ({ equipment: { products } }) => `insert into product_model values ('hp elitebook 840 g8', ${products.dock})`,
  ),
  refuses(
    'stock_place_name_key',
    'a place is one place',
    () => `insert into stock_place (name, changed_by) values ('STORES', 'system:test')`,
  ),

  refuses(
    'stock_transfer_arrived_check',
    'no more arrives than was sent',
    ({ transfer }) =>
      `update stock_transfer set arrived = 3, ended_at = case when quantity = 3 then now() end where id = ${transfer}`,
  ),
  refuses(
    'stock_transfer_ended_check',
    'a transfer ends when all of it arrived or is lost',
    ({ transfer }) => `update stock_transfer set ended_at = now() where id = ${transfer}`,
  ),
  refuses(
    'stock_transfer_lost_check',
    'what is lost has a reason',
    ({ transfer }) => `update stock_transfer set lost = 1 where id = ${transfer}`,
  ),
  refuses(
    'stock_transfer_quantity_check',
    'a transfer moves something',
    ({ transfer }) => `update stock_transfer set quantity = 0, ended_at = now() where id = ${transfer}`,
  ),
  refuses(
    'stock_transfer_places_check',
    'nothing is sent to where it is',
    ({ transfer }) => `update stock_transfer set to_place_id = from_place_id where id = ${transfer}`,
  ),
  refuses(
    'stock_transfer_machine_key',
    'a machine is on one way at a time',
    ({ equipment: { machines, products, places } }) =>
      `with sent as (insert into stock_transfer (product_id, from_place_id, to_place_id, quantity, sent_by)
         values (${products.laptop}, ${places.stores}, ${places.annexe}, 1, 'system:test') returning id)
       insert into stock_transfer_machine (transfer_id, device_id) select id, ${machines[2]} from sent`,
  ),
  refuses(
    'stock_transfer_machine_pkey',
    'a machine is in a transfer once',
    ({ transfer, equipment: { machines } }) =>
      `insert into stock_transfer_machine values (${transfer}, ${machines[2]}, 'arrived')`,
  ),
  refuses(
    'stock_transfer_machine_state_check',
    'a machine on its way arrives or is lost',
    () => `update stock_transfer_machine set state = 'stolen'`,
  ),

  refuses(
    'stock_count_open_key',
    'a place is counted by one count at a time',
    ({ equipment: { places } }) =>
      `insert into stock_count (place_id, opened_by) values (${places.stores}, 'system:test')`,
  ),
  refuses(
    'stock_count_closed_check',
    'a count is closed by somebody',
    () => 'update stock_count set closed_at = now()',
  ),
  refuses(
    'stock_count_abandoned_check',
    'a count that goes on was not given up',
    () => 'update stock_count set abandoned = true',
  ),
  refuses(
    'stock_count_line_pkey',
    'a product is counted once in a count',
    ({ count, equipment: { products } }) => `insert into stock_count_line values (${count}, ${products.dock}, 10)`,
  ),
  refuses(
    'stock_count_line_figures_check',
    'nobody counts fewer than none',
    () => 'update stock_count_line set counted = -1',
  ),
  refuses(
    'stock_count_scan_pkey',
    'a machine is counted once in a count',
    ({ count }) => `insert into stock_count_scan values (${count}, 'ABC123')`,
  ),

  refuses(
    'purchase_order_number_key',
    'an order is entered once',
    () =>
      `insert into purchase_order (number, supplier, ordered_on, changed_by) values ('po-1', 'x', '2026-11-02', 'system:test')`,
  ),
  refuses(
    'purchase_order_line_received_check',
    'no more is received than was ordered',
    ({ orderLine }) =>
      `insert into purchase_receipt (order_line_id, quantity, received_by) values (${orderLine}, 1, 'system:test')`,
  ),
  refuses(
    'purchase_order_line_quantity_check',
    'an order is of something',
    () => `insert into purchase_order_line (order_id, product_id, place_id, quantity, price_pence)
       select order_id, product_id, place_id, 0, 1 from purchase_order_line limit 1`,
  ),
  refuses(
    'purchase_order_line_guard',
    'nobody writes what an order received',
    () => 'update purchase_order_line set received = 9',
    BY_STATE,
  ),
  refuses(
    'purchase_order_line_guard_insert',
    'no order begins with what never came',
    () =>
      `insert into purchase_order_line (order_id, product_id, place_id, quantity, received, price_pence)
       select order_id, product_id, place_id, 5, 3, 1 from purchase_order_line limit 1`,
    BY_STATE,
  ),
  refuses(
    'purchase_receipt_quantity_check',
    'a receipt is of something',
    ({ orderLine }) =>
      `insert into purchase_receipt (order_line_id, quantity, received_by) values (${orderLine}, -1, 'system:test')`,
  ),
  does(
    'purchase_receipt_apply',
    'what an order received is the sum of its receipts',
    ({ orderLine }) =>
      `update purchase_order_line set quantity = 20 where id = ${orderLine};
       insert into purchase_receipt (order_line_id, quantity, received_by) values (${orderLine}, 4, 'system:test')`,
    ({ orderLine }) => `select received = 14 as done from purchase_order_line where id = ${orderLine}`,
  ),
  refuses(
    'purchase_receipt_append_only',
    'a receipt is never rewritten',
    () => 'update purchase_receipt set quantity = 1',
    BY_STATE,
  ),
  refuses('budget_pkey', 'a cost centre has one budget a year', () => 'insert into budget select * from budget'),
  refuses('budget_amount_check', 'a budget is not below zero', () => 'update budget set amount_pence = -1'),
  refuses(
    'team_budget_team_key',
    'a team has one budget a year',
    () =>
      `insert into team_budget (team, year, amount_pence, changed_by) values ('Care', 2026, 1, 'system:test'), ('CARE', 2026, 2, 'system:test')`,
  ),
  refuses(
    'team_budget_amount_check',
    'a budget of a team is not below zero',
    () => `insert into team_budget (team, year, amount_pence, changed_by) values ('Care', 2026, -1, 'system:test')`,
  ),
];
