import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CollectionName } from '../../src/demo/tenant/tenant-store.js';
import { installJobQueue } from '../../src/jobs/job-queue.service.js';
import { startRun, type ChildTask } from '../support/run-child.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';

/** Values that stand for a person and a machine; none of them may ever reach a log line. */
const CANARIES = {
  displayName: 'Zebedee Canaryfield',
  givenName: 'Zebedee',
  surname: 'Canaryfield',
  userPrincipalName: 'zebedee.canaryfield@canary.example',
  mail: 'z.canaryfield@canary-mail.example',
  serialNumber: 'CANARYSERIAL77',
  deviceName: 'CANARY-HOST-77',
  wiFiMacAddress: 'CA0A0C0A0B77',
};
/** What must not be found either, as patterns: parts of tokens, the credential and the cursors. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ...Object.entries(CANARIES).map(
    ([name, value]) => [name, new RegExp(value.replaceAll('.', '\\.'), 'i')] as readonly [string, RegExp],
  ),
  ['client secret', /bench-only/],
  ['access token', /eyJ[A-Za-z0-9_-]{8}/],
  ['bearer header', /bearer /i],
  ['cursor or page token', /(delta|skip)token=(?!latest)/i],
];
const DIST = path.join(import.meta.dirname, '..', '..', 'dist');

describe('log lines at debug level', () => {
  let bench: SyncBench;
  const lines: string[] = [];
  beforeAll(async () => {
    bench = await createSyncBench({ people: 80, seed: 77, emulator: { pageSizeLimit: 30 } });
    const { displayName, givenName, surname, userPrincipalName, mail, serialNumber, deviceName, wiFiMacAddress } =
      CANARIES;
    // On the first page, in the middle and at the end.
    for (const place of [0, 40, -1]) {
      await put('users', place, { displayName, givenName, surname, userPrincipalName, mail });
      await put('devices', place, { displayName: deviceName });
      await put('managedDevices', place, { serialNumber, deviceName, userPrincipalName, wiFiMacAddress });
    }
    await put('windowsAutopilotDeviceIdentities', 0, { serialNumber, displayName: deviceName, userPrincipalName });
    await put('metricDevices', 0, { serialNumber, deviceName });
  });
  afterAll(() => bench.close());

  const put = (collection: CollectionName, place: number, changes: object) => {
    const record = { ...bench.tenant.list(collection).at(place), ...changes } as { id: string };
    return bench.emulator.write({ kind: 'put', collection, record });
  };

  /** Runs sources in a process of its own and looks at everything that it wrote. */
  const run = async (task: Partial<ChildTask>, meanwhile?: (child: ChildProcess) => Promise<void>) => {
    const started = startRun(bench, {
      sources: ['users', 'entra-devices', 'managed-devices'],
      level: 'debug',
      ...task,
    });
    await meanwhile?.(started.child);
    const { output, outcomes } = await started.done;
    const written = output.split('\n').filter(Boolean);
    lines.push(...written);
    expectClean(written);
    return { outcomes: outcomes ?? [], written };
  };

  it('the canaries are where they can sing: what is written here would be found', async () => {
    expect(findings(['{"msg":"Zebedee canaryfield asked for eyJhbGciOiJSUzI1NiJ9"}'])).toEqual([
      expect.stringMatching(/^displayName/),
      expect.stringMatching(/^givenName/),
      expect.stringMatching(/^surname/),
      expect.stringMatching(/^access token/),
    ]);
  });

  it('of whole runs name nobody and no machine', async () => {
    const { outcomes } = await run({
      sources: ['users', 'entra-devices', 'managed-devices', 'subscribed-skus', 'windows-readiness', 'autopilot'],
    });
    expect(outcomes).toHaveLength(6);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'succeeded' });
    const [stored] = await bench.query<{ people: number; machines: number }>(
      `select (select count(*)::int from person where display_name = $1) as people,
              (select count(*)::int from device_record where serial_number = $2) as machines`,
      [CANARIES.displayName, CANARIES.serialNumber],
    );
    expect(stored?.people).toBeGreaterThan(0);
    expect(stored?.machines).toBeGreaterThan(0);
  });

  it('of runs that are slowed down, refused and fed broken records name nobody either', async () => {
    const { faults } = bench.emulator;
    await put('users', 0, { jobTitle: 'Changed' });
    const added = [
      faults.add({ name: 'throttled', path: '/users', first: 1, seconds: 1 }),
      faults.add({ name: 'connection-reset', path: 'managedDevices', first: 1 }),
      faults.add({ name: 'broken-records', path: 'managedDevices', value: 'wrong-type', count: 1, page: 1 }),
      faults.add({ name: 'forbidden', path: '/devices' }),
    ];
    const { outcomes } = await run({});
    expect(outcomes.map((outcome) => ('status' in outcome ? outcome.status : outcome.reason))).toContain('failed');
    expect(lines.some((line) => line.includes('429'))).toBe(true);
    for (const id of added) faults.clear(id);
  });

  it('of runs whose sign-in fails keep the credential and the token', async () => {
    const { faults } = bench.emulator;
    const id = faults.add({ name: 'token-refused' });
    const { outcomes } = await run({ sources: ['users'] });
    expect(outcomes).toMatchObject([{ status: 'failed' }]);
    faults.clear(id);
    const unauthorised = faults.add({ name: 'unauthorised', path: '/users' });
    expect((await run({ sources: ['users'] })).outcomes).toMatchObject([{ status: 'failed' }]);
    faults.clear(unauthorised);
  });

  it('of runs that the database refuses do not repeat what it quotes', async () => {
    await put('users', 0, { jobTitle: 'Changed again' });
    // Postgres answers with the whole row: "Failing row contains (…)".
    await bench.query(
      `alter table person add constraint canary check (display_name <> '${CANARIES.displayName}') not valid`,
    );
    const { outcomes, written } = await run({ sources: ['users'] });
    await bench.query('alter table person drop constraint canary');
    expect(written.some((line) => line.includes('23514'))).toBe(true);
    expect(outcomes).toMatchObject([{ status: 'failed', error: { code: 'database_23514' } }]);
  });

  it('of runs whose connections break say no more', async () => {
    await put('managedDevices', 0, { model: 'Another' });
    let ended = 0;
    const { outcomes } = await run({ sources: ['managed-devices'] }, async (child) => {
      for (const until = Date.now() + 30_000; Date.now() < until && child.exitCode === null && ended === 0;) {
        await delay(5);
        const rows = await bench.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()
             and exists (select from sync_run where status = 'running')`,
        );
        ended = rows.length;
      }
    });
    expect(ended).toBeGreaterThan(0);
    // The run fails, or the whole process when not even the run's record could be kept.
    expect(outcomes.every((outcome) => outcome.outcome === 'finished')).toBe(true);
  });

  it('of the worker name nobody and no machine', async () => {
    await installJobQueue(bench.database.address);
    await bench.query('update sync_source set last_success_at = null, cursor = null, lease_until = null');
    bench.emulator.faults.add({ name: 'throttled', path: 'windowsAutopilot', first: 1, seconds: 1 });
    const { settings } = bench;
    const worker = spawn(process.execPath, [path.join(DIST, 'worker.js')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        LOG_LEVEL: 'debug',
        DATABASE_URL: bench.database.url,
        GRAPH_TENANT_ID: settings.tenantId,
        GRAPH_CLIENT_ID: settings.clientId,
        GRAPH_CLIENT_SECRET: 'bench-only',
        GRAPH_BASE_URL: settings.baseUrl,
        GRAPH_AUTHORITY: settings.authority,
        GRAPH_CA_FILE: settings.caFile ?? '',
      },
    });
    let output = '';
    worker.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    worker.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = once(worker, 'close');
    let pending: unknown[] = ['not asked yet'];
    for (let attempt = 0; attempt < 120 && pending.length > 0 && worker.exitCode === null; attempt++) {
      await delay(250);
      pending = await bench.query('select source from sync_source where last_success_at is null');
    }
    worker.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    const written = output.split('\n').filter(Boolean);
    expect(pending).toEqual([]);
    expectClean(written);
    expect(code).toBe(0);
    expect(written.some((line) => line.includes('worker ready'))).toBe(true);
    expect(written.some((line) => /"source":"users"/.test(line))).toBe(true);
  }, 60_000);
});

function findings(written: readonly string[]): string[] {
  return written.flatMap((line) =>
    SECRETS.filter(([, pattern]) => pattern.test(line)).map(([name]) => `${name} in ${line.slice(0, 300)}`),
  );
}

function expectClean(written: readonly string[]): void {
  expect(written.length).toBeGreaterThan(1);
  expect(findings(written)).toEqual([]);
  for (const line of written) {
    const parsed: unknown = line.startsWith('{') ? JSON.parse(line) : line;
    expect([line, typeof parsed]).toEqual([line, 'object']);
  }
}
