import { appendToAudit } from '../../src/audit/audit-trail.js';
import { verifyChain } from '../../src/audit/chain-verification.js';
import { SOURCE_NAMES } from '../../src/config/sources.js';
import { Transactor } from '../../src/database/transactor.js';
import { auditedAs, auditEntries, auditHead, personalValuesInAudit, type SeenEntry } from '../support/audit.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';

const ACTOR = 'command-line:tester';

describe('the audit trail of the synchronisation', () => {
  let bench: SyncBench;
  beforeAll(async () => {
    bench = await createSyncBench({ people: 120, seed: 5 });
  });
  afterAll(() => bench.close());

  const audited = (event: Parameters<typeof auditedAs>[1], work: () => Promise<unknown>): Promise<SeenEntry> =>
    auditedAs(bench.database.dataSource, event, work);

  it('has the tenant that the database was bound to, once', async () => {
    const entry = await audited('sync.tenant-bound', () => bench.run('users', { requestedBy: ACTOR }));
    expect(entry).toEqual({ event: 'sync.tenant-bound', actor: ACTOR, subject: null, details: { kind: 'tenant' } });
    const before = await auditHead(bench.database.dataSource);
    await bench.run('users');
    expect((await auditEntries(bench.database.dataSource, before)).map(({ event }) => event)).toEqual([
      'sync.run-finished',
    ]);
  });

  it('has one entry for each run, whatever it changed, and says who asked for it', async () => {
    for (const source of SOURCE_NAMES) {
      const entry = await audited('sync.run-finished', () => bench.run(source, { requestedBy: ACTOR, full: true }));
      expect(entry).toMatchObject({
        actor: ACTOR,
        details: { source, kind: 'full', trigger: 'command', dryRun: false },
      });
    }
    const scheduled = await audited('sync.run-finished', () =>
      bench.run('users', { trigger: 'schedule', dryRun: true }),
    );
    expect(scheduled).toMatchObject({ actor: 'system:schedule', details: { dryRun: true, kind: 'delta' } });
  });

  it('has runs that failed', async () => {
    const id = bench.emulator.faults.add({ name: 'forbidden', path: '/users' });
    expect(await audited('sync.run-failed', () => bench.run('users'))).toMatchObject({ details: { source: 'users' } });
    bench.emulator.faults.clear(id);
  });

  it('has runs that were stopped', async () => {
    const stop = new AbortController();
    stop.abort();
    const entry = await audited('sync.run-stopped', () => bench.run('users', { signal: stop.signal }));
    expect(entry).toMatchObject({ details: { source: 'users' } });
  });

  it('has runs whose process died, when the next one notices', async () => {
    const [run] = await bench.query<{ id: string }>(
      `insert into sync_run (source, trigger, kind, dry_run, status, stage, fence, requested_by)
       values ('users', 'command', 'full', false, 'running', 'reading', 1000, '${ACTOR}') returning id`,
    );
    const entry = await audited('sync.run-abandoned', () => bench.run('users'));
    expect(entry).toMatchObject({ actor: ACTOR, subject: `sync-run:${run?.id}` });
  });

  it('has held removals and their release', async () => {
    for (const { id } of bench.tenant.list('users').slice(0, 40)) {
      await bench.emulator.write({ kind: 'remove', collection: 'users', id, reason: 'changed' });
    }
    const held = await audited('sync.run-held', () => bench.run('users'));
    expect(held).toMatchObject({ details: { held: 40, missing: 0 } });
    const [hold] = await bench.query<{ id: number }>(`select id from sync_hold where state = 'held'`);
    const id = hold?.id ?? 0;
    const released = await audited('sync.held-removals-released', () =>
      bench.holds.release(id, ACTOR, 'They all left'),
    );
    expect(released).toMatchObject({ actor: ACTOR, subject: `hold:${id}`, details: { source: 'users', removed: 40 } });
    const before = await auditHead(bench.database.dataSource);
    await expect(bench.holds.release(id, ACTOR, 'They all left')).rejects.toThrow();
    expect(await auditHead(bench.database.dataSource)).toBe(before);
  });

  it('has pauses and their end, and nothing when nothing was changed', async () => {
    const paused = await audited('sync.paused', () => bench.pauses.pause('users', ACTOR, 'Jo asked for it'));
    expect(paused).toEqual({ event: 'sync.paused', actor: ACTOR, subject: 'source:users', details: {} });
    const before = await auditHead(bench.database.dataSource);
    await bench.pauses.pause('users', ACTOR, 'Again');
    expect(await auditHead(bench.database.dataSource)).toBe(before);
    const resumed = await audited('sync.resumed', () => bench.pauses.resume('users', ACTOR));
    expect(resumed).toMatchObject({ actor: ACTOR, subject: 'source:users' });
  });

  it('is whole after all of it and holds no value of a person or a machine', async () => {
    expect((await verifyChain(bench.database.dataSource)).firstBreak).toBeNull();
    expect(await personalValuesInAudit(bench.database.dataSource)).toEqual([]);
  });

  it('would be found out if it held one', async () => {
    await bench.query(`update person set display_name = 'sync.paused' where id = (select min(id) from person)`);
    expect(await personalValuesInAudit(bench.database.dataSource)).toEqual(['sync.paused']);
  });

  it('does not keep a run from ending while another one waits to commit', async () => {
    const transactor = new Transactor(bench.database.dataSource);
    let release: () => void = () => undefined;
    const open = new Promise<void>((resolve) => (release = resolve));
    let appended: () => void = () => undefined;
    const isAppended = new Promise<void>((resolve) => (appended = resolve));
    const first = transactor.run(async (tx) => {
      await appendToAudit(tx, { event: 'sync.paused', actor: ACTOR, subject: null });
      appended();
      await open;
    });
    await isAppended;
    // The run reads and merges meanwhile, and waits with its last statement only.
    const second = bench.run('entra-devices');
    for (let attempt = 0; attempt < 200; attempt++) {
      const [waiting] = await bench.query<{ sessions: number }>(
        `select count(*)::int as sessions from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%audit_chain for update%'`,
      );
      if (waiting?.sessions === 1) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    release();
    await first;
    expect((await second).status).toBe('succeeded');
    expect((await verifyChain(bench.database.dataSource)).firstBreak).toBeNull();
  });
});
