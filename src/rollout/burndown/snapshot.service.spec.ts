import { auditedAs } from '../../../test/support/audit.js';
import { writeRandomHistory, type WrittenStretch } from '../../../test/support/burndown-fixture.js';
import { startRollout, type RolloutFixture } from '../../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Transactor } from '../../database/transactor.js';
import type { BurndownFigures } from '../domain/burndown/figures.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { BurndownQueries } from './burndown.queries.js';
import { ProgrammeDayQueries } from './programme-day.queries.js';
import { SnapshotService } from './snapshot.service.js';

const SEED = 20261123;
/** The clocks go forward on 29 March and back on 25 October 2026. */
const BEGIN = new Date('2026-03-02T09:00:00Z');
const END = new Date('2026-11-20T12:00:00Z');
const NOW = new Date('2026-11-23T10:00:00Z');
const OUT = ['already_mobile', 'exempt', 'out_of_scope', 'left', 'left_estate'];

/** Midnight in the UK with which a day ends; in 2026 summer time lasts from 29 March to 24 October. */
function endOf(day: string): Date {
  const midnight = new Date(`${day}T24:00:00Z`);
  const isSummer = day >= '2026-03-29' && day < '2026-10-25';
  return new Date(midnight.getTime() - (isSummer ? 3_600_000 : 0));
}

