import { InputError } from '../common/errors.js';
import { createSyncBench, type SyncBench } from '../../test/support/sync-bench.js';

describe('a source that is paused', () => {
  let bench: SyncBench;
  let minute = 0;
  beforeAll(async () => {
    bench = await createSyncBench({ people: 60 });
  });
  afterEach(() => bench.pauses.resume('users', 'person:somebody'));
  afterAll(() => bench.close());

  const scheduled = (source: 'users' | 'subscribed-skus' = 'users') =>
    bench.sync.run(source, { trigger: 'schedule', slot: new Date(Date.UTC(2026, 0, 1, 0, ++minute)) });
  const stored = async () => {
    const [row] = await bench.query<Record<string, unknown>>(
      `select paused_at is not null as paused, paused_by, pause_reason from sync_source where source = 'users'`,
    );
    return row;
  };

  it('is not run by its schedule or at the start of a process, and leaves no record of it', async () => {
    expect(await bench.pauses.pause('users', 'person:somebody', ' Payroll is being reorganised ')).toBe(true);
    expect(await stored()).toEqual({
      paused: true,
      paused_by: 'person:somebody',
      pause_reason: 'Payroll is being reorganised',
    });
    expect(await scheduled()).toMatchObject({ outcome: 'refused', reason: 'paused' });
    expect(await bench.sync.run('users', { trigger: 'start' })).toMatchObject({ outcome: 'refused', reason: 'paused' });
    expect(await bench.query(`select 1 from sync_run where source = 'users'`)).toEqual([]);
  });

  it('is still run by hand, and stays paused', async () => {
    await bench.pauses.pause('users', 'person:somebody', 'Maintenance');
    expect(await bench.run('users')).toMatchObject({ status: 'succeeded' });
    expect(await scheduled()).toMatchObject({ reason: 'paused' });
  });

  it('leaves the others alone', async () => {
    await bench.pauses.pause('users', 'person:somebody', 'Maintenance');
    expect(await scheduled('subscribed-skus')).toMatchObject({ outcome: 'finished', status: 'succeeded' });
  });

  it('runs again once it is resumed', async () => {
    await bench.pauses.pause('users', 'person:somebody', 'Maintenance');
    expect(await bench.pauses.resume('users', 'person:somebody')).toBe(true);
    expect(await stored()).toEqual({ paused: false, paused_by: null, pause_reason: null });
    expect(await scheduled()).toMatchObject({ outcome: 'finished', status: 'succeeded' });
  });

  it('keeps who paused it first and why, and is resumed once', async () => {
    const both = await Promise.all([
      bench.pauses.pause('users', 'person:one', 'First reason'),
      bench.pauses.pause('users', 'person:two', 'Second reason'),
    ]);
    expect([...both].sort()).toEqual([false, true]);
    const winner = both[0] ? 'person:one' : 'person:two';
    expect(await stored()).toMatchObject({ paused_by: winner });
    const resumed = await Promise.all([
      bench.pauses.resume('users', 'person:somebody'),
      bench.pauses.resume('users', 'person:somebody'),
    ]);
    expect([...resumed].sort()).toEqual([false, true]);
  });

  it.each(['', '  ', 'no'])('needs a reason: %j is none', async (reason) => {
    await expect(bench.pauses.pause('users', 'person:somebody', reason)).rejects.toBeInstanceOf(InputError);
    expect(await stored()).toMatchObject({ paused: false });
  });
});
