import { insertMachines, insertPeople, personId, place as standAt } from '../../../test/support/custody-fixture.js';
import { emptyStock, insertPlace, insertProduct, levelOf, promise } from '../../../test/support/stock-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Transactor } from '../../database/transactor.js';
import { followMachines } from '../../devices/lifecycle/custody-moves.service.js';
import { putLaptopAside, type PutAside } from '../../rollout/waves/laptops-put-aside.service.js';
import { takeStockOfMachines } from './stock-machines.js';

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let stores: number;
let laptop: number;
beforeAll(async () => {
  database = await createTestDatabase({ connections: 8 });
  dataSource = database.dataSource;
});
beforeEach(async () => {
  await emptyStock(dataSource);
  stores = await insertPlace(dataSource, 'Stores');
  laptop = await insertProduct(dataSource, 'Laptop', { model: 'HP EliteBook 840 G8' });
});
afterAll(() => database?.drop());

describe('machines of stock that turn out to be one', () => {
  const becomeOne = (gone: number, kept: number): Promise<void> =>
    new Transactor(dataSource).run(async (tx) => {
      await tx.query('update device set merged_into_id = $2 where id = $1', [gone, kept]);
      await followMachines(tx, [gone, kept]);
    });
  const lines = (): Promise<object[]> => dataSource.query('select state, reserved from request_line order by id');

  it('stay promised when a boxed machine joins its enrolment', async () => {
    const [boxed = 0, enrolled = 0] = await insertMachines(dataSource, 2);
    await standAt(dataSource, [boxed], 'in_stock:available');
    await promise(dataSource, laptop, stores, 1);
    await becomeOne(boxed, enrolled);
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 1, reserved: 1 });
    expect(await dataSource.query('select device_id, set_aside_at from device_custody')).toEqual([
      { device_id: enrolled, set_aside_at: null },
    ]);
    const movements = await dataSource.query<unknown[]>('select from stock_movement');
    expect(movements).toHaveLength(1);
  });

  it('let the latest promise wait again when all were promised, and nothing while some were free', async () => {
    const [first = 0, second = 0, third = 0] = await insertMachines(dataSource, 3);
    await standAt(dataSource, [first, second, third], 'in_stock:available');
    await promise(dataSource, laptop, stores, 1);
    await promise(dataSource, laptop, stores, 1);
    await becomeOne(second, first);
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 2, reserved: 2 });
    expect(await lines()).toEqual([
      { state: 'reserved', reserved: 1 },
      { state: 'reserved', reserved: 1 },
    ]);
    await becomeOne(third, first);
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 1, reserved: 1 });
    expect(await lines()).toEqual([
      { state: 'reserved', reserved: 1 },
      { state: 'back_ordered', reserved: 0 },
    ]);
    expect(await dataSource.query('select event, line_id from request_event')).toEqual([
      { event: 'back-ordered', line_id: 2 },
    ]);
  });

  it('are taken into stock when their model becomes known only after they came', async () => {
    const [unknown = 0] = await insertMachines(dataSource, 1);
    await dataSource.query('update device set model = null');
    await standAt(dataSource, [unknown], 'in_stock:available');
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 0, reserved: 0 });
    await dataSource.query(`update device set model = 'EliteBook 840 G8'`);
    const take = (): Promise<readonly object[]> => new Transactor(dataSource).run((tx) => takeStockOfMachines(tx));
    const rises = await Promise.all([take(), take(), take()]);
    expect(rises.flat()).toEqual([{ productId: laptop, placeId: stores, quantity: 1 }]);
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 1, reserved: 0 });
    await dataSource.query('delete from device_custody');
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 0, reserved: 0 });
  });
});

describe('two connections at the same moment', () => {
  /** One does something and waits for the other to be held up by it before it commits. */
  const meanwhile = async <T>(
    first: (query: (sql: string, values?: unknown[]) => Promise<unknown>) => Promise<unknown>,
    second: () => Promise<T>,
  ): Promise<T> => {
    const runner = dataSource.createQueryRunner();
    await runner.connect();
    await runner.startTransaction();
    await first((sql, values) => runner.query(sql, values));
    const late = second();
    for (let look = 0; look < 200; look++) {
      const [{ waiting } = { waiting: 0 }] = await dataSource.query<{ waiting: number }[]>(
        `select count(*)::integer as waiting from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (waiting > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await runner.commitTransaction();
    await runner.release();
    return late;
  };

  it.each([
    ['a place is renamed', `update stock_place set name = 'Depot', changed_at = now()`],
    ['a model is taken from its product', 'delete from product_model'],
  ])('take no machine into stock while %s', async (_what, statement) => {
    const machines = await insertMachines(dataSource, 1);
    await meanwhile(
      async (query) => {
        // As the services do: the record is locked before it changes.
        await query('select from stock_place for update');
        await query(statement);
      },
      () => standAt(dataSource, machines, 'in_stock:available'),
    );
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 0, reserved: 0 });
    expect(await dataSource.query('select from stock_machine')).toHaveLength(0);
  });

  it('put a laptop of another place aside for a booking when a request is promised the last one here', async () => {
    await insertPlace(dataSource, 'Depot');
    await insertPeople(dataSource, 2);
    const [here = 0, there = 0] = await insertMachines(dataSource, 2);
    await standAt(dataSource, [here, there], 'in_stock:available');
    await dataSource.query(`update device set form_factor = 'laptop', upgrade_eligibility = 'upgraded'`);
    await dataSource.query(`update device_custody set place = 'Depot' where device_id = $1`, [there]);
    const book = (person: number): Promise<PutAside | null> =>
      new Transactor(dataSource).run((tx) =>
        putLaptopAside(
          tx,
          {
            id: person,
            programmeId: 1,
            personEntraId: personId(person),
            state: 'ready',
            readiness: 'ready',
            site: null,
            workStyle: null,
            laptopId: null,
          },
          'Stores',
        ),
      );
    const booked = await meanwhile(
      (query) => promise({ query } as Parameters<typeof promise>[0], laptop, stores, 1),
      () => book(1),
    );
    expect(booked).toMatchObject({ laptopId: there, putAside: true });
    expect(await book(2)).toBeNull();
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 1, reserved: 1 });
  });
});
