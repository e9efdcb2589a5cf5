import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import { addDays } from '../../src/common/london-time.js';
import { BurndownQueries } from '../../src/rollout/burndown/burndown.queries.js';
import { ProgrammeDayQueries } from '../../src/rollout/burndown/programme-day.queries.js';
import {
  desktopsRecovered,
  desktopsRemaining,
  NO_FIGURES,
  peopleInScope,
  type BurndownFigures,
} from '../../src/rollout/domain/burndown/figures.js';
import { Xoshiro128 } from '../../src/rollout/domain/burndown/random.js';
import { ProgrammeQueries } from '../../src/rollout/programme.queries.js';
import {
  DEMONSTRATION_NOW,
  demonstrationProgramme,
  type DemonstrationProgramme,
} from '../support/demonstration-programme.js';

const RECOUNT = readFileSync(path.join(import.meta.dirname, 'recount.sql'), 'utf8');
const DATES = 30;

/** The figures of the overview. */
interface Shown {
  readonly baselinePeople: number;
  readonly baselineDesktops: number;
  readonly remaining: number;
  readonly recovered: number;
  readonly inScope: number;
  readonly done: number;
  readonly booked: number;
  readonly atRisk: number;
  readonly ready: number;
  readonly blocked: number;
  readonly scope: Readonly<Record<string, number>>;
}

/** Counts a day from the tables of `recount.sql`. */
const OF_DAY = `
  with ends as (select (($2::date + 1)::timestamp at time zone 'Europe/London') as at),
  person as (
    select distinct on (move_id) standing.* from standing, ends where moment < ends.at order by move_id, moment desc
  ), machine as (
    select distinct on (device_id) machine_state.* from machine_state, ends where moment < ends.at
    order by device_id, moment desc
  ), person_change as (
    select state not in ('left', 'out_of_scope', 'exempt', 'already_mobile') as is_in, reason, coalesce(
             lag(state) over (partition by move_id order by moment) not in ('left', 'out_of_scope', 'exempt', 'already_mobile'),
             exists (select from baseline_person as baseline join move using (programme_id, person_entra_id)
                     where move.id = standing.move_id)) as was_in
    from standing, ends where moment < ends.at
  ), machine_change as (
    select state in ('remaining', 'recovered') as is_in, reason, coalesce(
             lag(state) over (partition by device_id order by moment) in ('remaining', 'recovered'),
             exists (select from baseline_desktop as baseline
                     where baseline.programme_id = $1 and baseline.device_id = machine_state.device_id)) as was_in
    from machine_state, ends where moment < ends.at
  ), scope as (
    select 'people ' || case when is_in then 'in ' else 'out ' end || reason as name, count(*)::integer as count
    from person_change where is_in <> was_in group by 1
    union all
    select 'desktops ' || case when is_in then 'in ' else 'out ' end || reason, count(*)::integer
    from machine_change where is_in <> was_in group by 1
  )
  select
    (select count(*)::integer from baseline_person where programme_id = $1) as "baselinePeople",
    (select count(*)::integer from baseline_desktop where programme_id = $1) as "baselineDesktops",
    (select count(*)::integer from machine where state = 'remaining') as remaining,
    (select count(*)::integer from machine where state = 'recovered') as recovered,
    (select count(*)::integer from person where state not in ('left', 'out_of_scope', 'exempt', 'already_mobile')) as "inScope",
    (select count(*)::integer from person where state = 'closed') as done,
    (select count(*)::integer from person where state = 'scheduled') as booked,
    (select count(*)::integer from person where state = 'scheduled' and readiness is distinct from 'ready') as "atRisk",
    (select count(*)::integer from person where state = 'ready') as ready,
    (select count(*)::integer from person where state = 'blocked') as blocked,
    (select coalesce(jsonb_object_agg(name, count), '{}') from scope) as scope`;

