import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { runCommand, temporaryHome, type Ended } from './command.js';

const PERSON = '11111111-2222-4333-8444-555555555555';
const HISTORY = {
  format: 'untether-programme-history/1',
  source: 'A spreadsheet',
  until: '2026-06-01T18:00:00Z',
  programme: { name: 'Rollout', startsOn: '2026-02-02', targetOn: '2027-12-31', baselineAt: '2026-02-02T09:00:00Z' },
  machines: [{ machine: 'old', serialNumber: 'CZC1234567', manufacturer: 'HP', model: 'HP EliteDesk 800 G2 SFF' }],
  baseline: { people: [{ person: 'asha@council.example' }], desktops: [{ machine: 'old', person: PERSON }] },
  recoveries: [{ machine: 'old', at: '2026-03-09T10:00:00Z', place: 'Depot' }],
  wipes: [{ machine: 'old', at: '2026-03-10T10:00:00Z', evidence: 'CERT-1' }],
};

describe('untether rollout take-over', () => {
  const { home, remove } = temporaryHome();
  let database: TestDatabase;
  const untether = (...args: string[]): Promise<Ended> =>
    runCommand(['rollout', 'take-over', ...args], { DATABASE_URL: database.url, UNTETHER_HOME: home });
  const file = (name: string, content: unknown): string => {
    const where = path.join(home, name);
    writeFileSync(where, typeof content === 'string' ? content : JSON.stringify(content));
    return where;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.dataSource.query(
      `insert into person (entra_id, user_principal_name, display_name, account_enabled)
       values ($1, 'asha@council.example', 'Asha Shah', true)`,
      [PERSON],
    );
  });
  afterAll(async () => {
    await database.drop();
    remove();
  });

  it('refuses a file that is none, naming each place and what to do', async () => {
    expect(await untether(path.join(home, 'absent.json'))).toMatchObject({ code: 2, stdout: '' });
    expect((await untether(file('text.json', 'no JSON'))).stderr).toContain('The file is no JSON.');
    const bad = await untether(file('bad.json', { ...HISTORY, until: 'yesterday', wipe: [] }));
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('in 2 places');
    expect(bad.stderr).toContain('until: Give a time with its offset');
    expect(bad.stderr).toContain('wipe: Take it out');
  });

  it('says what it would do, does it once, and is refused afterwards', async () => {
    const history = file('history.json', HISTORY);
    const dry = await untether(history);
    expect(dry.stdout).toContain('1 people and 1 desktops in the baseline');
    expect(dry.stdout).toContain('Nothing was changed.');
    const done = await untether(history, '--apply', '--json');
    expect(JSON.parse(done.stdout)).toMatchObject({ people: 1, machinesMade: 1, custodySteps: 2, mismatches: [] });
    const desktops = await database.dataSource.query<object[]>('select state, evidence from rollout_desktop');
    expect(desktops).toEqual([{ state: 'wiped', evidence: 'CERT-1' }]);
    const again = await untether(history, '--apply');
    expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 5, stdout: '' });
    expect(again.stderr).toContain('There is a programme here already');
  });
});
