import {
  answerMove,
  KnownNetwork,
  makeOtherwiseReady,
  READINESS_SETTINGS,
  readinessOver,
} from '../../../test/support/readiness-fixture.js';
import { startRollout, type RolloutFixture } from '../../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import type { Assumption } from '../domain/readiness/assumption.js';
import { MovesQueries } from '../moves.queries.js';
import { BlockersQueries, type Blocker } from './blockers.queries.js';
import { WhatIfQueries, type WhatIfAnswer } from './what-if.queries.js';

const NOW = new Date('2026-11-23T09:00:00Z');
const PEOPLE = 40;

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let rollout: RolloutFixture;

/** People of many kinds, by a rule that is easy to follow: each third lacks one thing and each fifth another. */
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = database.dataSource;
  rollout = await startRollout(dataSource, { people: PEOPLE, laptops: 25, settings: READINESS_SETTINGS });
  const { network, readiness, transactor } = readinessOver(dataSource, new KnownNetwork());
  network.serve(['Civic Centre']);
  network.sites.set('Library', { outcome: 'not_ready', since: NOW, evidence: {} });
  for (const [index, move] of rollout.moves.entries()) {
    await makeOtherwiseReady(dataSource, network, move, rollout.people[index] ?? '');
    if (index % 3 === 0) await answerMove(dataSource, move, 'local-data', 'some');
    if (index % 5 === 0) await answerMove(dataSource, move, 'manager-word', 'not-yet');
    if (index % 7 === 0) {
      await answerMove(dataSource, move, 'applications', 'listed', { applications: ['Uniform', 'GIS'] });
    }
  }
  await transactor.run((tx) => readiness.evaluate(tx, rollout.programmeId, 'all', NOW));
  await dataSource.query(`update move set state = 'exempt' where id = $1`, [rollout.moves[3]]);
});
afterAll(() => database.drop());

async function allBlockers(limit: number): Promise<Blocker[]> {
  const blockers = new BlockersQueries(dataSource);
  const found: Blocker[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 100; pages++) {
    const page = await blockers.page(rollout.programmeId, {}, { limit, cursor });
    found.push(...page.items);
    if (page.next === null) return found;
    cursor = page.next;
  }
  throw new Error('The pages do not end.');
}

describe('blockers', () => {
  it('equal a recount from the results, and come with those first that unlock most', async () => {
    const found = await allBlockers(3);
    // Each person's obstacles by themselves, counted in another way.
    const obstacles = await dataSource.query<{ move: number; key: string }[]>(
      `select m.id as move, concat_ws('|', r.rule, r.reason, r.subject,
              case when r.owner = concat('person:', m.person_entra_id) then 'self' else r.owner end) as key
       from move m, readiness_result r
       where r.move_id = m.id and r.gates and r.outcome in ('not_ready', 'unknown') and r.waiver_id is null
         and r.reason <> 'no-laptop' and m.state not in ('exempt', 'closed', 'left', 'deferred', 'handed_over')`,
    );
    const ofMove = (move: number): number => obstacles.filter((each) => each.move === move).length;
    const expected = [...new Set(obstacles.map(({ key }) => key))].map((key) => {
      const each = obstacles.filter((obstacle) => obstacle.key === key);
      return { key, people: each.length, unlocks: each.filter(({ move }) => ofMove(move) === 1).length };
    });
    const counted = found.map(({ rule, reason, subject, owner, people, unlocks }) => ({
      key: [rule, reason, subject, owner].join('|'),
      people,
      unlocks,
    }));
    expect(counted.length).toBeGreaterThan(6);
    const inOrder = <T extends { key: string }>(rows: readonly T[]): T[] =>
      rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    expect(inOrder(counted)).toEqual(inOrder(expected));
    expect(found.map(({ unlocks }) => unlocks)).toEqual(found.map(({ unlocks }) => unlocks).sort((a, b) => b - a));
    expect(await new BlockersQueries(dataSource).count(rollout.programmeId, {})).toEqual({
      rows: found.length,
      more: false,
    });
  });

  it('open exactly the people that they count', async () => {
    const moves = new MovesQueries(dataSource);
    for (const { rule, reason, subject, owner, people, unlocks } of await allBlockers(50)) {
      const filter = {
        blockedBy: rule,
        blockedReason: reason,
        blockedOwner: owner,
        ...(subject === '' ? {} : { blockedSubject: subject }),
      };
      expect(await moves.count(rollout.programmeId, filter)).toEqual({ rows: people, more: false });
      expect(await moves.count(rollout.programmeId, { ...filter, onlyBlocker: true })).toEqual({
        rows: unlocks,
        more: false,
      });
    }
  });

  it('are narrowed to a rule or an owner', async () => {
    const blockers = new BlockersQueries(dataSource);
    const { items } = await blockers.page(rollout.programmeId, { rule: 'network-site' }, {});
    expect(items).toEqual([
      expect.objectContaining({ rule: 'network-site', subject: 'Library', owner: 'Network team' }),
    ]);
    expect((await blockers.page(rollout.programmeId, { owner: 'self' }, {})).items.map(({ rule }) => rule)).toEqual([
      'local-data',
    ]);
    await expect(blockers.page(rollout.programmeId, {}, { cursor: 'eyJ4IjoxfQ' })).rejects.toMatchObject({
      status: 400,
    });
  });
});

