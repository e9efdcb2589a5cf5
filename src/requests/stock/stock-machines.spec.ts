import { insertMachines, place as standAt } from '../../../test/support/custody-fixture.js';
import { insertPlace, insertProduct, levelOf, promise } from '../../../test/support/stock-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Transactor } from '../../database/transactor.js';
import { followMachines } from '../../devices/lifecycle/custody-moves.service.js';
import { takeStockOfMachines } from './stock-machines.js';

describe('machines of stock that turn out to be one', () => {
  let database: TestDatabase;
  let dataSource: TestDatabase['dataSource'];
  let stores: number;
  let laptop: number;
  beforeEach(async () => {
    database = await createTestDatabase({ connections: 8 });
    dataSource = database.dataSource;
    stores = await insertPlace(dataSource, 'Stores');
    laptop = await insertProduct(dataSource, 'Laptop', { model: 'HP EliteBook 840 G8' });
  });
  afterEach(() => database.drop());

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
