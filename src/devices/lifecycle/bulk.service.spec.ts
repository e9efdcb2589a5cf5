import {
  GOOD_VALUES,
  actorWith,
  emptyCustody,
  inputFor,
  insertMachines,
  insertPeople,
  personId,
  place,
  upn,
} from '../../../test/support/custody-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { PERMISSIONS_OF } from '../../auth/permissions.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import type { CustodyCommand } from '../domain/lifecycle/commands.js';
import { readSelection, selectionOfIds, type SelectedLine } from '../domain/lifecycle/selection.js';
import { BulkQueries } from './bulk.queries.js';
import { BulkService, type BulkSummary } from './bulk.service.js';
import { CustodyService } from './custody.service.js';

const DESK = actorWith(9);
const { condition, place: somewhere, reason, reference } = GOOD_VALUES;

describe('BulkService', () => {
  let database: TestDatabase;
  let bulk: BulkService;
  let queries: BulkQueries;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 16 });
    bulk = new BulkService(new Transactor(database.dataSource));
    queries = new BulkQueries(database.dataSource);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await emptyCustody(database.dataSource);
    await insertPeople(database.dataSource, 20);
  });

  const rows = <T>(sql: string): Promise<T[]> => database.dataSource.query<T[]>(sql);
  const check = (
    command: CustodyCommand,
    lines: readonly SelectedLine[],
    values: Record<string, unknown>,
    by = DESK,
  ): Promise<BulkSummary> => bulk.check({ command, input: inputFor(command, values), lines, idempotencyKey: null }, by);
  const takeBack = (ids: readonly number[]): Promise<BulkSummary> =>
    check('take-back', selectionOfIds(ids), { condition, place: somewhere });

  /** 500 machines in use, ten of which cannot be taken back. */
  async function fiveHundred(): Promise<{ ids: number[]; impossible: number[] }> {
    const ids = await insertMachines(database.dataSource, 500);
    const impossible = ids.filter((_, index) => index % 50 === 7);
    await place(database.dataSource, impossible.slice(0, 9), 'wiped');
    // A machine of whoever asks.
    await place(database.dataSource, impossible.slice(9), 'in_use', personId(9));
    await place(
      database.dataSource,
      ids.filter((id) => !impossible.includes(id)),
      'in_use',
      personId(1),
    );
    return { ids, impossible };
  }

  it('says of 500 machines which ten cannot be done and why, and does the rest', async () => {
    const { ids, impossible } = await fiveHundred();
    const checked = await takeBack(ids);
    expect(checked).toMatchObject({ state: 'checked', counts: { ready: 490, refused: 10 } });
    const shown = await queries.one(checked.id, DESK.actor);
    const refused = shown.lines.filter(({ outcome }) => outcome === 'refused');
    expect(refused.map(({ deviceId }) => deviceId)).toEqual(impossible);
    expect(refused[0]?.reason).toBe('"Take back" is not possible: the machine is wiped.');
    expect(refused[9]?.reason).toMatch(/machine of their own/);
    expect(await rows('select from custody_event')).toEqual([]);

    const done = await bulk.carryOut(checked.id, 'rest', DESK);
    expect(done).toMatchObject({
      state: 'done',
      mode: 'rest',
      counts: { done: 490, refused: 10, ready: 0, undone: 0 },
    });
    expect(await rows(`select from device_custody where state = 'recovered'`)).toHaveLength(490);
    expect(await rows(`select from custody_event where bulk_id = 1 and command = 'take-back'`)).toHaveLength(490);
    const audited = await rows<{ event: string; entries: number }>(
      `select event, count(*)::integer as entries from audit_event
       where event in ('device.taken-back', 'custody.bulk-done') and details ->> 'bulk' is not null or event = 'custody.bulk-done'
       group by event order by event`,
    );
    expect(audited).toEqual([
      { event: 'custody.bulk-done', entries: 1 },
      { event: 'device.taken-back', entries: 490 },
    ]);
    await expect(bulk.carryOut(checked.id, 'rest', DESK)).rejects.toThrow(ConflictError);
  });

  it('does none of 500 when all or none is asked for and ten cannot be done (V-04)', async () => {
    const { ids } = await fiveHundred();
    const checked = await takeBack(ids);
    const done = await bulk.carryOut(checked.id, 'all', DESK);
    expect(done.counts).toEqual({ done: 0, ready: 0, refused: 10, undone: 490 });
    expect(await rows('select from custody_event')).toEqual([]);
    expect(await rows(`select from device_custody where state = 'recovered'`)).toEqual([]);
  });

  it('applies nothing when one of fifty names no machine and all or none is asked for (V-04)', async () => {
    const ids = await insertMachines(database.dataSource, 49);
    const checked = await takeBack([...ids, 2_000_000]);
    expect(checked.counts).toMatchObject({ ready: 49, refused: 1 });
    expect((await bulk.carryOut(checked.id, 'all', DESK)).counts.done).toBe(0);
    expect(await rows('select from device_custody')).toEqual([]);
  });

  it('costs a fixed number of statements, however many machines', async () => {
    const statements: string[] = [];
    const ids = await insertMachines(database.dataSource, 1_000);
    const seen = async (count: number): Promise<number> => {
      statements.length = 0;
      const checked = await takeBack(ids.slice(0, count));
      await bulk.carryOut(checked.id, 'rest', DESK);
      return statements.length;
    };
    const { driver } = database.dataSource;
    const pool = (driver as unknown as { master: { on(event: string, listener: (client: object) => void): void } })
      .master;
    pool.on('acquire', (client) => {
      const counted = client as { query: (...given: unknown[]) => unknown; counted?: boolean };
      if (counted.counted) return;
      counted.counted = true;
      const query = counted.query.bind(client);
      counted.query = (...given: unknown[]) => {
        statements.push(String(given[0]));
        return query(...given);
      };
    });
    const few = await seen(10);
    const many = await seen(1_000);
    expect(few).toBeGreaterThan(5);
    expect(many).toBeLessThanOrEqual(few + 2);
  });

  it('lets two overlapping bulk actions pass each other without a deadlock, each machine done once', async () => {
    const [before] = await rows<{ deadlocks: string }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    for (let round = 0; round < 4; round++) {
      const ids = await insertMachines(database.dataSource, 300, `R${round}-`);
      // Some with custody and some without, named in opposite orders.
      await place(database.dataSource, ids.slice(100, 200), 'in_stock:available');
      const people = [1, 2, 3, 4];
      const summaries = await Promise.all(
        people.map(async (person) => {
          const part = ids.slice((person - 1) * 30, 200 + (person - 1) * 30);
          const lines = selectionOfIds(person % 2 === 0 ? [...part].reverse() : part);
          const by = actorWith(10 + person);
          const checked = await check('hand-over', lines, { holder: upn(person) }, by);
          return bulk.carryOut(checked.id, 'rest', by);
        }),
      );
      const done = summaries.reduce((sum, { counts }) => sum + counts.done, 0);
      expect(done).toBe(290);
    }
    expect(await rows('select device_id from custody_event group by device_id having count(*) > 1')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const [after] = await rows<{ deadlocks: string }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    expect(after).toEqual(before);
  });

  it('leaves out what changed since the dry run, or does nothing', async () => {
    const ids = await insertMachines(database.dataSource, 4);
    const custody = new CustodyService(new Transactor(database.dataSource));
    const [first, second] = [await takeBack(ids.slice(0, 2)), await takeBack(ids.slice(2))];
    for (const deviceId of [ids[1] ?? 0, ids[3] ?? 0]) {
      const input = inputFor('hand-over', { holder: upn(1) });
      await custody.carryOut({ deviceId, command: 'hand-over', input, version: null, idempotencyKey: null }, DESK);
    }
    expect((await bulk.carryOut(first.id, 'rest', DESK)).counts).toMatchObject({ done: 1, refused: 1 });
    expect((await queries.one(first.id, DESK.actor)).lines[1]?.reason).toMatch(/changed its custody meanwhile/);
    expect((await bulk.carryOut(second.id, 'all', DESK)).counts).toMatchObject({ done: 0, refused: 1, undone: 1 });
  });

  it('finds machines by serial number, tag and number, pasted or from a file, and says what it cannot find', async () => {
    const ids = await insertMachines(database.dataSource, 4);
    await database.dataSource.query(
      `insert into device_register (asset_tag, asset_tag_key, device_id, changed_by) values ('LT-0003', 'LT-0003', $1, 'x')`,
      [ids[2]],
    );
    await database.dataSource.query('update device set merged_into_id = $1 where id = $2', [ids[0], ids[3]]);
    const text = `\uFEFFSerial Number,Owner\r\n ser 000001 ,"x"\n"SER000002";y\nlt-0003\tz\n\n#${ids[3]}\nNOWHERE\nDefault string\n#99999999999`;
    const checked = await check('take-back', readSelection(text), { condition, place: somewhere });
    const { lines } = await queries.one(checked.id, DESK.actor);
    expect(lines.map(({ line, given, deviceId, reason: why }) => [line, given, deviceId, why])).toEqual([
      [1, 'ser 000001', ids[0], null],
      [2, 'SER000002', ids[1], null],
      [3, 'lt-0003', ids[2], null],
      [4, `#${ids[3]}`, null, 'Line 1 names the same machine.'],
      [5, 'NOWHERE', null, 'No machine has this number, asset tag or serial number.'],
      [6, 'Default string', null, 'No machine has this number, asset tag or serial number.'],
      [7, '#99999999999', null, 'No machine has this number, asset tag or serial number.'],
    ]);
  });

  it('keeps the rules of the single command: permission, person, fields (V-07), and whose it is (V-06)', async () => {
    const ids = await insertMachines(database.dataSource, 2);
    const noWipe = check('wipe', selectionOfIds(ids), GOOD_WIPE, actorWith(3, PERMISSIONS_OF['service-desk']));
    await expect(noWipe).rejects.toThrow(ForbiddenError);
    await expect(check('note', [], { reason })).rejects.toThrow(InputError);
    const many = Array.from({ length: 1_001 }, (_, index) => index + 1);
    await expect(check('note', selectionOfIds(many), { reason })).rejects.toThrow(InputError);
    const mine = await check('hand-over', selectionOfIds(ids), { holder: upn(9) });
    expect(mine.counts).toMatchObject({ ready: 0, refused: 2 });
    const checked = await check('report-missing', selectionOfIds(ids), { reason, reference });
    await expect(bulk.carryOut(checked.id, 'rest', actorWith(4))).rejects.toThrow(NotFoundError);
    await expect(queries.one(checked.id, actorWith(4).actor)).rejects.toThrow(NotFoundError);
    await expect(bulk.carryOut(checked.id, 'rest', { ...DESK, permissions: new Set() })).rejects.toThrow(
      ForbiddenError,
    );
    expect((await bulk.carryOut(checked.id, 'rest', DESK)).counts.done).toBe(2);
  });
});

const GOOD_WIPE = {
  method: GOOD_VALUES['method'],
  reference: GOOD_VALUES['reference'],
  performedBy: GOOD_VALUES['performedBy'],
  performedOn: GOOD_VALUES['performedOn'],
};
