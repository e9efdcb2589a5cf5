import { EmulatorFixture, smallTenant } from '../support/emulator-fixture.js';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.js';
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
  let smtp: ScriptedSmtp;
  const mail = (port = smtp.port): Record<string, string> => ({
    SMTP_URL: `smtp://user:kept@127.0.0.1:${port}`,
    MAIL_FROM: 'untether@council.example',
    PUBLIC_URL: 'https://untether.example',
  });
  beforeAll(async () => {
    database = await createTestDatabase();
    smtp = await startScriptedSmtp();
  });
  afterAll(async () => {
    await database.drop();
    await smtp.close();
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
    const { code, checks } = await examine(undefined, { ...mail(), CALL_RECORDS: 'on' });
    expect([...checks.values()].filter((check) => check.status !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    expect([...checks.keys()]).toEqual(
      expect.arrayContaining(['disk', 'database', 'database version', 'migrations', 'database clock', 'proxy', 'tls']),
    );
  });

  it('says which way mail goes, and what is wrong with the mail server', async () => {
    expect((await examine(undefined)).checks.get('mail')).toMatchObject({
      status: 'warn',
      fix: 'Set SMTP_URL and MAIL_FROM.',
    });
    expect((await examine(undefined, mail(1))).checks.get('mail')).toMatchObject({
      status: 'fail',
      message: '127.0.0.1 cannot be used for mail (connection).',
    });
    smtp.replies.set('AUTH', '535 wrong password');
    const { checks } = await examine(undefined, mail());
    smtp.replies.clear();
    expect(checks.get('mail')).toMatchObject({ status: 'fail', message: expect.stringContaining('sign-in') as string });
    expect(JSON.stringify([...checks.values()])).not.toContain('kept');
    expect(smtp.mails).toEqual([]);
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

  it('wants the permission for call records only where they are read', async () => {
    const name = 'permission CallRecords.Read.All';
    expect((await examine(undefined)).checks.get(name)?.message).toContain('More than needed');
    const { checks } = await examine(['User.Read.All'], { CALL_RECORDS: 'on' });
    expect(checks.get(name)).toMatchObject({
      status: 'warn',
      fix: expect.stringContaining('CallRecords.Read.All') as string,
    });
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
