import { EmulatorFixture, smallTenant } from '../support/emulator-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { runCommand, settingsFor, temporaryHome } from './command.js';

interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly fix: string | null;
}

describe('untether doctor', () => {
  const { home, remove } = temporaryHome();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
    remove();
  });

  async function examine(
    roles: readonly string[] | undefined,
    change: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number | null; checks: Map<string, Check> }> {
    const fixture = await new EmulatorFixture().start(smallTenant(3), {
      clock: Date.now,
      ...(roles === undefined ? {} : { roles }),
    });
    try {
      const { code, stdout } = await runCommand(['doctor', '--json'], {
        ...settingsFor(fixture, database.url, home),
        ...change,
      });
      const { checks } = JSON.parse(stdout) as { readonly checks: readonly Check[] };
      return { code, checks: new Map(checks.map((check) => [check.name, check])) };
    } finally {
      await fixture.stop();
    }
  }

  it('finds nothing wrong with the least privilege', async () => {
    const { code, checks } = await examine(undefined);
    expect([...checks.values()].filter((check) => check.status !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    expect([...checks.keys()]).toEqual(
      expect.arrayContaining(['disk', 'database', 'database version', 'migrations', 'database clock', 'proxy', 'tls']),
    );
  });

  it('tells missing, optional and excess permissions apart', async () => {
    const { code, checks } = await examine([
      'Device.Read.All',
      'LicenseAssignment.Read.All',
      'DeviceManagementManagedDevices.Read.All',
      'Directory.ReadWrite.All',
    ]);
    expect(code).toBe(1);
    expect(checks.get('permission User.Read.All')).toMatchObject({ status: 'fail' });
    expect(checks.get('permission User.Read.All')?.fix).toContain('admin consent');
    expect(checks.get('permission DeviceManagementServiceConfig.Read.All')).toMatchObject({ status: 'warn' });
    expect(checks.get('permission Directory.ReadWrite.All')).toMatchObject({ status: 'warn' });
    expect(checks.get('permission Directory.ReadWrite.All')?.message).toContain('More than needed');
    expect(checks.get('permission Directory.ReadWrite.All')?.fix).toContain('remove Directory.ReadWrite.All');
  });

  it('names the setting for a certificate that is not trusted', async () => {
    const { code, checks } = await examine(undefined, { GRAPH_CA_FILE: '' });
    expect(code).toBe(1);
    expect(checks.get('tls')?.fix).toContain('GRAPH_CA_FILE');
    expect(checks.has('token')).toBe(false);
  });

  it('says what to do about a secret that is not accepted, and never shows it', async () => {
    const secret = 'not-the-one-you-are-looking-for';
    const { code, checks } = await examine(undefined, { GRAPH_CLIENT_SECRET: secret });
    expect(code).toBe(1);
    expect(checks.get('token')).toMatchObject({ status: 'fail' });
    expect(checks.get('token')?.fix).toContain('secret');
    expect(JSON.stringify([...checks.values()])).not.toContain(secret);
  });

  it('goes on when the database does not answer', async () => {
    const { code, checks } = await examine(undefined, { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect(code).toBe(1);
    expect(checks.get('database')).toMatchObject({ status: 'fail' });
    expect(checks.get('token')).toMatchObject({ status: 'ok' });
  });
});
