import type { CollectionName } from '../../src/demo/tenant/tenant-store.js';
import type { SourceName } from '../../src/config/sources.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';
import { stateOf } from '../support/state-of.js';
import { differences } from './oracle.js';

/** Records that no directory should hold and every directory does, each one among hundreds of good ones. */
describe('bad records', () => {
  let bench: SyncBench;
  beforeEach(async () => {
    bench = await createSyncBench({ people: 250, seed: 31 });
  });
  afterEach(() => bench.close());

  const put = (collection: CollectionName, changes: Record<string, unknown>, base = 0) => {
    const record = { ...bench.tenant.list(collection)[base], ...changes } as { id: string };
    return bench.emulator.write({ kind: 'put', collection, record });
  };
  const quarantine = () =>
    bench.query<{ external_id: string | null; field: string; reason: string }>(
      'select external_id, field, reason from sync_quarantine order by id',
    );

  it('F-51, B356 unknown properties are ignored and counted', async () => {
    bench.emulator.faults.add({ name: 'broken-records', path: '/users', value: 'unknown-property', count: 5 });
    expect(await bench.run('users')).toMatchObject({ status: 'succeeded', counts: { quarantined: 0 } });
    const [run] = await bench.query<{ unknown_properties: number }>('select unknown_properties from sync_run');
    expect(run?.unknown_properties).toBeGreaterThanOrEqual(5);
  });

  it.each([
    ['B350 an id that is missing', 'missing-id', null],
    ['F-52 a wrong type', 'wrong-type', expect.any(String)],
    ['F-53, B355 a name of a megabyte', 'huge-string', expect.any(String)],
  ])('%s: that record is quarantined, the run goes on', async (_title, value, externalId) => {
    bench.emulator.faults.add({ name: 'broken-records', path: '/users', value, count: 1 });
    const run = await bench.run('users');
    expect(run).toMatchObject({ status: 'succeeded', counts: { quarantined: 1 } });
    const [row] = await quarantine();
    expect(row?.external_id).toEqual(externalId);
    expect(row?.reason.length).toBeGreaterThan(5);
  });

  it('F-52 over one per cent of bad records fails the run', async () => {
    bench.emulator.faults.add({ name: 'broken-records', path: '/users', value: 'wrong-type', count: 30 });
    const before = await stateOf(bench);
    expect(await bench.run('users')).toMatchObject({ status: 'failed', error: { code: 'too_many_bad_records' } });
    expect(await stateOf(bench)).toEqual(before);
  });

  it('a record in quarantine is still shown, so it is not taken for absent', async () => {
    await bench.run('managed-devices');
    const [device] = bench.tenant.list('managedDevices');
    await put('managedDevices', { isEncrypted: 'yes' });
    expect(await bench.run('managed-devices')).toMatchObject({ counts: { quarantined: 1, absent: 0, changed: 0 } });
    const [row] = await bench.query(`select presence, absent_since from device_record where external_id = $1`, [
      device?.id,
    ]);
    expect(row).toEqual({ presence: 'present', absent_since: null });
  });

  it.each([
    ['F-54, B353 a NUL character', 'nul-character'],
    ['F-54 a lone surrogate', 'lone-surrogate'],
  ])('%s is taken out and counted; nothing is lost', async (_title, value) => {
    bench.emulator.faults.add({ name: 'broken-records', path: '/users', value, count: 1 });
    expect(await bench.run('users')).toMatchObject({ status: 'succeeded', counts: { quarantined: 0 } });
    const [run] = await bench.query<{ sanitised: number }>('select sanitised from sync_run');
    expect(run?.sanitised).toBeGreaterThanOrEqual(1);
    const [count] = await bench.query<{ rows: number }>('select count(*)::int as rows from person');
    expect(count?.rows).toBe(bench.tenant.list('users').length);
  });

  it('F-55 numbers beyond 2^53 and repeated keys do no harm', async () => {
    bench.emulator.faults.add({ name: 'broken-records', path: 'managedDevices', value: 'large-integer', count: 1 });
    expect(await bench.run('managed-devices')).toMatchObject({ status: 'succeeded' });
    bench.emulator.faults.clear();
    bench.emulator.faults.add({ name: 'duplicate-value', path: 'managedDevices' });
    // The last of two keys wins in JSON.parse: the page looks empty, which the guard holds.
    expect(await bench.run('managed-devices')).toMatchObject({ status: 'held' });
    bench.emulator.faults.clear();
    await bench.run('managed-devices');
    expect(await differences(bench, ['managed-devices'])).toEqual([]);
  });

  it.each<[string, SourceName, CollectionName, Record<string, unknown>, Record<string, unknown>]>([
    ['B349 a name that is null', 'users', 'users', { displayName: null }, { display_name: null, presence: 'present' }],
    [
      'B358 a guest is kept apart from staff',
      'users',
      'users',
      { userPrincipalName: 'x_other.com#EXT#@council.onmicrosoft.com', userType: 'Guest' },
      { user_type: 'Guest', user_principal_name: 'x_other.com#EXT#@council.onmicrosoft.com' },
    ],
    [
      'B359 a blank serial is no serial',
      'managed-devices',
      'managedDevices',
      { serialNumber: '' },
      { serial_number: null },
    ],
    [
      'B364 year 1 means never',
      'managed-devices',
      'managedDevices',
      { lastSyncDateTime: '0001-01-01T00:00:00Z' },
      { last_seen_at: null },
    ],
    [
      'B365 a time in the future is kept as it is',
      'managed-devices',
      'managedDevices',
      { lastSyncDateTime: '2099-01-01T00:00:00Z' },
      { last_seen_at: new Date('2099-01-01T00:00:00Z') },
    ],
    [
      'B377 more licences in use than bought is a real state',
      'subscribed-skus',
      'subscribedSkus',
      { prepaidUnits: { enabled: 1, suspended: 0, warning: 0, lockedOut: 0 } },
      { enabled_units: 1, consumed_units: expect.any(Number) },
    ],
  ])('%s', async (_title, source, collection, changes, expected) => {
    await put(collection, changes);
    expect(await bench.run(source)).toMatchObject({ status: 'succeeded', counts: { quarantined: 0 } });
    const [record] = bench.tenant.list(collection);
    const [table, key, id] =
      source === 'users'
        ? ['person', 'entra_id', record?.id]
        : source === 'subscribed-skus'
          ? ['subscribed_sku', 'sku_id', record?.['skuId']]
          : ['device_record', 'external_id', record?.id];
    const [row] = await bench.query<Record<string, unknown>>(`select * from ${table} where ${key} = $1`, [id]);
    expect(row).toMatchObject(expected);
  });

  it.each<[string, SourceName, CollectionName, Record<string, unknown>, string]>([
    ['B352 the word "true"', 'users', 'users', { accountEnabled: 'true' }, 'accountEnabled'],
    [
      'B376 fewer than no units',
      'subscribed-skus',
      'subscribedSkus',
      { prepaidUnits: { enabled: -1 } },
      'prepaidUnits.enabled',
    ],
    [
      'an impossible date',
      'managed-devices',
      'managedDevices',
      { enrolledDateTime: '2026-02-30T00:00:00Z' },
      'enrolledDateTime',
    ],
    ['a date without end', 'managed-devices', 'managedDevices', { enrolledDateTime: 'infinity' }, 'enrolledDateTime'],
    ['a list in place of text', 'managed-devices', 'managedDevices', { model: ['a', 'b'] }, 'model'],
  ])('%s is quarantined under its field', async (_title, source, collection, changes, field) => {
    await put(collection, changes);
    expect(await bench.run(source)).toMatchObject({ counts: { quarantined: 1 } });
    expect(await quarantine()).toMatchObject([{ field }]);
  });

  it('text that looks like SQL or HTML is stored as the text that it is', async () => {
    const name = `x'); drop table person;-- <script>alert(1)</script> \u202E`;
    await put('users', { displayName: name, jobTitle: '{{7*7}}' });
    await put('managedDevices', { serialNumber: name });
    await bench.runAll();
    expect(await differences(bench)).toEqual([]);
  });

  it('F-64 pages stream into staging: what is kept in memory does not grow with the tenant', async () => {
    const largest: number[] = [];
    await bench.run('users', { onProgress: (progress) => largest.push(progress.rowsRead) });
    // One page at a time reaches the database: the last figure is the whole, and each step is one page.
    const steps = largest.filter((value, index) => index === 0 || value !== largest[index - 1]);
    expect(steps.at(-1)).toBe(bench.tenant.list('users').length);
  });
});
