import { fastTimings, type FastTimings } from '../support/fast-timings.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';
import { stateOf } from '../support/state-of.js';
import { differences } from './oracle.js';

type FaultName = Parameters<SyncBench['emulator']['faults']['add']>[0]['name'];

/** Faults that pass, and those that end a run: after either and one clean run the database equals the tenant. */
describe('a source under fire', () => {
  let bench: SyncBench;
  let timings: FastTimings;
  beforeEach(async () => {
    timings = fastTimings();
    bench = await createSyncBench({
      people: 250,
      seed: 21,
      // The emulator lives in the same fast time, or every retry would come too early for it.
      emulator: { pageSizeLimit: 100, clock: () => timings.clock.now().getTime() },
      graph: { timings, policy: { transferMilliseconds: 800 } },
    });
    await bench.run('managed-devices');
    await bench.emulator.write({ kind: 'advance', days: 1 });
  });
  afterEach(() => bench.close());

  const clean = async (): Promise<void> => {
    bench.emulator.faults.clear();
    expect(await bench.run('managed-devices')).toMatchObject({ status: 'succeeded' });
    expect(await differences(bench, ['managed-devices'])).toEqual([]);
  };

  it.each<[string, FaultName, object]>([
    ['F-01 429 with Retry-After', 'throttled', { first: 2 }],
    ['F-02 429 with a date', 'throttled-date', { first: 1 }],
    ['F-05 429 without Retry-After', 'throttled-intune', { first: 4 }],
    ['F-07 503', 'unavailable', { first: 3 }],
    ['F-07 a burst of 500', 'server-error', { first: 20 }],
    ['F-07 502', 'bad-gateway', { first: 3 }],
    ['F-07 504 in HTML', 'gateway-timeout-html', { first: 3 }],
    ['F-09 reset in the middle of a body', 'connection-reset', { first: 2 }],
    ['F-10 a body shorter than announced', 'short-body', { first: 2 }],
    ['F-10 a missing final chunk', 'missing-last-chunk', { first: 2 }],
    ['F-11 truncated JSON', 'truncated-json', { first: 2 }],
    ['F-29 an expired token', 'unauthorised', { first: 1, page: 2 }],
  ])('%s is waited out', async (_title, name, how) => {
    bench.emulator.faults.add({ name, path: 'managedDevices', ...how });
    expect(await bench.run('managed-devices')).toMatchObject({ status: 'succeeded', error: null });
    expect(await differences(bench, ['managed-devices'])).toEqual([]);
  });

  it.each<[string, FaultName, object, string]>([
    ['F-04 Retry-After beyond the time of the run', 'throttled', { seconds: 100_000 }, 'throttled'],
    ['F-06 a storm of 429', 'throttled-intune', {}, 'throttled'],
    ['F-07 5xx without end', 'server-error', {}, 'temporary'],
    ['F-08 501', 'status', { status: 501, value: 'NotImplemented', page: 2 }, 'contract_broken'],
    ['F-08 400', 'status', { status: 400, value: 'BadRequest', page: 2 }, 'contract_broken'],
    ['F-08 404', 'status', { status: 404, value: 'NotFound', page: 2 }, 'contract_broken'],
    ['F-13 a page of HTML', 'html-page', { page: 2 }, 'contract_broken'],
    ['F-13 204', 'no-content', { page: 2 }, 'contract_broken'],
    ['F-14 a page that drips', 'slow-body', {}, 'temporary'],
    ['F-15 no answer at all', 'no-answer', {}, 'temporary'],
    ['F-16 a next link to itself', 'next-link-loop', { count: 1 }, 'contract_broken'],
    ['F-16 a cycle of three', 'next-link-loop', { count: 3 }, 'contract_broken'],
    ['F-17 a next link to another host', 'next-link-elsewhere', { page: 1 }, 'contract_broken'],
    ['F-17 a next link over http', 'next-link-elsewhere', { page: 1, value: 'http://127.0.0.1:9' }, 'contract_broken'],
    ['F-29 a token that is refused for good', 'unauthorised', { page: 2 }, 'unauthorised'],
    ['F-31 consent revoked on page 1', 'forbidden', { page: 1 }, 'forbidden'],
    ['F-31 consent revoked on page 3', 'forbidden', { page: 3 }, 'forbidden'],
    ['B367, B368 a page without value', 'value-missing', { page: 2 }, 'contract_broken'],
    ['no Intune licence', 'unlicensed-intune', {}, 'unlicensed'],
  ])('%s ends the run and changes nothing', async (_title, name, how, code) => {
    const before = await stateOf(bench);
    bench.emulator.faults.add({ name, path: 'managedDevices', ...how });
    const run = await bench.run('managed-devices');
    expect(run).toMatchObject({ status: 'failed', error: { code } });
    expect(run.error?.fix.length).toBeGreaterThan(10);
    expect(await stateOf(bench)).toEqual(before);
    expect(await bench.query('select 1 from sync_staging')).toEqual([]);
    const [record] = await bench.query<{ error_code: string; error_fix: string; finished_at: Date | null }>(
      `select error_code, error_fix, finished_at from sync_run order by id desc limit 1`,
    );
    expect(record).toMatchObject({ error_code: code, error_fix: run.error?.fix });
    await clean();
  });

  it('F-06 after a storm there is no pile-up: one request a wait, and the next run goes on', async () => {
    bench.emulator.faults.add({ name: 'throttled-intune', path: 'managedDevices' });
    const run = await bench.run('managed-devices');
    expect(run.requests).toBeLessThan(200);
    expect(run.throttledMilliseconds).toBeGreaterThan(600_000);
    const gaps = timings.slept.filter((wait) => wait >= 1_000);
    expect(gaps.length).toBeGreaterThan(5);
    await clean();
  });

  it.each([['token-refused', 'unauthorised']] as const)(
    'F-30, F-33 the sign-in service says no (%s): the run says what to do',
    async (name, code) => {
      const second = await bench.another({ graph: { timings: fastTimings() } });
      try {
        bench.emulator.faults.add({ name });
        const outcome = await second.sync.run('managed-devices', { trigger: 'command' });
        expect(outcome).toMatchObject({ status: 'failed', error: { code } });
      } finally {
        await second.close();
      }
      await clean();
    },
  );

  it('F-32 a source without permission leaves the others alone', async () => {
    bench.emulator.faults.add({ name: 'forbidden', path: 'windowsAutopilotDeviceIdentities' });
    const runs = await bench.runAll();
    expect(runs.map((run) => [run.source, run.status])).toEqual([
      ['users', 'succeeded'],
      ['entra-devices', 'succeeded'],
      ['managed-devices', 'succeeded'],
      ['subscribed-skus', 'succeeded'],
      ['windows-readiness', 'succeeded'],
      ['autopilot', 'failed'],
    ]);
    expect(runs.at(-1)?.error?.fix).toContain('DeviceManagementServiceConfig.Read.All');
  });

  it('pages that lead on without end are stopped by the cap on records or pages', async () => {
    await bench.close();
    bench = await createSyncBench({ people: 100, config: { recordCap: 50 }, graph: { timings: fastTimings() } });
    bench.emulator.faults.add({ name: 'endless-paging', path: 'managedDevices' });
    const run = await bench.run('managed-devices');
    expect(['held', 'failed']).toContain(run.status);
    expect(await bench.query('select 1 from device_record')).toEqual([]);
  });
});
