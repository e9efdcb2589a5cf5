import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import {
  approveRequest,
  draftRequest,
  receiveCounted,
  receiveMachines,
  requestActor,
  stockEquipment,
  submitRequest,
  type AskedLine,
  type Equipment,
} from '../../../test/support/request-fixture.js';
import { emptyCustody, personId } from '../../../test/support/custody-fixture.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { ChangedMeanwhileError } from '../../database/record-version.js';
import { HandoverService } from './handover.service.js';
import { PickSweep } from './pick-sweep.service.js';
import { PickingService, type PickOutcome } from './picking.service.js';
import { ReceiptService } from './receipt.service.js';
import { releaseLines, reserveApproved, serveBackOrders } from './reserving.js';
import { ReservationSweep } from './reservation-sweep.service.js';

const HOLDER = requestActor(personId(8_001), ['stock-holder']);
const ENGINEER = requestActor(personId(8_002), ['engineer']);

describe('fulfilment', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let transactor: Transactor;
  let picking: PickingService;
  let handover: HandoverService;
  let receipts: ReceiptService;
  let reservations: ReservationSweep;
  let picks: PickSweep;
  let all: Equipment;

  beforeAll(async () => {
    database = await createTestDatabase();
    ({ dataSource } = database);
    transactor = new Transactor(dataSource);
    picking = new PickingService(transactor);
    handover = new HandoverService(transactor);
    receipts = new ReceiptService(transactor);
    reservations = new ReservationSweep(dataSource, transactor);
    picks = new PickSweep(dataSource, transactor);
  });
  beforeEach(async () => {
    await emptyCustody(dataSource);
    await dataSource.query(
      `truncate product, stock_place, bundle, cost_centre, equipment_request, linked_account, purchase_order restart identity cascade`,
    );
    all = await stockEquipment(dataSource, { laptops: 2, counted: 5 });
  });
  afterAll(() => database.drop());

  const query = <T = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> =>
    dataSource.query<T[]>(sql, values);
  const ann = (): string => all.team[0] ?? '';
  const bob = (): string => all.team[1] ?? '';

  async function approved(lines: readonly AskedLine[]): Promise<{ id: number; lines: readonly number[] }> {
    const request = await draftRequest(dataSource, all.manager, lines);
    await submitRequest(dataSource, request);
    await transactor.run(async (tx) => {
      await approveRequest(tx, request);
      await reserveApproved(tx, { requestId: request.id, revision: 1 }, 'system:test');
    });
    return request;
  }
  async function lineOf(id: number | undefined): Promise<Record<string, unknown>> {
    const [row] = await query(
      'select state, reserved, picked, cancelled, waiting_since from request_line where id = $1',
      [id],
    );
    return row ?? {};
  }
  async function level(product: number, place = all.places.stores): Promise<unknown> {
    const [row] = await query('select on_hand, reserved from stock_level where product_id = $1 and place_id = $2', [
      product,
      place,
    ]);
    return row;
  }
  async function reservationOf(lineId: number | undefined): Promise<number> {
    const [row] = await query<{ id: number }>(
      `select id from reservation where request_line_id = $1 and state = 'active'`,
      [lineId],
    );
    return row?.id ?? 0;
  }
  async function pickLaptop(lineId: number | undefined, serial = all.serials[0] ?? null): Promise<PickOutcome> {
    return picking.pick(
      { reservationId: await reservationOf(lineId), serial, quantity: null, idempotencyKey: null },
      HOLDER,
    );
  }
  const of = (pickId: number) => ({ pickId, version: null, idempotencyKey: null });
  const custody = (deviceId: number | undefined) =>
    query('select state, substate, holder_entra_id as holder, place from device_custody where device_id = $1', [
      deviceId,
    ]);
  const events = async (requestId: number) =>
    (
      await query<{ event: string }>('select event from request_event where request_id = $1 order by id', [requestId])
    ).map(({ event }) => event);

  it('goes from approval to a serial number in the hands of its person, and closes', async () => {
    const request = await approved([
      { for: ann(), product: all.products.laptop },
      { for: ann(), product: all.products.dock, quantity: 2 },
    ]);
    const [laptop, dock] = request.lines;
    expect(await lineOf(laptop)).toMatchObject({ state: 'reserved', reserved: 1 });
    expect(await level(all.products.dock)).toEqual({ on_hand: 5, reserved: 2 });

    const machine = await pickLaptop(laptop, ` ${all.serials[0]?.toLowerCase() ?? ''} `);
    expect(await level(all.products.laptop)).toEqual({ on_hand: 1, reserved: 0 });
    expect(await custody(all.machines[0])).toMatchObject([{ state: 'allocated', holder: ann(), place: 'Stores' }]);
    const docks = await picking.pick(
      { reservationId: await reservationOf(dock), serial: null, quantity: null, idempotencyKey: 'k' },
      HOLDER,
    );
    expect(await level(all.products.dock)).toEqual({ on_hand: 3, reserved: 0 });
    expect(await lineOf(dock)).toMatchObject({ state: 'picking', picked: 2 });

    await handover.handOver(of(machine.pickId), ENGINEER);
    expect(await custody(all.machines[0])).toMatchObject([{ state: 'in_use', holder: ann() }]);
    await receipts.confirm(of(machine.pickId), requestActor(ann()));
    expect(await lineOf(laptop)).toMatchObject({ state: 'received' });

    await handover.dispatch({ ...of(docks.pickId), tracking: 'AB 123' }, HOLDER);
    await receipts.confirm(of(docks.pickId), requestActor(ann()));
    expect(await query('select state from equipment_request')).toEqual([{ state: 'closed' }]);
    expect(await query('select tracking, received_how from pick where id = $1', [docks.pickId])).toEqual([
      { tracking: 'AB 123', received_how: 'confirmed' },
    ]);
    expect((await events(request.id)).slice(-3)).toEqual(['dispatched', 'received', 'closed']);
  });

  it('refuses serial numbers of nothing, of another product, of another place and of what is not free', async () => {
    const { lines } = await approved([{ for: ann(), product: all.products.laptop }]);
    await expect(pickLaptop(lines[0], 'NOSUCH1')).rejects.toBeInstanceOf(InputError);
    await expect(pickLaptop(lines[0], '')).rejects.toBeInstanceOf(InputError);
    const { serials } = await receiveMachines(dataSource, 1, 'Annexe');
    await expect(pickLaptop(lines[0], serials[0] ?? '')).rejects.toThrow('another place: Annexe');
    await query(`update device set manufacturer = 'Dell' where id = $1`, [all.machines[1]]);
    await query(`update device_custody set substate = 'held' where device_id = $1`, [all.machines[1]]);
    await expect(pickLaptop(lines[0], all.serials[1])).rejects.toThrow('not free: in stock, held');
    await expect(
      picking.pick(
        { reservationId: await reservationOf(lines[0]), serial: null, quantity: 1, idempotencyKey: null },
        HOLDER,
      ),
    ).rejects.toBeInstanceOf(InputError);
    await expect(
      picking.pick({ reservationId: 999, serial: 'LAP1', quantity: null, idempotencyKey: null }, HOLDER),
    ).rejects.toBeInstanceOf(NotFoundError);
    expect(await query('select from pick')).toEqual([]);
  });

  it('lets nobody pick, hand over or take back for themselves, nor without the permission', async () => {
    const { lines } = await approved([{ for: ann(), product: all.products.dock }]);
    const order = { reservationId: await reservationOf(lines[0]), serial: null, quantity: 1, idempotencyKey: null };
    await expect(picking.pick(order, requestActor(ann(), ['stock-holder']))).rejects.toBeInstanceOf(ForbiddenError);
    await expect(picking.pick(order, ENGINEER)).rejects.toBeInstanceOf(ForbiddenError);
    await query(`insert into linked_account (entra_id, person_entra_id, linked_by) values ($1, $2, 'system:test')`, [
      personId(8_001),
      ann(),
    ]);
    await expect(picking.pick(order, HOLDER)).rejects.toBeInstanceOf(ForbiddenError);
    await query('delete from linked_account');
    const { pickId } = await picking.pick(order, HOLDER);
    await expect(handover.handOver(of(pickId), requestActor(ann(), ['engineer']))).rejects.toBeInstanceOf(
      ForbiddenError,
    );
    await expect(handover.putBack(of(pickId), ENGINEER)).rejects.toBeInstanceOf(ForbiddenError);
    await expect(receipts.confirm(of(pickId), requestActor(bob()))).rejects.toBeInstanceOf(NotFoundError);
    await expect(receipts.confirm(of(pickId), requestActor(ann()))).rejects.toThrow('not handed over yet');
    await handover.handOver(of(pickId), ENGINEER);
    const back = { ...of(pickId), condition: 'good' as const, placeId: all.places.stores };
    await expect(receipts.bringBack(back, requestActor(ann(), ['engineer']))).rejects.toBeInstanceOf(ForbiddenError);
  });

  it('does what is sent twice once, and refuses what was looked at before it changed', async () => {
    const { lines } = await approved([{ for: ann(), product: all.products.dock, quantity: 3 }]);
    const order = { reservationId: await reservationOf(lines[0]), serial: null, quantity: 2, idempotencyKey: 'same' };
    const first = await picking.pick(order, HOLDER);
    expect(await picking.pick(order, HOLDER)).toEqual(first);
    expect(await lineOf(lines[0])).toMatchObject({ picked: 2, reserved: 1, state: 'picking' });
    await handover.dispatch(
      { pickId: first.pickId, version: first.version, tracking: 'X1', idempotencyKey: null },
      HOLDER,
    );
    await expect(
      handover.handOver({ pickId: first.pickId, version: first.version, idempotencyKey: null }, ENGINEER),
    ).rejects.toBeInstanceOf(ChangedMeanwhileError);
  });

  it('serves who waits in the order of approval, wherever stock comes, and overtakes nobody', async () => {
    const first = await approved([{ for: ann(), product: all.products.laptop, quantity: 3 }]);
    expect(await lineOf(first.lines[0])).toMatchObject({ state: 'back_ordered', reserved: 2 });
    const second = await approved([{ for: bob(), product: all.products.laptop, quantity: 1 }]);
    const { machines } = await receiveMachines(dataSource, 1, 'Annexe');
    const third = await approved([{ for: all.team[2] ?? '', product: all.products.laptop }]);
    expect(await lineOf(first.lines[0])).toMatchObject({ state: 'reserved', reserved: 3, waiting_since: null });
    expect(await lineOf(second.lines[0])).toMatchObject({ state: 'back_ordered' });
    expect(await lineOf(third.lines[0])).toMatchObject({ state: 'back_ordered' });
    expect(machines).toHaveLength(1);
    await receiveMachines(dataSource, 1, 'Stores');
    expect(await reservations.serve()).toBe(1);
    expect(await lineOf(second.lines[0])).toMatchObject({ state: 'reserved' });
    expect(await reservations.serve()).toBe(0);
  });

  it('stops serving at a request that somebody works on, so that nobody is overtaken', async () => {
    const first = await approved([{ for: ann(), product: all.products.dock, quantity: 5 }]);
    const second = await approved([{ for: ann(), product: all.products.dock }]);
    const third = await approved([{ for: bob(), product: all.products.dock }]);
    await receiveCounted(dataSource, all.products.dock, all.places.annexe, 1);
    expect(await lineOf(first.lines[0])).toMatchObject({ state: 'reserved' });
    await transactor.run(async (tx) => {
      await tx.query('select from equipment_request where id = $1 for update', [second.id]);
      const stock = { productId: all.products.dock, placeId: null };
      expect(await transactor.run((other) => serveBackOrders(other, stock, 'system:test'))).toEqual([]);
    });
    expect(await lineOf(third.lines[0])).toMatchObject({ state: 'back_ordered' });
    expect(await reservations.serve()).toBe(1);
    expect(await lineOf(second.lines[0])).toMatchObject({ state: 'reserved' });
  });

  it('releases everything that is kept when a request is cancelled, and gives it to who waits', async () => {
    const request = await approved([
      { for: ann(), product: all.products.laptop },
      { for: bob(), product: all.products.laptop },
      { for: ann(), product: all.products.dock, quantity: 4 },
    ]);
    const waiting = await approved([{ for: all.team[2] ?? '', product: all.products.laptop }]);
    await pickLaptop(request.lines[0]);
    const docks = {
      reservationId: await reservationOf(request.lines[2]),
      serial: null,
      quantity: 3,
      idempotencyKey: null,
    };
    await picking.pick(docks, HOLDER);
    const released = await transactor.run(async (tx) => {
      await tx.query('select from equipment_request where id = $1 for no key update', [request.id]);
      return releaseLines(tx, { lineIds: request.lines, why: 'cancelled' }, requestActor(all.manager));
    });
    expect(released).toEqual({ ended: [...request.lines], given: [] });
    expect(await level(all.products.dock)).toEqual({ on_hand: 5, reserved: 0 });
    expect(await level(all.products.laptop)).toEqual({ on_hand: 2, reserved: 1 });
    expect(await custody(all.machines[0])).toMatchObject([
      { state: 'in_stock', substate: 'available', place: 'Stores' },
    ]);
    expect(await lineOf(waiting.lines[0])).toMatchObject({ state: 'reserved' });
    expect(await lineOf(request.lines[2])).toMatchObject({ state: 'cancelled', cancelled: 4, picked: 0, reserved: 0 });
  });

  it('leaves what was handed over or is in the post when the rest is cancelled', async () => {
    const request = await approved([{ for: ann(), product: all.products.dock, quantity: 4 }]);
    const order = {
      reservationId: await reservationOf(request.lines[0]),
      serial: null,
      quantity: 1,
      idempotencyKey: null,
    };
    const given = await picking.pick(order, HOLDER);
    const sent = await picking.pick(order, HOLDER);
    await handover.handOver(of(given.pickId), ENGINEER);
    await handover.dispatch({ ...of(sent.pickId), tracking: 'X1' }, HOLDER);
    await picking.pick(order, HOLDER);
    const { given: left } = await transactor.run(async (tx) => {
      await tx.query('select from equipment_request where id = $1 for no key update', [request.id]);
      return releaseLines(tx, { lineIds: request.lines, why: 'cancelled' }, requestActor(all.manager));
    });
    expect(left).toEqual(request.lines);
    expect(await lineOf(request.lines[0])).toMatchObject({ state: 'picking', picked: 2, reserved: 0, cancelled: 2 });
    expect(await level(all.products.dock)).toEqual({ on_hand: 3, reserved: 0 });
    // It came back unopened: nobody waits for it any more.
    await handover.putBack(of(sent.pickId), HOLDER);
    expect(await lineOf(request.lines[0])).toMatchObject({ state: 'fulfilled', picked: 1, reserved: 0, cancelled: 3 });
    expect(await level(all.products.dock)).toEqual({ on_hand: 4, reserved: 0 });
  });

  it('reserves again what is put back, for the person it was for', async () => {
    const { lines } = await approved([{ for: ann(), product: all.products.laptop }]);
    const rival = await approved([{ for: bob(), product: all.products.laptop, quantity: 2 }]);
    const { pickId } = await pickLaptop(lines[0]);
    await handover.putBack(of(pickId), HOLDER);
    expect(await lineOf(lines[0])).toMatchObject({ state: 'reserved', reserved: 1, picked: 0 });
    expect(await lineOf(rival.lines[0])).toMatchObject({ state: 'back_ordered', reserved: 1 });
    await expect(handover.handOver(of(pickId), ENGINEER)).rejects.toBeInstanceOf(ConflictError);
    const again = await pickLaptop(lines[0]);
    expect(again.pickId).not.toBe(pickId);
  });

  it('ends what nobody began to pick in time: others come first, and it keeps its place', async () => {
    const first = await approved([{ for: ann(), product: all.products.laptop, quantity: 2 }]);
    const second = await approved([{ for: bob(), product: all.products.laptop }]);
    expect(await reservations.expire()).toBe(0);
    const [{ approvedAt } = { approvedAt: null }] = await query<{ approvedAt: Date }>(
      `select decided_at as "approvedAt" from decision where request_id = $1`,
      [first.id],
    );
    expect(await reservations.expire(new Date(Date.now() + 15 * 86_400_000))).toBe(1);
    expect(await lineOf(second.lines[0])).toMatchObject({ state: 'reserved' });
    expect(await lineOf(first.lines[0])).toMatchObject({
      state: 'back_ordered',
      reserved: 0,
      waiting_since: approvedAt,
    });
    expect(await reservations.serve()).toBe(0);
    expect(await lineOf(first.lines[0])).toMatchObject({ state: 'back_ordered', reserved: 1 });
    expect(await events(first.id)).toEqual(['reserved', 'reservation-expired', 'reserved']);
  });

  it('keeps what somebody began to pick', async () => {
    const { lines } = await approved([{ for: ann(), product: all.products.dock, quantity: 2 }]);
    const order = { reservationId: await reservationOf(lines[0]), serial: null, quantity: 1, idempotencyKey: null };
    await picking.pick(order, HOLDER);
    expect(await reservations.expire(new Date(Date.now() + 30 * 86_400_000))).toBe(0);
  });

  it('asks for the machine back that it replaces, also one whose custody nobody recorded', async () => {
    const [old] = await query<{ id: number }>(
      `insert into device (serial_number, manufacturer, model, name, record_count, last_seen_at, user_entra_id)
       values ('OLD000001', 'HP', 'ProDesk 600 G5', 'PC-1', 1, now(), $1) returning id`,
      [ann()],
    );
    const request = await draftRequest(dataSource, all.manager, [{ for: ann(), product: all.products.laptop }]);
    await query('update request_line set replaces_device_id = $1', [old?.id]);
    await submitRequest(dataSource, request);
    await transactor.run(async (tx) => {
      await approveRequest(tx, request);
      await reserveApproved(tx, { requestId: request.id, revision: 1 }, 'system:test');
    });
    const { pickId } = await pickLaptop(request.lines[0]);
    expect(await custody(old?.id)).toEqual([]);
    await handover.handOver(of(pickId), ENGINEER);
    expect(await custody(old?.id)).toMatchObject([{ state: 'return_due', holder: ann() }]);
  });

  it('takes a first sign-in of the person as a receipt, and says so', async () => {
    const { lines, id } = await approved([{ for: ann(), product: all.products.laptop }]);
    const { pickId } = await pickLaptop(lines[0]);
    await handover.handOver(of(pickId), ENGINEER);
    const later = new Date(Date.now() + 3_600_000);
    await query('update device set user_entra_id = $2, last_seen_at = $3 where id = $1', [
      all.machines[0],
      bob(),
      later,
    ]);
    expect(await picks.observe(new Date(later.getTime() + 1))).toBe(0);
    await query('update device set user_entra_id = $2 where id = $1', [all.machines[0], ann()]);
    expect(await picks.observe(new Date(later.getTime() + 1))).toBe(1);
    expect(await query('select state, received_how from pick')).toEqual([
      { state: 'received', received_how: 'observed' },
    ]);
    expect((await events(id)).slice(-2)).toEqual(['receipt-observed', 'closed']);
  });

  it('takes back what was given: a machine to be wiped, an accessory to the shelf if it is fit', async () => {
    const { lines, id } = await approved([
      { for: ann(), product: all.products.laptop },
      { for: ann(), product: all.products.dock, quantity: 2 },
    ]);
    const laptop = await pickLaptop(lines[0]);
    const order = { reservationId: await reservationOf(lines[1]), serial: null, quantity: 1, idempotencyKey: null };
    const good = await picking.pick(order, HOLDER);
    const bad = await picking.pick(order, HOLDER);
    for (const { pickId } of [laptop, good, bad]) await handover.handOver(of(pickId), ENGINEER);
    await receipts.confirm(of(laptop.pickId), requestActor(ann()));
    const to = { placeId: all.places.annexe, idempotencyKey: null, version: null };
    await receipts.bringBack({ ...to, pickId: laptop.pickId, condition: 'worn' }, ENGINEER);
    expect(await custody(all.machines[0])).toMatchObject([{ state: 'recovered', place: 'Annexe' }]);
    await receipts.bringBack({ ...to, pickId: good.pickId, condition: 'good' }, ENGINEER);
    await receipts.bringBack({ ...to, pickId: bad.pickId, condition: 'damaged' }, ENGINEER);
    expect(await level(all.products.dock, all.places.annexe)).toEqual({ on_hand: 1, reserved: 0 });
    expect(await query('select state from equipment_request where id = $1', [id])).toEqual([{ state: 'closed' }]);
    await expect(receipts.bringBack({ ...to, pickId: bad.pickId, condition: 'good' }, ENGINEER)).rejects.toBeInstanceOf(
      ConflictError,
    );
    await expect(
      receipts.bringBack({ ...to, pickId: laptop.pickId, condition: 'good', placeId: 99 }, ENGINEER),
    ).rejects.toThrow();
  });

  it('follows what was done to machines without their requests', async () => {
    const { lines } = await approved([
      { for: ann(), product: all.products.laptop },
      { for: bob(), product: all.products.laptop },
    ]);
    await pickLaptop(lines[0], all.serials[0]);
    await pickLaptop(lines[1], all.serials[1]);
    await query(`update device_custody set state = 'in_use', place = null where device_id = $1`, [all.machines[0]]);
    await query(
      `update device_custody set state = 'missing', holder_entra_id = null, place = null where device_id = $1`,
      [all.machines[1]],
    );
    expect(await picks.follow()).toBe(2);
    expect(await query('select state from pick order by id')).toEqual([
      { state: 'handed_over' },
      { state: 'put_back' },
    ]);
    expect(await lineOf(lines[0])).toMatchObject({ state: 'fulfilled' });
    expect(await lineOf(lines[1])).toMatchObject({ state: 'back_ordered', picked: 0 });
    await query(
      `update device_custody set state = 'recovered', holder_entra_id = null, place = 'Stores' where device_id = $1`,
      [all.machines[0]],
    );
    expect(await picks.follow()).toBe(1);
    expect(await picks.follow()).toBe(0);
    expect(await query('select state from pick order by id')).toEqual([{ state: 'returned' }, { state: 'put_back' }]);
  });
});
