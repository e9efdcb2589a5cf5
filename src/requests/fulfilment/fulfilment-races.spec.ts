import { emptyCustody, inputFor, personId } from '../../../test/support/custody-fixture.js';
import {
  approveRequest,
  draftRequest,
  receiveMachines,
  requestActor,
  stockEquipment,
  submitRequest,
  type AskedLine,
  type Equipment,
  type StoredRequest,
} from '../../../test/support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, UntetherError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { CustodyService } from '../../devices/lifecycle/custody.service.js';
import { changeRequestState, lockRequest } from '../asking/request-rows.queries.js';
import { HandoverService } from './handover.service.js';
import { PickingService, type PickOutcome } from './picking.service.js';
import { releaseLines, reserveApproved } from './reserving.js';
import { ReservationSweep } from './reservation-sweep.service.js';

const HOLDER = requestActor(personId(8_001), ['stock-holder']);
const OTHER_HOLDER = requestActor(personId(8_003), ['stock-holder']);
const ENGINEER = requestActor(personId(8_002), ['engineer']);
const ROUNDS = 12;

describe('fulfilment by many at once', () => {
  let database: TestDatabase;
  let dataSource: TestDatabase['dataSource'];
  let transactor: Transactor;
  let picking: PickingService;
  let handover: HandoverService;
  let reservations: ReservationSweep;
  let all: Equipment;

  beforeAll(async () => {
    database = await createTestDatabase({ connections: 25 });
    ({ dataSource } = database);
    transactor = new Transactor(dataSource);
    picking = new PickingService(transactor);
    handover = new HandoverService(transactor);
    reservations = new ReservationSweep(dataSource, transactor);
  });
  afterAll(() => database.drop());

  const query = <T = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> =>
    dataSource.query<T[]>(sql, values);

  async function stocked(laptops: number, team = 4): Promise<void> {
    await emptyCustody(dataSource);
    await query(
      'truncate product, stock_place, bundle, cost_centre, equipment_request, linked_account, purchase_order restart identity cascade',
    );
    all = await stockEquipment(dataSource, { laptops, team, counted: 5 });
  }
  const approve = (request: StoredRequest): Promise<unknown> =>
    transactor.run(async (tx) => {
      await lockRequest(tx, request.id);
      await approveRequest(tx, request);
      await reserveApproved(tx, { requestId: request.id, revision: 1 }, 'system:test');
    });
  async function submitted(lines: readonly AskedLine[]): Promise<StoredRequest> {
    const request = await draftRequest(dataSource, all.manager, lines);
    await submitRequest(dataSource, request);
    return request;
  }
  async function approved(lines: readonly AskedLine[]): Promise<StoredRequest> {
    const request = await submitted(lines);
    await approve(request);
    return request;
  }
  async function reservationOf(lineId: number | undefined): Promise<number> {
    const [row] = await query<{ id: number }>('select id from reservation where request_line_id = $1', [lineId]);
    return row?.id ?? 0;
  }
  const pick = (reservationId: number, serial: string | undefined, by = HOLDER): Promise<PickOutcome> =>
    picking.pick({ reservationId, serial: serial ?? null, quantity: null, idempotencyKey: null }, by);
  const cancel = ({ id, lines }: StoredRequest): Promise<unknown> =>
    transactor.run(async (tx) => {
      const request = await lockRequest(tx, id);
      if (request?.state !== 'approved') throw new ConflictError('Over already.');
      const { given } = await releaseLines(tx, { lineIds: lines, why: 'cancelled' }, requestActor(all.manager));
      if (given.length === 0) await changeRequestState(tx, id, 'cancelled', 1);
    });

  /** Whether each was done; whoever was not must have been told why. */
  async function together(works: readonly (() => Promise<unknown>)[]): Promise<boolean[]> {
    const outcomes = await Promise.allSettled(works.map((work) => work()));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected' && !(outcome.reason instanceof UntetherError)) throw outcome.reason;
    }
    return outcomes.map(({ status }) => status === 'fulfilled');
  }

  /** Everything that must be true whatever happened. */
  async function expectSound(): Promise<void> {
    const broken = await query<{ rule: string; id: number }>(`
      select 'on hand is what moved' as rule, level.product_id as id from stock_level as level
        where on_hand <> (select coalesce(sum(quantity), 0) from stock_movement as moved
                          where (moved.product_id, moved.place_id) = (level.product_id, level.place_id))
      union all select 'reserved is what reservations say', level.product_id from stock_level as level
        where reserved <> (select coalesce(sum(quantity - picked), 0) from reservation
                           where state = 'active' and (reservation.product_id, reservation.place_id) = (level.product_id, level.place_id))
      union all select 'a line has what was reserved and picked for it', line.id from request_line as line
        where reserved <> (select coalesce(sum(quantity - picked), 0) from reservation where request_line_id = line.id and state = 'active')
          or picked <> (select coalesce(sum(quantity), 0) from pick where request_line_id = line.id and state <> 'put_back')
      union all select 'reservations have picked what was picked of them', reservation.id from reservation
        where picked <> (select coalesce(sum(quantity), 0) from pick where reservation_id = reservation.id)
      union all select 'nothing is kept for requests that are over', line.id from request_line as line
        join equipment_request as request on request.id = line.request_id
        where request.state in ('cancelled', 'closed') and (line.reserved > 0 or line.state in ('reserved', 'back_ordered'))
      union all select 'a machine that is picked is with or for its person', pick.id from pick
        join request_line as line on line.id = pick.request_line_id
        join device_custody as custody on custody.device_id = pick.device_id
        where pick.state = 'picked' and (custody.state, custody.holder_entra_id) is distinct from ('allocated', line.beneficiary_entra_id)
      union all select 'a free machine is picked by nobody', pick.id from pick
        join device_custody as custody on custody.device_id = pick.device_id
        where custody.state = 'in_stock' and pick.ended_at is null
      union all select 'effects equal events', request.id from equipment_request as request
        where (select count(*) from request_event where request_id = request.id and event = 'picked')
          <> (select count(*) from pick join request_line as line on line.id = pick.request_line_id where line.request_id = request.id)`);
    expect(broken).toEqual([]);
  }

  it('has three of fifty pick the three machines', async () => {
    await stocked(3, 3);
    const request = await approved(all.team.map((person) => ({ for: person, product: all.products.laptop })));
    const held = await Promise.all(request.lines.map(reservationOf));
    const done = await together(
      Array.from({ length: 50 }, (_, n) => () => pick(held[n % 3] ?? 0, all.serials[Math.floor(n / 3) % 3])),
    );
    expect(done.filter(Boolean)).toHaveLength(3);
    expect(
      await query(`select count(distinct device_id)::integer as machines from pick where state = 'picked'`),
    ).toEqual([{ machines: 3 }]);
    await expectSound();
  });

  it('gives a serial number that two pick for two people to one of them', async () => {
    await stocked(2);
    const [ann = '', bob = ''] = all.team;
    const first = await approved([{ for: ann, product: all.products.laptop }]);
    const second = await approved([{ for: bob, product: all.products.laptop }]);
    const [one, two] = [await reservationOf(first.lines[0]), await reservationOf(second.lines[0])];
    const done = await together([() => pick(one, all.serials[0]), () => pick(two, all.serials[0], OTHER_HOLDER)]);
    expect(done.filter(Boolean)).toHaveLength(1);
    await expectSound();
  });

  it('picks or cancels, never both by halves', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await stocked(1);
      const request = await approved([
        { for: all.team[0] ?? '', product: all.products.laptop },
        { for: all.team[0] ?? '', product: all.products.dock, quantity: 2 },
      ]);
      const [laptop, dock] = await Promise.all(request.lines.map(reservationOf));
      const [, , cancelled] = await together([
        () => pick(laptop ?? 0, all.serials[0]),
        () => pick(dock ?? 0, undefined),
        () => cancel(request),
      ]);
      expect(cancelled).toBe(true);
      expect(
        await query(
          'select state, on_hand, reserved from stock_level, equipment_request where product_id <> 3 order by product_id',
        ),
      ).toEqual([
        { state: 'cancelled', on_hand: 1, reserved: 0 },
        { state: 'cancelled', on_hand: 5, reserved: 0 },
      ]);
      await expectSound();
    }
  });

  it('hands over or cancels: a machine is with the person or on the shelf', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await stocked(1);
      const request = await approved([{ for: all.team[0] ?? '', product: all.products.laptop }]);
      const { pickId } = await pick(await reservationOf(request.lines[0]), all.serials[0]);
      const [given] = await together([
        () => handover.handOver({ pickId, version: null, idempotencyKey: null }, ENGINEER),
        () => cancel(request),
      ]);
      const [custody] = await query('select state from device_custody');
      expect(custody).toEqual({ state: given ? 'in_use' : 'in_stock' });
      expect(await query('select state from pick')).toEqual([{ state: given ? 'handed_over' : 'put_back' }]);
      expect(await query('select state from request_line')).toEqual([{ state: given ? 'fulfilled' : 'cancelled' }]);
      await expectSound();
    }
  });

  it('expires or picks', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await stocked(1);
      const request = await approved([{ for: all.team[0] ?? '', product: all.products.laptop }]);
      const held = await reservationOf(request.lines[0]);
      const later = new Date(Date.now() + 15 * 86_400_000);
      const [picked] = await together([() => pick(held, all.serials[0]), () => reservations.expire(later)]);
      expect(await query('select state from request_line')).toEqual([{ state: picked ? 'picking' : 'back_ordered' }]);
      await expectSound();
    }
  });

  it('serves who waits before a new approval, though both come at once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await stocked(0);
      const [ann = '', bob = ''] = all.team;
      const first = await approved([{ for: ann, product: all.products.laptop }]);
      const late = await submitted([{ for: bob, product: all.products.laptop }]);
      await receiveMachines(dataSource, 1, 'Stores');
      await together([() => reservations.serve(), () => approve(late), () => reservations.serve()]);
      await reservations.serve();
      expect(await query('select id, state from request_line order by id')).toEqual([
        { id: first.lines[0], state: 'reserved' },
        { id: late.lines[0], state: 'back_ordered' },
      ]);
      await expectSound();
    }
  });

  it('reserves for as many of thirty approvals as there is stock', async () => {
    await stocked(7, 30);
    const requests: StoredRequest[] = [];
    for (const person of all.team) requests.push(await submitted([{ for: person, product: all.products.laptop }]));
    await together(requests.map((request) => () => approve(request)));
    expect(
      await query('select state, count(*)::integer as lines from request_line group by state order by state'),
    ).toEqual([
      { state: 'back_ordered', lines: 23 },
      { state: 'reserved', lines: 7 },
    ]);
    await expectSound();
  });

  it('lets the service desk and a stock holder not take the same machine', async () => {
    const custody = new CustodyService(transactor);
    for (let round = 0; round < ROUNDS; round++) {
      await stocked(2);
      const [ann = '', bob = ''] = all.team;
      const request = await approved([{ for: ann, product: all.products.laptop }]);
      const held = await reservationOf(request.lines[0]);
      const desk = { ...ENGINEER, permissions: new Set(['custody:write']) };
      const input = inputFor('hand-over', { holder: bob });
      const deviceId = all.machines[0] ?? 0;
      const done = await together([
        () => pick(held, all.serials[0]),
        () => custody.carryOut({ deviceId, command: 'hand-over', input, version: null, idempotencyKey: null }, desk),
      ]);
      expect(done.filter(Boolean)).toHaveLength(1);
      await expectSound();
    }
  });

  it('has everything sound after a storm of all of it', async () => {
    await stocked(6, 12);
    const requests = await Promise.all(
      all.team.map((person) =>
        submitted([
          { for: person, product: all.products.laptop },
          { for: person, product: all.products.dock },
        ]),
      ),
    );
    const pickAnything = async (request: StoredRequest, n: number): Promise<unknown> => {
      const [line] = request.lines;
      const { pickId } = await pick(await reservationOf(line), all.serials[n % 6]);
      if (n % 3 === 0) return handover.handOver({ pickId, version: null, idempotencyKey: null }, ENGINEER);
      return handover.putBack({ pickId, version: null, idempotencyKey: null }, HOLDER);
    };
    await together([
      ...requests.map((request) => () => approve(request)),
      ...requests.map((request, n) => () => pickAnything(request, n)),
      ...requests.slice(0, 6).map((request) => () => cancel(request)),
      ...Array.from({ length: 4 }, () => () => reservations.serve()),
      ...requests.map((request, n) => () => pickAnything(request, n + 1)),
      () => receiveMachines(dataSource, 2, 'Annexe'),
      ...requests.slice(3, 9).map((request) => () => cancel(request)),
    ]);
    await reservations.serve();
    await expectSound();
    const [waiting] = await query<{ waiting: number; free: number }>(
      `select (select count(*) from request_line where waiting_since is not null)::integer as waiting,
              (select sum(on_hand - reserved) from stock_level where product_id = 1)::integer as free`,
    );
    expect(waiting?.waiting === 0 || waiting?.free === 0).toBe(true);
  });

  it('did all of it without a deadlock', async () => {
    // Postgres writes its statistics at most every second.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await query('select deadlocks::integer from pg_stat_database where datname = current_database()')).toEqual([
      { deadlocks: 0 },
    ]);
  });
});
