import { jest } from '@jest/globals';
import { personId } from '../support/custody-fixture.js';
import { tokenFor } from '../support/sign-in.js';
import { stockEquipment, type Equipment } from '../support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startWebProcess, type WebProcess } from '../support/web-process.js';
import { EVENTS, SUMS, unsound } from './sound-sums.js';
import { beginStress } from './stress-beginning.js';
import { stress, type StressSetting } from './stress.js';

jest.setTimeout(600_000);

/** Seconds of the gate; `REQUEST_STRESS_SECONDS=60` is the full proof. */
const SECONDS = Number(process.env['REQUEST_STRESS_SECONDS'] ?? 8);
const SEED = Number(process.env['REQUEST_STRESS_SEED'] ?? Date.now() % 2_147_483_647);
const WORKERS = 200;

describe('200 workers at two application processes', () => {
  let database: TestDatabase;
  let equipment: Equipment;
  let webs: WebProcess[] = [];
  let setting: StressSetting;
  beforeAll(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource, { team: 20, laptops: 40, counted: 60 });
    webs = await Promise.all([0, 1].map(() => startWebProcess({ DATABASE_URL: database.url })));
    const token = (person: string, roles: ('stock-holder' | 'approver')[] = []): Promise<string> =>
      tokenFor(database, { person, roles });
    const { manager, head, budgetHolder, team } = equipment;
    await database.dataSource.query(
      `insert into person (entra_id, user_principal_name, display_name, account_enabled, user_type)
       values ($1, 'stock@council.example', 'Stock holder', true, 'Member')`,
      [personId(9_100)],
    );
    await beginStress(database.dataSource, equipment);
    setting = {
      sql: database.dataSource,
      urls: webs.map(({ url }) => url),
      equipment,
      tokens: {
        manager: await token(manager),
        head: await token(head),
        budgetHolder: await token(budgetHolder),
        stock: await token(personId(9_100), ['stock-holder']),
        team: await Promise.all(team.map((person) => token(person))),
      },
      workers: WORKERS,
      seconds: SECONDS,
      random: randomFrom(SEED),
    };
  }, 180_000);
  afterAll(async () => {
    for (const { child } of webs) child.kill('SIGTERM');
    await Promise.all(webs.map(({ exited }) => exited));
    await database.drop();
  });

  it(`leave sound sums after ${SECONDS} seconds, and no answer of 500`, async () => {
    const { answers, failures, sent } = await stress(setting);
    const [{ deadlocks } = { deadlocks: '' }] = await database.dataSource.query<{ deadlocks: string }[]>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    const listed = [...answers].sort().map(([answer, times]) => `  ${answer}: ${times}`);
    process.stdout.write(
      `Stress with seed ${SEED}: ${sent} requests in ${SECONDS} s, ${deadlocks} deadlocks, all of them repeated\n${listed.join('\n')}\n`,
    );
    expect(failures.slice(0, 5)).toEqual([]);
    expect(await unsound(database.dataSource, { ...SUMS, ...EVENTS })).toEqual([]);
    const done = (what: string): number =>
      [...answers].filter(([answer]) => answer.startsWith(`${what} 2`)).reduce((sum, [, times]) => sum + times, 0);
    for (const what of ['submit', 'decide', 'pick', 'hand-over', 'confirm', 'bring back', 'cancel', 'reconcile']) {
      expect([what, done(what)]).toEqual([what, expect.any(Number)]);
      expect(done(what)).toBeGreaterThan(0);
    }
  });
});

/** Numbers from 0 to 1 that the seed repeats (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
