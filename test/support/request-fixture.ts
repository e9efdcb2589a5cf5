import type { DataSource } from 'typeorm';
import { permissionsOf, type Role } from '../../src/auth/permissions.js';
import { workingDayAfter } from '../../src/requests/domain/working-days.js';
import type { RequestActor } from '../../src/requests/request-actor.js';
import { personId } from './custody-fixture.js';

/** Whatever sends SQL: a data source, or a transaction. */
export type Sql = Pick<DataSource, 'query'>;

/** How much there is. */
export interface EquipmentOptions {
  /** People who report to the manager; 4 unless said otherwise. */
  readonly team?: number;
  /** Machines at "Stores"; 3 unless said otherwise. */
  readonly laptops?: number;
  /** Counted things at "Stores", each; 10 unless said otherwise. */
  readonly counted?: number;
}

/** A small council that can ask for equipment. People go by their object ids. */
export interface Equipment {
  /** Of whom everybody is below. */
  readonly head: string;
  /** Reports to the head, and leads the team. */
  readonly manager: string;
  /** Reports to the head; holds the budget of the cost centre. */
  readonly budgetHolder: string;
  readonly team: readonly string[];
  readonly costCentre: string;
  readonly products: { readonly laptop: number; readonly dock: number; readonly headset: number };
  readonly places: { readonly stores: number; readonly annexe: number };
  /** Everything that somebody in an office gets: one of each product. */
  readonly bundle: number;
  /** Machines in stock at "Stores", and their serial numbers in the same order. */
  readonly machines: readonly number[];
  readonly serials: readonly string[];
}

/** A day by which things can be asked for, whenever the specs run. */
export const NEEDED_BY = workingDayAfter(new Date().toISOString().slice(0, 10), 15);

export const PRICES = { laptop: 90_000, dock: 12_000, headset: 4_000 } as const;

/**
 * Fills an empty database with people, a cost centre with a budget, a catalogue, and stock at "Stores"; "Annexe" is empty.
 * The counted things were ordered and received; the machines came by custody.
 */
export async function stockEquipment(
  sql: Sql,
  { team = 4, laptops = 3, counted = 10 }: EquipmentOptions = {},
): Promise<Equipment> {
  const people = Array.from({ length: 3 + team }, (_, index) => personId(index + 1));
  const [head = '', manager = '', budgetHolder = '', ...others] = people;
  await sql.query(
    `insert into person (entra_id, user_principal_name, display_name, mail, account_enabled, user_type, department,
       office_location, cost_centre, manager_entra_id)
     select entra_id, 'person' || n || '@council.example', 'Person ' || n, 'person' || n || '@council.example', true, 'Member',
            'Care', 'Civic Centre', 'CC-100', case when n between 2 and 3 then $2 when n > 3 then $3 end
     from unnest($1::text[]) with ordinality as row(entra_id, n)`,
    [people, head, manager],
  );
  await sql.query(
    `insert into cost_centre (code, name, budget_holder_entra_id, changed_by) values ('CC-100', 'Care', $1, 'system:test')`,
    [budgetHolder],
  );
  await sql.query(
    `insert into budget (cost_centre_code, year, amount_pence, changed_by)
     select 'CC-100', year, 100000000, 'system:test' from generate_series(2025, 2027) as year`,
  );
  const [laptop = 0, dock = 0, headset = 0] = await ids(
    sql,
    `insert into product (name, kind, serialised, price_pence, changed_by)
     values ('EliteBook 840', 'laptop', true, $1, 'system:test'), ('USB-C dock', 'dock', false, $2, 'system:test'),
            ('Headset', 'headset', false, $3, 'system:test') returning id`,
    [PRICES.laptop, PRICES.dock, PRICES.headset],
  );
  await sql.query(`insert into product_model (model_name, product_id) values ('hp elitebook 840 g8', $1)`, [laptop]);
  const [stores = 0, annexe = 0] = await ids(
    sql,
    `insert into stock_place (name, changed_by) values ('Stores', 'system:test'), ('Annexe', 'system:test') returning id`,
  );
  const [bundle = 0] = await ids(
    sql,
    `insert into bundle (name, work_style, changed_by) values ('Office', 'office_mobile', 'system:test') returning id`,
  );
  await sql.query(`insert into bundle_line (bundle_id, product_id, quantity) select $1, unnest($2::integer[]), 1`, [
    bundle,
    [laptop, dock, headset],
  ]);
  for (const product of counted > 0 ? [dock, headset] : []) await receiveCounted(sql, product, stores, counted);
  const { machines, serials } = await receiveMachines(sql, laptops, 'Stores');
  return {
    head,
    manager,
    budgetHolder,
    team: others,
    costCentre: 'CC-100',
    products: { laptop, dock, headset },
    places: { stores, annexe },
    bundle,
    machines,
    serials,
  };
}