describe('what if', () => {
  const ask = (...assumptions: Assumption[]): Promise<WhatIfAnswer> =>
    new WhatIfQueries(dataSource).ask(rollout.programmeId, assumptions);

  async function everything(): Promise<unknown> {
    const rows: unknown[] = [];
    for (const table of [
      'move',
      'readiness_result',
      'readiness_evaluation',
      'move_fact',
      'move_state',
      'readiness_waiver',
    ]) {
      rows.push(await dataSource.query(`select * from ${table} order by 1, 2, 3`));
    }
    return rows;
  }

  it('says who would become ready, and saves nothing', async () => {
    const before = await everything();
    const answer = await ask({ rule: 'network-site', outcome: 'ready', for: 'site', value: 'library' });
    expect(answer.becomeReady).toBeGreaterThan(0);
    expect(answer.stopBeingReady).toBe(0);
    const [library] = await new BlockersQueries(dataSource)
      .page(rollout.programmeId, { rule: 'network-site' }, {})
      .then(({ items }) => items);
    expect(answer.becomeReady).toBe(library?.unlocks);
    expect(answer.bySite).toEqual([{ name: 'Library', becomeReady: answer.becomeReady, stopBeingReady: 0 }]);
    expect(answer.people).toHaveLength(answer.becomeReady);
    expect(await everything()).toEqual(before);
  });

  it('is what the rules would say if it were so', async () => {
    const assumed = await ask(
      { rule: 'local-data', outcome: 'ready', for: 'all', value: '' },
      { rule: 'manager-word', outcome: 'ready', for: 'all', value: '' },
      { rule: 'laptop', outcome: 'ready', for: 'all', value: '' },
      { rule: 'network-site', outcome: 'ready', for: 'all', value: '' },
    );
    const blocked = await dataSource.query<{ count: number }[]>(
      `select count(distinct move_id)::integer as count from readiness_result join move on move.id = move_id
       where blocks and move.state <> 'exempt' and rule not in ('local-data', 'manager-word', 'laptop', 'network-site')`,
    );
    expect(assumed.readyNow + assumed.becomeReady).toBe(assumed.asked - (blocked[0]?.count ?? 0));
  });

  it('says who would not be ready any more, and lets the later of two assumptions count', async () => {
    const worse = await ask({ rule: 'training', outcome: 'unknown', for: 'all', value: '' });
    expect(worse.stopBeingReady).toBe(worse.readyNow);
    expect(worse.readyNow).toBeGreaterThan(0);
    const both = await ask(
      { rule: 'training', outcome: 'unknown', for: 'all', value: '' },
      { rule: 'training', outcome: 'ready', for: 'directorate', value: 'Adults' },
    );
    const ofAdults = both.people.filter(({ team }) => team === 'Care');
    expect(ofAdults).toEqual([]);
    expect(both.stopBeingReady).toBeLessThan(worse.stopBeingReady);
  });

  it('assumes an application ready for those who need that one', async () => {
    const one = await ask({ rule: 'applications', outcome: 'ready', for: 'application', value: 'GIS' });
    expect(one.becomeReady).toBe(0);
    const both = await ask(
      { rule: 'applications', outcome: 'ready', for: 'application', value: 'GIS' },
      { rule: 'applications', outcome: 'ready', for: 'application', value: 'Uniform' },
    );
    expect(both.becomeReady).toBeGreaterThan(0);
  });
});
