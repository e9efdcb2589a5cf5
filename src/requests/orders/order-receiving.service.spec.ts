import { actorWith } from '../../../test/support/custody-fixture.js';
import { auditedAs } from '../../../test/support/audit.js';
import {
  approveRequest,
  draftRequest,
  receiveMachines,
  stockEquipment,
  submitRequest,
  type Equipment,
} from '../../../test/support/request-fixture.js';
import { emptyStock, levelOf } from '../../../test/support/stock-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, ForbiddenError, InputError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { reserveApproved } from '../fulfilment/reserving.js';
import { expectedStock } from './expected-stock.queries.js';
import type { Delivered, DeliveryMode, ReceivedLine } from './order-line-receiving.js';
import { OrderReceivingService, type OrderDelivery, type OrderReceipt } from './order-receiving.service.js';
import { OrdersQueries, type WholeOrder } from './orders.queries.js';
import { OrdersService } from './orders.service.js';

const HOLDER = actorWith(9);
const DAYS = { supplier: 'Supplier Ltd', orderedOn: '2026-11-02', expectedOn: '2026-11-30' };
const HP = { manufacturer: 'HP', model: 'EliteBook 840 G8' };

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let transactor: Transactor;
let council: Equipment;
let orders: OrdersService;
let receiving: OrderReceivingService;
let queries: OrdersQueries;

beforeAll(async () => {
  database = await createTestDatabase({ connections: 32 });
  dataSource = database.dataSource;
  transactor = new Transactor(dataSource);
  orders = new OrdersService(transactor);
  receiving = new OrderReceivingService(transactor);
  queries = new OrdersQueries(dataSource);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await emptyStock(dataSource);
  council = await stockEquipment(dataSource, { laptops: 0, counted: 0 });
});

const ordered = async (productId: number, quantity: number, number = 'PO-100'): Promise<WholeOrder> => {
  const line = { productId, placeId: council.places.stores, quantity, pricePence: 85_000 };
  const { id } = await orders.enter({ ...DAYS, number, lines: [line] }, null, HOLDER.actor);
  return shown(id);
};
const shown = async (id: number): Promise<WholeOrder> => {
  const order = await queries.one(id);
  if (order === null) throw new Error('There is no such order.');
  return order;
};
/** Receives what came of the only line of an order. */
const receive = async (
  order: WholeOrder,
  { mode = 'all', ...delivered }: Delivered & { readonly mode?: DeliveryMode },
  key: string | null = null,
): Promise<Omit<OrderReceipt, 'lines'> & Partial<ReceivedLine>> => {
  const lines = [{ lineId: order.orderLines[0]?.id ?? 0, delivered }];
  const delivery = { orderId: order.id, lines, mode, deliveryNote: 'DN-1', idempotencyKey: key };
  const {
    lines: [line],
    ...receipt
  } = await receiving.receive(delivery, HOLDER);
  return { ...receipt, ...line };
};
const scanned = (
  serials: readonly string[],
  mode: DeliveryMode = 'all',
): Delivered & { readonly mode: DeliveryMode } => ({
  machines: serials.map((serialNumber) => ({ serialNumber, assetTag: null })),
  ...HP,
  mode,
});
const stockOf = (productId: number): Promise<{ readonly onHand: number; readonly reserved: number }> =>
  levelOf(dataSource, productId, council.places.stores);

