import { PROGRAMME_SCOPE } from './baseline.service.js';
import { INSERT_FACTS, KEY_OF, ONCE } from './collection-of-people.js';
import { CANDIDATE_DESKTOPS, KEEPERS } from './scope-sql.js';

/** The last word about a desktop and the scope, whoever uses it. */
const LAST_SCOPE = `
  last_scope as (select distinct on (device_id) device_id, kind from move_fact
                 where programme_id = $1 and move_id is null
                   and kind in ('entered-scope', 'left-scope', 'desktop-reclassified') order by device_id, id desc)`;

/** Desktops that the scope rule takes in and that are none of the programme yet. */
export const DESKTOPS_ENTERING = `
  with ${PROGRAMME_SCOPE}, ${CANDIDATE_DESKTOPS}, ${LAST_SCOPE}
  ${INSERT_FACTS}
  select $1::integer, null, candidate.device_id, 'entered-scope', $2::timestamptz, $2::timestamptz,
         jsonb_build_object('reason', case
           when exists (select from form_factor_change as change join rollout_programme as programme on programme.id = $1
                        where change.device_id = candidate.device_id and change.to_superclass = 'fixed'
                          and change.from_superclass <> 'fixed' and change.changed_at > programme.baseline_at)
             then 'reclassified'
           when entry.reason in ('joiner', 'rehire') then entry.reason
           else 'rule' end),
         'entered:device:' || candidate.device_id || ':' || ${KEY_OF('$2::timestamptz')}, $3
  from candidate_desktop as candidate
  left join last_scope on last_scope.device_id = candidate.device_id
  left join move as first_user on first_user.programme_id = $1 and first_user.person_entra_id = candidate.person_entra_id
  left join lateral (select fact.details ->> 'reason' as reason from move_fact as fact
                     where fact.move_id = first_user.id and fact.kind = 'entered-scope'
                     order by fact.id desc limit 1) as entry on true
  where candidate.left_out is null and last_scope.kind is null
    and not exists (select from rollout_desktop as known where known.programme_id = $1
                    and known.device_id = candidate.device_id) ${ONCE}`;

/** Machines that turned out to be no desktops, and to be desktops after all. */
export const DESKTOPS_RECLASSIFIED = `
  with ${LAST_SCOPE}
  ${INSERT_FACTS}
  select $1::integer, null, desktop.device_id,
         case when device.form_factor_superclass = 'fixed' then 'entered-scope' else 'desktop-reclassified' end,
         least($2::timestamptz, coalesce(device.form_factor_at, $2::timestamptz)), $2::timestamptz,
         case when device.form_factor_superclass = 'fixed' then '{"reason": "reclassified"}'::jsonb else '{}'::jsonb end,
         'reclassified:' || desktop.device_id || ':' || ${KEY_OF('$2::timestamptz')}, $3
  from rollout_desktop as desktop join device on device.id = desktop.device_id
  left join last_scope on last_scope.device_id = desktop.device_id
  where desktop.programme_id = $1 and device.merged_into_id is null
    and (device.form_factor_superclass = 'fixed') = (last_scope.kind is not distinct from 'desktop-reclassified') ${ONCE}`;

/** Desktops whose user does not take part any more, and takes part again. */
export const SCOPE_OF_DESKTOPS = `
  with ${PROGRAMME_SCOPE}, ${CANDIDATE_DESKTOPS}, ${LAST_SCOPE}
  ${INSERT_FACTS}
  select $1::integer, null, desktop.device_id,
         case when candidate.left_out is null then 'entered-scope' else 'left-scope' end, $2::timestamptz, $2::timestamptz, '{"reason": "rule"}'::jsonb,
         'scope:device:' || desktop.device_id || ':' || ${KEY_OF('$2::timestamptz')}, $3
  from rollout_desktop as desktop
  join candidate_desktop as candidate on candidate.device_id = desktop.device_id
  left join last_scope on last_scope.device_id = desktop.device_id
  where desktop.programme_id = $1
    and case when candidate.left_out is null then last_scope.kind = 'left-scope'
             else candidate.left_out in ('personal', 'user-left-out') and desktop.state in ('in_use', 'return_due')
                  and last_scope.kind is distinct from 'left-scope' end ${ONCE}`;

