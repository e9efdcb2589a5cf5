import {
  answerMove,
  emptyRollout,
  KnownNetwork,
  makeOtherwiseReady,
  NEEDED_SKU,
  READINESS_SETTINGS,
  readinessOver,
} from '../../../test/support/readiness-fixture.js';
import { machines, startRollout, type RolloutFixture } from '../../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import type { MovesToEvaluate } from './readiness-selection.queries.js';
import type { EvaluationOutcome, ReadinessService } from './readiness.service.js';

const NOW = new Date('2026-11-23T09:00:00Z');
let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let rollout: RolloutFixture;
let service: ReadinessService;
const network = new KnownNetwork();

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = database.dataSource;
  service = readinessOver(dataSource, network).readiness;
});
afterAll(() => database.drop());

beforeEach(async () => {
  await emptyRollout(dataSource);
  network.sites.clear();
  network.homes.clear();
  rollout = await startRollout(dataSource, { people: 8, laptops: 3, settings: READINESS_SETTINGS });
});

function evaluate(which: MovesToEvaluate, now = NOW): Promise<EvaluationOutcome> {
  return dataSource.transaction((tx) => service.evaluate(tx, rollout.programmeId, which, now));
}

const answer = (move: number, question: string, given: string, details: object = {}): Promise<void> =>
  answerMove(dataSource, move, question, given, details);
const otherwiseReady = (index: number): Promise<void> =>
  makeOtherwiseReady(dataSource, network, rollout.moves[index] ?? 0, rollout.people[index] ?? '');
const networksReady = (): void => network.serve(['Civic Centre', 'Library']);

interface Stored {
  readonly move_id: number;
  readonly rule: string;
  readonly subject: string;
  readonly outcome: string;
  readonly reason: string;
  readonly owner: string;
  readonly blocks: boolean;
  readonly since: Date;
}

function stored(): Promise<Stored[]> {
  return dataSource.query<Stored[]>(
    'select move_id, rule, subject, outcome, reason, owner, gates, blocks, waiver_id, since, evidence from readiness_result order by 1, 2, 3',
  );
}

async function outcomes(): Promise<Record<number, string>> {
  const rows = await dataSource.query<{ move_id: number; outcome: string }[]>(
    'select move_id, outcome from readiness_evaluation order by 1',
  );
  return Object.fromEntries(rows.map(({ move_id, outcome }) => [move_id, outcome]));
}

describe('the evaluation', () => {
  it('asks every rule, records what came out once, and writes nothing when nothing changed', async () => {
    expect(await evaluate('all')).toEqual({
      evaluated: expect.any(Number) as number,
      changed: expect.any(Number) as number,
      turned: 8,
    });
    const first = await stored();
    expect(new Set(first.map(({ rule }) => rule)).size).toBe(11);
    expect(Object.values(await outcomes())).not.toContain('ready');
    const facts = await dataSource.query<{ count: string }[]>(
      `select count(*) from move_fact where kind = 'readiness-changed'`,
    );
    expect(Number(facts[0]?.count)).toBe(8);
    expect(await evaluate('all', new Date('2026-11-24T09:00:00Z'))).toEqual({ evaluated: 8, changed: 0, turned: 0 });
    expect(await stored()).toEqual(first);
  });

  it('makes as many people ready as there are free laptops, those first who are ready otherwise', async () => {
    networksReady();
    for (const index of [0, 3, 4, 5, 6]) await otherwiseReady(index);
    await evaluate('all');
    const ready = Object.entries(await outcomes()).flatMap(([move, outcome]) =>
      outcome === 'ready' ? [Number(move)] : [],
    );
    expect(ready).toEqual([0, 3, 4].map((index) => rollout.moves[index]));
    // One laptop is put aside for somebody further down; the stock reaches one person less.
    await dataSource.query(
      `update device_custody set state = 'allocated', substate = null, holder_entra_id = $1 where device_id = $2`,
      [rollout.people[6], rollout.laptops[0]],
    );
    const outcome = await evaluate({ device: rollout.laptops[0] ?? 0 });
    expect(outcome).toEqual({ evaluated: 2, changed: 2, turned: 2 });
    expect((await outcomes())[rollout.moves[6] ?? 0]).toBe('ready');
    expect((await outcomes())[rollout.moves[4] ?? 0]).toBe('not_ready');
  });

  it('does not count free laptops that would not do', async () => {
    networksReady();
    await otherwiseReady(0);
    await dataSource.query(`update device set upgrade_eligibility = 'notCapable' where id = any($1)`, [
      rollout.laptops,
    ]);
    await evaluate('all');
    expect((await outcomes())[rollout.moves[0] ?? 0]).toBe('not_ready');
  });

  it('keeps since when a thing is so, until it is said for another reason', async () => {
    await evaluate('all', NOW);
    const later = new Date('2026-11-25T09:00:00Z');
    const move = rollout.moves[0] ?? 0;
    await dataSource.query(`update person set licence_assignments = $2 where entra_id = $1`, [
      rollout.people[0],
      JSON.stringify([{ sku_id: NEEDED_SKU, state: 'Error' }]),
    ]);
    await evaluate([move], later);
    const of = async (rule: string): Promise<Stored | undefined> =>
      (await stored()).find((result) => result.move_id === move && result.rule === rule);
    expect((await of('licence'))?.since).toEqual(later);
    expect((await of('laptop'))?.since).toEqual(NOW);
    await answer(move, 'manager-word', 'yes');
    await evaluate([move], later);
    const [given] = await dataSource.query<{ at: Date }[]>('select at from move_answer');
    expect((await of('manager-word'))?.since).toEqual(given?.at);
  });

  it('asks only the people of a site when its network changes', async () => {
    await evaluate('all');
    network.sites.set('Library', { outcome: 'not_ready', since: NOW, evidence: { surveyId: 4 } });
    expect(await evaluate({ site: 'Library' })).toEqual({ evaluated: 4, changed: 4, turned: 0 });
    const touched = (await stored()).filter(
      ({ rule, reason }) => rule === 'network-site' && reason === 'network-not-ready',
    );
    expect(touched.map(({ move_id }) => move_id)).toEqual([1, 3, 5, 7].map((index) => rollout.moves[index]));
    // Somebody says that they work there, too.
    await answer(rollout.moves[0] ?? 0, 'usual-sites', 'listed', { sites: ['Civic Centre', 'Library'] });
    expect((await evaluate({ site: 'Library' })).evaluated).toBe(5);
  });

  it('asks only the people who need an application when its state changes', async () => {
    await dataSource.query(
      `insert into rollout_application (programme_id, name, changed_by) values ($1, 'Uniform', 'person:x')`,
      [rollout.programmeId],
    );
    await answer(rollout.moves[2] ?? 0, 'applications', 'listed', { applications: ['uniform', 'GIS'] });
    await evaluate('all');
    await dataSource.query(`update rollout_application set state = 'ready', since = $1`, [NOW]);
    expect(await evaluate({ application: 'Uniform' })).toEqual({ evaluated: 1, changed: 1, turned: 0 });
    const applications = (await stored()).filter(
      ({ move_id, rule }) => move_id === rollout.moves[2] && rule === 'applications',
    );
    expect(applications.map(({ subject, outcome }) => [subject, outcome])).toEqual([
      ['GIS', 'unknown'],
      ['Uniform', 'ready'],
    ]);
  });

  it('keeps nothing of what assistive technology is needed for', async () => {
    await answer(rollout.moves[0] ?? 0, 'assistive-technology', 'wanted', { need: 'magnifier because of sight' });
    await evaluate('all');
    expect(JSON.stringify(await stored())).not.toMatch(/magnifier|sight/);
  });

  it('leaves people alone who are out of scope or through', async () => {
    await dataSource.query(`update move set state = 'exempt' where id = $1`, [rollout.moves[0]]);
    await dataSource.query(`update move set state = 'closed' where id = $1`, [rollout.moves[1]]);
    expect((await evaluate('all')).evaluated).toBeGreaterThanOrEqual(6);
    expect(new Set((await stored()).map(({ move_id }) => move_id)).size).toBe(6);
  });
});

