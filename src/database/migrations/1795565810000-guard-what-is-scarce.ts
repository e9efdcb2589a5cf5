import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The guards of what is scarce, whoever writes: stock is counted by what moves, never below what is promised; a machine is
 * promised once; nobody decides for themselves. Databases on which the tables were made together with these guards have them
 * already, hence `or replace`.
 */
export class GuardWhatIsScarce1795565810000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(GUARDS_OF_STOCK);
    await queryRunner.query(GUARDS_OF_REQUESTS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // With the triggers that call them.
    await queryRunner.query(`
      drop function move_stock_of_custody, yield_promise, apply_stock_movement, guard_stock_level, apply_purchase_receipt, guard_received,
        count_reservation, count_pick, refuse_requests_history_change, guard_request_state, guard_line_state,
        guard_frozen_line, guard_frozen_revision, guard_decision, guard_linked_account, guard_promise, guard_end_of_request,
        person_behind cascade;
    `);
  }
}

const GUARDS_OF_STOCK = `
  create or replace function refuse_requests_history_change() returns trigger language plpgsql as $$
  begin
    raise exception 'The history of stock, decisions and requests is only ever added to.' using errcode = 'restrict_violation';
  end $$;
  create or replace trigger stock_movement_append_only before update or delete on stock_movement
    for each row execute function refuse_requests_history_change();
  create or replace trigger purchase_receipt_append_only before update or delete on purchase_receipt
    for each row execute function refuse_requests_history_change();
  create or replace trigger decision_append_only before update or delete on decision
    for each row execute function refuse_requests_history_change();
  create or replace trigger request_event_append_only before update or delete on request_event
    for each row execute function refuse_requests_history_change();

  -- What is on hand is what moved, and nothing else changes it.
  create or replace function apply_stock_movement() returns trigger language plpgsql as $$
  begin
    insert into stock_level (product_id, place_id) values (new.product_id, new.place_id)
      on conflict on constraint stock_level_pkey do nothing;
    update stock_level set on_hand = on_hand + new.quantity where product_id = new.product_id and place_id = new.place_id
      returning on_hand into new.on_hand_after;
    return new;
  end $$;
  create or replace trigger stock_movement_apply before insert on stock_movement for each row execute function apply_stock_movement();

  create or replace function guard_stock_level() returns trigger language plpgsql as $$
  begin
    if pg_trigger_depth() < 2 then
      raise exception 'What is on hand and reserved follows from movements and reservations.' using errcode = 'restrict_violation';
    end if;
    return new;
  end $$;
  create or replace trigger stock_level_guard before update of on_hand, reserved on stock_level
    for each row when ((old.on_hand, old.reserved) is distinct from (new.on_hand, new.reserved))
    execute function guard_stock_level();
  create or replace trigger stock_level_guard_insert before insert on stock_level
    for each row when (new.on_hand <> 0 or new.reserved <> 0) execute function guard_stock_level();

  -- An order that ended gets nothing more; its row is locked, so that it does not end meanwhile.
  create or replace function apply_purchase_receipt() returns trigger language plpgsql as $$
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
  create or replace trigger purchase_receipt_apply before insert on purchase_receipt
    for each row execute function apply_purchase_receipt();

  create or replace function guard_received() returns trigger language plpgsql as $$
  begin
    if pg_trigger_depth() < 2 then
      raise exception 'What was received follows from receipts.' using errcode = 'restrict_violation';
    end if;
    return new;
  end $$;
  create or replace trigger purchase_order_line_guard before update of received on purchase_order_line
    for each row when (old.received <> new.received) execute function guard_received();
  create or replace trigger purchase_order_line_guard_insert before insert on purchase_order_line
    for each row when (new.received <> 0) execute function guard_received();

  -- Two machines that turn out to be one are one fewer, and so is one that is missing: when all on the shelf are promised,
  -- the latest promise waits again.
  create or replace function yield_promise(of_product integer, at_place integer) returns void language plpgsql as $$
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
  create or replace function move_stock_of_custody() returns trigger language plpgsql as $$
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
  create or replace trigger device_custody_stock after insert or update of state, substate, place, set_aside_at on device_custody
    for each row execute function move_stock_of_custody();
  create or replace trigger device_custody_stock_delete before delete on device_custody
    for each row execute function move_stock_of_custody();

  create or replace function count_reservation() returns trigger language plpgsql as $$
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
  create or replace trigger reservation_count before insert or update on reservation for each row execute function count_reservation();

  -- Picked is what has left the shelf for somebody and has not come back to it before it was given out.
  create or replace function count_pick() returns trigger language plpgsql as $$
  declare
    before integer := case when tg_op = 'UPDATE' and old.state <> 'put_back' then old.quantity else 0 end;
    after integer := case when new.state <> 'put_back' then new.quantity else 0 end;
  begin
    if before <> after then
      update request_line set picked = picked + after - before where id = new.request_line_id;
    end if;
    return new;
  end $$;
  create or replace trigger pick_count before insert or update on pick for each row execute function count_pick();
`;