describe('what has no serial number', () => {
  it('comes in parts, once for a key, and the order closes with the last of it', async () => {
    const { dock } = council.products;
    const order = await ordered(dock, 5);
    const seen = await auditedAs(dataSource, 'purchase-order.received', async () => {
      const first = await receive(order, { quantity: 3 }, 'key');
      expect(first).toMatchObject({ orderId: order.id, quantity: 3, closed: false, refused: [] });
      expect(await receive(order, { quantity: 3 }, 'key')).toEqual(first);
    });
    expect(seen).toMatchObject({ subject: `purchase-order:${order.id}`, details: { quantity: 3 } });
    expect(await stockOf(dock)).toEqual({ onHand: 3, reserved: 0 });
    expect(await expectedStock(dataSource, [dock])).toMatchObject([{ quantity: 2, expectedOn: '2026-11-30' }]);
    expect((await receive(order, { quantity: 2 })).closed).toBe(true);
    expect(await shown(order.id)).toMatchObject({
      state: 'closed',
      received: 5,
      orderLines: [{ receipts: [{ quantity: 3, deliveryNote: 'DN-1' }, { quantity: 2 }] }],
    });
    expect(await expectedStock(dataSource)).toEqual([]);
    await expect(receive(order, { quantity: 1 })).rejects.toThrow('has ended');
  });

  it('does not come in greater number than was ordered, however many receive the last one at once', async () => {
    const { dock } = council.products;
    const order = await ordered(dock, 10);
    await expect(receive(order, { quantity: 11 })).rejects.toThrow(ConflictError);
    await receive(order, { quantity: 9 });
    const results = await Promise.allSettled(Array.from({ length: 30 }, () => receive(order, { quantity: 1 })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConflictError);
    expect(await stockOf(dock)).toEqual({ onHand: 10, reserved: 0 });
  });

  it('is not received by serial numbers', async () => {
    const order = await ordered(council.products.dock, 5);
    await expect(receive(order, scanned(['BOX0000001']))).rejects.toThrow(InputError);
  });

  it('goes to who waits for it', async () => {
    const { dock } = council.products;
    const [person = ''] = council.team;
    const request = await draftRequest(dataSource, council.manager, [{ for: person, product: dock, quantity: 2 }]);
    await submitRequest(dataSource, request);
    await approveRequest(dataSource, request);
    await transactor.run((tx) => reserveApproved(tx, { requestId: request.id, revision: 1 }, HOLDER.actor));
    await receive(await ordered(dock, 5), { quantity: 5 });
    expect(await stockOf(dock)).toEqual({ onHand: 5, reserved: 2 });
    expect(await dataSource.query('select state from request_line')).toEqual([{ state: 'reserved' }]);
  });
});

describe('machines', () => {
  it('come into custody and stock, with supplier, order and price in the register', async () => {
    const { laptop } = council.products;
    const order = await ordered(laptop, 2);
    const receipt = await receive(order, scanned(['box0000001', 'BOX0000002']));
    expect(receipt).toMatchObject({ quantity: 2, closed: true });
    expect(await stockOf(laptop)).toEqual({ onHand: 2, reserved: 0 });
    expect(
      await dataSource.query(
        `select serial_number, supplier, purchase_order, price_pence, purchased_on::text from device_register order by 1`,
      ),
    ).toEqual(
      ['BOX0000001', 'BOX0000002'].map((serial_number) => ({
        serial_number,
        supplier: 'Supplier Ltd',
        purchase_order: 'PO-100',
        price_pence: 85_000,
        purchased_on: '2026-11-02',
      })),
    );
    expect(await dataSource.query('select place, state, substate from device_custody')).toEqual([
      { place: 'Stores', state: 'in_stock', substate: 'available' },
      { place: 'Stores', state: 'in_stock', substate: 'available' },
    ]);
  });

  it('that cannot be received are named, and the rest is received only when that is wanted', async () => {
    const { laptop } = council.products;
    const { serials } = await receiveMachines(dataSource, 1, 'Stores');
    const [there = ''] = serials;
    const order = await ordered(laptop, 5);
    const before = await stockOf(laptop);
    const lines = ['BOX0000001', there, 'BOX0000001', 'BOX0000002'];
    await expect(receive(order, scanned(lines))).rejects.toMatchObject({
      fields: [
        { field: 'lines.0.machines', message: expect.stringContaining('Line 2:') as string },
        { field: 'lines.0.machines', message: expect.stringContaining('Line 3:') as string },
      ],
    });
    expect(await stockOf(laptop)).toEqual(before);
    expect(await receive(order, scanned(lines, 'rest'))).toMatchObject({
      quantity: 2,
      refused: [{ line: 2 }, { line: 3 }],
    });
    expect((await shown(order.id)).received).toBe(2);
    expect((await stockOf(laptop)).onHand).toBe(before.onHand + 2);
  });

  it('leave nothing behind when more come than were ordered', async () => {
    const order = await ordered(council.products.laptop, 1);
    await expect(receive(order, scanned(['BOX0000001', 'BOX0000002']))).rejects.toThrow(ConflictError);
    expect(await dataSource.query('select 1 from device')).toEqual([]);
    expect(await dataSource.query('select 1 from purchase_receipt')).toEqual([]);
  });

  it('have a model of the product, as labelled and as known', async () => {
    const order = await ordered(council.products.laptop, 5);
    const [known] = await dataSource.query<{ id: number }[]>(
      `insert into device (serial_number, manufacturer, model) values ('KNOWN00001', 'HP', 'ProDesk 600') returning id`,
    );
    await dataSource.query(
      `insert into device_record (source, external_id, device_id, resolution_pending, serial_number, manufacturer)
       values ('managed-devices', 'a-1', $1, false, 'KNOWN00001', 'HP')`,
      [known?.id],
    );
    await expect(receive(order, { ...scanned(['BOX0000001']), model: 'ProDesk 600' })).rejects.toMatchObject({
      fields: [{ field: 'lines.0.model' }],
    });
    await expect(receive(order, scanned(['KNOWN00001']))).rejects.toMatchObject({
      fields: [{ field: 'lines.0.machines', message: expect.stringContaining('HP ProDesk 600') as string }],
    });
    await expect(receive(order, { quantity: 1 })).rejects.toThrow(InputError);
  });

  it('are received once when the same serial numbers are sent thirty times at once', async () => {
    const order = await ordered(council.products.laptop, 30);
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => receive(order, scanned(['BOX0000001']), `key-${index}`)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await shown(order.id)).received).toBe(1);
    expect(await stockOf(council.products.laptop)).toEqual({ onHand: 1, reserved: 0 });
  });

  it('are received by who holds stock only', async () => {
    const order = await ordered(council.products.laptop, 1);
    const lines = [{ lineId: order.orderLines[0]?.id ?? 0, delivered: scanned(['BOX0000001']) }];
    await expect(
      receiving.receive(
        { orderId: order.id, lines, mode: 'all', deliveryNote: null, idempotencyKey: null },
        actorWith(8, ['estate:read']),
      ),
    ).rejects.toThrow(ForbiddenError);
  });
});