function tally(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/** What the figures of a day must be, found by looking at every stretch. */
function recounted(
  day: string,
  team: string | null,
  history: { readonly moves: readonly WrittenStretch[]; readonly desktops: readonly WrittenStretch[] },
  baseline: { readonly moves: ReadonlySet<number>; readonly desktops: ReadonlySet<number> },
): BurndownFigures {
  const end = endOf(day);
  const here = (stretch: WrittenStretch): boolean => team === null || (stretch.team ?? '') === team;
  const standing = (stretches: readonly WrittenStretch[]): WrittenStretch[] =>
    stretches.filter(
      (stretch) => stretch.from < end && (stretch.until === null || stretch.until >= end) && here(stretch),
    );
  const changes = (stretches: readonly WrittenStretch[], entering: boolean, begun: ReadonlySet<number>): string[] =>
    stretches
      .filter((stretch, index) => {
        const before = stretches[index - 1];
        const was = before?.id === stretch.id ? !OUT.includes(before.state) : begun.has(stretch.id);
        const is = !OUT.includes(stretch.state);
        return was !== is && is === entering && stretch.from < end && here(stretch);
      })
      .map(({ reason }) => reason);
  const { moves, desktops } = history;
  return {
    people: tally(standing(moves).map(({ state }) => state)),
    atRisk: standing(moves).filter(({ atRisk }) => atRisk).length,
    desktops: tally(standing(desktops).map(({ state }) => state)),
    peopleIn: tally(changes(moves, true, baseline.moves)),
    peopleOut: tally(changes(moves, false, baseline.moves)),
    desktopsIn: tally(changes(desktops, true, baseline.desktops)),
    desktopsOut: tally(changes(desktops, false, baseline.desktops)),
  };
}

describe('snapshots of the burndown', () => {
  let database: TestDatabase;
  let dataSource: TestDatabase['dataSource'];
  let rollout: RolloutFixture;
  let service: SnapshotService;
  let queries: BurndownQueries;
  let history: Awaited<ReturnType<typeof writeRandomHistory>>;

  beforeAll(async () => {
    database = await createTestDatabase();
    ({ dataSource } = database);
    rollout = await startRollout(dataSource, { people: 12, startedAt: BEGIN });
    history = await writeRandomHistory(dataSource, rollout, { seed: SEED, begin: BEGIN, end: END });
    service = new SnapshotService(dataSource, new Transactor(dataSource));
    queries = new BurndownQueries(dataSource, new ProgrammeDayQueries(dataSource, new ProgrammeQueries(dataSource)));
  });
  afterAll(() => database?.drop());

  const half = (ids: readonly number[]): ReadonlySet<number> => new Set(ids.filter((_, index) => index % 2 === 0));
  const partOf = (
    day: { readonly parts: readonly { dimension: string; value: string; figures: BurndownFigures }[] },
    dimension: string,
    value = '',
  ): BurndownFigures | undefined =>
    day.parts.find((part) => part.dimension === dimension && part.value === value)?.figures;

  it('are taken of every day that was missed, in one go, and the trail says so', async () => {
    const entry = await auditedAs(dataSource, 'burndown.snapshot-taken', () =>
      service.takeMissing('system:schedule', NOW),
    );
    expect(entry).toMatchObject({
      actor: 'system:schedule',
      subject: `rollout-programme:${rollout.programmeId}`,
      details: { firstDay: '2026-03-02', lastDay: '2026-11-22', days: 266, late: 265 },
    });
    expect(await service.takeMissing('system:schedule', NOW)).toEqual({ days: [] });
  });

  it('say what counting every stretch of the history by hand says, on every day and across both changes of the clocks', async () => {
    const baseline = { moves: half(rollout.moves), desktops: half(rollout.desktops) };
    const days = await queries.series(rollout.programmeId);
    expect(days).toHaveLength(266);
    for (const { day, figures } of days) {
      expect({ day, figures }).toEqual({ day, figures: recounted(day, null, history, baseline) });
      const parts = await queries.on(rollout.programmeId, day, NOW);
      for (const team of ['Care', 'Planning', '']) {
        const expected = recounted(day, team, history, baseline);
        const found = partOf(parts, 'team', team) ?? { ...expected, people: {}, desktops: {} };
        expect({ day, team, figures: found }).toEqual({ day, team, figures: expected });
      }
    }
  });

  it('say the same as counting the day anew', async () => {
    for (const day of ['2026-03-02', '2026-03-29', '2026-07-31', '2026-10-24', '2026-10-25', '2026-11-22']) {
      const taken = await queries.on(rollout.programmeId, day, NOW);
      const counted = await queries.count(rollout.programmeId, day, NOW);
      expect(counted.parts).toEqual(taken.parts);
    }
  });

  it('balance: the baseline with those who came and without those who went is who is in scope', async () => {
    for (const { figures } of await queries.series(rollout.programmeId)) {
      const sum = (counts: Readonly<Partial<Record<string, number>>>): number =>
        Object.values(counts).reduce<number>((total, count) => total + (count ?? 0), 0);
      const inScope = (counts: Readonly<Partial<Record<string, number>>>): number =>
        sum(Object.fromEntries(Object.entries(counts).filter(([state]) => !OUT.includes(state))));
      expect(inScope(figures.people)).toBe(6 + sum(figures.peopleIn) - sum(figures.peopleOut));
      expect(inScope(figures.desktops)).toBe(6 + sum(figures.desktopsIn) - sum(figures.desktopsOut));
    }
  });

  it('are told apart from those taken afterwards and from today', async () => {
    const kinds = await Promise.all(
      ['2026-11-21', '2026-11-22', '2026-11-23'].map(
        async (day) => (await queries.on(rollout.programmeId, day, NOW)).kind,
      ),
    );
    expect(kinds).toEqual(['late', 'snapshot', 'now']);
  });

  it('say how old the data was at the end of the day', async () => {
    await dataSource.query(`
      insert into sync_run (source, trigger, kind, status, stage, fence, started_at, finished_at)
      values ('users', 'schedule', 'full', 'succeeded', 'done', 1, '2026-06-01T10:00:00Z', '2026-06-01T10:01:00Z'),
             ('users', 'schedule', 'full', 'failed', 'done', 1, '2026-06-02T10:00:00Z', '2026-06-02T10:01:00Z'),
             ('users', 'schedule', 'full', 'succeeded', 'done', 1, '2026-06-03T10:00:00Z', '2026-06-03T10:01:00Z')`);
    const { dataAge } = await queries.count(rollout.programmeId, '2026-06-02', NOW);
    expect(dataAge).toEqual({ users: '2026-06-01T10:01:00.000Z', 'entra-devices': null, 'managed-devices': null });
  });

  it('are never changed, taken away or taken of a day that is not over', async () => {
    for (const statement of [
      `update burndown_snapshot set figures = '{}'`,
      'delete from burndown_snapshot',
      'truncate burndown_snapshot',
    ]) {
      await expect(dataSource.query(statement)).rejects.toThrow('never changed');
    }
    await expect(
      service.takeAll(rollout.programmeId, '2026-11-23', '2026-11-23', 'system:schedule', NOW),
    ).rejects.toThrow('a day that is over');
  });

  it('are taken once when two processes take them at the same time', async () => {
    const other = await createTestDatabase();
    try {
      const small = await startRollout(other.dataSource, { people: 3, startedAt: BEGIN });
      await writeRandomHistory(other.dataSource, small, { seed: 5, begin: BEGIN, end: END });
      const both = new SnapshotService(other.dataSource, new Transactor(other.dataSource));
      const taken = await Promise.all([
        both.takeMissing('system:schedule', NOW),
        both.takeMissing('system:schedule', NOW),
      ]);
      expect(taken.map(({ days }) => days.length).reduce((a, b) => a + b)).toBe(266);
    } finally {
      await other.drop();
    }
  });
});