const GUARDS_OF_REQUESTS = `
  create or replace function guard_request_state() returns trigger language plpgsql as $$
  begin
    if (old.state, new.state) not in (('draft', 'submitted'), ('draft', 'cancelled'), ('submitted', 'approved'), ('submitted', 'rejected'),
        ('submitted', 'returned'), ('submitted', 'draft'), ('submitted', 'cancelled'), ('returned', 'draft'), ('returned', 'submitted'),
        ('returned', 'cancelled'), ('approved', 'draft'), ('approved', 'cancelled'), ('approved', 'closed')) then
      raise exception 'A request cannot go from % to %.', old.state, new.state
        using errcode = 'check_violation', constraint = 'equipment_request_transition';
    end if;
    return new;
  end $$;
  create or replace trigger equipment_request_transition before update of state on equipment_request for each row
    when (old.state is distinct from new.state) execute function guard_request_state();

  create or replace function guard_line_state() returns trigger language plpgsql as $$
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
  create or replace trigger request_line_transition before update of state on request_line for each row
    when (old.state is distinct from new.state) execute function guard_line_state();

  -- What was submitted is what is decided about.
  create or replace function guard_frozen_revision() returns trigger language plpgsql as $$
  begin
    raise exception 'A revision that was submitted does not change.' using errcode = 'restrict_violation', constraint = 'request_revision_frozen';
  end $$;
  create or replace trigger request_revision_frozen before update or delete on request_revision for each row
    when (old.submitted_at is not null) execute function guard_frozen_revision();

  create or replace function guard_frozen_line() returns trigger language plpgsql as $$
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
  create or replace trigger request_line_frozen before insert or delete or update of request_id, revision, beneficiary_entra_id, product_id, bundle_id,
    quantity, price_pence, exception_reason, private_reason, replaces_device_id on request_line
    for each row execute function guard_frozen_line();

  -- Stock is promised to the revision that was approved, and a request that holds a promise neither ends nor changes: whoever
  -- ends it releases first. Each side locks the request, so that neither misses what the other is about to do.
  create or replace function guard_promise() returns trigger language plpgsql as $$
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
  create or replace trigger reservation_approved before insert or update on reservation for each row
    when (new.state = 'active') execute function guard_promise();

  create or replace function guard_end_of_request() returns trigger language plpgsql as $$
  begin
    if exists (select from request_line where (request_id, revision) = (old.id, old.revision)
               and (reserved > 0 or state in ('reserved', 'back_ordered', 'picking'))) then
      raise exception 'A request for which stock is kept does not end.' using errcode = 'check_violation', constraint = 'equipment_request_released';
    end if;
    return new;
  end $$;
  create or replace trigger equipment_request_released before update of state, revision on equipment_request for each row
    when ((old.state, old.revision) is distinct from (new.state, new.revision)) execute function guard_end_of_request();

  -- One person may have several accounts; they are one when it comes to who decides.
  create or replace function person_behind(account text) returns text language sql stable return
    coalesce((select person_entra_id from linked_account where entra_id = account), account);

  -- An account leads to the person in one step, so that nobody is somebody else by way of a third account. Links are made one
  -- after the other, so that neither of two that would lead to each other misses the other.
  create or replace function guard_linked_account() returns trigger language plpgsql as $$
  begin
    perform pg_advisory_xact_lock(hashtextextended('linked accounts', 0));
    if exists (select from linked_account as other where other.entra_id = new.person_entra_id or other.person_entra_id = new.entra_id) then
      raise exception 'A linked account leads to a person, and not to another linked account.'
        using errcode = 'check_violation', constraint = 'linked_account_chain';
    end if;
    return new;
  end $$;
  create or replace trigger linked_account_chain before insert or update on linked_account for each row execute function guard_linked_account();

  -- Nobody decides about what they ask for or get, neither in their own name nor in somebody else's, and only about what is
  -- waiting for a decision. The row of the request is locked, so that it does not change meanwhile.
  create or replace function guard_decision() returns trigger language plpgsql as $$
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
  create or replace trigger decision_guard before insert on decision for each row execute function guard_decision();
`;
