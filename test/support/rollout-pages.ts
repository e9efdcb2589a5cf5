import type { DataSource } from 'typeorm';
import { answerMove, READINESS_SETTINGS } from './readiness-fixture.js';
import { startRollout } from './rollout-fixture.js';
import type { TestSession } from './sign-in.js';
import { networkGate } from './site-network-fixture.js';
import { storedId } from './stored-id.js';

/** Records that pages of the rollout show. */
export interface RolloutPageRecords {
  readonly move: number;
  /** Of the viewer without a role, whom the manager leads. */
  readonly ownMove: number;
  readonly waiver: number;
  readonly application: number;
  readonly wave: number;
  readonly slot: number;
  readonly booking: number;
}

type Address = (records: RolloutPageRecords) => string;

/** Pages of the rollout by their routes, as `PAGES` has them. */
export const ROLLOUT_PAGES: Readonly<Record<string, readonly Address[]>> = {
  '/rollout': [() => '/rollout', () => '/rollout?on=31/2/2026'],
  '/rollout/forecast': [() => '/rollout/forecast'],
  '/rollout/moves': [() => '/rollout/moves', () => '/rollout/moves?standing=in_scope'],
  '/rollout/desktops': [() => '/rollout/desktops'],
  '/rollout/scope/people': [() => '/rollout/scope/people'],
  '/rollout/scope/desktops': [() => '/rollout/scope/desktops'],
  '/rollout/blockers': [() => '/rollout/blockers', () => '/rollout/blockers?rule=laptop&owner=nobody'],
  '/rollout/what-if': [
    () => '/rollout/what-if',
    () => '/rollout/what-if?rule1=laptop&outcome1=ready&for1=all&value1=',
    () => '/rollout/what-if?rule1=laptop&outcome1=ready&for1=site&value1=',
  ],
  '/rollout/applications': [() => '/rollout/applications'],
  '/rollout/applications/new': [() => '/rollout/applications/new'],
  '/rollout/applications/:id': [({ application }) => `/rollout/applications/${application}`],
  '/rollout/settings': [() => '/rollout/settings'],
  '/moves/:id/waivers': [({ move }) => `/moves/${move}/waivers`],
  '/moves/:id/waivers/:waiverId': [({ move, waiver }) => `/moves/${move}/waivers/${waiver}`],
  '/rollout/workbench': [() => '/rollout/workbench', () => '/rollout/workbench?state=blocked&missed=x'],
  '/rollout/workbench/bulk': [
    () => '/rollout/workbench/bulk',
    () => '/rollout/workbench/bulk?site=Office%201&statement=defer',
    () => '/rollout/workbench/bulk?site=Nowhere',
  ],
  '/rollout/programme': [() => '/rollout/programme'],
  '/rollout/programme/left-out': [() => '/rollout/programme/left-out?reason=not-staff'],
  // While a programme runs, these two lead to it; their specs look at them.
  '/rollout/programme/plan': [() => '/rollout/programme/plan'],
  '/rollout/programme/start': [() => '/rollout/programme/start'],
  '/rollout/programme/close': [() => '/rollout/programme/close'],
  '/moves/:id': [({ move }) => `/moves/${move}`, ({ ownMove }) => `/moves/${ownMove}`, () => '/moves/2000000'],
  '/moves/:id/:statement': [
    'defer',
    'exempt',
    'confirm-work-style',
    'state-desktop',
    'release-desktop',
    'retract',
    'reopen',
  ].map(
    (statement): Address =>
      ({ move }) =>
        `/moves/${move}/${statement}`,
  ),
  '/moves/:id/answers': [({ move }) => `/moves/${move}/answers`, ({ ownMove }) => `/moves/${ownMove}/answers`],
  '/my-move': [() => '/my-move'],
  '/my-day': [() => '/my-day', () => '/my-day?who=all', () => '/my-day?day=31%2F2%2F2026'],
  '/appointments/:id': [({ booking }) => `/appointments/${booking}`, () => '/appointments/2000000'],
  '/my-team': [() => '/my-team', () => '/my-team?who=all&state=closed'],
  '/rollout/waves': [() => '/rollout/waves'],
  '/rollout/waves/new': [() => '/rollout/waves/new'],
  '/rollout/waves/:id': [({ wave }) => `/rollout/waves/${wave}`],
  '/rollout/slots': [() => '/rollout/slots', () => '/rollout/slots?day=2026-11-30&site=Library'],
  '/rollout/slots/new': [() => '/rollout/slots/new'],
  '/rollout/slots/closures': [() => '/rollout/slots/closures'],
  '/rollout/slots/:id': [({ slot }) => `/rollout/slots/${slot}`],
  '/moves/:id/book': [({ move }) => `/moves/${move + 1}/book`, ({ move }) => `/moves/${move}/book`],
  '/moves/:id/delegates': [({ move }) => `/moves/${move}/delegates`],
  '/my-calendar': [() => '/my-calendar'],
  '/rollout/messages': [() => '/rollout/messages'],
  '/rollout/messages/:template': [
    () => '/rollout/messages/booked',
    () => '/rollout/messages/ten-days?move=1',
    () => '/rollout/messages/nothing',
  ],
};

