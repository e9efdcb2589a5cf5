import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { loadConfig } from '../config/config.js';
import { SOURCE_NAMES, type SourceName } from '../config/sources.js';
import { installJobQueue, JobQueueService } from '../jobs/job-queue.service.js';
import { syncQueue } from './run-queue.service.js';
import { slotOf, SyncJobs } from './sync.jobs.js';
import { Transactor } from '../database/transactor.js';
import { LeaseService } from './lease.service.js';
import type { SyncService } from './sync.service.js';
import type { RunRequest } from './sync.types.js';

const slot = (cron: string, createdAt: string): string => slotOf(cron, new Date(createdAt)).toISOString();

describe('the slot of a job', () => {
  it.each([
    ['exactly on the minute', '*/30 * * * *', '2026-11-23T10:00:00.000Z', '2026-11-23T10:00:00.000Z'],
    ['a millisecond later', '*/30 * * * *', '2026-11-23T10:00:00.001Z', '2026-11-23T10:00:00.000Z'],
    ['at the end of its minute', '*/30 * * * *', '2026-11-23T10:00:59.999Z', '2026-11-23T10:00:00.000Z'],
    ['when the queue was late', '*/30 * * * *', '2026-11-23T10:29:59.999Z', '2026-11-23T10:00:00.000Z'],
    ['a millisecond before the next', '10 * * * *', '2026-11-23T10:09:59.999Z', '2026-11-23T09:10:00.000Z'],
    ['across midnight', '50 4 * * *', '2026-11-24T00:00:00.000Z', '2026-11-23T04:50:00.000Z'],
    ['across the end of a year', '50 4 * * *', '2027-01-01T04:49:59.000Z', '2026-12-31T04:50:00.000Z'],
    ['on a leap day', '0 0 29 2 *', '2028-03-01T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    ['on weekdays', '0 6 * * 1-5', '2026-11-22T12:00:00.000Z', '2026-11-20T06:00:00.000Z'],
  ])('%s', (_title, cron, createdAt, expected) => {
    expect(slot(cron, createdAt)).toBe(expected);
  });

  it('F-39 is the same for jobs made before and after a clock was put back within the slot', () => {
    const first = slot('*/30 * * * *', '2026-11-23T10:20:00Z');
    expect(slot('*/30 * * * *', '2026-11-23T10:01:00Z')).toBe(first);
  });

  it('F-39 comes round again when a clock is put back an hour, so that it is refused as taken', () => {
    const before = slot('30 * * * *', '2026-11-23T11:30:05Z');
    const afterwards = [slot('30 * * * *', '2026-11-23T10:30:05Z'), slot('30 * * * *', '2026-11-23T11:30:05Z')];
    expect(afterwards).toEqual(['2026-11-23T10:30:00.000Z', before]);
  });

  it('F-39 is the latest one when a clock is put forward an hour', () => {
    expect(slot('30 * * * *', '2026-11-23T12:31:00Z')).toBe('2026-11-23T12:30:00.000Z');
  });

  it.each(['2026-03-28T22:00:00Z', '2026-10-24T22:00:00Z'])(
    'F-39 is neither skipped nor doubled in the night of %s, when UK clocks change, whatever the machine thinks',
    (from) => {
      const hours = Array.from({ length: 30 }, (_, hour) => new Date(Date.parse(from) + hour * 3_600_000));
      const expected = hours.map((hour) => new Date(hour.getTime() + 30 * 60_000).toISOString());
      const jobs = expected.map((at) => at.replace('00.000', '02.500'));
      expect(jobs.map((createdAt) => slot('30 * * * *', createdAt))).toEqual(expected);
      expect(inLondon(`jobs.map((at) => slotOf('30 * * * *', new Date(at)).toISOString())`, jobs)).toEqual(expected);
      // A nightly run at 01:30, the minute that comes twice or never in local time.
      const nightly = (at: string): string => slot('30 1 * * *', at);
      expect(new Set(jobs.map(nightly)).size).toBe(3);
      expect(inLondon(`jobs.map((at) => slotOf('30 1 * * *', new Date(at)).toISOString())`, jobs)).toEqual(
        jobs.map(nightly),
      );
    },
  );
});

describe('the jobs of the synchronisation', () => {
  let database: TestDatabase;
  let queue: JobQueueService;
  let jobs: SyncJobs;
  const runs: { source: SourceName; request: RunRequest }[] = [];
  beforeEach(async () => {
    runs.length = 0;
    database = await createTestDatabase();
    await installJobQueue(database.address);
    queue = new JobQueueService(database.address);
    await queue.start();
    // What a run does is tested elsewhere; here it is only written down.
    const sync = {
      run: async (source: SourceName, request: RunRequest) => {
        runs.push({ source, request });
        return { outcome: 'finished' };
      },
      workOutMachines: async () => undefined,
    } as unknown as SyncService;
    const config = loadConfig({ SCHEDULE_AUTOPILOT: 'off', SCHEDULE_USERS: '* * * * *' });
    const leases = new LeaseService(database.dataSource, new Transactor(database.dataSource));
    jobs = new SyncJobs(queue, sync, leases, config);
  });
  afterEach(async () => {
    await jobs.onModuleDestroy();
    await database.drop();
  });

  const ran = () => runs.map((run) => run.source).sort();
  const settled = async (count: number): Promise<void> => {
    for (let attempt = 0; attempt < 200 && runs.length < count; attempt++) await delay(50);
    // Long enough for every worker to look once more.
    await delay(1_200);
  };

  it('run what has never succeeded at once, but not what is paused', async () => {
    await database.dataSource.query(`update sync_source set last_success_at = now() where source = 'users'`);
    await database.dataSource.query(
      `update sync_source set paused_at = now(), paused_by = 'person:somebody', pause_reason = 'Maintenance' where source = 'autopilot'`,
    );
    await jobs.register();
    await settled(4);
    expect(ran()).toEqual(['entra-devices', 'managed-devices', 'subscribed-skus', 'windows-readiness']);
    for (const { request } of runs) expect(request).toMatchObject({ trigger: 'start' });
    for (const { request } of runs) expect(request.slot).toBeUndefined();
  });

  it('keep one schedule for each source that is not switched off', async () => {
    await database.dataSource.query(`update sync_source set last_success_at = now()`);
    await jobs.register();
    await jobs.register();
    const rows = await database.dataSource.query<{ name: string; cron: string }[]>(
      'select name, cron from job.schedule',
    );
    const expected = SOURCE_NAMES.filter((source) => source !== 'autopilot').map((source) => syncQueue(source));
    expect(rows.map((row) => row.name).sort()).toEqual([...expected].sort());
    expect(rows.find((row) => row.name === 'sync-users')?.cron).toBe('* * * * *');
  });

  it('give a scheduled run the slot of the minute in which its job was made, and a requested one none', async () => {
    await database.dataSource.query(`update sync_source set last_success_at = now()`);
    await jobs.register();
    // What the queue's clock puts in when the cron expression comes round.
    await queue.enqueue(syncQueue('users'), {});
    await settled(1);
    const [scheduled] = runs;
    expect(scheduled).toMatchObject({ source: 'users', request: { trigger: 'schedule' } });
    expect(scheduled?.request.slot?.getUTCSeconds()).toBe(0);
    expect(Math.abs(Date.now() - (scheduled?.request.slot?.getTime() ?? 0))).toBeLessThan(120_000);

    const before = runs.length;
    await jobs.request('users', { trigger: 'command', requestedBy: 'person:somebody' });
    await settled(before + 1);
    const requested = runs.find((run) => run.request.trigger === 'command');
    expect(requested?.request).toMatchObject({ requestedBy: 'person:somebody' });
    expect(requested?.request.slot).toBeUndefined();
  });

  it('tell a run to stop when the process ends', async () => {
    await database.dataSource.query(`update sync_source set last_success_at = now()`);
    await jobs.register();
    await jobs.request('entra-devices', { trigger: 'command' });
    await settled(1);
    expect(runs[0]?.request.signal?.aborted).toBe(false);
    await jobs.onModuleDestroy();
    expect(runs[0]?.request.signal?.aborted).toBe(true);
  });
});

/** The same rule in a process whose own time zone is the UK's. */
function inLondon(expression: string, jobs: readonly string[]): unknown {
  const module = path.join(import.meta.dirname, '..', '..', 'dist', 'sync', 'sync.jobs.js');
  const script = `
    const { slotOf } = await import(${JSON.stringify(module)});
    const jobs = ${JSON.stringify(jobs)};
    process.stdout.write(JSON.stringify({ offset: new Date('2026-07-01').getTimezoneOffset(), slots: ${expression} }));
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', TZ: 'Europe/London' },
  });
  const { offset, slots } = JSON.parse(output) as { offset: number; slots: string[] };
  expect(offset).toBe(-60);
  return slots;
}
