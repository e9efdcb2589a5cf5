import { actorWith, insertMachines, insertPeople, place as standAt } from '../../../test/support/custody-fixture.js';
import { auditedAs } from '../../../test/support/audit.js';
import {
  emptyStock,
  insertPlace,
  insertProduct,
  levelOf,
  promise,
  stockUp,
} from '../../../test/support/stock-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { ChangedMeanwhileError } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import { CustodyService } from '../../devices/lifecycle/custody.service.js';
import { freeStock } from '../../rollout/readiness/free-laptops.queries.js';
import { MachineTransfersService } from './machine-transfers.service.js';
import { MovementsQueries } from './movements.queries.js';
import { TransfersQueries } from './transfers.queries.js';
import { TransfersService } from './transfers.service.js';

const HOLDER = actorWith(9);
const ACTOR = HOLDER.actor;
const MODEL = 'HP EliteBook 840 G8';

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let transfers: TransfersService;
let machines: MachineTransfersService;
let read: TransfersQueries;
let stores: number;
let depot: number;

beforeAll(async () => {
  database = await createTestDatabase({ connections: 32 });
  dataSource = database.dataSource;
  const transactor = new Transactor(dataSource);
  transfers = new TransfersService(transactor);
  machines = new MachineTransfersService(transactor);
  read = new TransfersQueries(dataSource);
});
beforeEach(async () => {
  await emptyStock(dataSource);
  stores = await insertPlace(dataSource, 'Stores');
  depot = await insertPlace(dataSource, 'Depot');
});
afterAll(() => database?.drop());

const versionOf = async (id: number): Promise<string> => (await read.one(id))?.version ?? '';

describe('transfers of accessories', () => {
  const send = (productId: number, quantity: number, key: string | null = null): Promise<{ readonly id: number }> =>
    transfers.send({ productId, fromPlaceId: stores, toPlaceId: depot, quantity, tracking: null }, key, ACTOR);

  it('give each thing once: of thirty that take one of five, five succeed', async () => {
    const dock = await insertProduct(dataSource, 'Dock');
    await stockUp(dataSource, dock, stores, 5);
    const results = await Promise.allSettled(Array.from({ length: 30 }, () => send(dock, 1)));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(results).toHaveLength(30);
    expect(refused).toHaveLength(25);
    expect(refused.every(({ reason }) => reason instanceof ConflictError)).toBe(true);
    expect(await levelOf(dataSource, dock, stores)).toEqual({ onHand: 0, reserved: 0 });
  });

  it('leave stock alone when more is asked for than is there, or than is free', async () => {
    const dock = await insertProduct(dataSource, 'Dock');
    await stockUp(dataSource, dock, stores, 5);
    await expect(send(dock, 6)).rejects.toThrow('not so many on hand');
    expect(await levelOf(dataSource, dock, stores)).toEqual({ onHand: 5, reserved: 0 });
    await promise(dataSource, dock, stores, 3);
    await expect(send(dock, 3)).rejects.toThrow('promised to requests');
    await send(dock, 2);
    expect(await levelOf(dataSource, dock, stores)).toEqual({ onHand: 3, reserved: 3 });
  });

  it('are sent once for a key, arrive in parts, and end when the rest is lost', async () => {
    const dock = await insertProduct(dataSource, 'Dock');
    await stockUp(dataSource, dock, stores, 5);
    let id = 0;
    const sent = await auditedAs(dataSource, 'stock-transfer.sent', async () => {
      ({ id } = await send(dock, 4, 'key'));
    });
    expect(sent).toMatchObject({ subject: `stock-transfer:${id}`, details: { quantity: 4 } });
    expect(await send(dock, 4, 'key')).toEqual({ id });
    const seen = await versionOf(id);
    await auditedAs(dataSource, 'stock-transfer.arrived', () => transfers.arrive(id, 3, seen, ACTOR));
    await expect(transfers.arrive(id, 1, seen, ACTOR)).rejects.toThrow(ChangedMeanwhileError);
    await expect(transfers.arrive(id, 2, await versionOf(id), ACTOR)).rejects.toThrow('Only 1 of this transfer');
    expect(await read.one(id)).toMatchObject({ arrived: 3, open: 1, endedAt: null });
    const now = await versionOf(id);
    await auditedAs(dataSource, 'stock-transfer.lost', () => transfers.lose(id, 1, 'Fell off', now, ACTOR));
    expect(await read.one(id)).toMatchObject({ lost: 1, open: 0, lostReason: 'Fell off' });
    expect((await read.page({ open: true }, {})).items).toEqual([]);
    expect(await levelOf(dataSource, dock, depot)).toEqual({ onHand: 3, reserved: 0 });
    const ledger = await new MovementsQueries(dataSource).page({ transferId: id }, {});
    expect(ledger.items.map(({ kind, quantity, onHandAfter }) => [kind, quantity, onHandAfter])).toEqual([
      ['arrived', 3, 3],
      ['sent', -4, 1],
    ]);
  });

  it('arrive once, however many say so', async () => {
    const dock = await insertProduct(dataSource, 'Dock');
    await stockUp(dataSource, dock, stores, 5);
    const { id } = await send(dock, 5);
    const version = await versionOf(id);
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => transfers.arrive(id, 5, version, ACTOR)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await levelOf(dataSource, dock, depot)).toEqual({ onHand: 5, reserved: 0 });
  });

  it('go to another place, and not by number for what has serial numbers', async () => {
    const laptop = await insertProduct(dataSource, 'Laptop', { model: MODEL });
    await expect(send(laptop, 1)).rejects.toThrow(InputError);
    await expect(send(9_999, 1)).rejects.toThrow('no such product');
    const dock = await insertProduct(dataSource, 'Dock');
    const same = { productId: dock, fromPlaceId: stores, toPlaceId: stores, quantity: 1, tracking: null };
    await expect(transfers.send(same, null, ACTOR)).rejects.toThrow('two different places');
  });
});