describe('what is worked out piece by piece', () => {
  /** The same after every step as when everything is worked out anew; the seed is fixed, so that a failure comes again. */
  it('equals what is worked out of everything at once', async () => {
    let seed = 20_261_123;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
    await machines(dataSource, [rollout.people[5] ?? null], 'laptop', 'Latitude 7440');
    await evaluate('all');
    const verdicts = ['ready', 'not_ready', 'unknown'] as const;
    for (let step = 0; step < 60; step++) {
      const index = random(8);
      const move = rollout.moves[index] ?? 0;
      const since = new Date();
      const change = random(8);
      if (change === 0) await answer(move, 'local-data', pick(['none', 'some', 'moved', 'not-sure']));
      else if (change === 1) await answer(move, 'manager-word', pick(['yes', 'no', 'not-yet']));
      else if (change === 2) await otherwiseReady(index);
      else if (change === 3) {
        const site = pick(['Civic Centre', 'Library']);
        network.sites.set(site, { outcome: pick(verdicts), since: null, evidence: {} });
        await evaluate({ site });
        continue;
      } else if (change === 4) {
        const device = pick(rollout.laptops);
        const holder = pick([null, pick(rollout.people)]);
        const [before] = await dataSource.query<{ holder_entra_id: string | null }[]>(
          'select holder_entra_id from device_custody where device_id = $1',
          [device],
        );
        await dataSource.query(
          `update device_custody set state = case when $1::text is null then 'in_stock' else 'in_use' end,
             substate = case when $1::text is null then 'available' end, holder_entra_id = $1, changed_at = clock_timestamp()
           where device_id = $2`,
          [holder, device],
        );
        await dataSource.query(
          `insert into custody_event (device_id, command, holder_before, holder_after, actor, at)
           values ($1, 'hand-over', $2, $3, 'person:x', clock_timestamp())`,
          [device, before?.holder_entra_id, holder],
        );
      } else if (change === 5) {
        await dataSource.query(
          `update device set upgrade_eligibility = $2, compliance_state = $3, changed_at = clock_timestamp() where id = $1`,
          [
            pick(rollout.laptops),
            pick(['upgraded', 'capable', 'notCapable']),
            pick([null, 'compliant', 'noncompliant']),
          ],
        );
      } else if (change === 6) {
        await dataSource.query(
          `update person set licence_assignments = $2, changed_at = clock_timestamp() where entra_id = $1`,
          [
            rollout.people[index],
            JSON.stringify([{ sku_id: NEEDED_SKU, state: pick(['Active', 'Error', 'Disabled']) }]),
          ],
        );
      } else {
        await dataSource.query('update move set work_style = $2, derived_at = clock_timestamp() where id = $1', [
          move,
          pick(['fixed', 'home', 'field', null]),
        ]);
      }
      await evaluate(change === 2 || change <= 1 ? [move] : { changedSince: since });
      if (step % 6 === 5) {
        const piecemeal = await stored();
        expect(await evaluate('all')).toMatchObject({ changed: 0, turned: 0 });
        expect(await stored()).toEqual(piecemeal);
        await dataSource.query(`update readiness_evaluation set digest = null`);
        await evaluate('all');
        expect(await stored()).toEqual(piecemeal);
      }
    }
  });
});
