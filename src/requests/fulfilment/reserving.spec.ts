import { ENGINEER, FulfilmentBench, HOLDER, of } from '../../../test/support/fulfilment-bench.js';
import { receiveCounted, receiveMachines, requestActor } from '../../../test/support/request-fixture.js';
import { ConflictError } from '../../common/errors.js';
import { releaseLines, serveBackOrders } from './reserving.js';

describe('promises of stock', () => {
  let bench: FulfilmentBench;
  beforeAll(async () => {
    bench = await FulfilmentBench.start();
  });
  beforeEach(() => bench.restock({ laptops: 2, counted: 5 }));
  afterAll(() => bench.drop());

  it('serves who waits in the order of approval, wherever stock comes, and overtakes nobody', async () => {
    const first = await bench.approved([{ for: bench.ann(), product: bench.all.products.laptop, quantity: 3 }]);
    expect(await bench.lineOf(first.lines[0])).toMatchObject({ state: 'back_ordered', reserved: 2 });
    const second = await bench.approved([{ for: bench.bob(), product: bench.all.products.laptop, quantity: 1 }]);
    const { machines } = await receiveMachines(bench.dataSource, 1, 'Annexe');
    const third = await bench.approved([{ for: bench.all.team[2] ?? '', product: bench.all.products.laptop }]);
    expect(await bench.lineOf(first.lines[0])).toMatchObject({ state: 'reserved', reserved: 3, waiting_since: null });
    expect(await bench.lineOf(second.lines[0])).toMatchObject({ state: 'back_ordered' });
    expect(await bench.lineOf(third.lines[0])).toMatchObject({ state: 'back_ordered' });
    expect(machines).toHaveLength(1);
    await receiveMachines(bench.dataSource, 1, 'Stores');
    expect(await bench.reservations.serve()).toBe(1);
    expect(await bench.lineOf(second.lines[0])).toMatchObject({ state: 'reserved' });
    expect(await bench.reservations.serve()).toBe(0);
  });

  it('stops serving at a request that somebody works on, so that nobody is overtaken', async () => {
    const first = await bench.approved([{ for: bench.ann(), product: bench.all.products.dock, quantity: 5 }]);
    const second = await bench.approved([{ for: bench.ann(), product: bench.all.products.dock }]);
    const third = await bench.approved([{ for: bench.bob(), product: bench.all.products.dock }]);
    await receiveCounted(bench.dataSource, bench.all.products.dock, bench.all.places.annexe, 1);
    expect(await bench.lineOf(first.lines[0])).toMatchObject({ state: 'reserved' });
    await bench.transactor.run(async (tx) => {
      await tx.query('select from equipment_request where id = $1 for update', [second.id]);
      const stock = { productId: bench.all.products.dock, placeId: null };
      expect(await bench.transactor.run((other) => serveBackOrders(other, stock, 'system:test'))).toEqual([]);
    });
    expect(await bench.lineOf(third.lines[0])).toMatchObject({ state: 'back_ordered' });
    expect(await bench.reservations.serve()).toBe(1);
    expect(await bench.lineOf(second.lines[0])).toMatchObject({ state: 'reserved' });
  });

  it('releases everything that is kept when a request is cancelled, and gives it to who waits', async () => {
    const request = await bench.approved([
      { for: bench.ann(), product: bench.all.products.laptop },
      { for: bench.bob(), product: bench.all.products.laptop },
      { for: bench.ann(), product: bench.all.products.dock, quantity: 4 },
    ]);
    const waiting = await bench.approved([{ for: bench.all.team[2] ?? '', product: bench.all.products.laptop }]);
    await bench.pickLaptop(request.lines[0]);
    const docks = {
      reservationId: await bench.reservationOf(request.lines[2]),
      serial: null,
      quantity: 3,
      idempotencyKey: null,
    };
    await bench.picking.pick(docks, HOLDER);
    const released = await bench.transactor.run(async (tx) => {
      await tx.query('select from equipment_request where id = $1 for no key update', [request.id]);
      return releaseLines(tx, { lineIds: request.lines, why: 'cancelled' }, requestActor(bench.all.manager));
    });
    expect(released).toEqual({ ended: [...request.lines], given: [] });
    expect(await bench.level(bench.all.products.dock)).toEqual({ on_hand: 5, reserved: 0 });
    expect(await bench.level(bench.all.products.laptop)).toEqual({ on_hand: 2, reserved: 1 });
    expect(await bench.custody(bench.all.machines[0])).toMatchObject([
      { state: 'in_stock', substate: 'available', place: 'Stores' },
    ]);
    expect(await bench.lineOf(waiting.lines[0])).toMatchObject({ state: 'reserved' });
    expect(await bench.lineOf(request.lines[2])).toMatchObject({
      state: 'cancelled',
      cancelled: 4,
      picked: 0,
      reserved: 0,
    });
  });

  it('leaves what was handed over or is in the post when the rest is cancelled', async () => {
    const request = await bench.approved([{ for: bench.ann(), product: bench.all.products.dock, quantity: 4 }]);
    const order = {
      reservationId: await bench.reservationOf(request.lines[0]),
      serial: null,
      quantity: 1,
      idempotencyKey: null,
    };
    const given = await bench.picking.pick(order, HOLDER);
    const sent = await bench.picking.pick(order, HOLDER);
    await bench.handover.handOver(of(given.pickId), ENGINEER);
    await bench.handover.dispatch({ ...of(sent.pickId), tracking: 'X1' }, HOLDER);
    await bench.picking.pick(order, HOLDER);
    const { given: left } = await bench.transactor.run(async (tx) => {
      await tx.query('select from equipment_request where id = $1 for no key update', [request.id]);
      return releaseLines(tx, { lineIds: request.lines, why: 'cancelled' }, requestActor(bench.all.manager));
    });
    expect(left).toEqual(request.lines);
    expect(await bench.lineOf(request.lines[0])).toMatchObject({
      state: 'picking',
      picked: 2,
      reserved: 0,
      cancelled: 2,
    });
    expect(await bench.level(bench.all.products.dock)).toEqual({ on_hand: 3, reserved: 0 });
    // It came back unopened: nobody waits for it any more.
    await bench.handover.putBack(of(sent.pickId), HOLDER);
    expect(await bench.lineOf(request.lines[0])).toMatchObject({
      state: 'fulfilled',
      picked: 1,
      reserved: 0,
      cancelled: 3,
    });
    expect(await bench.level(bench.all.products.dock)).toEqual({ on_hand: 4, reserved: 0 });
  });

  it('reserves again what is put back, for the person it was for', async () => {
    const { lines } = await bench.approved([{ for: bench.ann(), product: bench.all.products.laptop }]);
    const rival = await bench.approved([{ for: bench.bob(), product: bench.all.products.laptop, quantity: 2 }]);
    const { pickId } = await bench.pickLaptop(lines[0]);
    await bench.handover.putBack(of(pickId), HOLDER);
    expect(await bench.lineOf(lines[0])).toMatchObject({ state: 'reserved', reserved: 1, picked: 0 });
    expect(await bench.lineOf(rival.lines[0])).toMatchObject({ state: 'back_ordered', reserved: 1 });
    await expect(bench.handover.handOver(of(pickId), ENGINEER)).rejects.toBeInstanceOf(ConflictError);
    const again = await bench.pickLaptop(lines[0]);
    expect(again.pickId).not.toBe(pickId);
  });

  it('ends what nobody began to pick in time: others come first, and it keeps its place', async () => {
    const first = await bench.approved([{ for: bench.ann(), product: bench.all.products.laptop, quantity: 2 }]);
    const second = await bench.approved([{ for: bench.bob(), product: bench.all.products.laptop }]);
    expect(await bench.reservations.expire()).toBe(0);
    const [{ approvedAt } = { approvedAt: null }] = await bench.query<{ approvedAt: Date }>(
      `select decided_at as "approvedAt" from decision where request_id = $1`,
      [first.id],
    );
    expect(await bench.reservations.expire(new Date(Date.now() + 15 * 86_400_000))).toBe(1);
    expect(await bench.lineOf(second.lines[0])).toMatchObject({ state: 'reserved' });
    expect(await bench.lineOf(first.lines[0])).toMatchObject({
      state: 'back_ordered',
      reserved: 0,
      waiting_since: approvedAt,
    });
    expect(await bench.reservations.serve()).toBe(0);
    expect(await bench.lineOf(first.lines[0])).toMatchObject({ state: 'back_ordered', reserved: 1 });
    expect(await bench.events(first.id)).toEqual(['reserved', 'reservation-expired', 'reserved']);
  });

  it('keeps what somebody began to pick', async () => {
    const { lines } = await bench.approved([{ for: bench.ann(), product: bench.all.products.dock, quantity: 2 }]);
    const order = {
      reservationId: await bench.reservationOf(lines[0]),
      serial: null,
      quantity: 1,
      idempotencyKey: null,
    };
    await bench.picking.pick(order, HOLDER);
    expect(await bench.reservations.expire(new Date(Date.now() + 30 * 86_400_000))).toBe(0);
  });
});
