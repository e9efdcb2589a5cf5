import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { CANDIDATES, CANDIDATE_DESKTOPS, KEEPERS } from './scope-sql.js';

/** CTEs over a programme's own scope rule. */
export const PROGRAMME_SCOPE = `
  scope as (select scope as rule from rollout_programme where id = $1), ${KEEPERS}, ${CANDIDATES}`;

/**
 * Freezes who is in the scope of a programme and which desktops there are, opens their moves and records what is known of
 * them at this moment. A fixed number of statements, whatever the size of the organisation.
 */
export async function freezeBaseline(
  tx: EntityManager,
  programmeId: number,
  actor: Actor,
  now: Date,
): Promise<{ readonly people: number; readonly desktops: number }> {
  await tx.query(
    `with ${PROGRAMME_SCOPE}
     insert into baseline_person (programme_id, person_entra_id, directorate, team, site, manager_entra_id)
     select $1::integer, entra_id, directorate, team, site, manager_entra_id from candidate where left_out is null`,
    [programmeId],
  );
  const people = await tx.query<unknown[]>(
    `insert into move (programme_id, person_entra_id, state_since, directorate, team, site, manager_entra_id)
     select programme_id, person_entra_id, $2::timestamptz, directorate, team, site, manager_entra_id
     from baseline_person where programme_id = $1 order by person_entra_id returning 1`,
    [programmeId, now],
  );
  const desktops = await tx.query<unknown[]>(
    `with ${PROGRAMME_SCOPE}, ${CANDIDATE_DESKTOPS}
     insert into baseline_desktop (programme_id, device_id, person_entra_id, directorate, team, site, model, enrolled_at)
     select $1::integer, device_id, person_entra_id, directorate, team, site, model, enrolled_at
     from candidate_desktop where left_out is null returning 1`,
    [programmeId],
  );
  await tx.query(
    `insert into move_fact (programme_id, move_id, device_id, kind, at, recorded_at, details, key, actor)
     select $1::integer, id, null, 'entered-scope', $2::timestamptz, $2::timestamptz, '{"reason": "baseline"}'::jsonb, 'baseline:person:' || id, $3
     from move where programme_id = $1
     union all
     select $1::integer, null, device_id, 'entered-scope', $2::timestamptz, $2::timestamptz, '{"reason": "baseline"}'::jsonb, 'baseline:desktop:' || device_id, $3
     from baseline_desktop where programme_id = $1`,
    [programmeId, now, actor],
  );
  await tx.query(
    `with ${KEEPERS}
     insert into collected_keeper (programme_id, device_id, move_id, source)
     select $1::integer, keeper.device_id, move.id, keeper.source
     from keeper join move on move.programme_id = $1 and move.person_entra_id = keeper.person_entra_id
     where keeper.portable or exists (select from baseline_desktop as desktop
                                      where desktop.programme_id = $1 and desktop.device_id = keeper.device_id)`,
    [programmeId],
  );
  // A laptop counts from when its holder got it: whoever had one and no desktop is mobile already.
  await tx.query(
    `insert into move_fact (programme_id, move_id, device_id, kind, at, recorded_at, details, key, actor)
     select $1::integer, known.move_id, known.device_id,
            case when device.form_factor_superclass = 'portable' then 'laptop-assigned' else 'desktop-assigned' end,
            case when device.form_factor_superclass = 'portable'
                 then least($2::timestamptz, coalesce(custody.since, device.enrolled_at, $2::timestamptz)) else $2::timestamptz end,
            $2::timestamptz, jsonb_build_object('by', known.source), 'baseline:keeper:' || known.device_id || ':' || known.move_id, $3
     from collected_keeper as known join device on device.id = known.device_id
     left join device_custody as custody on custody.device_id = known.device_id and custody.set_aside_at is null
     where known.programme_id = $1`,
    [programmeId, now, actor],
  );
  await tx.query(
    `update rollout_programme set last_custody_event_id = coalesce((select max(id) from custody_event), 0) where id = $1`,
    [programmeId],
  );
  // The planner would take tables for empty that one transaction has filled.
  await tx.query('analyze move, move_fact, baseline_desktop, collected_keeper');
  return { people: people.length, desktops: desktops.length };
}