/** What custody has said by itself in this collection, after fact $4, about who has a machine. */
const SAID_BY_CUSTODY = `
  exists (select from move_fact as fact where fact.id > $4 and fact.programme_id = $1
          and fact.device_id = edge.device_id and (fact.move_id = edge.move_id or fact.move_id is null)
          and fact.kind in ('laptop-assigned', 'laptop-returned', 'desktop-assigned', 'desktop-released', 'retracted',
            'desktop-recovered', 'desktop-returned-to-use', 'desktop-left-estate'))`;

/** Laptops of people with a move, and desktops of the programme, with who has them now. */
const EDGES = `
  ${KEEPERS},
  edge as (
    select keeper.device_id, move.id as move_id, keeper.source, keeper.portable
    from keeper join move on move.programme_id = $1 and move.person_entra_id = keeper.person_entra_id
    where keeper.portable
       or exists (select from move_fact as fact where fact.programme_id = $1 and fact.device_id = keeper.device_id
                  and (fact.kind = 'entered-scope' and fact.move_id is null or fact.kind = 'desktop-returned-to-use'))
       or exists (select from rollout_desktop as part join device on device.id = part.device_id
                  where part.programme_id = $1 and device.merged_into_id = keeper.device_id))`;

/** People who have a machine that they did not have before, or of which custody says now what Intune said before. */
export const MACHINES_ASSIGNED = `
  with ${EDGES}
  ${INSERT_FACTS}
  select $1::integer, edge.move_id, edge.device_id, case when edge.portable then 'laptop-assigned' else 'desktop-assigned' end,
         least($2::timestamptz, coalesce(custody.since, $2::timestamptz)), $2::timestamptz, jsonb_build_object('by', edge.source),
         'keeper:' || edge.device_id || ':' || edge.move_id || ':' || edge.source || ':' || ${KEY_OF('$2::timestamptz')}, $3
  from edge
  left join collected_keeper as known on known.programme_id = $1 and known.device_id = edge.device_id
    and known.move_id = edge.move_id
  left join device_custody as custody on edge.source = 'custody' and custody.device_id = edge.device_id
    and custody.set_aside_at is null
  where (known.move_id is null or known.source = 'primary-user' and edge.source = 'custody')
    and not ${SAID_BY_CUSTODY} ${ONCE}`;

/** People who have a machine no more. */
export const MACHINES_RELEASED = `
  with ${EDGES}
  ${INSERT_FACTS}
  select $1::integer, edge.move_id, edge.device_id,
         case when device.form_factor_superclass = 'portable' then 'laptop-returned' else 'desktop-released' end, $2::timestamptz, $2::timestamptz,
         case when device.form_factor_superclass = 'portable' then '{}'::jsonb else '{"reason": null}'::jsonb end,
         'keeper-over:' || edge.device_id || ':' || edge.move_id || ':' || ${KEY_OF('$2::timestamptz')}, $3
  from collected_keeper as edge join device on device.id = edge.device_id
  where edge.programme_id = $1 and device.merged_into_id is null
    and not exists (select from edge as now where now.device_id = edge.device_id and now.move_id = edge.move_id)
    and not ${SAID_BY_CUSTODY} ${ONCE}`;

/** What the next collection compares with. */
export const REMEMBER_KEEPERS = [
  `with ${EDGES}
   delete from collected_keeper as known
   where known.programme_id = $1
     and not exists (select from edge where edge.device_id = known.device_id and edge.move_id = known.move_id)`,
  `with ${EDGES}
   insert into collected_keeper (programme_id, device_id, move_id, source)
   select $1::integer, device_id, move_id, source from edge
   on conflict on constraint collected_keeper_pkey do update set source = excluded.source
   where collected_keeper.source <> excluded.source`,
] as const;

