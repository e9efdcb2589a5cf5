import { createSyncBench, type SyncBench } from '../support/sync-bench.js';
import { stateOf } from '../support/state-of.js';

const OTHER = '99999999-2222-4333-8444-555555555555';

describe('a database that holds one tenant', () => {
  let bench: SyncBench;
  beforeAll(async () => {
    bench = await createSyncBench({ people: 60 });
    await bench.run('users');
  });
  afterAll(() => bench.close());

  it('refuses the records of another one, says why and what to do, and stays as it was', async () => {
    const other = await bench.another({ settings: { tenantId: OTHER } });
    const before = await stateOf(bench, ['person', 'sync_run', 'sync_source']);
    try {
      for (const source of ['users', 'managed-devices'] as const) {
        const outcome = await other.sync.run(source, { trigger: 'command', full: true });
        expect(outcome).toMatchObject({ outcome: 'refused', reason: 'other-tenant', source });
        expect((outcome as { message: string }).message).toMatch(/another tenant.*database of its own.*DATABASE_URL/);
      }
    } finally {
      await other.close();
    }
    expect(await stateOf(bench, ['person', 'sync_run', 'sync_source'])).toEqual(before);
    expect(await bench.query('select tenant_id from sync_tenant')).toEqual([{ tenant_id: bench.settings.tenantId }]);
  });

  it('goes on with its own', async () => {
    expect(await bench.run('users')).toMatchObject({ status: 'succeeded', error: null });
  });
});
