import { SOURCE_NAMES } from '../../src/config/sources.js';
import { EmulatorFixture, guid, smallTenant } from '../support/emulator-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { runCommand, settingsFor, temporaryHome, type Ended } from './command.js';

const SIZE = 40;

interface RunLine {
  readonly id: number;
  readonly source: string;
  readonly status: string;
  readonly [figure: string]: unknown;
}

describe('untether sync and what it leaves behind', () => {
  const { home, remove } = temporaryHome();
  let fixture: EmulatorFixture;
  let database: TestDatabase;

  const untether = (...args: string[]): Promise<Ended> => runCommand(args, settingsFor(fixture, database.url, home));
  const lines = (text: string): RunLine[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RunLine);

  beforeAll(async () => {
    fixture = await new EmulatorFixture().start(smallTenant(SIZE), { clock: Date.now });
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await fixture.stop();
    await database.drop();
    remove();
  });

  it('reads every source in order and prints nothing but a JSON line for each', async () => {
    const { code, stdout, stderr } = await untether('sync', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const runs = lines(stdout);
    expect(runs.map((run) => run.source)).toEqual(SOURCE_NAMES);
    expect(runs[0]).toMatchObject({
      status: 'succeeded',
      kind: 'full',
      trigger: 'command',
      added: SIZE,
      quarantined: 0,
    });
    expect(runs.every((run) => (run['requests'] as number) >= (run['minimumRequests'] as number))).toBe(true);
  });

  it('says that nothing changed when nothing did', async () => {
    const { code, stdout, stderr } = await untether('sync');
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing changed: no row was written.');
    expect(stderr).toContain('users: succeeded in');
    expect(stdout).toMatch(/Requests \(least\)/);
  });

  it('says with a dry run what would change, and changes nothing', async () => {
    await fixture.emulator.write({
      kind: 'put',
      collection: 'users',
      record: { ...fixture.tenant.get('users', guid(1)), id: guid(1), displayName: 'Renamed' },
    });
    const { code, stdout } = await untether('sync', 'users', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('dry run');
    const stored = await database.dataSource.query<{ display_name: string }[]>(
      'select display_name from person where entra_id = $1',
      [guid(1)],
    );
    expect(stored).toEqual([{ display_name: 'Person 1' }]);
    expect(lines((await untether('sync', 'users', '--json')).stdout)[0]).toMatchObject({ changed: 1 });
  });

  it('lists and shows runs', async () => {
    const listed = await untether('runs', '--source', 'users', '--limit', '2', '--json');
    const { runs } = JSON.parse(listed.stdout) as { readonly runs: readonly RunLine[] };
    expect(runs).toHaveLength(2);
    expect(runs[0]?.source).toBe('users');
    const shown = await untether('runs', 'show', String(runs[0]?.id), '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ id: runs[0]?.id, quarantine: [] });
    expect((await untether('runs')).stdout).toContain('succeeded');
    expect(await untether('runs', 'show', '999999')).toMatchObject({ code: 2, stdout: '' });
  });

  it('ends with exit code 3 when a run fails, with the missing permission and its fix', async () => {
    const fault = fixture.emulator.faults.add({ name: 'forbidden', path: '/devices' });
    const { code, stderr } = await untether('sync', 'entra-devices', 'subscribed-skus');
    fixture.emulator.faults.clear(fault);
    expect(code).toBe(3);
    expect(stderr).toContain('Device.Read.All');
    expect(stderr).toContain('grant admin consent');
    expect(stderr).toContain('subscribed-skus: succeeded');
    const { stdout } = await untether('status');
    expect(stdout).toContain('left out: permission or licence missing');
    expect((await untether('sync', 'entra-devices')).code).toBe(0);
  });

  it('leaves an optional source out when the tenant does not allow it, unless it was named', async () => {
    const fault = fixture.emulator.faults.add({ name: 'forbidden-intune', path: 'windowsAutopilot' });
    const all = await untether('sync');
    const named = await untether('sync', 'autopilot');
    fixture.emulator.faults.clear(fault);
    expect([all.code, named.code]).toEqual([0, 3]);
    expect(all.stderr).toContain('DeviceManagementServiceConfig.Read.All');
  });

  it('holds removals (exit code 4) until they are released with a reason', async () => {
    const fault = fixture.emulator.faults.add({ name: 'empty-tenant', path: '/managedDevices' });
    const held = await untether('sync', 'managed-devices');
    expect(held.code).toBe(4);
    expect(held.stderr).toContain('untether held list');

    const { holds } = JSON.parse((await untether('held', 'list', '--json')).stdout) as {
      readonly holds: readonly { readonly id: number; readonly source: string; readonly records: number }[];
    };
    expect(holds).toMatchObject([{ source: 'managed-devices', records: SIZE }]);
    const id = String(holds[0]?.id);
    expect((await untether('held', 'show', id)).stdout).toContain('PC-1');
    expect(await untether('held', 'release', id, '--reason', 'x')).toMatchObject({ code: 2, stdout: '' });
    const unasked = await untether('held', 'release', id, '--reason', 'They were all retired');
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain('--yes');

    const released = await untether('held', 'release', id, '--reason', 'They were all retired', '--yes', '--json');
    expect(JSON.parse(released.stdout)).toMatchObject({ source: 'managed-devices', removed: SIZE });
    expect((await untether('held', 'release', id, '--reason', 'They were all retired', '--yes')).code).toBe(5);
    expect((await untether('held')).stdout).toContain('Nothing is held.');
    fixture.emulator.faults.clear(fault);
  });

  it('refuses (exit code 5) while another process runs the source', async () => {
    await database.dataSource.query(
      `update sync_source set lease_until = now() + interval '1 hour' where source = 'users'`,
    );
    const { code, stdout } = await untether('sync', 'users', '--json');
    await database.dataSource.query(`update sync_source set lease_until = null`);
    expect(code).toBe(5);
    expect(lines(stdout)).toEqual([
      expect.objectContaining({ source: 'users', status: 'refused', reason: 'already-running' }),
    ]);
  });

  it('pauses and resumes a source', async () => {
    expect((await untether('pause', 'users', '--reason', 'Intune maintenance')).stdout).toContain('users is paused.');
    const paused = JSON.parse((await untether('status', '--json')).stdout) as {
      readonly sources: readonly { readonly source: string; readonly state: string; readonly pauseReason: string }[];
    };
    expect(paused.sources[0]).toMatchObject({ source: 'users', state: 'paused', pauseReason: 'Intune maintenance' });
    expect(JSON.parse((await untether('resume', 'users', '--json')).stdout)).toEqual({
      source: 'users',
      state: 'resumed',
      changed: true,
    });
    expect((await untether('resume', 'users')).stdout).toContain('was not paused');
  });

  it('names the command to run when migrations are pending, and runs them with it', async () => {
    const empty = await createTestDatabase({ empty: true });
    try {
      const settings = settingsFor(fixture, empty.url, home);
      const refused = await runCommand(['sync'], settings);
      expect(refused.code).toBe(78);
      expect(refused.stderr).toContain('npx untether migrate');
      const migrated = await runCommand(['migrate', '--json'], settings);
      expect(migrated.code).toBe(0);
      const { migrations } = JSON.parse(migrated.stdout) as { readonly migrations: readonly string[] };
      expect(migrations.length).toBeGreaterThan(0);
      expect((await runCommand(['status'], settings)).code).toBe(0);
    } finally {
      await empty.drop();
    }
  });
});