/** Desktops that no source has any more, and that are there again. */
export const DESKTOPS_GONE = `
  ${INSERT_FACTS}
  select $1::integer, null, desktop.device_id,
         case when device.presence = 'gone' then 'desktop-left-estate' else 'desktop-seen' end, $2::timestamptz, $2::timestamptz,
         case when device.presence = 'gone' then '{"reason": "gone"}'::jsonb else '{"source": "synchronisation"}'::jsonb end,
         'gone:' || desktop.device_id || ':' || ${KEY_OF('$2::timestamptz')}, $3
  from rollout_desktop as desktop join device on device.id = desktop.device_id
  left join device_custody as custody on custody.device_id = device.id and custody.set_aside_at is null
  where desktop.programme_id = $1 and device.merged_into_id is null
    and case when device.presence = 'gone' then desktop.state in ('in_use', 'return_due')
             else desktop.state = 'left_estate' and desktop.scope_reason = 'gone' and device.presence = 'present' end ${ONCE}`;

/** A day after it came back a desktop can still report what it did before; one in stock is set up anew. */
export const DESKTOPS_SEEN = `
  ${INSERT_FACTS}
  select $1::integer, null, desktop.device_id, 'desktop-seen', device.last_seen_at, $2::timestamptz, '{"source": "synchronisation"}'::jsonb,
         'seen:' || desktop.device_id || ':' || ${KEY_OF('device.last_seen_at')}, $3
  from rollout_desktop as desktop join device on device.id = desktop.device_id
  left join device_custody as custody on custody.device_id = device.id and custody.set_aside_at is null
  where desktop.programme_id = $1 and desktop.state in ('recovered', 'wiped') and desktop.seen_after_recovery_at is null
    and device.last_seen_at > desktop.state_since + interval '1 day' and device.last_seen_at <= $2::timestamptz
    and (custody.state is null or custody.state not in ('in_stock', 'allocated', 'in_use', 'return_due')) ${ONCE}`;

/** Somebody whom Intune names as the primary user of a laptop since they, or its holder, got it. */
const SIGNED_IN = `
  signed_in as (
    select move.id as move_id, device.id as device_id, device.last_seen_at, custody.since,
           custody.holder_entra_id is null or custody.holder_entra_id = move.person_entra_id as is_holder
    from device join move on move.programme_id = $1 and move.person_entra_id = device.user_entra_id
    left join device_custody as custody on custody.device_id = device.id and custody.set_aside_at is null
    where device.form_factor_superclass = 'portable' and device.form_factor <> 'tablet' and device.merged_into_id is null
      and (custody.state is null or custody.state in ('in_use', 'return_due')))`;

/**
 * The holder of a laptop was seen on it; or somebody else was, a week after it was handed over: Intune keeps the last user
 * for some days.
 */
export const LAPTOPS_OBSERVED = `
  with ${SIGNED_IN}
  ${INSERT_FACTS}
  select $1::integer, move_id, device_id, 'laptop-observed', last_seen_at, $2::timestamptz, '{}'::jsonb,
         case when is_holder then 'observed:' else 'differs:' end || device_id || ':' || move_id || ':'
           || coalesce(${KEY_OF('since')}, 'primary-user'), $3
  from signed_in
  where last_seen_at <= $2::timestamptz
    and case when since is null then exists (select from collected_keeper as known where known.programme_id = $1
               and known.device_id = signed_in.device_id and known.move_id = signed_in.move_id)
             when is_holder then last_seen_at > since
             else last_seen_at > since + interval '7 days' end ${ONCE}`;

/** Somebody else than the holder is not seen on the laptop any more. */
export const LAPTOPS_NOT_OBSERVED = `
  with ${SIGNED_IN},
  last as (select distinct on (device_id, move_id) device_id, move_id, kind, key from move_fact
           where programme_id = $1 and kind in ('laptop-observed', 'laptop-returned', 'laptop-assigned')
             and (starts_with(key, 'differs') or kind <> 'laptop-observed') order by device_id, move_id, id desc)
  ${INSERT_FACTS}
  select $1::integer, move_id, device_id, 'laptop-returned', $2::timestamptz, $2::timestamptz, '{}'::jsonb,
         'differs-over:' || device_id || ':' || move_id || ':' || ${KEY_OF('$2::timestamptz')}, $3
  from last
  where kind = 'laptop-observed'
    and not exists (select from signed_in where signed_in.device_id = last.device_id and signed_in.move_id = last.move_id) ${ONCE}`;
