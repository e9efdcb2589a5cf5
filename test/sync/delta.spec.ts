import { createSyncBench, type SyncBench } from '../support/sync-bench.js';
import { stateOf } from '../support/state-of.js';
import { differences } from './oracle.js';

const PERSON_TABLES = ['person', 'sync_change'];

describe('following changes', () => {
  let bench: SyncBench;
  beforeEach(async () => {
    bench = await createSyncBench({ people: 250, seed: 5, emulator: { deltaPageSize: 40 } });
    await bench.run('users');
    await bench.run('entra-devices');
  });
  afterEach(() => bench.close());

  const user = (index: number) => {
    const found = bench.tenant.list('users')[index];
    if (!found) throw new Error('The tenant has too few people.');
    return found;
  };
  const put = (record: Parameters<SyncBench['tenant']['put']>[1]) =>
    bench.emulator.write({ kind: 'put', collection: 'users', record });
  const bothRuns = async () => [await bench.run('users'), await bench.run('entra-devices')];

  it('reads only what changed, and a change of manager with it', async () => {
    await put({ ...user(3), jobTitle: 'Archivist' });
    await bench.emulator.write({ kind: 'setManager', id: user(4).id, managerId: user(9).id });
    await bench.emulator.write({ kind: 'setManager', id: user(5).id, managerId: null });
    const run = await bench.run('users');
    expect(run).toMatchObject({ kind: 'delta', status: 'succeeded' });
    expect(run.rowsRead).toBeLessThan(10);
    expect(await differences(bench, ['person'])).toEqual([]);
    const history = await bench.query<{ changes: Record<string, unknown> }>(
      `select changes from sync_change where external_id = $1`,
      [user(3).id],
    );
    expect(history[0]?.changes).toMatchObject({ job_title: [expect.anything(), 'Archivist'] });
  });

  it('keeps of every changed field what it was and what it became, attributes among them', async () => {
    await bench.run('managed-devices');
    const device = bench.tenant.list('managedDevices')[0] as Record<string, unknown> & { id: string };
    const changed = {
      ...device,
      deviceName: 'LT-NEW-0001',
      complianceState: null,
      managementAgent: 'configurationManagerClientMdm',
    };
    await bench.emulator.write({ kind: 'put', collection: 'managedDevices', record: changed });
    await bench.run('managed-devices');
    const [history] = await bench.query<{ changes: Record<string, unknown> }>(
      `select changes from sync_change where external_id = $1 order by id desc limit 1`,
      [device.id],
    );
    expect(history?.changes).toEqual({
      name: [device['deviceName'], 'LT-NEW-0001'],
      compliance_state: [device['complianceState'], null],
      managementAgent: [device['managementAgent'], 'configurationManagerClientMdm'],
    });
    expect(await differences(bench, ['managed-devices'])).toEqual([]);
  });

  it.each(['shuffle', 'duplicates', 'replay', 'empty-pages', 'short-pages'] as const)(
    'F-18, F-20, F-21, F-24 %s in the answers change nothing about the result',
    async (name) => {
      for (const { id } of bench.tenant.list('users').slice(0, 90)) {
        await put({ ...(bench.tenant.get('users', id) ?? { id }), officeLocation: 'Annex' });
      }
      await bench.emulator.write({ kind: 'advance', days: 3 });
      bench.emulator.faults.add({ name, seed: 3 });
      for (const run of await bothRuns()) expect(run).toMatchObject({ status: 'succeeded', error: null });
      bench.emulator.faults.clear();
      expect(await differences(bench, ['person', 'entra-devices'])).toEqual([]);
    },
  );

  it('F-19 both links: the next link is followed; neither link: the run fails and changes nothing', async () => {
    for (let index = 0; index < 60; index++) await put({ ...user(index), city: 'Elsewhere' });
    bench.emulator.faults.add({ name: 'both-links' });
    expect(await bench.run('users')).toMatchObject({ status: 'succeeded' });
    expect(await differences(bench, ['person'])).toEqual([]);
    await put({ ...user(0), city: 'Nowhere' });
    bench.emulator.faults.clear();
    bench.emulator.faults.add({ name: 'no-links' });
    const before = await stateOf(bench, PERSON_TABLES);
    expect(await bench.run('users')).toMatchObject({ status: 'failed', error: { code: 'incomplete_delta' } });
    expect(await stateOf(bench, PERSON_TABLES)).toEqual(before);
    bench.emulator.faults.clear();
    await bench.run('users');
    expect(await differences(bench, ['person'])).toEqual([]);
  });

  it('F-21 links to people who are not known yet heal when they are', async () => {
    const stranger = {
      ...user(8),
      id: 'aaaaaaaa-0000-4000-8000-000000000001',
      userPrincipalName: 'stranger@x.example',
    };
    await bench.query(`update person set manager_entra_id = $1 where entra_id = $2`, [stranger.id, user(7).id]);
    await put(stranger);
    await bench.emulator.write({ kind: 'setManager', id: user(7).id, managerId: stranger.id });
    await bench.run('users');
    const [linked] = await bench.query<{ manager: string | null }>(
      `select manager.user_principal_name as manager from person
       left join person manager on manager.entra_id = person.manager_entra_id where person.entra_id = $1`,
      [user(7).id],
    );
    expect(linked?.manager).toBe('stranger@x.example');
  });

  it('F-22 removed and added again: the same record, with both in its history', async () => {
    const record = user(6);
    const [{ id } = { id: 0 }] = await bench.query<{ id: number }>(`select id from person where entra_id = $1`, [
      record.id,
    ]);
    await bench.emulator.write({ kind: 'remove', collection: 'users', id: record.id, reason: 'changed' });
    await bench.run('users');
    expect(await bench.query(`select presence from person where id = $1`, [id])).toEqual([{ presence: 'missing' }]);
    await bench.emulator.write({ kind: 'restore', collection: 'users', id: record.id });
    await bench.run('users');
    expect(await bench.query(`select presence, entra_id from person where id = $1`, [id])).toEqual([
      { presence: 'present', entra_id: record.id },
    ]);
    const kinds = await bench.query<{ kind: string }>(
      `select kind from sync_change where external_id = $1 order by id`,
      [record.id],
    );
    expect(kinds.map((row) => row.kind)).toEqual(['missing', 'returned']);
    // Within one round the last word counts.
    await bench.emulator.write({ kind: 'remove', collection: 'users', id: record.id, reason: 'changed' });
    await bench.emulator.write({ kind: 'restore', collection: 'users', id: record.id });
    await bench.run('users');
    expect(await bench.query(`select presence from person where id = $1`, [id])).toEqual([{ presence: 'present' }]);
  });

  it('F-23 a removal of somebody unknown is counted and ignored', async () => {
    const stranger = { ...user(1), id: 'aaaaaaaa-0000-4000-8000-000000000002' };
    await put(stranger);
    await bench.emulator.write({ kind: 'remove', collection: 'users', id: stranger.id, reason: 'deleted' });
    const run = await bench.run('users');
    expect(run.status).toBe('succeeded');
    expect(run.counts.ignored).toBe(1);
    expect(await bench.query(`select 1 from person where entra_id = $1`, [stranger.id])).toEqual([]);
  });

  it.each([
    ['gone', undefined],
    ['sync-state-not-found', 400],
    ['sync-state-not-found', 404],
  ] as const)('F-25 a cursor that is lost (%s %s) becomes a complete read', async (name, status) => {
    await put({ ...user(2), jobTitle: 'Beekeeper' });
    bench.emulator.faults.add({ name, path: '/users/delta', ...(status === undefined ? {} : { status }) });
    expect(await bench.run('users')).toMatchObject({ kind: 'full', status: 'succeeded', counts: { changed: 1 } });
    bench.emulator.faults.clear();
    expect(await bench.run('users')).toMatchObject({ kind: 'delta', status: 'succeeded' });
    expect(await differences(bench, ['person'])).toEqual([]);
  });

  it('F-26 a cursor near its end of life is not used', async () => {
    await bench.query(
      `update sync_source set cursor_saved_at = now() - interval '6 days 1 hour' where source = 'users'`,
    );
    expect(await bench.run('users')).toMatchObject({ kind: 'full', status: 'succeeded' });
  });

  it('a complete read is made every week in spite of a good cursor', async () => {
    await bench.query(
      `update sync_source set last_full_at = now() - interval '7 days 1 minute' where source = 'users'`,
    );
    expect(await bench.run('users')).toMatchObject({ kind: 'full', status: 'succeeded' });
    expect(await bench.run('users')).toMatchObject({ kind: 'delta' });
  });

  it('F-27 a cursor that was made with another query is not used', async () => {
    await bench.query(`update sync_source set cursor_query = '/users/delta?$select=id' where source = 'users'`);
    expect(await bench.run('users')).toMatchObject({ kind: 'full', status: 'succeeded' });
  });

  it('F-28 what is absent stays, what is null is cleared', async () => {
    const record = user(12);
    const withoutTitle = Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'jobTitle'));
    await put({ ...withoutTitle, id: record.id, department: null });
    await bench.run('users');
    const [row] = await bench.query<{ job_title: string | null; department: string | null }>(
      `select job_title, department from person where entra_id = $1`,
      [record.id],
    );
    expect(row).toEqual({ job_title: record['jobTitle'], department: null });
  });

  it('starts a read again when its page token has expired, and gives up in the end', async () => {
    await bench.close();
    bench = await createSyncBench({ people: 250, seed: 5, emulator: { pageSizeLimit: 50 } });
    const once = bench.emulator.faults.add({ name: 'expired-page-token', path: '/users', first: 1, page: 3 });
    expect(await bench.run('users')).toMatchObject({ status: 'succeeded', kind: 'full' });
    bench.emulator.faults.clear(once);
    bench.emulator.faults.add({ name: 'expired-page-token', path: '/users', page: 3 });
    expect(await bench.run('users', { full: true })).toMatchObject({
      status: 'failed',
      error: { code: 'cursor_lost' },
    });
  });
});
