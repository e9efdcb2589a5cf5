import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import { addDays } from '../../src/common/uk-time.js';
import { BurndownQueries } from '../../src/rollout/burndown/burndown.queries.js';
import { ForecastQueries } from '../../src/rollout/burndown/forecast.queries.js';
import { ProgrammeDayQueries } from '../../src/rollout/burndown/programme-day.queries.js';
import {
  desktopsRecovered,
  desktopsRemaining,
  NO_FIGURES,
  peopleInScope,
  type BurndownFigures,
  type Dimension,
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
const DIMENSIONS: readonly Dimension[] = ['directorate', 'team', 'site', 'work_style', 'device_age'];

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

/** The band of a machine's age when the programme began. */
const band = (enrolledAt: string): string => `
  (select case when ${enrolledAt} > baseline_at - interval '3 years' then 'under_3'
               when ${enrolledAt} > baseline_at - interval '5 years' then '3_to_5'
               when ${enrolledAt} > baseline_at - interval '7 years' then '5_to_7'
               when ${enrolledAt} is not null then 'over_7' end from rollout_programme where id = $1)`;

/**
 * Where somebody belongs, and a machine: where whoever had it first belongs (a history that was taken over knows who),
 * else what is known of the machine itself. Where people belong is what the directory calls it.
 */
const PARTS: Readonly<Record<string, { readonly person: string; readonly machine: string | null }>> = {
  directorate: { person: 'person.division', machine: 'baseline.directorate' },
  team: { person: 'person.department', machine: 'baseline.team' },
  site: { person: 'person.office_location', machine: 'coalesce(baseline.site, custody.place)' },
  work_style: { person: 'somebody.work_style', machine: null },
};

/** Counts a day by part. */
const byPart = (part: Dimension): string => {
  const { person, machine } = PARTS[part] ?? { person: band('somebody.oldest_enrolled_at'), machine: null };
  const ofUser = part === 'device_age' ? band('enrolment.enrolled_at') : person;
  return `
  with ends as (select (($2::date + 1)::timestamp at time zone 'Europe/London') as at),
  somebody as (
    select distinct on (move_id) standing.* from standing, ends where moment < ends.at order by move_id, moment desc
  ), placed as (
    select somebody.*, coalesce(${person}, '') as part
    from somebody join move on move.id = somebody.move_id join person on person.entra_id = move.person_entra_id
  ), machine as (
    select distinct on (machine_state.device_id) machine_state.*, coalesce(${ofUser}, ${machine ?? 'null'}, '') as part
    from ends, machine_state
    left join enrolment using (device_id)
    left join first_user using (device_id)
    left join move on move.id = first_user.move_id
    left join person on person.entra_id = move.person_entra_id
    left join somebody on somebody.move_id = first_user.move_id
    left join baseline_desktop as baseline on baseline.device_id = machine_state.device_id and baseline.programme_id = $1
    left join device_custody as custody on custody.device_id = machine_state.device_id
    where machine_state.moment < ends.at order by machine_state.device_id, machine_state.moment desc
  ), each as (
    select part, 'inScope' as name from placed where state not in ('left', 'out_of_scope', 'exempt', 'already_mobile')
    union all select part, state from placed where state in ('closed', 'scheduled', 'ready', 'blocked')
    union all select part, 'atRisk' from placed where state = 'scheduled' and readiness is distinct from 'ready'
    union all select part, state from machine where state in ('remaining', 'recovered')
  )
  select part, name, count(*)::integer as count from each group by 1, 2`;
};

function partsShown(part: string, figures: BurndownFigures): [string, number][] {
  const { people, atRisk } = figures;
  const counts = {
    ...{ inScope: peopleInScope(figures), closed: people.closed, scheduled: people.scheduled, ready: people.ready },
    ...{
      blocked: people.blocked,
      atRisk,
      remaining: desktopsRemaining(figures),
      recovered: desktopsRecovered(figures),
    },
  };
  return Object.entries(counts).map(([name, count = 0]) => [`${part} ${name}`, count]);
}

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
    await tx.query('create temporary table told_machine (serial_number text, enrolled_at timestamptz)');
    await tx.query(
      `insert into told_machine select "serialNumber", "enrolledAt"
       from jsonb_to_recordset($1::jsonb) as row("serialNumber" text, "enrolledAt" timestamptz)`,
      [JSON.stringify(demonstration.history.machines)],
    );
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
        for (const dimension of DIMENSIONS) {
          const rows = await tx.query<{ part: string; name: string; count: number }[]>(byPart(dimension), [
            programmeId,
            day,
          ]);
          const of = parts.filter((part) => part.dimension === dimension);
          const numbers = of
            .flatMap(({ value, figures }) => partsShown(value, figures))
            .filter(([, count]) => count > 0);
          expect({ day, dimension, ...Object.fromEntries(numbers) }).toEqual({
            ...{ day, dimension },
            ...Object.fromEntries(rows.map(({ part, name, count }) => [`${part} ${name}`, count])),
          });
        }
      }
    });
  }, 60_000);

  it('add up in every dimension', async () => {
    const days = (await queries.series(programmeId)).map(({ day }) => day);
    for (const day of [days[0] ?? '', addDays(days[0] ?? '', 100), days.at(-1) ?? '']) {
      const { parts } = await queries.on(programmeId, day, DEMONSTRATION_NOW);
      const whole = parts.find(({ dimension }) => dimension === 'all')?.figures ?? NO_FIGURES;
      for (const dimension of DIMENSIONS) {
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

  it('were foretold by ranges of which about eight in ten held, each made with only what was known on its day', async () => {
    const forecasts = new ForecastQueries(dataSource, queries);
    const lastDay = (await queries.series(programmeId)).at(-1)?.day ?? '';
    const test = await forecasts.backTest(programmeId, lastDay);
    const share = (test?.held ?? 0) / (test?.forecasts ?? 1);
    const byWeeks = test?.byWeeks.map(({ weeks, held, forecasts: of }) => `${weeks} weeks ahead ${held} of ${of}`);
    process.stdout.write(
      `forecasts of the demonstration: ${test?.held} of ${test?.forecasts} ranges held (${(share * 100).toFixed(1)} %): ` +
        `${byWeeks?.join(', ')}\n`,
    );
    expect(test?.forecasts).toBeGreaterThanOrEqual(200);
    expect(share).toBeGreaterThanOrEqual(0.75);
    expect(share).toBeLessThanOrEqual(0.85);
    const forecast = await forecasts.forecast(programmeId, lastDay);
    expect(forecast).toMatchObject({ kind: 'range', madeOn: lastDay, seed: Number(lastDay.replaceAll('-', '')) });
    expect(await new ForecastQueries(dataSource, queries).forecast(programmeId, lastDay)).toEqual(forecast);
  }, 60_000);
});
