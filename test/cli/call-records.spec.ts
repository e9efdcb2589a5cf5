import { jest } from '@jest/globals';
import { DemonstrationCalls } from '../../src/demo/tenant/calls.js';
import { createTenant } from '../../src/demo/tenant/demonstration-tenant.js';
import { auditEntries } from '../support/audit.js';
import { enterRanges } from '../support/call-fixture.js';
import { CREDENTIALS, EmulatorFixture } from '../support/emulator-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { runCommand, settingsFor, temporaryHome } from './command.js';

// A command takes seconds to start, and lists are asked for at one a second.
jest.setTimeout(120_000);

describe('untether call-records', () => {
  const { home, remove } = temporaryHome();
  const tenant = createTenant({ seed: 9, people: 60 });
  const fixture = new EmulatorFixture();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    const calls = new DemonstrationCalls(tenant, CREDENTIALS.tenantId, 20);
    await fixture.start(tenant, { clock: Date.now, calls });
  });
  afterAll(async () => {
    await fixture.stop();
    await database.drop();
    remove();
  });

  const run = (
    change: Readonly<Record<string, string>>,
    ...options: string[]
  ): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    runCommand(['call-records', ...options], { ...settingsFor(fixture, database.url, home), ...change });

  it('says how to switch them on', async () => {
    const { code, stderr } = await run({});
    expect(code).toBe(5);
    expect(stderr).toContain('CALL_RECORDS=on');
  });

  it('is not begun before there is anybody to take them over for', async () => {
    const { code, stderr } = await run({ CALL_RECORDS: 'on' });
    expect(code).toBe(5);
    expect(stderr).toContain('read the users first');
  });

  it('reads them, and says what came of it', async () => {
    await runCommand(['sync', 'users'], settingsFor(fixture, database.url, home));
    await enterRanges({ query: (sql, values) => database.dataSource.query(sql, values) });
    // As if all but the last days had been read: a list a second is what Microsoft Graph is asked for.
    await database.dataSource.query(
      `insert into call_record_run (trigger, status, finished_at, lease_until, read_from, read_until)
       values ('schedule', 'succeeded', now(), now(), now() - interval '30 days', now() - interval '4 days')`,
    );
    const { code, stdout } = await run({ CALL_RECORDS: 'on' }, '--json');
    expect(code).toBe(0);
    const outcome = JSON.parse(stdout) as { status: string; takenOver: number };
    expect(outcome).toMatchObject({ status: 'succeeded' });
    expect(outcome.takenOver).toBeGreaterThan(10);
    const again = await run({ CALL_RECORDS: 'on' });
    expect(again.stdout).toMatch(/^succeeded: \d+ calls listed, 0 taken over, /);
    const entries = await auditEntries(database.dataSource);
    expect(entries.filter(({ event }) => event === 'sync.call-records-read')).toHaveLength(2);
  });
});