function shown(figures: BurndownFigures, baseline: { readonly people: number; readonly desktops: number }): Shown {
  const scope = Object.entries({
    'people in': figures.peopleIn,
    'people out': figures.peopleOut,
    'desktops in': figures.desktopsIn,
    'desktops out': figures.desktopsOut,
  }).flatMap(([name, counts]) =>
    Object.entries(counts).map(([reason, count]) => [`${name} ${reason}`, count] as const),
  );
  return {
    baselinePeople: baseline.people,
    baselineDesktops: baseline.desktops,
    remaining: desktopsRemaining(figures),
    recovered: desktopsRecovered(figures),
    inScope: peopleInScope(figures),
    done: figures.people.closed ?? 0,
    booked: figures.people.scheduled ?? 0,
    atRisk: figures.atRisk,
    ready: figures.people.ready ?? 0,
    blocked: figures.people.blocked ?? 0,
    scope: Object.fromEntries(scope),
  };
}

describe('the figures of the rollout', () => {
  let demonstration: DemonstrationProgramme;
  let dataSource: DataSource;
  let programmeId: number;
  let queries: BurndownQueries;

  beforeAll(async () => {
    demonstration = await demonstrationProgramme();
    ({ dataSource } = demonstration.database);
    ({ programmeId } = demonstration.taken);
    queries = new BurndownQueries(dataSource, new ProgrammeDayQueries(dataSource, new ProgrammeQueries(dataSource)));
  }, 60_000);
  afterAll(() => demonstration?.close());

  const prepare = async (tx: EntityManager): Promise<void> => {
    for (const statement of RECOUNT.replaceAll('$1', String(programmeId)).split(/;\s*$/m)) {
      if (statement.trim() !== '') await tx.query(statement);
    }
  };

  it(`are those of a recount from the raw facts, on ${DATES} dates at random of the demonstration`, async () => {
    const seed = Number(process.env['RECOUNT_SEED'] ?? Date.now() % 1_000_000);
    process.stdout.write(`recount of ${DATES} dates, RECOUNT_SEED=${seed}\n`);
    const days = (await queries.series(programmeId)).map(({ day }) => day);
    expect(days.length).toBeGreaterThan(250);
    const random = new Xoshiro128(seed);
    const chosen = Array.from({ length: DATES }, () => days[Math.floor(random.next() * days.length)] ?? '').sort();
    const baseline = await queries.baseline(programmeId);
    await dataSource.transaction(async (tx) => {
      await prepare(tx);
      for (const day of chosen) {
        const { parts } = await queries.on(programmeId, day, DEMONSTRATION_NOW);
        const whole = parts.find(({ dimension }) => dimension === 'all')?.figures ?? NO_FIGURES;
        const [recounted] = await tx.query<Shown[]>(OF_DAY, [programmeId, day]);
        expect({ day, ...shown(whole, baseline) }).toEqual({ day, ...recounted });
      }
    });
  }, 60_000);

  it('add up in every dimension', async () => {
    const days = (await queries.series(programmeId)).map(({ day }) => day);
    for (const day of [days[0] ?? '', addDays(days[0] ?? '', 100), days.at(-1) ?? '']) {
      const { parts } = await queries.on(programmeId, day, DEMONSTRATION_NOW);
      const whole = parts.find(({ dimension }) => dimension === 'all')?.figures ?? NO_FIGURES;
      for (const dimension of ['directorate', 'team', 'site', 'work_style', 'device_age']) {
        const figures = parts.filter((part) => part.dimension === dimension).map((part) => part.figures);
        const sum = (of: (figures: BurndownFigures) => number): number =>
          figures.map(of).reduce((total, count) => total + count, 0);
        expect([dimension, sum(peopleInScope), sum(desktopsRemaining), sum(({ atRisk }) => atRisk)]).toEqual([
          dimension,
          peopleInScope(whole),
          desktopsRemaining(whole),
          whole.atRisk,
        ]);
      }
    }
  });
});