describe('a delivery of several lines', () => {
  const entered = async (): Promise<{
    readonly order: WholeOrder;
    readonly laptops: number;
    readonly docks: number;
  }> => {
    const { laptop, dock } = council.products;
    const lines = [dock, laptop].map((productId) => ({
      productId,
      placeId: council.places.stores,
      quantity: 3,
      pricePence: 85_000,
    }));
    const { id } = await orders.enter({ ...DAYS, number: 'PO-200', lines }, null, HOLDER.actor);
    const order = await shown(id);
    const [docks = 0, laptops = 0] = order.orderLines.map((line) => line.id);
    return { order, laptops, docks };
  };
  const delivery = (
    orderId: number,
    lines: OrderDelivery['lines'],
    mode: DeliveryMode = 'all',
    idempotencyKey: string | null = null,
  ): Promise<OrderReceipt> => receiving.receive({ orderId, lines, mode, deliveryNote: 'DN-2', idempotencyKey }, HOLDER);

  it('is received in one, once for a key, with a receipt for each line', async () => {
    const { order, laptops, docks } = await entered();
    const lines = [
      { lineId: docks, delivered: { quantity: 3 } },
      { lineId: laptops, delivered: scanned(['BOX0000001', 'BOX0000002']) },
    ];
    const receipt = await delivery(order.id, lines, 'all', 'key');
    expect(receipt).toMatchObject({
      lines: [
        { lineId: docks, quantity: 3, refused: [] },
        { lineId: laptops, quantity: 2, refused: [] },
      ],
      closed: false,
    });
    expect(await delivery(order.id, lines, 'all', 'key')).toEqual(receipt);
    expect(await stockOf(council.products.dock)).toEqual({ onHand: 3, reserved: 0 });
    expect(await stockOf(council.products.laptop)).toEqual({ onHand: 2, reserved: 0 });
    const last = await delivery(order.id, [{ lineId: laptops, delivered: scanned(['BOX0000003']) }]);
    expect(last.closed).toBe(true);
  });

  it('leaves nothing behind when something of it is wrong, and tells all of it at once', async () => {
    const { order, laptops, docks } = await entered();
    await expect(
      delivery(order.id, [
        { lineId: docks, delivered: scanned(['BOX0000009']) },
        { lineId: laptops, delivered: scanned(['BOX0000001', 'BOX0000001']) },
      ]),
    ).rejects.toMatchObject({
      fields: [{ field: 'lines.1.machines' }, { field: 'lines.0.quantity' }],
    });
    const wrong: readonly (readonly number[])[] = [[], [docks, docks], [docks, 4_711]];
    for (const named of wrong) {
      const lines = named.map((lineId) => ({ lineId, delivered: { quantity: 1 } }));
      await expect(delivery(order.id, lines)).rejects.toThrow(InputError);
    }
    await expect(
      delivery(order.id, [
        { lineId: laptops, delivered: scanned(['BOX0000001']) },
        { lineId: docks, delivered: { quantity: 4 } },
      ]),
    ).rejects.toThrow(ConflictError);
    expect(await dataSource.query('select 1 from device union all select 1 from purchase_receipt')).toEqual([]);
  });

  it('comes in whole beside deliveries of other orders that name the same products the other way round', async () => {
    const { laptop, dock, headset } = council.products;
    const coming = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const products = index % 2 === 0 ? [dock, laptop, headset] : [headset, laptop, dock];
        const lines = products.map((productId) => {
          return { productId, placeId: council.places.stores, quantity: 1, pricePence: 1 };
        });
        const { id } = await orders.enter({ ...DAYS, number: `PO-${index}`, lines }, null, HOLDER.actor);
        const { orderLines } = await shown(id);
        const delivered = orderLines.map((line) => ({
          lineId: line.id,
          delivered: line.serialised ? scanned([`BOX${String(index).padStart(7, '0')}`]) : { quantity: 1 },
        }));
        return { id, delivered };
      }),
    );
    const receipts = await Promise.all(coming.map(({ id, delivered }) => delivery(id, delivered)));
    expect(receipts.every(({ closed }) => closed)).toBe(true);
    for (const product of [laptop, dock, headset]) expect((await stockOf(product)).onHand).toBe(12);
  });

  it('is received without machines that cannot be, unless nothing would be left', async () => {
    const { order, laptops, docks } = await entered();
    const { serials } = await receiveMachines(dataSource, 1, 'Stores');
    const known = { lineId: laptops, delivered: scanned(serials) };
    await expect(delivery(order.id, [known], 'rest')).rejects.toMatchObject({
      fields: [{ field: 'lines.0.machines' }],
    });
    expect(await delivery(order.id, [known, { lineId: docks, delivered: { quantity: 1 } }], 'rest')).toMatchObject({
      lines: [
        { lineId: laptops, receiptId: null, quantity: 0, refused: [{ line: 1 }] },
        { lineId: docks, quantity: 1 },
      ],
    });
  });
});

describe('the database', () => {
  it('takes neither a receipt for an order that ended nor a figure that no receipt makes', async () => {
    const order = await ordered(council.products.dock, 5);
    await expect(dataSource.query('update purchase_order_line set received = 2')).rejects.toThrow(
      'follows from receipts',
    );
    await orders.end(order.id, 'The supplier has none', order.version, HOLDER.actor);
    await expect(
      dataSource.query('insert into purchase_receipt (order_line_id, quantity, received_by) values ($1, 1, $2)', [
        order.orderLines[0]?.id,
        HOLDER.actor,
      ]),
    ).rejects.toMatchObject({ constraint: 'purchase_receipt_open' });
  });
});
