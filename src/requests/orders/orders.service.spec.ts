import { actorWith } from '../../../test/support/custody-fixture.js';
import { auditedAs } from '../../../test/support/audit.js';
import { emptyStock, insertPlace, insertProduct } from '../../../test/support/stock-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { ChangedMeanwhileError } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import { OrderReceivingService } from './order-receiving.service.js';
import { OrdersQueries, type WholeOrder } from './orders.queries.js';
import { OrdersService } from './orders.service.js';

const HOLDER = actorWith(9);
const DETAILS = { number: 'PO-1', supplier: 'Supplier Ltd', orderedOn: '2026-11-02', expectedOn: '2026-11-30' };

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let orders: OrdersService;
let receiving: OrderReceivingService;
let queries: OrdersQueries;
let dock: number;
let stores: number;

beforeAll(async () => {
  database = await createTestDatabase({ connections: 32 });
  dataSource = database.dataSource;
  const transactor = new Transactor(dataSource);
  orders = new OrdersService(transactor);
  receiving = new OrderReceivingService(transactor);
  queries = new OrdersQueries(dataSource);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await emptyStock(dataSource);
  dock = await insertProduct(dataSource, 'Dock');
  stores = await insertPlace(dataSource, 'Stores');
});

const one = async (id: number): Promise<WholeOrder> => {
  const order = await queries.one(id);
  if (order === null) throw new Error('There is no such order.');
  return order;
};
const enter = async (quantity = 5): Promise<WholeOrder> => {
  const lines = [{ productId: dock, placeId: stores, quantity, pricePence: 9_000 }];
  return one((await orders.enter({ ...DETAILS, lines }, null, HOLDER.actor)).id);
};
const receive = ({ id: orderId, orderLines: [line] }: WholeOrder, quantity: number): Promise<unknown> => {
  const lines = [{ lineId: line?.id ?? 0, delivered: { quantity } }];
  return receiving.receive({ orderId, lines, mode: 'all', deliveryNote: null, idempotencyKey: null }, HOLDER);
};

