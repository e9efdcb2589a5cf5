import type { DataSource } from 'typeorm';
import type { MoveFact } from '../../src/rollout/domain/move-fact.js';
import { MoveDerivationService } from '../../src/rollout/move-derivation.service.js';
import { recordFacts } from '../../src/rollout/move-facts.service.js';
import type { ProgrammeScope } from '../../src/rollout/rollout-programme.entity.js';
import { personId } from './custody-fixture.js';

/** A scope that everybody of the fixture is in. */
export const WHOLE_COUNCIL: ProgrammeScope = {
  directorates: [],
  sites: [],
  exceptEmployeeTypes: [],
  exceptTeams: [],
  includePeopleWithoutDesktop: true,
};

/** What the small programme has. */
export interface RolloutFixtureOptions {
  /** People, numbered from 1 (see `personId`); each has a desktop of their own. 6 unless said otherwise. */
  readonly people?: number;
  /** Laptops in stock. As many as people unless said otherwise. */
  readonly laptops?: number;
  /** When the baseline was frozen. */
  readonly startedAt?: Date;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A small programme that runs. */
export interface RolloutFixture {
  readonly programmeId: number;
  /** Object ids; the first is the head whom all others report to. */
  readonly people: readonly string[];
  /** Move of each of the people, in the same order. */
  readonly moves: readonly number[];
  /** Desktop of each of the people, in the same order. */
  readonly desktops: readonly number[];
  readonly laptops: readonly number[];
}

/**
 * Starts a programme for some people: odd numbers work at "Civic Centre", even at "Library"; the first three belong to the
 * directorate "Adults", team "Care", the others to "Places", team "Planning". Number 1 is everybody's manager.
 */
export async function startRollout(
  dataSource: DataSource,
  {
    people = 6,
    laptops = people,
    startedAt = new Date('2026-03-02T09:00:00Z'),
    settings = {},
  }: RolloutFixtureOptions = {},
): Promise<RolloutFixture> {
  const ids = Array.from({ length: people }, (_, index) => personId(index + 1));
  await dataSource.query(
    `insert into person (entra_id, user_principal_name, display_name, mail, account_enabled, user_type, division, department,
       office_location, manager_entra_id)
     select entra_id, 'person' || n || '@council.example', 'Person ' || n, 'person' || n || '@council.example', true, 'Member',
            case when n <= 3 then 'Adults' else 'Places' end, case when n <= 3 then 'Care' else 'Planning' end,
            case when n % 2 = 1 then 'Civic Centre' else 'Library' end, case when n > 1 then $2 end
     from unnest($1::text[]) with ordinality as row(entra_id, n)
     on conflict (entra_id) do nothing`,
    [ids, personId(1)],
  );
  const desktops = await machines(dataSource, ids, 'desktop', 'OptiPlex 7060');
  const stock = await machines(
    dataSource,
    Array.from({ length: laptops }, () => null),
    'laptop',
    'EliteBook 840 G8',
  );
  await dataSource.query(
    `insert into device_custody (device_id, recorded_for, state, substate, place)
     select id, id, 'in_stock', 'available', 'Stores' from unnest($1::integer[]) as id`,
    [stock],
  );
  const [programme] = await dataSource.query<{ id: number }[]>(
    `insert into rollout_programme (name, state, starts_on, target_on, scope, baseline_at, created_by)
     values ('Desktops to laptops', 'running', $1::timestamptz::date, $1::timestamptz::date + 400, $2, $1, 'system:schedule') returning id`,
    [startedAt, JSON.stringify(WHOLE_COUNCIL)],
  );
  const programmeId = programme?.id ?? 0;
  await dataSource.query(
    `insert into rollout_settings (programme_id, version, settings, reason, actor) values ($1, 1, $2, 'As begun', 'system:schedule')`,
    [programmeId, JSON.stringify(settings)],
  );
  const moves = await dataSource.query<{ id: number }[]>(
    `insert into move (programme_id, person_entra_id, state_since, directorate, team, site, manager_entra_id)
     select $1, entra_id, $3, division, department, office_location, manager_entra_id from person
     where entra_id = any($2) order by entra_id returning id`,
    [programmeId, ids, startedAt],
  );
  await dataSource.query(
    `insert into rollout_desktop (programme_id, device_id, baseline, state_since, model, enrolled_at)
     select $1, id, true, $3, model, enrolled_at from device where id = any($2)`,
    [programmeId, desktops, startedAt],
  );
  const facts = moves.flatMap(({ id }, index): MoveFact[] => [
    {
      kind: 'entered-scope',
      moveId: id,
      deviceId: null,
      at: startedAt,
      details: { reason: 'baseline' },
      key: `baseline:person:${id}`,
    },
    {
      kind: 'desktop-assigned',
      moveId: id,
      deviceId: desktops[index] ?? 0,
      at: startedAt,
      details: { by: 'primary-user' },
      key: `baseline:desktop:${desktops[index] ?? 0}:${id}`,
    },
  ]);
  await dataSource.transaction(async (tx) => {
    await recordFacts(tx, programmeId, facts, 'system:schedule', startedAt);
    await new MoveDerivationService().derive(tx, programmeId, 'all', startedAt);
  });
  return { programmeId, people: ids, moves: moves.map(({ id }) => id), desktops, laptops: stock };
}

/** Machines of a class that a source knows, each with its primary user, if any. @returns their numbers, in order */
export async function machines(
  dataSource: DataSource,
  users: readonly (string | null)[],
  formFactor: 'desktop' | 'laptop',
  model: string,
): Promise<number[]> {
  const rows = await dataSource.query<{ id: number }[]>(
    `insert into device (serial_number, manufacturer, model, name, record_count, last_seen_at, enrolled_at, user_entra_id,
       form_factor, form_factor_superclass, form_factor_decided_by, ownership, upgrade_eligibility)
     select $2 || '-' || n || '-' || (select count(*) from device), 'HP', $3, upper(left($2, 1)) || '-' || n, 1, now(), '2020-06-01', user_id, $2,
            case when $2 = 'desktop' then 'fixed' else 'portable' end, 'catalogue', 'company', 'capable'
     from unnest($1::text[]) with ordinality as row(user_id, n) order by n
     returning id`,
    [users, formFactor, model],
  );
  return rows.map(({ id }) => id);
}
