import fc from 'fast-check';
import { setTimeout as delay } from 'node:timers/promises';
import { buildIdentityEstate, storeRecords, type EstateRecord } from '../../test/bench/identity-estate.js';
import {
  deviceOf,
  emptyEstate,
  estateRecord,
  identityState,
  machinesOf,
  rowVersions,
  say,
} from '../../test/support/identity-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { createDataSource } from '../database/data-source.js';
import { Transactor } from '../database/transactor.js';
import { IdentityQueries } from './identity.queries.js';
import { IdentityService } from './identity.service.js';

describe('IdentityService', () => {
  let database: TestDatabase;
  let identity: IdentityService;
  beforeAll(async () => {
    database = await createTestDatabase();
    identity = new IdentityService(new Transactor(database.dataSource));
  });
  afterAll(() => database.drop());
  beforeEach(() => emptyEstate(database.dataSource));

  it('changes nothing when it resolves twice, whether records wait again or not', async () => {
    const { dataSource } = database;
    const estate = buildIdentityEstate(1_500, 2);
    await storeRecords(dataSource, estate.records);
    const first = await identity.resolvePending();
    expect(first).toMatchObject({ records: estate.records.length, linked: estate.records.length, moved: 0 });
    expect(first.created).toBe(first.devicesRefreshed);
    const before = await rowVersions(dataSource);
    const nothing = { records: 0, created: 0, linked: 0, moved: 0, reviews: 0, devicesRefreshed: 0 };
    expect(await identity.resolvePending()).toEqual(nothing);
    expect(await rowVersions(dataSource)).toEqual(before);

    await dataSource.query('update device_record set resolution_pending = true');
    const again = await identity.resolvePending();
    expect(again).toEqual({ ...nothing, records: estate.records.length });
    const after = await rowVersions(dataSource);
    const written = [...after]
      .filter(([row, version]) => before.get(row) !== version)
      .map(([row]) => row.split(' ')[0]);
    expect(new Set(written)).toEqual(new Set(['device_record']));
    expect(after.size).toBe(before.size);
  });

  it('gives the same machines and reviews for any order and any paging of the same records', async () => {
    const { dataSource } = database;
    // One estate with every trap close together: few serial numbers and ids, so that most records touch others.
    const records = collidingRecords(40);
    await storeRecords(dataSource, records);
    await identity.resolvePending();
    const expected = await identityState(dataSource);
    expect(expected.reviews.length).toBeGreaterThan(1);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(records, { minLength: records.length }),
        fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 8 }),
        async (shuffled, pages) => {
          await emptyEstate(dataSource);
          for (let start = 0, page = 0; start < shuffled.length; page++) {
            const size = pages[page % pages.length] ?? 1;
            await storeRecords(dataSource, shuffled.slice(start, start + size));
            await identity.resolvePending();
            start += size;
          }
          expect(await identityState(dataSource)).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('gives the same as at once when records change their keys afterwards', async () => {
    const { dataSource } = database;
    const records = collidingRecords(40);
    const changed = records.map((record, index) =>
      index % 3 === 0 ? { ...record, serial_number: `S${(index % 5) + 200}`, presence: 'missing' as const } : record,
    );
    await storeRecords(dataSource, changed);
    await identity.resolvePending();
    const expected = await identityState(dataSource);
    await emptyEstate(dataSource);
    await storeRecords(dataSource, records);
    await identity.resolvePending();
    for (const record of changed) {
      await storeRecords(dataSource, [record]);
      await identity.resolvePending();
    }
    expect(await identityState(dataSource)).toEqual(expected);
  });

  it('touches only what a few changed records touch, in few statements', async () => {
    const { dataSource } = database;
    const estate = buildIdentityEstate(5_000, 3);
    await storeRecords(dataSource, estate.records);
    await identity.resolvePending();
    const before = await rowVersions(dataSource);
    const changed = estate.records.filter((record) => record.source === 'managed-devices').slice(0, 50);
    await storeRecords(
      dataSource,
      changed.map((record) => ({ ...record, name: `${record.name}-NEW` })),
    );
    const observed = createDataSource(database.address, { connections: 1, statementTimeout: 0 });
    const statements: string[] = [];
    observed.setOptions({ logging: ['query'], logger: statementLogger(statements) });
    await observed.initialize();
    const summary = await new IdentityService(new Transactor(observed)).resolvePending();
    await observed.destroy();
    expect(summary).toMatchObject({ records: 50, created: 0, linked: 0, moved: 0 });
    const after = await rowVersions(dataSource);
    const written = [...after]
      .filter(([row, version]) => before.get(row) !== version)
      .map(([row]) => row.split(' ')[0]);
    expect(written.filter((table) => table === 'device_record')).toHaveLength(50);
    expect(written.filter((table) => table === 'device').length).toBeLessThanOrEqual(50);
    expect(written.filter((table) => table === 'device_review')).toHaveLength(0);
    expect(statements.length).toBeLessThan(60);
  });

  it('lets two resolvers on two connections work at once without making a machine twice', async () => {
    const { dataSource } = database;
    const estate = buildIdentityEstate(5_000, 4);
    await storeRecords(dataSource, estate.records);
    const other = createDataSource(database.address, { connections: 2, statementTimeout: 0 });
    await other.initialize();
    const both = await Promise.all([
      identity.resolvePending(),
      new IdentityService(new Transactor(other)).resolvePending(),
    ]);
    await other.destroy();
    expect(both[0].linked + both[1].linked).toBe(estate.records.length);
    expect(both[0].records).toBeGreaterThan(0);
    expect(both[1].records).toBeGreaterThan(0);
    const together = await identityState(dataSource);
    await emptyEstate(dataSource);
    await storeRecords(dataSource, estate.records);
    await identity.resolvePending();
    expect(await identityState(dataSource)).toEqual(together);
    expect(await devicesWithoutRecords()).toBe(0);
  });

  it('goes on where it was stopped or its connection was lost', async () => {
    const { dataSource } = database;
    const estate = buildIdentityEstate(5_000, 5);
    await storeRecords(dataSource, estate.records);
    const stopped = new AbortController();
    const other = createDataSource(database.address, { connections: 1, statementTimeout: 0 });
    await other.initialize();
    const running = new IdentityService(new Transactor(other))
      .resolvePending(stopped.signal)
      .catch((error: unknown) => error);
    while ((await resolvedCount()) === 0) await delay(2);
    await dataSource.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and query not like '%pg_stat_activity%'`,
    );
    expect(await running).toBeInstanceOf(Error);
    await other.destroy();
    stopped.abort(new Error('stopped by a test'));
    await expect(identity.resolvePending(stopped.signal)).rejects.toThrow('stopped by a test');
    await identity.resolvePending();
    const interrupted = await identityState(dataSource);
    expect(await devicesWithoutRecords()).toBe(0);
    await emptyEstate(dataSource);
    await storeRecords(dataSource, estate.records);
    await identity.resolvePending();
    expect(await identityState(dataSource)).toEqual(interrupted);
  });

  it('loses nothing that a synchronisation changes while it resolves', async () => {
    const { dataSource } = database;
    await say(dataSource, 'managed-devices', 'm1', { name: 'PC-1', serial_number: '5CG1XX' });
    const writer = dataSource.createQueryRunner();
    await writer.startTransaction();
    await writer.query(`update device_record set name = 'PC-2', resolution_pending = true where external_id = 'm1'`);
    const running = identity.resolvePending();
    await delay(150);
    await writer.commitTransaction();
    await writer.release();
    await running;
    expect(await dataSource.query('select name, record_count from device')).toEqual([
      { name: 'PC-2', record_count: 1 },
    ]);
    expect(await dataSource.query('select resolution_pending from device_record')).toEqual([
      { resolution_pending: false },
    ]);
  });

  it('F-57: a machine that is re-enrolled keeps its device and its history', async () => {
    const { dataSource } = database;
    const serial_number = '5CG9XYZ';
    await say(dataSource, 'managed-devices', 'old', { serial_number, entra_device_id: 'd1', name: 'PC-OLD' });
    await identity.resolvePending();
    const device = await deviceOf(dataSource, 'old');
    await say(dataSource, 'managed-devices', 'old', {
      serial_number,
      entra_device_id: 'd1',
      name: 'PC-OLD',
      presence: 'gone',
    });
    await say(dataSource, 'managed-devices', 'new', { serial_number, entra_device_id: 'd2', name: 'PC-NEW' });
    await identity.resolvePending();
    expect(await machinesOf(dataSource)).toEqual(['new old']);
    expect(await deviceOf(dataSource, 'new')).toBe(device);
    const aliases = await new IdentityQueries(dataSource).aliasesOfDevice(device);
    expect(aliases.map(({ name }) => name).sort()).toEqual(['PC-NEW', 'PC-OLD']);
  });

  it('keeps the lower id when a later record shows that two devices are one', async () => {
    const { dataSource } = database;
    await say(dataSource, 'autopilot', 'z1', { serial_number: '5CG1XX' });
    await identity.resolvePending();
    await say(dataSource, 'entra-devices', 'e1', { entra_device_id: 'd1' });
    await identity.resolvePending();
    const [first, second] = [await deviceOf(dataSource, 'z1'), await deviceOf(dataSource, 'e1')];
    expect(first).toBeLessThan(second);
    await say(dataSource, 'managed-devices', 'm1', { entra_device_id: 'd1', serial_number: '5CG1XX' });
    expect(await identity.resolvePending()).toMatchObject({ created: 0, linked: 1, moved: 1 });
    expect(await machinesOf(dataSource)).toEqual(['e1 m1 z1']);
    expect(await dataSource.query('select id, merged_into_id, record_count from device order by id')).toEqual([
      { id: first, merged_into_id: null, record_count: 3 },
      { id: second, merged_into_id: first, record_count: 0 },
    ]);
    expect(await new IdentityQueries(dataSource).currentDevice(second)).toBe(first);
  });

  it('closes a review as expired, and joins what it kept apart, when one of its records stops sharing the key', async () => {
    const { dataSource } = database;
    const serial_number = '5CG7ABC';
    for (const id of ['m1', 'm2']) await say(dataSource, 'managed-devices', id, { serial_number });
    await say(dataSource, 'autopilot', 'z1', { serial_number });
    expect(await identity.resolvePending()).toMatchObject({ created: 3, reviews: 1 });
    await say(dataSource, 'managed-devices', 'm1', { serial_number: '5CG7ABD' });
    expect(await identity.resolvePending()).toMatchObject({ records: 1, moved: 1, reviews: 0 });
    expect(await machinesOf(dataSource)).toEqual(['m1', 'm2 z1']);
    expect(await dataSource.query('select state from device_review')).toEqual([{ state: 'expired' }]);
    await say(dataSource, 'managed-devices', 'm1', { serial_number });
    expect(await identity.resolvePending()).toMatchObject({ reviews: 1 });
    expect(await dataSource.query('select state, expired_at from device_review')).toEqual([
      { state: 'open', expired_at: null },
    ]);
  });

  it('sums a machine up from its best records: no placeholder over a real number, no future contact', async () => {
    const { dataSource } = database;
    const shared = { entra_device_id: 'd1', name: 'PC-1' };
    await say(dataSource, 'managed-devices', 'm1', {
      ...shared,
      serial_number: 'Default string',
      manufacturer: 'System manufacturer',
      last_seen_at: '2099-01-01T00:00:00Z',
      enrolled_at: '2026-01-05T00:00:00Z',
    });
    await say(dataSource, 'autopilot', 'z1', { ...shared, serial_number: '5CG1XX', manufacturer: 'HP', name: 'BOX' });
    await say(dataSource, 'entra-devices', 'e1', { ...shared, name: 'PC-ENTRA', last_seen_at: '2026-02-01T00:00:00Z' });
    await identity.resolvePending();
    const [device] = await dataSource.query<Record<string, unknown>[]>('select * from device');
    expect(device).toMatchObject({
      name: 'PC-1',
      serial_number: '5CG1XX',
      manufacturer: 'HP',
      presence: 'present',
      record_count: 3,
      last_seen_at: new Date('2026-02-01T00:00:00Z'),
      enrolled_at: new Date('2026-01-05T00:00:00Z'),
    });
    for (const [source, id] of [
      ['managed-devices', 'm1'],
      ['autopilot', 'z1'],
      ['entra-devices', 'e1'],
    ] as const) {
      await say(dataSource, source, id, {
        ...shared,
        serial_number: '5CG1XX',
        presence: id === 'm1' ? 'gone' : 'missing',
      });
    }
    await identity.resolvePending();
    expect(await dataSource.query('select presence from device')).toEqual([{ presence: 'missing' }]);
  });

  it('keeps reused hostnames as aliases with dates, never as a key', async () => {
    const { dataSource } = database;
    await say(dataSource, 'managed-devices', 'm1', { name: 'DESK-7' });
    await identity.resolvePending();
    await say(dataSource, 'managed-devices', 'm1', { name: 'LAPTOP-1' });
    await say(dataSource, 'managed-devices', 'm2', { name: 'DESK-7' });
    await identity.resolvePending();
    expect(await machinesOf(dataSource)).toEqual(['m1', 'm2']);
    const queries = new IdentityQueries(dataSource);
    const aliases = await queries.aliasesOfDevice(await deviceOf(dataSource, 'm1'));
    expect(aliases.map(({ name }) => name)).toEqual(['LAPTOP-1', 'DESK-7']);
    expect(aliases[1]?.lastSeenAt).toBe(aliases[0]?.firstSeenAt);
    expect(await queries.aliasesOfDevice(await deviceOf(dataSource, 'm2'))).toMatchObject([{ name: 'DESK-7' }]);
  });

  it('sets a number aside that turns up on too many records, and resolves them again without it', async () => {
    const { dataSource } = database;
    const batch = Array.from({ length: 60 }, (_, index) =>
      estateRecord(index % 2 ? 'autopilot' : 'managed-devices', `r${index}`, {
        serial_number: 'FACTORY77',
        presence: 'gone',
      }),
    );
    await storeRecords(dataSource, batch.slice(0, 40));
    await identity.resolvePending();
    expect(await machinesOf(dataSource)).toHaveLength(1);
    await storeRecords(dataSource, batch.slice(40));
    await identity.resolvePending();
    expect(await machinesOf(dataSource)).toHaveLength(60);
    expect(await dataSource.query('select kind, value from device_shared_key')).toEqual([
      { kind: 'serial', value: 'FACTORY77' },
    ]);
    expect(await devicesWithoutRecords()).toBe(0);
  });

  async function resolvedCount(): Promise<number> {
    const [row] = await database.dataSource.query<{ count: number }[]>(
      'select count(device_id)::integer as count from device_record',
    );
    return row?.count ?? 0;
  }

  /** Devices that nothing leads to: neither a record nor a merge. */
  async function devicesWithoutRecords(): Promise<number> {
    const [row] = await database.dataSource.query<{ count: number }[]>(
      `select count(*)::integer as count from device
       where merged_into_id is null and not exists (select from device_record where device_id = device.id)`,
    );
    return row?.count ?? 0;
  }
});

function statementLogger(statements: string[]) {
  const quiet = (): void => undefined;
  return {
    logQuery: (query: string) => void statements.push(query),
    logQueryError: quiet,
    logQuerySlow: quiet,
    logSchemaBuild: quiet,
    logMigration: quiet,
    log: quiet,
  };
}

/** Records that share few ids and serial numbers, in a fixed pattern. */
function collidingRecords(count: number): EstateRecord[] {
  const sources = ['managed-devices', 'entra-devices', 'autopilot', 'windows-readiness'] as const;
  const pick = <T>(values: readonly T[], seed: number): T => values[seed % values.length] as T;
  return Array.from({ length: count }, (_, index) => {
    const seed = index * 7_919 + ((index * index) % 101);
    const source = pick(sources, seed);
    const facts = {
      presence: pick(['present', 'present', 'missing'] as const, seed >> 1),
      serial_number:
        source === 'entra-devices'
          ? null
          : pick(['S201', 's202 ', 'S203', 'S204', 'S205', 'Default string', null], seed >> 2),
      entra_device_id: pick([null, 'd1', 'd2', 'd3', 'd4', 'd5', null, 'd6'], seed >> 3),
      manufacturer: pick(['HP', 'Hewlett-Packard', 'Dell Inc.', null], seed >> 4),
      name: `PC-${index % 6}`,
      enrolled_at: `2026-0${(seed % 6) + 1}-01T00:00:00Z`,
      last_seen_at: `2026-0${(seed % 3) + 6}-15T00:00:00Z`,
    };
    return estateRecord(source, `r${String(index).padStart(2, '0')}`, facts);
  });
}
