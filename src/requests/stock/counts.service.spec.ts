import { insertMachines, place as standAt } from '../../../test/support/custody-fixture.js';
import { auditedAs, personalValuesInAudit } from '../../../test/support/audit.js';
import {
  emptyStock,
  insertPlace,
  insertProduct,
  levelOf,
  promise,
  stockUp,
} from '../../../test/support/stock-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { ChangedMeanwhileError } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import { CountsQueries } from './counts.queries.js';
import { CountsService, type CountedProduct } from './counts.service.js';
import { MovementsQueries } from './movements.queries.js';
import { moveStock } from './movements.js';
import { scannedLines } from './scanned-serials.js';

const ACTOR = 'person:stock-holder';
const MODEL = 'HP EliteBook 840 G8';

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let counts: CountsService;
let read: CountsQueries;
let stores: number;
let dock: number;

beforeAll(async () => {
  database = await createTestDatabase({ connections: 16 });
  dataSource = database.dataSource;
  counts = new CountsService(new Transactor(dataSource));
  read = new CountsQueries(dataSource);
});
beforeEach(async () => {
  await emptyStock(dataSource);
  stores = await insertPlace(dataSource, 'Stores');
  dock = await insertProduct(dataSource, 'Dock');
  await stockUp(dataSource, dock, stores, 10);
});
afterAll(() => database?.drop());

const open = async (): Promise<number> => (await counts.open(stores, null, ACTOR)).id;
const versionOf = async (id: number): Promise<string> => (await read.one(id))?.version ?? '';
const enter = async (id: number, ...lines: readonly CountedProduct[]): Promise<void> =>
  counts.enter(id, lines, await versionOf(id), ACTOR);
const reconcile = async (id: number): Promise<{ readonly corrected: number }> =>
  counts.reconcile(id, await versionOf(id), ACTOR);

describe('counts', () => {
  it('correct what is on hand by movements with their reasons, and leave what was not counted', async () => {
    const bag = await insertProduct(dataSource, 'Bag');
    await stockUp(dataSource, bag, stores, 3);
    const cable = await insertProduct(dataSource, 'Cable');
    let id = 0;
    const opened = await auditedAs(dataSource, 'stock-count.opened', async () => {
      id = await open();
    });
    expect(opened).toMatchObject({ subject: `stock-count:${id}`, details: { place: stores } });
    expect(await read.lines(id)).toMatchObject([
      { product: 'Bag', expected: 3, counted: null },
      { product: 'Dock', expected: 10, counted: null },
    ]);
    await auditedAs(dataSource, 'stock-count.entered', () =>
      enter(
        id,
        { productId: dock, counted: 8, reason: 'Two were broken' },
        { productId: cable, counted: 4, reason: 'Never entered' },
      ),
    );
    const done = await auditedAs(dataSource, 'stock-count.reconciled', () => reconcile(id));
    expect(done.details).toEqual({ corrected: 2 });
    expect(await levelOf(dataSource, dock, stores)).toEqual({ onHand: 8, reserved: 0 });
    expect(await levelOf(dataSource, bag, stores)).toEqual({ onHand: 3, reserved: 0 });
    expect(await levelOf(dataSource, cable, stores)).toEqual({ onHand: 4, reserved: 0 });
    const ledger = await new MovementsQueries(dataSource).page({ countId: id }, {});
    expect(ledger.items).toMatchObject([
      { product: 'Cable', quantity: 4, reason: 'Never entered' },
      { product: 'Dock', quantity: -2, reason: 'Two were broken', onHandAfter: 8 },
    ]);
    await expect(reconcile(id)).rejects.toThrow('is closed');
    const twice = [1, 2].map((counted) => ({ productId: dock, counted, reason: null }));
    await expect(enter(await open(), ...twice)).rejects.toThrow('twice');
    await expect(enter(id, { productId: dock, counted: 1, reason: null })).rejects.toThrow(ConflictError);
  });

  it('compare with what is on hand when a figure is entered, whatever moves before and afterwards', async () => {
    const id = await open();
    const pick = (quantity: number): Promise<unknown> =>
      new Transactor(dataSource).run((tx) =>
        moveStock(tx, [{ productId: dock, placeId: stores, kind: 'picked', quantity: -quantity, actor: ACTOR }]),
      );
    await pick(3);
    await enter(id, { productId: dock, counted: 6, reason: 'One is gone' });
    await pick(2);
    // Saying the reason anew is not counting again.
    await enter(id, { productId: dock, counted: 6, reason: 'One was lent' });
    expect(await reconcile(id)).toEqual({ corrected: 1 });
    expect(await levelOf(dataSource, dock, stores)).toEqual({ onHand: 4, reserved: 0 });
  });

  it('need a reason for each difference', async () => {
    const id = await open();
    await enter(id, { productId: dock, counted: 9, reason: null });
    await expect(reconcile(id)).rejects.toThrow('Say why there are not as many as expected: Dock');
    expect(await levelOf(dataSource, dock, stores)).toEqual({ onHand: 10, reserved: 0 });
    const seen = await versionOf(id);
    await auditedAs(dataSource, 'stock-count.abandoned', () => counts.abandon(id, seen, ACTOR));
    expect(await read.one(id)).toMatchObject({ abandoned: true, closedBy: ACTOR });
    expect(await levelOf(dataSource, dock, stores)).toEqual({ onHand: 10, reserved: 0 });
  });

  it('let the latest promises wait again when less is found than is promised', async () => {
    await promise(dataSource, dock, stores, 4);
    await promise(dataSource, dock, stores, 3);
    await promise(dataSource, dock, stores, 2);
    const id = await open();
    await enter(id, { productId: dock, counted: 6, reason: 'Water' });
    expect(await reconcile(id)).toEqual({ corrected: 1 });
    expect(await levelOf(dataSource, dock, stores)).toEqual({ onHand: 6, reserved: 6 });
    expect(await dataSource.query('select state, reserved from request_line order by id')).toEqual([
      { state: 'reserved', reserved: 4 },
      { state: 'back_ordered', reserved: 2 },
      { state: 'back_ordered', reserved: 0 },
    ]);
    expect(await dataSource.query('select line_id, event, details from request_event order by line_id')).toEqual([
      { line_id: 2, event: 'back-ordered', details: { quantity: 1 } },
      { line_id: 3, event: 'back-ordered', details: { quantity: 2 } },
    ]);
    expect(await dataSource.query('select state, quantity from reservation order by id')).toEqual([
      { state: 'active', quantity: 4 },
      { state: 'active', quantity: 2 },
      { state: 'released', quantity: 2 },
    ]);
  });

  it('serve the requests that wait when more is found', async () => {
    const id = await open();
    await dataSource.query(
      `with request as (insert into equipment_request (requester_entra_id, state) values ('asker', 'approved') returning id),
       revision as (insert into request_revision (request_id, revision, delivery, site) select id, 1, 'site', 'Civic'
         from request returning request_id)
       insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence, state, waiting_since)
       select request_id, 1, 'getter', $1, 11, 100, 'back_ordered', now() from revision`,
      [dock],
    );
    await enter(id, { productId: dock, counted: 12, reason: 'Behind the shelf' });
    await reconcile(id);
    expect(await levelOf(dataSource, dock, stores)).toEqual({ onHand: 12, reserved: 11 });
  });

  it('are one at a time at a place, change under their version, and are closed once', async () => {
    const opened = await Promise.allSettled(Array.from({ length: 5 }, () => open()));
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [{ id } = { id: 0 }] = (await read.page({ open: true }, {})).items;
    const seen = await versionOf(id);
    const figures = [{ productId: dock, counted: 11, reason: 'Found one' }];
    const entered = await Promise.allSettled(Array.from({ length: 4 }, () => counts.enter(id, figures, seen, ACTOR)));
    const late = entered.filter((result) => result.status === 'rejected');
    expect(late).toHaveLength(3);
    expect(late.every(({ reason }) => reason instanceof ChangedMeanwhileError)).toBe(true);
    const version = await versionOf(id);
    const closed = await Promise.allSettled(Array.from({ length: 4 }, () => counts.reconcile(id, version, ACTOR)));
    expect(closed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await levelOf(dataSource, dock, stores)).toEqual({ onHand: 11, reserved: 0 });
    await expect(counts.open(9_999, null, ACTOR)).rejects.toThrow(NotFoundError);
    await expect(counts.scan(9_999, ['SER000001'], ACTOR)).rejects.toThrow(NotFoundError);
  });
});

