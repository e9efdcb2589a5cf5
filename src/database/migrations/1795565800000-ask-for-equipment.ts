import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests for equipment, who decides about them, and the stock that serves them. */
export class AskForEquipment1795565800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(CATALOGUE);
    await queryRunner.query(STOCK);
    await queryRunner.query(ORDERS);
    await queryRunner.query(REQUESTS);
    await queryRunner.query(DECISIONS);
    await queryRunner.query(FULFILMENT);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table request_event, stock_transfer_machine, stock_count_scan, pick, reservation, decision, approval_step, approval_delegation, linked_account,
        request_line, request_revision, equipment_request, team_budget, budget, cost_centre, stock_count_line, stock_count,
        stock_movement, purchase_receipt, purchase_order_line, purchase_order, stock_transfer, stock_machine, stock_level,
        stock_place, bundle_line, bundle, product_alternative, product_model, product;
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