describe('transfers of machines', () => {
  let laptop: number;
  let ids: number[];
  beforeEach(async () => {
    await insertPeople(dataSource, 10);
    laptop = await insertProduct(dataSource, 'Laptop', { model: MODEL });
    ids = await insertMachines(dataSource, 4);
    await standAt(dataSource, ids, 'in_stock:available');
    await dataSource.query(`update device set form_factor = 'laptop'`);
  });
  const send = (deviceIds: readonly number[]): Promise<{ readonly transferIds: readonly number[] }> =>
    machines.send({ deviceIds, toPlaceId: depot, tracking: 'JD0002' }, null, HOLDER);

  it('hold machines back on their way, release them on arrival, and leave the lost to their custody', async () => {
    let id = 0;
    await auditedAs(dataSource, 'stock-transfer.sent', async () => {
      [id = 0] = (await send(ids.slice(0, 3))).transferIds;
    });
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 1, reserved: 0 });
    expect(await read.machines(id)).toMatchObject([{ state: 'sent' }, { state: 'sent' }, { state: 'sent' }]);
    await expect(send(ids.slice(0, 1))).rejects.toThrow('Not available in stock');
    const [first = 0, second = 0, third = 0] = ids;
    await expect(machines.arrive(id, [ids[3] ?? 0], await versionOf(id), HOLDER)).rejects.toThrow('not on their way');
    await machines.arrive(id, [first], await versionOf(id), HOLDER);
    // Somebody released the second at the place by itself.
    await new CustodyService(new Transactor(dataSource)).carryOut(
      {
        deviceId: second,
        command: 'release',
        input: { holder: null, place: 'Depot', reason: 'Came', reference: null, evidenceId: null, details: {} },
        version: null,
        idempotencyKey: null,
      },
      HOLDER,
    );
    await machines.arrive(id, [second], await versionOf(id), HOLDER);
    expect(await levelOf(dataSource, laptop, depot)).toEqual({ onHand: 2, reserved: 0 });
    await machines.lose(id, [third], 'Not in the van', await versionOf(id), HOLDER);
    expect(await read.one(id)).toMatchObject({ arrived: 2, lost: 1, open: 0 });
    expect(await dataSource.query('select state, substate from device_custody where device_id = $1', [third])).toEqual([
      { state: 'in_stock', substate: 'held' },
    ]);
  });

  it('never take machines that are promised, and neither does anybody else', async () => {
    const reservation = await promise(dataSource, laptop, stores, 3);
    await expect(send(ids.slice(0, 2))).rejects.toThrow('promised to approved requests');
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 4, reserved: 3 });
    expect(await freeStock(dataSource.manager, [])).toMatchObject([{ place: 'Stores', suitable: 0, unsuitable: 1 }]);

    const custody = new CustodyService(new Transactor(dataSource));
    const carryOut = (
      deviceId: number,
      command: 'hand-over' | 'report-stolen',
      holder: string | null,
    ): Promise<unknown> =>
      custody.carryOut(
        {
          deviceId,
          command,
          input: {
            holder,
            place: null,
            reason: null,
            reference: null,
            evidenceId: null,
            details: {},
          },
          version: null,
          idempotencyKey: null,
        },
        HOLDER,
      );
    const results = await Promise.allSettled(ids.map((id) => carryOut(id, 'hand-over', 'person1@council.example')));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(3);
    expect(refused.every(({ reason }) => reason instanceof ConflictError)).toBe(true);
    expect(String(refused[0]?.reason)).toContain('promised to approved requests');
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 3, reserved: 3 });

    // What is not there cannot be promised: the latest promise waits for another one.
    const stolen = ids[results.findIndex(({ status }) => status === 'rejected')] ?? 0;
    await carryOut(stolen, 'report-stolen', null);
    expect(await levelOf(dataSource, laptop, stores)).toEqual({ onHand: 2, reserved: 2 });
    expect(await dataSource.query('select state, reserved from request_line')).toEqual([
      { state: 'back_ordered', reserved: 2 },
    ]);

    await dataSource.query(`update reservation set state = 'released', ended_at = now() where id = $1`, [reservation]);
    const left = await dataSource.query<{ id: number }[]>(
      `select device_id as id from device_custody where state = 'in_stock' order by 1`,
    );
    expect((await send(left.map(({ id }) => id))).transferIds).toHaveLength(1);
  });
});