/** A programme in which something stands in everybody's way, with a waiver and an application. */
export async function insertMoves(
  dataSource: DataSource,
  sessions: Readonly<Record<'manager' | 'staff', TestSession>>,
): Promise<RolloutPageRecords> {
  const id = storedId(dataSource);
  const { programmeId, moves, people } = await startRollout(dataSource, { people: 6, settings: READINESS_SETTINGS });
  const move = moves[1] ?? 0;
  const waiver = await id(
    `insert into readiness_waiver (move_id, rule, reason, expires_on, granted_by)
     values ($1, 'training', 'Knows it from elsewhere', current_date + 30, 'person:somebody') returning id`,
    [move],
  );
  const application = await id(
    `insert into rollout_application (programme_id, name, state, owner, changed_by)
     values ($1, 'Uniform', 'not_ready', 'Planning systems', 'person:somebody') returning id`,
    [programmeId],
  );
  const wave = await id(
    `insert into wave (programme_id, name, starts_on, ends_on, filter, created_by)
     values ($1, 'First wave', current_date + 7, current_date + 20, '{"site": "Library"}', 'person:somebody') returning id`,
    [programmeId],
  );
  await dataSource.query(
    `with member as (insert into wave_member (move_id, wave_id, source, added_by) values ($1, $2, 'query', 'person:somebody'))
     update move set wave_id = $2 where id = $1`,
    [move, wave],
  );
  const slot = await id(
    `insert into slot (programme_id, site, engineer_entra_id, starts_at, ends_at, cut_off_at, capacity, created_by)
     select $1, 'Library', $2, at, at + interval '1 hour', at - interval '16 hours', 4, 'person:somebody'
     from (select (current_date + 8 + hour * interval '1 hour') at time zone 'Europe/London' as at from generate_series(9, 10) as hour) as time
     returning id`,
    [programmeId, people[0]],
  );
  const booking = await id(
    `insert into booking (move_id, slot_id, slot_capacity, slot_state, place, state, booked_by)
     values ($1, $2, 4, 'open', 1, 'booked', 'person:somebody') returning id`,
    [moves[2], slot],
  );
  const ownMove = await id(
    `with own as (insert into move (programme_id, person_entra_id, manager_entra_id, team, site)
       values ($1, $2, $3, 'Care', 'Library') returning id),
     fact as (insert into move_fact (programme_id, move_id, kind, at, details, key, actor)
       select $1, id, 'entered-scope', now(), '{"reason": "joiner"}', 'pages:own', 'system:test' from own)
     select id from own`,
    [programmeId, sessions.staff.entraId, sessions.manager.entraId],
  );
  await answerMove(dataSource, move, 'applications', 'listed', { applications: ['Uniform'] });
  const { readiness, transactor } = networkGate(dataSource);
  await transactor.run((tx) => readiness.evaluate(tx, programmeId, 'all', new Date()));
  return { move, ownMove, waiver, application, wave, slot, booking };
}