/** An order of counted things that came as a whole. @returns the receipt */
export async function receiveCounted(sql: Sql, productId: number, placeId: number, quantity: number): Promise<number> {
  const [order] = await ids(
    sql,
    `insert into purchase_order (number, supplier, ordered_on, changed_by)
     select 'PO-' || count(*) + 1, 'Supplier Ltd', '2026-11-02', 'system:test' from purchase_order returning id`,
  );
  const [line] = await ids(
    sql,
    `insert into purchase_order_line (order_id, product_id, place_id, quantity, price_pence) values ($1, $2, $3, $4, 1000) returning id`,
    [order, productId, placeId, quantity],
  );
  const [receipt = 0] = await ids(
    sql,
    `insert into purchase_receipt (order_line_id, quantity, received_by) values ($1, $2, 'system:test') returning id`,
    [line, quantity],
  );
  await sql.query(
    `insert into stock_movement (product_id, place_id, kind, quantity, receipt_id, actor) values ($1, $2, 'received', $3, $4, 'system:test')`,
    [productId, placeId, quantity, receipt],
  );
  return receipt;
}

/** Machines of the catalogue, laptops unless another model is named, that custody has available at a place. */
export async function receiveMachines(
  sql: Sql,
  count: number,
  place: string,
  model = 'EliteBook 840 G8',
): Promise<{ machines: readonly number[]; serials: readonly string[] }> {
  const rows = await sql.query<{ id: number; serial: string }[]>(
    `insert into device (serial_number, manufacturer, model, name, record_count, last_seen_at, form_factor, form_factor_superclass,
       form_factor_decided_by, ownership)
     select 'LAP' || lpad(((select count(*) from device) + n)::text, 7, '0'), 'HP', $2,
            'LT-' || (select count(*) from device) + n, 1, now(), 'laptop', 'portable', 'catalogue', 'company'
     from generate_series(1, $1::integer) as n returning id, serial_number as serial`,
    [count, model],
  );
  const machines = rows.map(({ id }) => id);
  await sql.query(
    `insert into device_record (source, external_id, device_id, resolution_pending, serial_number, manufacturer)
     select 'managed-devices', 'm-' || id, id, false, serial_number, manufacturer from device where id = any($1::integer[])`,
    [machines],
  );
  await sql.query(
    `insert into device_custody (device_id, recorded_for, state, substate, place)
     select id, id, 'in_stock', 'available', $2 from unnest($1::integer[]) as id`,
    [machines, place],
  );
  return { machines, serials: rows.map(({ serial }) => serial) };
}

/** A line as it is asked for. */
export interface AskedLine {
  readonly for: string;
  readonly product: number;
  readonly quantity?: number;
}

/** A request that stands in the database. */
export interface StoredRequest {
  readonly id: number;
  readonly lines: readonly number[];
}

/** A draft, as the command leaves it. */
export async function draftRequest(sql: Sql, requester: string, lines: readonly AskedLine[]): Promise<StoredRequest> {
  const [id = 0] = await ids(sql, 'insert into equipment_request (requester_entra_id) values ($1) returning id', [
    requester,
  ]);
  await sql.query(
    `insert into request_revision (request_id, revision, needed_by, delivery, site, cost_centre_code)
     values ($1, 1, $2, 'site', 'Civic Centre', 'CC-100')`,
    [id, NEEDED_BY],
  );
  const stored = await ids(
    sql,
    `insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence)
     select $1, 1, "for", product, coalesce(quantity, 1), 1000
     from jsonb_to_recordset($2::jsonb) as line("for" text, product integer, quantity integer) returning id`,
    [id, JSON.stringify(lines)],
  );
  return { id, lines: stored };
}

/** Who decides a step: a person by their object id, or a queue. */
export type StepOwner = { readonly approver: string } | { readonly queue: 'approvals' | 'it' };