describe('machines of a count', () => {
  it('are compared with the serial numbers that were scanned', async () => {
    const laptop = await insertProduct(dataSource, 'Laptop', { model: MODEL });
    const ids = await insertMachines(dataSource, 5);
    await standAt(dataSource, ids.slice(0, 3), 'in_stock:available');
    await standAt(dataSource, ids.slice(3, 4), 'in_use', 'holder');
    const id = await open();
    expect(await read.machines(id)).toEqual({ found: 0, missing: [], unexpected: [] });

    const lines = scannedLines('ser000001\nSER000002, SER000004\n\nSER000001\tZZ99999999\n0000000');
    expect(lines).toEqual(['ser000001', 'SER000002', 'SER000004', 'SER000001', 'ZZ99999999', '0000000']);
    const scanned = await auditedAs(dataSource, 'stock-count.scanned', async () => {
      expect(await counts.scan(id, lines, ACTOR)).toEqual({ added: 4, unreadable: ['0000000'] });
    });
    expect(scanned.details).toEqual({ machines: 4 });
    await Promise.all([counts.scan(id, ['SER000002'], ACTOR), counts.scan(id, ['SER000002', 'SER000005'], ACTOR)]);
    await expect(counts.scan(id, [], ACTOR)).rejects.toThrow(InputError);

    const { found, missing, unexpected } = await read.machines(id);
    expect(found).toBe(2);
    expect(missing).toMatchObject([{ deviceId: ids[2], product: 'Laptop', serialNumber: 'SER000003' }]);
    expect(unexpected.map(({ serialNumber, state }) => [serialNumber, state])).toEqual([
      ['SER000004', 'in_use'],
      ['SER000005', null],
      ['ZZ99999999', null],
    ]);
    await expect(enter(id, { productId: laptop, counted: 2, reason: null })).rejects.toThrow('Scan machines');
    // What came while the place was counted is not missed.
    await standAt(dataSource, await insertMachines(dataSource, 1, 'NEW'), 'in_stock:available');
    expect((await read.machines(id)).missing).toHaveLength(1);
    expect(await reconcile(id)).toEqual({ corrected: 0 });
    expect((await read.lines(id)).find(({ productId }) => productId === laptop)).toMatchObject({
      expected: 3,
      counted: 2,
    });
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 4, reserved: 0 });
    expect(await personalValuesInAudit(dataSource)).toEqual([]);
  });
});
