import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Requests for equipment, who decides about them, the stock that serves them, and every guard of what is scarce: stock is
 * counted by what moves, never below what is promised; a machine is promised once; nobody decides for themselves.
 */
export class AskForEquipment1795565800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(CATALOGUE);
    await queryRunner.query(STOCK);
    await queryRunner.query(ORDERS);
    await queryRunner.query(REQUESTS);
    await queryRunner.query(DECISIONS);
    await queryRunner.query(FULFILMENT);
    await queryRunner.query(GUARDS_OF_STOCK);
    await queryRunner.query(GUARDS_OF_REQUESTS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop trigger device_custody_stock on device_custody;
      drop trigger device_custody_stock_delete on device_custody;
      drop function person_behind;
      drop table request_event, stock_transfer_machine, stock_count_scan, pick, reservation, decision, approval_step, approval_delegation, linked_account,
        request_line, request_revision, equipment_request, team_budget, budget, cost_centre, stock_count_line, stock_count,
        stock_movement, purchase_receipt, purchase_order_line, purchase_order, stock_transfer, stock_machine, stock_level,
        stock_place, bundle_line, bundle, product_alternative, product_model, product;
      drop function move_stock_of_custody, yield_promise, apply_stock_movement, guard_stock_level, apply_purchase_receipt, guard_received,
        count_reservation, count_pick, refuse_requests_history_change, guard_request_state, guard_line_state,
        guard_frozen_line, guard_frozen_revision, guard_decision, guard_linked_account, guard_promise, guard_end_of_request;
      drop sequence equipment_version_sequence, stock_level_number_sequence, cost_centre_number_sequence;
    `);
  }
}

const CATALOGUE = `
  create sequence equipment_version_sequence;

  create table product (
    id integer generated always as identity constraint product_pkey primary key,
    name text not null,
    kind text not null,
    description text,
    serialised boolean not null,
    price_pence integer not null,
    most_each integer,
    reason_needed boolean not null default false,
    replaces_kind boolean not null default false,
    offered boolean not null default true,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('equipment_version_sequence'),
    constraint product_name_check check (length(name) between 1 and 200 and name = btrim(name)),
    constraint product_kind_check check (kind in ('laptop', 'desktop', 'dock', 'screen', 'headset', 'keyboard', 'mouse', 'bag', 'assistive_technology', 'other')),
    constraint product_price_check check (price_pence between 0 and 10000000),
    constraint product_most_each_check check (most_each between 1 and 100)
  );
  create unique index product_name_key on product (lower(name));

  create table product_model (
    model_name text not null constraint product_model_pkey primary key,
    product_id integer not null constraint product_model_product_fkey references product (id),
    constraint product_model_name_check check (model_name = lower(model_name) and length(model_name) between 1 and 300)
  );
  create index product_model_product_index on product_model (product_id);

  create table product_alternative (
    product_id integer not null constraint product_alternative_product_fkey references product (id),
    alternative_id integer not null constraint product_alternative_alternative_fkey references product (id),
    note text,
    constraint product_alternative_pkey primary key (product_id, alternative_id),
    constraint product_alternative_other_check check (product_id <> alternative_id)
  );

  create table bundle (
    id integer generated always as identity constraint bundle_pkey primary key,
    name text not null,
    work_style text,
    description text,
    offered boolean not null default true,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('equipment_version_sequence'),
    constraint bundle_name_check check (length(name) between 1 and 200 and name = btrim(name)),
    constraint bundle_work_style_check check (work_style in ('fixed', 'office_mobile', 'home', 'field', 'shared_desk', 'exempt'))
  );
  create unique index bundle_name_key on bundle (lower(name));

  create table bundle_line (
    bundle_id integer not null constraint bundle_line_bundle_fkey references bundle (id),
    product_id integer not null constraint bundle_line_product_fkey references product (id),
    quantity integer not null,
    constraint bundle_line_pkey primary key (bundle_id, product_id),
    constraint bundle_line_quantity_check check (quantity between 1 and 20)
  );
`;

const STOCK = `
  create table stock_place (
    id integer generated always as identity constraint stock_place_pkey primary key,
    name text not null,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('equipment_version_sequence'),
    constraint stock_place_name_check check (length(name) between 1 and 200 and name = btrim(name))
  );
  create unique index stock_place_name_key on stock_place (lower(name));

  create sequence stock_level_number_sequence;

  create table stock_level (
    id bigint not null default nextval('stock_level_number_sequence') constraint stock_level_id_key unique,
    product_id integer not null constraint stock_level_product_fkey references product (id),
    place_id integer not null constraint stock_level_place_fkey references stock_place (id),
    on_hand integer not null default 0,
    reserved integer not null default 0,
    threshold integer,
    version bigint not null default nextval('equipment_version_sequence'),
    constraint stock_level_pkey primary key (product_id, place_id),
    constraint stock_level_on_hand_check check (on_hand >= 0),
    constraint stock_level_reserved_check check (reserved between 0 and on_hand),
    constraint stock_level_threshold_check check (threshold between 0 and 100000)
  );
  create index stock_level_place_index on stock_level (place_id);

  create table stock_machine (
    custody_id integer not null constraint stock_machine_pkey primary key
      constraint stock_machine_custody_fkey references device_custody (id),
    product_id integer not null,
    place_id integer not null,
    constraint stock_machine_level_fkey foreign key (product_id, place_id) references stock_level (product_id, place_id)
  );
  create index stock_machine_level_index on stock_machine (product_id, place_id);

  create table stock_transfer (
    id integer generated always as identity constraint stock_transfer_pkey primary key,
    product_id integer not null constraint stock_transfer_product_fkey references product (id),
    from_place_id integer not null constraint stock_transfer_from_fkey references stock_place (id),
    to_place_id integer not null constraint stock_transfer_to_fkey references stock_place (id),
    quantity integer not null,
    arrived integer not null default 0,
    lost integer not null default 0,
    lost_reason text,
    tracking text,
    sent_by text not null,
    sent_at timestamptz not null default now(),
    ended_at timestamptz,
    version bigint not null default nextval('equipment_version_sequence'),
    constraint stock_transfer_places_check check (from_place_id <> to_place_id),
    constraint stock_transfer_quantity_check check (quantity between 1 and 10000),
    constraint stock_transfer_arrived_check check (arrived >= 0 and lost >= 0 and arrived + lost <= quantity),
    constraint stock_transfer_lost_check check ((lost > 0) = (lost_reason is not null)),
    constraint stock_transfer_ended_check check ((ended_at is not null) = (arrived + lost = quantity))
  );
  create index stock_transfer_open_index on stock_transfer (to_place_id) where ended_at is null;

  create table stock_transfer_machine (
    transfer_id integer not null constraint stock_transfer_machine_transfer_fkey references stock_transfer (id),
    device_id integer not null constraint stock_transfer_machine_device_fkey references device (id),
    state text not null default 'sent',
    constraint stock_transfer_machine_pkey primary key (transfer_id, device_id),
    constraint stock_transfer_machine_state_check check (state in ('sent', 'arrived', 'lost'))
  );
  create unique index stock_transfer_machine_key on stock_transfer_machine (device_id) where state = 'sent';

  create table stock_count (
    id integer generated always as identity constraint stock_count_pkey primary key,
    place_id integer not null constraint stock_count_place_fkey references stock_place (id),
    opened_by text not null,
    opened_at timestamptz not null default now(),
    closed_by text,
    closed_at timestamptz,
    abandoned boolean not null default false,
    version bigint not null default nextval('equipment_version_sequence'),
    constraint stock_count_closed_check check ((closed_at is null) = (closed_by is null)),
    constraint stock_count_abandoned_check check (not abandoned or closed_at is not null)
  );
  create unique index stock_count_open_key on stock_count (place_id) where closed_at is null;

  create table stock_count_line (
    count_id integer not null constraint stock_count_line_count_fkey references stock_count (id),
    product_id integer not null constraint stock_count_line_product_fkey references product (id),
    expected integer not null,
    counted integer,
    reason text,
    constraint stock_count_line_pkey primary key (count_id, product_id),
    constraint stock_count_line_figures_check check (expected >= 0 and counted >= 0)
  );

  create table stock_count_scan (
    count_id integer not null constraint stock_count_scan_count_fkey references stock_count (id),
    serial_key text not null,
    device_id integer constraint stock_count_scan_device_fkey references device (id),
    constraint stock_count_scan_pkey primary key (count_id, serial_key),
    constraint stock_count_scan_serial_check check (length(serial_key) between 1 and 100)
  );
`;

const ORDERS = `
  create sequence cost_centre_number_sequence;

  create table cost_centre (
    id integer not null default nextval('cost_centre_number_sequence') constraint cost_centre_id_key unique,
    code text not null constraint cost_centre_pkey primary key,
    name text not null,
    budget_holder_entra_id text,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('equipment_version_sequence'),
    constraint cost_centre_code_check check (length(code) between 1 and 50 and code = btrim(code)),
    constraint cost_centre_name_check check (length(name) between 1 and 200)
  );

  create table budget (
    cost_centre_code text not null constraint budget_cost_centre_fkey references cost_centre (code),
    year integer not null,
    amount_pence bigint not null,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('equipment_version_sequence'),
    constraint budget_pkey primary key (cost_centre_code, year),
    constraint budget_year_check check (year between 2000 and 2100),
    constraint budget_amount_check check (amount_pence between 0 and 100000000000)
  );

  create table team_budget (
    id integer generated always as identity constraint team_budget_pkey primary key,
    team text not null,
    year integer not null,
    amount_pence bigint not null,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('equipment_version_sequence'),
    constraint team_budget_team_check check (length(team) between 1 and 200 and team = btrim(team)),
    constraint team_budget_year_check check (year between 2000 and 2100),
    constraint team_budget_amount_check check (amount_pence between 0 and 100000000000)
  );
  create unique index team_budget_team_key on team_budget (lower(team), year);

  create table purchase_order (
    id integer generated always as identity constraint purchase_order_pkey primary key,
    number text not null,
    supplier text not null,
    state text not null default 'open',
    ordered_on date not null,
    expected_on date,
    end_reason text,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    version bigint not null default nextval('equipment_version_sequence'),
    constraint purchase_order_number_check check (length(number) between 1 and 100 and number = btrim(number)),
    constraint purchase_order_state_check check (state in ('open', 'closed', 'cancelled'))
  );
  create unique index purchase_order_number_key on purchase_order (lower(number));

  create table purchase_order_line (
    id integer generated always as identity constraint purchase_order_line_pkey primary key,
    order_id integer not null constraint purchase_order_line_order_fkey references purchase_order (id),
    product_id integer not null constraint purchase_order_line_product_fkey references product (id),
    place_id integer not null constraint purchase_order_line_place_fkey references stock_place (id),
    quantity integer not null,
    received integer not null default 0,
    price_pence integer not null,
    constraint purchase_order_line_quantity_check check (quantity between 1 and 100000),
    constraint purchase_order_line_received_check check (received between 0 and quantity),
    constraint purchase_order_line_price_check check (price_pence between 0 and 10000000)
  );
  create index purchase_order_line_order_index on purchase_order_line (order_id);
  create index purchase_order_line_open_index on purchase_order_line (product_id, place_id) where received < quantity;

  create table purchase_receipt (
    id integer generated always as identity constraint purchase_receipt_pkey primary key,
    order_line_id integer not null constraint purchase_receipt_line_fkey references purchase_order_line (id),
    quantity integer not null,
    delivery_note text,
    received_by text not null,
    received_at timestamptz not null default now(),
    constraint purchase_receipt_quantity_check check (quantity between 1 and 100000)
  );
  create index purchase_receipt_line_index on purchase_receipt (order_line_id);
`;

const REQUESTS = `
  create table equipment_request (
    id integer generated always as identity constraint equipment_request_pkey primary key,
    requester_entra_id text not null,
    state text not null default 'draft',
    revision integer not null default 1,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    ended_at timestamptz,
    version bigint not null default nextval('equipment_version_sequence'),
    constraint equipment_request_state_check check (state in ('draft', 'submitted', 'returned', 'rejected', 'approved', 'cancelled', 'closed')),
    constraint equipment_request_revision_check check (revision between 1 and 1000),
    constraint equipment_request_ended_check check ((state in ('rejected', 'cancelled', 'closed')) = (ended_at is not null))
  );
  create index equipment_request_requester_index on equipment_request (requester_entra_id, id desc);
  create index equipment_request_state_index on equipment_request (state, id desc);

  create table request_revision (
    request_id integer not null constraint request_revision_request_fkey references equipment_request (id),
    revision integer not null,
    needed_by date,
    delivery text not null,
    site text,
    reason text,
    cost_centre_code text constraint request_revision_cost_centre_fkey references cost_centre (code),
    submitted_at timestamptz,
    total_pence bigint not null default 0,
    constraint request_revision_pkey primary key (request_id, revision),
    constraint request_revision_delivery_check check (delivery in ('site', 'home')),
    constraint request_revision_site_check check (delivery <> 'site' or submitted_at is null or site is not null),
    constraint request_revision_total_check check (total_pence >= 0)
  );
  create index request_revision_cost_centre_index on request_revision (cost_centre_code, submitted_at) where submitted_at is not null;
  create index request_revision_submitted_index on request_revision (submitted_at) where submitted_at is not null;

  create table request_line (
    id integer generated always as identity constraint request_line_pkey primary key,
    request_id integer not null,
    revision integer not null,
    beneficiary_entra_id text not null,
    product_id integer not null constraint request_line_product_fkey references product (id),
    bundle_id integer constraint request_line_bundle_fkey references bundle (id),
    quantity integer not null,
    price_pence integer not null,
    exception_reason text,
    private_reason text,
    replaces_device_id integer constraint request_line_replaces_fkey references device (id),
    state text not null default 'open',
    reserved integer not null default 0,
    picked integer not null default 0,
    cancelled integer not null default 0,
    waiting_since timestamptz,
    constraint request_line_revision_fkey foreign key (request_id, revision) references request_revision (request_id, revision),
    constraint request_line_product_key unique (id, product_id),
    constraint request_line_state_check check (state in ('open', 'reserved', 'back_ordered', 'picking', 'fulfilled', 'received', 'cancelled', 'superseded')),
    constraint request_line_quantity_check check (quantity between 1 and 50),
    constraint request_line_promised_check check (reserved >= 0 and picked >= 0 and cancelled >= 0 and reserved + picked + cancelled <= quantity),
    constraint request_line_waiting_check check ((state = 'back_ordered') = (waiting_since is not null)),
    constraint request_line_released_check check ((state not in ('cancelled', 'superseded') or (reserved = 0 and picked = 0))
      and (state <> 'cancelled' or cancelled = quantity))
  );
  create index request_line_request_index on request_line (request_id, revision);
  create index request_line_beneficiary_index on request_line (beneficiary_entra_id);
  create index request_line_waiting_index on request_line (product_id, waiting_since, id) where waiting_since is not null;
  create index request_line_state_index on request_line (state) where state in ('reserved', 'picking', 'fulfilled');
`;

const DECISIONS = `
  create table linked_account (
    entra_id text not null constraint linked_account_pkey primary key,
    person_entra_id text not null,
    linked_by text not null,
    linked_at timestamptz not null default now(),
    constraint linked_account_other_check check (entra_id <> person_entra_id)
  );
  create index linked_account_person_index on linked_account (person_entra_id);

  create table approval_delegation (
    id integer generated always as identity constraint approval_delegation_pkey primary key,
    from_entra_id text not null,
    to_entra_id text not null,
    from_day date not null,
    until_day date not null,
    reason text not null,
    created_by text not null,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    constraint approval_delegation_other_check check (from_entra_id <> to_entra_id),
    constraint approval_delegation_days_check check (until_day between from_day and from_day + 92)
  );
  create index approval_delegation_to_index on approval_delegation (to_entra_id) where ended_at is null;
  create index approval_delegation_from_index on approval_delegation (from_entra_id) where ended_at is null;

  create table approval_step (
    request_id integer not null,
    revision integer not null,
    step integer not null,
    kind text not null,
    approver_entra_id text,
    queue text,
    queue_reason text,
    opened_at timestamptz,
    due_at timestamptz,
    reminded_at timestamptz,
    escalated_at timestamptz,
    constraint approval_step_pkey primary key (request_id, revision, step),
    constraint approval_step_revision_fkey foreign key (request_id, revision) references request_revision (request_id, revision),
    constraint approval_step_number_check check (step between 1 and 9),
    constraint approval_step_kind_check check (kind in ('line_manager', 'budget_holder', 'it')),
    constraint approval_step_queue_check check (queue in ('approvals', 'it') and (queue is null) <> (approver_entra_id is null)),
    constraint approval_step_queue_reason_check check (queue_reason in ('missing', 'absent', 'left', 'conflicted', 'escalated'))
  );
  create index approval_step_approver_index on approval_step (approver_entra_id) where approver_entra_id is not null;
  create index approval_step_due_index on approval_step (due_at) where due_at is not null;

  create table decision (
    request_id integer not null,
    revision integer not null,
    step integer not null,
    outcome text not null,
    reason text,
    decided_by text not null,
    on_behalf_of text,
    delegation_id integer constraint decision_delegation_fkey references approval_delegation (id),
    decided_at timestamptz not null default now(),
    constraint decision_pkey primary key (request_id, revision, step),
    constraint decision_step_fkey foreign key (request_id, revision, step) references approval_step (request_id, revision, step),
    constraint decision_outcome_check check (outcome in ('approved', 'rejected', 'returned')),
    constraint decision_reason_check check (outcome = 'approved' or coalesce(length(btrim(reason)), 0) > 0),
    constraint decision_delegation_check check ((on_behalf_of is null) = (delegation_id is null))
  );
  create index decision_person_index on decision (decided_by, decided_at desc);
`;

const FULFILMENT = `
  create table reservation (
    id integer generated always as identity constraint reservation_pkey primary key,
    request_line_id integer not null,
    product_id integer not null,
    place_id integer not null,
    quantity integer not null,
    picked integer not null default 0,
    state text not null default 'active',
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    constraint reservation_line_fkey foreign key (request_line_id, product_id) references request_line (id, product_id),
    constraint reservation_level_fkey foreign key (product_id, place_id) references stock_level (product_id, place_id),
    constraint reservation_quantity_check check (quantity between 1 and 50),
    constraint reservation_picked_check check (picked between 0 and quantity),
    constraint reservation_state_check check (state in ('active', 'picked', 'released', 'expired')),
    constraint reservation_whole_check check (state <> 'picked' or picked = quantity),
    constraint reservation_ended_check check ((state = 'active') = (ended_at is null))
  );
  create unique index reservation_active_key on reservation (request_line_id, place_id) where state = 'active';
  create index reservation_level_index on reservation (product_id, place_id) where state = 'active';
  create index reservation_expiry_index on reservation (expires_at) where state = 'active';

  create table pick (
    id integer generated always as identity constraint pick_pkey primary key,
    reservation_id integer not null constraint pick_reservation_fkey references reservation (id),
    request_line_id integer not null,
    product_id integer not null,
    place_id integer not null,
    device_id integer constraint pick_device_fkey references device (id),
    quantity integer not null,
    state text not null default 'picked',
    picked_by text not null,
    picked_at timestamptz not null default now(),
    tracking text,
    dispatched_at timestamptz,
    handed_over_by text,
    handed_over_at timestamptz,
    received_how text,
    received_at timestamptz,
    ended_at timestamptz,
    version bigint not null default nextval('equipment_version_sequence'),
    constraint pick_line_fkey foreign key (request_line_id, product_id) references request_line (id, product_id),
    constraint pick_state_check check (state in ('picked', 'dispatched', 'handed_over', 'received', 'put_back', 'returned')),
    constraint pick_quantity_check check (quantity between 1 and 50 and (device_id is null or quantity = 1)),
    constraint pick_received_check check ((received_how is null) = (received_at is null) and received_how in ('confirmed', 'observed')),
    constraint pick_ended_check check ((state in ('put_back', 'returned')) = (ended_at is not null))
  );
  create unique index pick_machine_key on pick (device_id) where device_id is not null and ended_at is null;
  create index pick_line_index on pick (request_line_id);
  create index pick_reservation_index on pick (reservation_id);
  create index pick_handed_over_index on pick (product_id, handed_over_at desc) where handed_over_at is not null;
  create index pick_open_index on pick (place_id, picked_at) where state in ('picked', 'dispatched', 'handed_over');

  create table stock_movement (
    id bigint generated always as identity constraint stock_movement_pkey primary key,
    product_id integer not null constraint stock_movement_product_fkey references product (id),
    place_id integer not null constraint stock_movement_place_fkey references stock_place (id),
    kind text not null,
    quantity integer not null,
    on_hand_after integer not null default 0,
    custody_id integer,
    pick_id integer constraint stock_movement_pick_fkey references pick (id),
    receipt_id integer constraint stock_movement_receipt_fkey references purchase_receipt (id),
    transfer_id integer constraint stock_movement_transfer_fkey references stock_transfer (id),
    count_id integer constraint stock_movement_count_fkey references stock_count (id),
    reason text,
    actor text not null,
    at timestamptz not null default now(),
    constraint stock_movement_kind_check check (kind in ('received', 'picked', 'put_back', 'returned', 'sent', 'arrived', 'counted', 'machine_in', 'machine_out')),
    constraint stock_movement_quantity_check check (quantity <> 0 and (kind = 'counted' or (kind in ('picked', 'sent', 'machine_out')) = (quantity < 0)))
  );
  create index stock_movement_level_index on stock_movement (product_id, place_id, id desc);

  create table request_event (
    id bigint generated always as identity constraint request_event_pkey primary key,
    request_id integer not null constraint request_event_request_fkey references equipment_request (id),
    revision integer not null,
    line_id integer constraint request_event_line_fkey references request_line (id),
    event text not null,
    actor text not null,
    details jsonb not null default '{}',
    at timestamptz not null default now()
  );
  create index request_event_request_index on request_event (request_id, id);
`;

const GUARDS_OF_STOCK = `
  create function refuse_requests_history_change() returns trigger language plpgsql as $$
  begin
    raise exception 'The history of stock, decisions and requests is only ever added to.' using errcode = 'restrict_violation';
  end $$;
  create trigger stock_movement_append_only before update or delete on stock_movement
    for each row execute function refuse_requests_history_change();
  create trigger purchase_receipt_append_only before update or delete on purchase_receipt
    for each row execute function refuse_requests_history_change();
  create trigger decision_append_only before update or delete on decision
    for each row execute function refuse_requests_history_change();
  create trigger request_event_append_only before update or delete on request_event
    for each row execute function refuse_requests_history_change();

  -- What is on hand is what moved, and nothing else changes it.
  create function apply_stock_movement() returns trigger language plpgsql as $$
  begin
    insert into stock_level (product_id, place_id) values (new.product_id, new.place_id)
      on conflict on constraint stock_level_pkey do nothing;
    update stock_level set on_hand = on_hand + new.quantity where product_id = new.product_id and place_id = new.place_id
      returning on_hand into new.on_hand_after;
    return new;
  end $$;
  create trigger stock_movement_apply before insert on stock_movement for each row execute function apply_stock_movement();

  create function guard_stock_level() returns trigger language plpgsql as $$
  begin
    if pg_trigger_depth() < 2 then
      raise exception 'What is on hand and reserved follows from movements and reservations.' using errcode = 'restrict_violation';
    end if;
    return new;
  end $$;
  create trigger stock_level_guard before update of on_hand, reserved on stock_level
    for each row when ((old.on_hand, old.reserved) is distinct from (new.on_hand, new.reserved))
    execute function guard_stock_level();
  create trigger stock_level_guard_insert before insert on stock_level
    for each row when (new.on_hand <> 0 or new.reserved <> 0) execute function guard_stock_level();

  -- An order that ended gets nothing more; its row is locked, so that it does not end meanwhile.
  create function apply_purchase_receipt() returns trigger language plpgsql as $$
  declare
    of_order purchase_order;
  begin
    select purchase_order.* into of_order from purchase_order join purchase_order_line as line on line.order_id = purchase_order.id
      where line.id = new.order_line_id for no key update of purchase_order;
    if of_order.state <> 'open' then
      raise exception 'Nothing is received for an order that ended.' using errcode = 'check_violation', constraint = 'purchase_receipt_open';
    end if;
    update purchase_order_line set received = received + new.quantity where id = new.order_line_id;
    return new;
  end $$;
  create trigger purchase_receipt_apply before insert on purchase_receipt
    for each row execute function apply_purchase_receipt();

  create function guard_received() returns trigger language plpgsql as $$
  begin
    if pg_trigger_depth() < 2 then
      raise exception 'What was received follows from receipts.' using errcode = 'restrict_violation';
    end if;
    return new;
  end $$;
  create trigger purchase_order_line_guard before update of received on purchase_order_line
    for each row when (old.received <> new.received) execute function guard_received();
  create trigger purchase_order_line_guard_insert before insert on purchase_order_line
    for each row when (new.received <> 0) execute function guard_received();

  -- Two machines that turn out to be one are one fewer, and so is one that is missing: when all on the shelf are promised,
  -- the latest promise waits again.
  create function yield_promise(of_product integer, at_place integer) returns void language plpgsql as $$
  declare
    latest reservation;
    line request_line;
  begin
    perform from stock_level where product_id = of_product and place_id = at_place and reserved < on_hand for no key update;
    if found then
      return;
    end if;
    select * into latest from reservation
      where product_id = of_product and place_id = at_place and state = 'active' and quantity > picked
      order by created_at desc, id desc limit 1 for no key update;
    if not found then
      return;
    end if;
    update reservation set
      quantity = greatest(quantity - 1, 1),
      state = case when quantity = 1 then 'released' when quantity - 1 = picked then 'picked' else state end,
      ended_at = case when quantity = 1 or quantity - 1 = picked then now() end
      where id = latest.id;
    update request_line set state = 'back_ordered',
      waiting_since = coalesce(waiting_since, (
        select max(decided_at) from decision
        where (decision.request_id, decision.revision) = (request_line.request_id, request_line.revision)), now())
      where id = latest.request_line_id and state in ('reserved', 'picking', 'back_ordered')
      returning * into line;
    insert into request_event (request_id, revision, line_id, event, actor)
      select line.request_id, line.revision, line.id, 'back-ordered', 'system:custody' where line.id is not null;
  end $$;

  -- A machine is stock while custody has it available at a place; which product it is, is told when it comes. Whoever takes
  -- the model from its product or renames the place meanwhile is waited for.
  create function move_stock_of_custody() returns trigger language plpgsql as $$
  declare
    of_product integer;
    at_place integer;
    was stock_machine;
  begin
    -- While custody follows its machines, rows pass through states that mean nothing; they are touched afterwards.
    if tg_op = 'UPDATE' and current_setting('untether.custody_moves', true) = 'on' then
      return null;
    end if;
    if tg_op <> 'INSERT' then
      select * into was from stock_machine where custody_id = old.id;
      if found and tg_op = 'UPDATE' and (new.set_aside_at is not null or new.state in ('missing', 'stolen', 'written_off')) then
        perform yield_promise(was.product_id, was.place_id);
      end if;
      if was.custody_id is not null and (tg_op = 'DELETE' or new.set_aside_at is not null or new.state <> 'in_stock' or new.substate <> 'available'
                    or new.place is distinct from old.place) then
        delete from stock_machine where custody_id = old.id;
        insert into stock_movement (product_id, place_id, kind, quantity, custody_id, actor)
        values (was.product_id, was.place_id, 'machine_out', -1, old.id, 'system:custody');
      elsif was.custody_id is not null then
        return null;
      end if;
    end if;
    if tg_op <> 'DELETE' and new.set_aside_at is null and new.state = 'in_stock' and new.substate = 'available' and new.place is not null then
      select product_model.product_id into of_product from device
        join product_model on product_model.model_name = lower(device_model_name(device.manufacturer, device.model))
        where device.id = new.device_id for key share of product_model;
      select id into at_place from stock_place where lower(name) = lower(btrim(new.place)) for key share;
      if of_product is not null and at_place is not null then
        insert into stock_movement (product_id, place_id, kind, quantity, custody_id, actor)
        values (of_product, at_place, 'machine_in', 1, new.id, 'system:custody');
        insert into stock_machine (custody_id, product_id, place_id) values (new.id, of_product, at_place);
      end if;
    end if;
    -- The trigger before a deletion would prevent it with null.
    if tg_op = 'DELETE' then
      return old;
    end if;
    return null;
  end $$;
  create trigger device_custody_stock after insert or update of state, substate, place, set_aside_at on device_custody
    for each row execute function move_stock_of_custody();
  create trigger device_custody_stock_delete before delete on device_custody
    for each row execute function move_stock_of_custody();

  create function count_reservation() returns trigger language plpgsql as $$
  declare
    before integer := case when tg_op = 'UPDATE' and old.state = 'active' then old.quantity - old.picked else 0 end;
    after integer := case when new.state = 'active' then new.quantity - new.picked else 0 end;
  begin
    if before <> after then
      update stock_level set reserved = reserved + after - before where product_id = new.product_id and place_id = new.place_id;
      update request_line set reserved = reserved + after - before where id = new.request_line_id;
    end if;
    return new;
  end $$;
  create trigger reservation_count before insert or update on reservation for each row execute function count_reservation();

  -- Picked is what has left the shelf for somebody and has not come back to it before it was given out.
  create function count_pick() returns trigger language plpgsql as $$
  declare
    before integer := case when tg_op = 'UPDATE' and old.state <> 'put_back' then old.quantity else 0 end;
    after integer := case when new.state <> 'put_back' then new.quantity else 0 end;
  begin
    if before <> after then
      update request_line set picked = picked + after - before where id = new.request_line_id;
    end if;
    return new;
  end $$;
  create trigger pick_count before insert or update on pick for each row execute function count_pick();
`;

const GUARDS_OF_REQUESTS = `
  create function guard_request_state() returns trigger language plpgsql as $$
  begin
    if (old.state, new.state) not in (('draft', 'submitted'), ('draft', 'cancelled'), ('submitted', 'approved'), ('submitted', 'rejected'),
        ('submitted', 'returned'), ('submitted', 'draft'), ('submitted', 'cancelled'), ('returned', 'draft'), ('returned', 'submitted'),
        ('returned', 'cancelled'), ('approved', 'draft'), ('approved', 'cancelled'), ('approved', 'closed')) then
      raise exception 'A request cannot go from % to %.', old.state, new.state
        using errcode = 'check_violation', constraint = 'equipment_request_transition';
    end if;
    return new;
  end $$;
  create trigger equipment_request_transition before update of state on equipment_request for each row
    when (old.state is distinct from new.state) execute function guard_request_state();

  create function guard_line_state() returns trigger language plpgsql as $$
  begin
    if (old.state, new.state) not in (('open', 'reserved'), ('open', 'back_ordered'), ('open', 'cancelled'), ('open', 'superseded'),
        ('reserved', 'back_ordered'), ('reserved', 'picking'), ('reserved', 'cancelled'), ('reserved', 'superseded'),
        ('back_ordered', 'reserved'), ('back_ordered', 'picking'), ('back_ordered', 'cancelled'), ('back_ordered', 'superseded'),
        ('back_ordered', 'fulfilled'), ('back_ordered', 'received'), ('picking', 'reserved'), ('picking', 'back_ordered'),
        ('picking', 'fulfilled'), ('picking', 'received'), ('picking', 'cancelled'), ('picking', 'superseded'),
        ('fulfilled', 'picking'), ('fulfilled', 'received'), ('fulfilled', 'cancelled')) then
      raise exception 'A line of a request cannot go from % to %.', old.state, new.state
        using errcode = 'check_violation', constraint = 'request_line_transition';
    end if;
    return new;
  end $$;
  create trigger request_line_transition before update of state on request_line for each row
    when (old.state is distinct from new.state) execute function guard_line_state();

  -- What was submitted is what is decided about.
  create function guard_frozen_revision() returns trigger language plpgsql as $$
  begin
    raise exception 'A revision that was submitted does not change.' using errcode = 'restrict_violation', constraint = 'request_revision_frozen';
  end $$;
  create trigger request_revision_frozen before update or delete on request_revision for each row
    when (old.submitted_at is not null) execute function guard_frozen_revision();

  create function guard_frozen_line() returns trigger language plpgsql as $$
  declare
    line request_line := case when tg_op = 'DELETE' then old else new end;
  begin
    -- Locked, so that it is not submitted while one of its lines is being changed.
    perform from request_revision where request_id = line.request_id and revision = line.revision and submitted_at is null for share;
    if not found and exists (select from request_revision where request_id = line.request_id and revision = line.revision) then
      raise exception 'A line that was submitted does not change.' using errcode = 'restrict_violation', constraint = 'request_line_frozen';
    end if;
    return line;
  end $$;
  create trigger request_line_frozen before insert or delete or update of request_id, revision, beneficiary_entra_id, product_id, bundle_id,
    quantity, price_pence, exception_reason, private_reason, replaces_device_id on request_line
    for each row execute function guard_frozen_line();

  -- Stock is promised to the revision that was approved, and a request that holds a promise neither ends nor changes: whoever
  -- ends it releases first. Each side locks the request, so that neither misses what the other is about to do.
  create function guard_promise() returns trigger language plpgsql as $$
  begin
    perform from request_line join equipment_request on equipment_request.id = request_line.request_id
      and equipment_request.revision = request_line.revision and equipment_request.state = 'approved'
      where request_line.id = new.request_line_id for share of equipment_request;
    if not found then
      raise exception 'Stock is promised to approved requests only.' using errcode = 'check_violation', constraint = 'reservation_approved';
    end if;
    return new;
  end $$;
  -- By its name it comes before the count of reservations: the request is locked before the level.
  create trigger reservation_approved before insert or update on reservation for each row
    when (new.state = 'active') execute function guard_promise();

  create function guard_end_of_request() returns trigger language plpgsql as $$
  begin
    if exists (select from request_line where (request_id, revision) = (old.id, old.revision)
               and (reserved > 0 or state in ('reserved', 'back_ordered', 'picking'))) then
      raise exception 'A request for which stock is kept does not end.' using errcode = 'check_violation', constraint = 'equipment_request_released';
    end if;
    return new;
  end $$;
  create trigger equipment_request_released before update of state, revision on equipment_request for each row
    when ((old.state, old.revision) is distinct from (new.state, new.revision)) execute function guard_end_of_request();

  -- One person may have several accounts; they are one when it comes to who decides.
  create function person_behind(account text) returns text language sql stable return
    coalesce((select person_entra_id from linked_account where entra_id = account), account);

  -- An account leads to the person in one step, so that nobody is somebody else by way of a third account. Links are made one
  -- after the other, so that neither of two that would lead to each other misses the other.
  create function guard_linked_account() returns trigger language plpgsql as $$
  begin
    perform pg_advisory_xact_lock(hashtextextended('linked accounts', 0));
    if exists (select from linked_account as other where other.entra_id = new.person_entra_id or other.person_entra_id = new.entra_id) then
      raise exception 'A linked account leads to a person, and not to another linked account.'
        using errcode = 'check_violation', constraint = 'linked_account_chain';
    end if;
    return new;
  end $$;
  create trigger linked_account_chain before insert or update on linked_account for each row execute function guard_linked_account();

  -- Nobody decides about what they ask for or get, neither in their own name nor in somebody else's, and only about what is
  -- waiting for a decision. The row of the request is locked, so that it does not change meanwhile.
  create function guard_decision() returns trigger language plpgsql as $$
  declare
    request equipment_request;
    waiting approval_step;
  begin
    select * into request from equipment_request where id = new.request_id for no key update;
    if request.state <> 'submitted' or request.revision <> new.revision then
      raise exception 'The request does not wait for this decision.' using errcode = 'check_violation', constraint = 'decision_waiting';
    end if;
    select * into waiting from approval_step where (request_id, revision, step) = (new.request_id, new.revision, new.step);
    if waiting.approver_entra_id is not null and waiting.approver_entra_id <> coalesce(new.on_behalf_of, new.decided_by) then
      raise exception 'Another person decides this step.' using errcode = 'check_violation', constraint = 'decision_right';
    end if;
    if new.delegation_id is not null and not exists (
      select from approval_delegation as given where given.id = new.delegation_id and given.ended_at is null
        and (given.from_entra_id, given.to_entra_id) = (new.on_behalf_of, new.decided_by)
        and (now() at time zone 'Europe/London')::date between given.from_day and given.until_day) then
      raise exception 'The delegation does not hold.' using errcode = 'check_violation', constraint = 'decision_delegated';
    end if;
    if exists (select from approval_step as earlier where earlier.request_id = new.request_id and earlier.revision = new.revision
               and earlier.step < new.step and not exists (select from decision as made where (made.request_id, made.revision, made.step)
                 = (earlier.request_id, earlier.revision, earlier.step) and made.outcome = 'approved')) then
      raise exception 'An earlier step is not approved yet.' using errcode = 'check_violation', constraint = 'decision_order';
    end if;
    if exists (
      select from (
        select request.requester_entra_id as party
        union all select beneficiary_entra_id from request_line where request_id = new.request_id and revision = new.revision
      ) as parties
      where person_behind(party) in (person_behind(new.decided_by), person_behind(new.on_behalf_of))
    ) then
      raise exception 'Nobody decides about a request of their own or for themselves.'
        using errcode = 'check_violation', constraint = 'decision_not_for_oneself';
    end if;
    return new;
  end $$;
  create trigger decision_guard before insert on decision for each row execute function guard_decision();
`;