/** Submits a draft with these steps, as the command leaves it. */
export async function submitRequest(
  sql: Sql,
  { id }: Pick<StoredRequest, 'id'>,
  steps: readonly StepOwner[] = [{ queue: 'approvals' }],
): Promise<void> {
  await sql.query('update request_revision set submitted_at = now() where request_id = $1 and submitted_at is null', [
    id,
  ]);
  await sql.query(`update equipment_request set state = 'submitted' where id = $1`, [id]);
  await sql.query(
    `insert into approval_step (request_id, revision, step, kind, approver_entra_id, queue, opened_at)
     select equipment_request.id, equipment_request.revision, n, case when step ->> 'queue' = 'it' then 'it' else 'line_manager' end,
            step ->> 'approver', step ->> 'queue', now()
     from equipment_request, jsonb_array_elements($2::jsonb) with ordinality as given(step, n) where equipment_request.id = $1`,
    [id, JSON.stringify(steps)],
  );
}

/** Approves all steps of a submitted request: each by its approver, those of a queue by somebody of nobody's circle. */
export async function approveRequest(
  sql: Sql,
  { id }: Pick<StoredRequest, 'id'>,
  byQueue = personId(9_000),
): Promise<void> {
  const steps = await sql.query<{ step: number; approver: string | null }[]>(
    `select step, approver_entra_id as approver from approval_step
     where (request_id, revision) = ($1, (select revision from equipment_request where id = $1)) order by step`,
    [id],
  );
  for (const { step, approver } of steps) await decide(sql, { id, step, by: approver ?? byQueue });
  await sql.query(`update equipment_request set state = 'approved' where id = $1`, [id]);
}

/** Stores a decision about the present revision of a request; the guards have their say. */
export async function decide(
  sql: Sql,
  { id, step = 1, by, outcome = 'approved' }: { id: number; step?: number; by: string; outcome?: string },
): Promise<void> {
  await sql.query(
    `insert into decision (request_id, revision, step, outcome, reason, decided_by)
     select id, revision, $2, $3, 'Because', $4 from equipment_request where id = $1`,
    [id, step, outcome, by],
  );
}

/** Reserves for a line of an approved request at a place, as the command leaves it. @returns the reservation */
export async function reserveLine(sql: Sql, line: number, place: number, quantity = 1): Promise<number> {
  const [reservation = 0] = await ids(
    sql,
    `insert into reservation (request_line_id, product_id, place_id, quantity, expires_at)
     select id, product_id, $2, $3, now() + interval '14 days' from request_line where id = $1 returning id`,
    [line, place, quantity],
  );
  await sql.query(`update request_line set state = 'reserved' where id = $1 and reserved = quantity`, [line]);
  return reservation;
}

/** Picks from a reservation: a machine, which custody has allocated then, or a quantity. @returns the pick */
export async function pickReserved(
  sql: Sql,
  reservation: number,
  { machine = null, quantity = 1 }: { machine?: number | null; quantity?: number } = {},
): Promise<number> {
  await sql.query(
    `update reservation set picked = picked + $2, state = case when picked + $2 = quantity then 'picked' else state end,
       ended_at = case when picked + $2 = quantity then now() end where id = $1`,
    [reservation, quantity],
  );
  const [pick = 0] = await ids(
    sql,
    `insert into pick (reservation_id, request_line_id, product_id, place_id, device_id, quantity, picked_by)
     select id, request_line_id, product_id, place_id, $2, $3, 'system:test' from reservation where id = $1 returning id`,
    [reservation, machine, quantity],
  );
  if (machine === null) {
    await sql.query(
      `insert into stock_movement (product_id, place_id, kind, quantity, pick_id, actor)
       select product_id, place_id, 'picked', -quantity, id, 'system:test' from pick where id = $1`,
      [pick],
    );
  } else {
    await sql.query(
      `update device_custody set state = 'allocated', substate = null, holder_entra_id =
         (select beneficiary_entra_id from request_line join pick on pick.request_line_id = request_line.id where pick.id = $2)
       where device_id = $1`,
      [machine, pick],
    );
  }
  await sql.query(
    `update request_line set state = 'picking' from pick where pick.id = $1 and request_line.id = pick.request_line_id`,
    [pick],
  );
  return pick;
}

/** Somebody with roles, as commands about requests know them. */
export function requestActor(entraId: string, roles: readonly Role[] = []): RequestActor {
  return { actor: `person:${entraId}`, personEntraId: entraId, permissions: permissionsOf(roles) };
}

async function ids(sql: Sql, statement: string, values: readonly unknown[] = []): Promise<number[]> {
  const rows = await sql.query<{ id: number }[]>(statement, [...values]);
  return rows.map(({ id }) => id);
}