describe('orders', () => {
  it('are entered once for a key, and once for a number', async () => {
    const input = { ...DETAILS, lines: [{ productId: dock, placeId: stores, quantity: 5, pricePence: 9_000 }] };
    const seen = await auditedAs(dataSource, 'purchase-order.entered', async () => {
      const first = await orders.enter(input, 'key', HOLDER.actor);
      expect(await orders.enter(input, 'key', HOLDER.actor)).toEqual(first);
      expect(await one(first.id)).toMatchObject({
        state: 'open',
        lines: 1,
        quantity: 5,
        received: 0,
        totalPence: 45_000,
      });
    });
    expect(seen.details).toEqual({ lines: 1 });
    await expect(orders.enter({ ...input, number: 'po-1' }, null, HOLDER.actor)).rejects.toThrow(ConflictError);
    await expect(
      orders.enter({ ...input, number: 'PO-2', expectedOn: '2026-11-01' }, null, HOLDER.actor),
    ).rejects.toThrow(InputError);
    const lines = [{ productId: 4711, placeId: stores, quantity: 5, pricePence: 1 }];
    await expect(orders.enter({ ...DETAILS, number: 'PO-3', lines }, null, HOLDER.actor)).rejects.toThrow(
      'no such product',
    );
    expect(await dataSource.query('select number from purchase_order')).toEqual([{ number: 'PO-1' }]);
  });

  it('are changed by whoever looked at them as they are', async () => {
    const order = await enter();
    const later = { ...DETAILS, expectedOn: '2026-12-24' };
    await auditedAs(dataSource, 'purchase-order.changed', () =>
      orders.change(order.id, later, order.version, HOLDER.actor),
    );
    expect((await one(order.id)).expectedOn).toBe('2026-12-24');
    await expect(orders.change(order.id, DETAILS, order.version, HOLDER.actor)).rejects.toThrow(ChangedMeanwhileError);
    await expect(orders.change(4711, DETAILS, order.version, HOLDER.actor)).rejects.toThrow(NotFoundError);
  });

  it('gain, change and lose lines, but never below what came', async () => {
    const order = await enter();
    const line = { productId: dock, placeId: stores, quantity: 3, pricePence: 8_000 };
    const added = await auditedAs(dataSource, 'purchase-order.line-added', () =>
      orders.addLine(order.id, line, 'key', HOLDER.actor),
    );
    await orders.addLine(order.id, line, 'key', HOLDER.actor);
    const second = Number(added.details['line']);
    const first = order.orderLines[0]?.id ?? 0;
    await receive(order, 2);
    const version = async (): Promise<string> => (await one(order.id)).version;
    await expect(orders.removeLine(first, await version(), HOLDER.actor)).rejects.toThrow('was received');
    await expect(orders.changeLine(first, { ...line, quantity: 1 }, await version(), HOLDER.actor)).rejects.toThrow(
      'came already',
    );
    await auditedAs(dataSource, 'purchase-order.line-changed', async () =>
      orders.changeLine(first, { ...line, quantity: 2 }, await version(), HOLDER.actor),
    );
    expect((await one(order.id)).state).toBe('open');
    await auditedAs(dataSource, 'purchase-order.line-removed', async () =>
      orders.removeLine(second, await version(), HOLDER.actor),
    );
    expect(await one(order.id)).toMatchObject({ state: 'closed', lines: 1, quantity: 2, received: 2 });
  });

  it('end as cancelled when nothing came, and as closed when something did', async () => {
    const nothing = await enter();
    await auditedAs(dataSource, 'purchase-order.ended', () =>
      orders.end(nothing.id, 'The supplier has none', nothing.version, HOLDER.actor),
    );
    expect(await one(nothing.id)).toMatchObject({
      state: 'cancelled',
      endReason: 'The supplier has none',
      late: false,
    });
    await expect(
      orders.addLine(nothing.id, { productId: dock, placeId: stores, quantity: 1, pricePence: 1 }, null, HOLDER.actor),
    ).rejects.toThrow('has ended');
    const { id } = await orders.enter(
      { ...DETAILS, number: 'PO-2', lines: [{ productId: dock, placeId: stores, quantity: 5, pricePence: 1 }] },
      null,
      HOLDER.actor,
    );
    await receive(await one(id), 1);
    await orders.end(id, 'The rest is not made any more', (await one(id)).version, HOLDER.actor);
    expect((await one(id)).state).toBe('closed');
  });

  it('either end or are received, when both happen at once', async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await orders.enter(
        {
          ...DETAILS,
          number: `PO-R${round}`,
          lines: [{ productId: dock, placeId: stores, quantity: 1, pricePence: 1 }],
        },
        null,
        HOLDER.actor,
      );
      const order = await one(id);
      const [ended, came] = await Promise.allSettled([
        orders.end(id, 'Not needed', order.version, HOLDER.actor),
        receive(order, 1),
      ]);
      expect([ended.status, came.status].sort()).toEqual(['fulfilled', 'rejected']);
      expect(await one(id)).toMatchObject(
        came.status === 'fulfilled' ? { state: 'closed', received: 1 } : { state: 'cancelled', received: 0 },
      );
    }
  });

  it('are found by number, supplier, state, product, place and being late', async () => {
    await enter();
    await orders.enter({ ...DETAILS, number: 'PO-9', expectedOn: '2026-11-03', lines: [] }, null, HOLDER.actor);
    const numbers = async (filter: Parameters<OrdersQueries['page']>[0]): Promise<string[]> =>
      (await queries.page(filter, {})).items.map(({ number }) => number);
    expect(await numbers({})).toEqual(['PO-9', 'PO-1']);
    expect(await numbers({ search: 'po-9' })).toEqual(['PO-9']);
    expect(await numbers({ search: 'supp' })).toHaveLength(2);
    expect(await numbers({ productId: dock, placeId: stores })).toEqual(['PO-1']);
    expect(await numbers({ state: 'closed' })).toEqual([]);
    await dataSource.query(`update purchase_order set expected_on = current_date - 3 where number = 'PO-9'`);
    await dataSource.query(`update purchase_order set expected_on = current_date + 3 where number = 'PO-1'`);
    expect(await numbers({ late: true })).toEqual(['PO-9']);
  });
});
