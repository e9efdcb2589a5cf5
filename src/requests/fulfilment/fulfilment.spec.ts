import { ENGINEER, FulfilmentBench, HOLDER, of } from '../../../test/support/fulfilment-bench.js';
import { personId } from '../../../test/support/custody-fixture.js';
import {
  approveRequest,
  draftRequest,
  receiveMachines,
  requestActor,
  submitRequest,
} from '../../../test/support/request-fixture.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { ChangedMeanwhileError } from '../../database/record-version.js';
import { ProgrammeQueries } from '../../rollout/programme.queries.js';
import { BeneficiariesQueries } from '../asking/beneficiaries.queries.js';
import { RequestEndingsService } from '../asking/request-endings.service.js';
import { reserveApproved } from './reserving.js';

describe('fulfilment', () => {
  let bench: FulfilmentBench;
  beforeAll(async () => {
    bench = await FulfilmentBench.start();
  });
  beforeEach(() => bench.restock({ laptops: 2, counted: 5 }));
  afterAll(() => bench.drop());

  it('goes from approval to a serial number in the hands of its person, and closes', async () => {
    const request = await bench.approved([
      { for: bench.ann(), product: bench.all.products.laptop },
      { for: bench.ann(), product: bench.all.products.dock, quantity: 2 },
    ]);
    const [laptop, dock] = request.lines;
    expect(await bench.lineOf(laptop)).toMatchObject({ state: 'reserved', reserved: 1 });
    expect(await bench.level(bench.all.products.dock)).toEqual({ on_hand: 5, reserved: 2 });

    const machine = await bench.pickLaptop(laptop, ` ${bench.all.serials[0]?.toLowerCase() ?? ''} `);
    expect(await bench.level(bench.all.products.laptop)).toEqual({ on_hand: 1, reserved: 0 });
    expect(await bench.custody(bench.all.machines[0])).toMatchObject([
      { state: 'allocated', holder: bench.ann(), place: 'Stores' },
    ]);
    const docks = await bench.picking.pick(
      { reservationId: await bench.reservationOf(dock), serial: null, quantity: null, idempotencyKey: 'k' },
      HOLDER,
    );
    expect(await bench.level(bench.all.products.dock)).toEqual({ on_hand: 3, reserved: 0 });
    expect(await bench.lineOf(dock)).toMatchObject({ state: 'picking', picked: 2 });

    await bench.handover.handOver(of(machine.pickId), ENGINEER);
    expect(await bench.custody(bench.all.machines[0])).toMatchObject([{ state: 'in_use', holder: bench.ann() }]);
    await bench.receipts.confirm(of(machine.pickId), requestActor(bench.ann()));
    expect(await bench.lineOf(laptop)).toMatchObject({ state: 'received' });

    await bench.handover.dispatch({ ...of(docks.pickId), tracking: 'AB 123' }, HOLDER);
    await bench.receipts.confirm(of(docks.pickId), requestActor(bench.ann()));
    expect(await bench.query('select state from equipment_request')).toEqual([{ state: 'closed' }]);
    expect(await bench.query('select tracking, received_how from pick where id = $1', [docks.pickId])).toEqual([
      { tracking: 'AB 123', received_how: 'confirmed' },
    ]);
    expect((await bench.events(request.id)).slice(-3)).toEqual(['dispatched', 'received', 'closed']);
  });

  it('refuses serial numbers of nothing, of another product, of another place and of what is not free', async () => {
    const { lines } = await bench.approved([{ for: bench.ann(), product: bench.all.products.laptop }]);
    await expect(bench.pickLaptop(lines[0], 'NOSUCH1')).rejects.toBeInstanceOf(InputError);
    await expect(bench.pickLaptop(lines[0], '')).rejects.toBeInstanceOf(InputError);
    const { serials } = await receiveMachines(bench.dataSource, 1, 'Annexe');
    await expect(bench.pickLaptop(lines[0], serials[0] ?? '')).rejects.toThrow('another place: Annexe');
    await bench.query(`update device set manufacturer = 'Dell' where id = $1`, [bench.all.machines[1]]);
    await bench.query(`update device_custody set substate = 'held' where device_id = $1`, [bench.all.machines[1]]);
    await expect(bench.pickLaptop(lines[0], bench.all.serials[1])).rejects.toThrow('not free: in stock, held');
    await expect(
      bench.picking.pick(
        { reservationId: await bench.reservationOf(lines[0]), serial: null, quantity: 1, idempotencyKey: null },
        HOLDER,
      ),
    ).rejects.toBeInstanceOf(InputError);
    await expect(
      bench.picking.pick({ reservationId: 999, serial: 'LAP1', quantity: null, idempotencyKey: null }, HOLDER),
    ).rejects.toBeInstanceOf(NotFoundError);
    expect(await bench.query('select from pick')).toEqual([]);
  });

  it('lets nobody pick, hand over or take back for themselves, nor without the permission', async () => {
    const { lines } = await bench.approved([{ for: bench.ann(), product: bench.all.products.dock }]);
    const order = {
      reservationId: await bench.reservationOf(lines[0]),
      serial: null,
      quantity: 1,
      idempotencyKey: null,
    };
    await expect(bench.picking.pick(order, requestActor(bench.ann(), ['stock-holder']))).rejects.toBeInstanceOf(
      ForbiddenError,
    );
    await expect(bench.picking.pick(order, ENGINEER)).rejects.toBeInstanceOf(ForbiddenError);
    await bench.query(
      `insert into linked_account (entra_id, person_entra_id, linked_by) values ($1, $2, 'system:test')`,
      [personId(8_001), bench.ann()],
    );
    await expect(bench.picking.pick(order, HOLDER)).rejects.toBeInstanceOf(ForbiddenError);
    await bench.query('delete from linked_account');
    const { pickId } = await bench.picking.pick(order, HOLDER);
    await expect(bench.handover.handOver(of(pickId), requestActor(bench.ann(), ['engineer']))).rejects.toBeInstanceOf(
      ForbiddenError,
    );
    await expect(bench.handover.putBack(of(pickId), ENGINEER)).rejects.toBeInstanceOf(ForbiddenError);
    await expect(bench.receipts.confirm(of(pickId), requestActor(bench.bob()))).rejects.toBeInstanceOf(NotFoundError);
    await expect(bench.receipts.confirm(of(pickId), requestActor(bench.ann()))).rejects.toThrow('not handed over yet');
    await bench.handover.handOver(of(pickId), ENGINEER);
    const back = { ...of(pickId), condition: 'good' as const, placeId: bench.all.places.stores };
    await expect(bench.receipts.bringBack(back, requestActor(bench.ann(), ['engineer']))).rejects.toBeInstanceOf(
      ForbiddenError,
    );
  });

  it('does what is sent twice once, and refuses what was looked at before it changed', async () => {
    const { lines } = await bench.approved([{ for: bench.ann(), product: bench.all.products.dock, quantity: 3 }]);
    const order = {
      reservationId: await bench.reservationOf(lines[0]),
      serial: null,
      quantity: 2,
      idempotencyKey: 'same',
    };
    const first = await bench.picking.pick(order, HOLDER);
    expect(await bench.picking.pick(order, HOLDER)).toEqual(first);
    expect(await bench.lineOf(lines[0])).toMatchObject({ picked: 2, reserved: 1, state: 'picking' });
    await bench.handover.dispatch(
      { pickId: first.pickId, version: first.version, tracking: 'X1', idempotencyKey: null },
      HOLDER,
    );
    await expect(
      bench.handover.handOver({ pickId: first.pickId, version: first.version, idempotencyKey: null }, ENGINEER),
    ).rejects.toBeInstanceOf(ChangedMeanwhileError);
  });

  it('asks for the machine back that it replaces, also one whose custody nobody recorded', async () => {
    const [old] = await bench.query<{ id: number }>(
      `insert into device (serial_number, manufacturer, model, name, record_count, last_seen_at, user_entra_id)
       values ('OLD000001', 'HP', 'ProDesk 600 G5', 'PC-1', 1, now(), $1) returning id`,
      [bench.ann()],
    );
    const request = await draftRequest(bench.dataSource, bench.all.manager, [
      { for: bench.ann(), product: bench.all.products.laptop },
    ]);
    await bench.query('update request_line set replaces_device_id = $1', [old?.id]);
    await submitRequest(bench.dataSource, request);
    await bench.transactor.run(async (tx) => {
      await approveRequest(tx, request);
      await reserveApproved(tx, { requestId: request.id, revision: 1 }, 'system:test');
    });
    const { pickId } = await bench.pickLaptop(request.lines[0]);
    expect(await bench.custody(old?.id)).toEqual([]);
    await bench.handover.handOver(of(pickId), ENGINEER);
    expect(await bench.custody(old?.id)).toMatchObject([{ state: 'return_due', holder: bench.ann() }]);
  });

  it('takes a first sign-in of the person as a receipt, and says so', async () => {
    const { lines, id } = await bench.approved([{ for: bench.ann(), product: bench.all.products.laptop }]);
    const { pickId } = await bench.pickLaptop(lines[0]);
    await bench.handover.handOver(of(pickId), ENGINEER);
    const later = new Date(Date.now() + 3_600_000);
    await bench.query('update device set user_entra_id = $2, last_seen_at = $3 where id = $1', [
      bench.all.machines[0],
      bench.bob(),
      later,
    ]);
    expect(await bench.picks.observe(new Date(later.getTime() + 1))).toBe(0);
    await bench.query('update device set user_entra_id = $2 where id = $1', [bench.all.machines[0], bench.ann()]);
    expect(await bench.picks.observe(new Date(later.getTime() + 1))).toBe(1);
    expect(await bench.query('select state, received_how from pick')).toEqual([
      { state: 'received', received_how: 'observed' },
    ]);
    expect((await bench.events(id)).slice(-2)).toEqual(['receipt-observed', 'closed']);
  });

  it('takes back what was given: a machine to be wiped, an accessory to the shelf if it is fit', async () => {
    const { lines, id } = await bench.approved([
      { for: bench.ann(), product: bench.all.products.laptop },
      { for: bench.ann(), product: bench.all.products.dock, quantity: 2 },
    ]);
    const laptop = await bench.pickLaptop(lines[0]);
    const order = {
      reservationId: await bench.reservationOf(lines[1]),
      serial: null,
      quantity: 1,
      idempotencyKey: null,
    };
    const good = await bench.picking.pick(order, HOLDER);
    const bad = await bench.picking.pick(order, HOLDER);
    for (const { pickId } of [laptop, good, bad]) await bench.handover.handOver(of(pickId), ENGINEER);
    await bench.receipts.confirm(of(laptop.pickId), requestActor(bench.ann()));
    const to = { placeId: bench.all.places.annexe, idempotencyKey: null, version: null };
    await bench.receipts.bringBack({ ...to, pickId: laptop.pickId, condition: 'worn' }, ENGINEER);
    expect(await bench.custody(bench.all.machines[0])).toMatchObject([{ state: 'recovered', place: 'Annexe' }]);
    await bench.receipts.bringBack({ ...to, pickId: good.pickId, condition: 'good' }, ENGINEER);
    await bench.receipts.bringBack({ ...to, pickId: bad.pickId, condition: 'damaged' }, ENGINEER);
    expect(await bench.level(bench.all.products.dock, bench.all.places.annexe)).toEqual({ on_hand: 1, reserved: 0 });
    expect(await bench.query('select state from equipment_request where id = $1', [id])).toEqual([{ state: 'closed' }]);
    await expect(
      bench.receipts.bringBack({ ...to, pickId: bad.pickId, condition: 'good' }, ENGINEER),
    ).rejects.toBeInstanceOf(ConflictError);
    await expect(
      bench.receipts.bringBack({ ...to, pickId: laptop.pickId, condition: 'good', placeId: 99 }, ENGINEER),
    ).rejects.toThrow();
  });

  it('follows what was done to machines without their requests', async () => {
    const { lines } = await bench.approved([
      { for: bench.ann(), product: bench.all.products.laptop },
      { for: bench.bob(), product: bench.all.products.laptop },
    ]);
    await bench.pickLaptop(lines[0], bench.all.serials[0]);
    await bench.pickLaptop(lines[1], bench.all.serials[1]);
    await bench.query(`update device_custody set state = 'in_use', place = null where device_id = $1`, [
      bench.all.machines[0],
    ]);
    await bench.query(
      `update device_custody set state = 'missing', holder_entra_id = null, place = null where device_id = $1`,
      [bench.all.machines[1]],
    );
    expect(await bench.picks.follow()).toBe(2);
    expect(await bench.query('select state from pick order by id')).toEqual([
      { state: 'handed_over' },
      { state: 'put_back' },
    ]);
    expect(await bench.lineOf(lines[0])).toMatchObject({ state: 'fulfilled' });
    expect(await bench.lineOf(lines[1])).toMatchObject({ state: 'back_ordered', picked: 0 });
    await bench.query(
      `update device_custody set state = 'recovered', holder_entra_id = null, place = 'Stores' where device_id = $1`,
      [bench.all.machines[0]],
    );
    expect(await bench.picks.follow()).toBe(1);
    expect(await bench.picks.follow()).toBe(0);
    expect(await bench.query('select state from pick order by id')).toEqual([
      { state: 'returned' },
      { state: 'put_back' },
    ]);
  });

  it('closes what is left when the rest is cancelled, and gives what comes back to who waits', async () => {
    const { dataSource } = bench;
    const beneficiaries = new BeneficiariesQueries(dataSource, new ProgrammeQueries(dataSource));
    const endings = new RequestEndingsService(bench.transactor, beneficiaries);
    const cancel = (requestId: number): Promise<{ state: string }> => {
      const command = { requestId, version: null, reason: 'Not needed', idempotencyKey: null };
      return endings.cancel(command, requestActor(bench.all.manager));
    };
    const { dock } = bench.all.products;
    const pickOne = async (line: number | undefined): Promise<number> => {
      const order = { reservationId: await bench.reservationOf(line), serial: null, quantity: 1, idempotencyKey: null };
      return (await bench.picking.pick(order, HOLDER)).pickId;
    };
    const received = await bench.approved([{ for: bench.ann(), product: dock, quantity: 2 }]);
    const given = await pickOne(received.lines[0]);
    await bench.handover.handOver(of(given), ENGINEER);
    await bench.receipts.confirm(of(given), requestActor(bench.ann()));
    expect(await cancel(received.id)).toMatchObject({ state: 'closed' });
    expect((await bench.events(received.id)).slice(-2)).toEqual(['cancelled', 'closed']);

    const sent = await bench.approved([{ for: bench.ann(), product: dock, quantity: 4 }]);
    const rival = await bench.approved([{ for: bench.bob(), product: dock, quantity: 4 }]);
    const posted = await pickOne(sent.lines[0]);
    await bench.handover.dispatch({ ...of(posted), tracking: 'X1' }, HOLDER);
    expect(await cancel(sent.id)).toMatchObject({ state: 'approved' });
    expect(await bench.lineOf(rival.lines[0])).toMatchObject({ state: 'back_ordered', reserved: 3 });
    await expect(cancel(sent.id)).rejects.toBeInstanceOf(ConflictError);
    await bench.handover.putBack(of(posted), HOLDER);
    expect(await bench.lineOf(rival.lines[0])).toMatchObject({ state: 'reserved', reserved: 4 });
    expect((await bench.events(sent.id)).slice(-1)).toEqual(['closed']);
  });
});
