import { PROGRAMME_SCOPE } from './baseline.service.js';

/** Statements of the collection take the programme ($1), the time ($2) and who collects ($3). */
const FACT_COLUMNS = 'programme_id, move_id, device_id, kind, at, recorded_at, details, key, actor';
export const INSERT_FACTS = `insert into move_fact (${FACT_COLUMNS})`;
export const ONCE = 'on conflict on constraint move_fact_key_key do nothing';
/** A time as part of a key. */
export const KEY_OF = (time: string): string => `to_char(${time} at time zone 'UTC', 'YYYYMMDDHH24MISSUS')`;

const LAST = (name: string, kinds: string): string => `
  ${name} as (select distinct on (move_id) move_id, kind, at from move_fact
              where programme_id = $1 and move_id is not null and kind in (${kinds}) order by move_id, id desc)`;

/** A disabled account and somebody whom the directory does not show have left; nobody leaves before the programme began. */
export const LEAVERS = `
  with ${LAST('last', `'left-organisation', 'returned-to-organisation'`)},
  leaver as (
    select move.id, least($2::timestamptz, greatest(coalesce(person.absent_since, person.changed_at), programme.baseline_at,
                                                    last.at + interval '1 millisecond')) as at
    from move join rollout_programme as programme on programme.id = move.programme_id
    join person on person.entra_id = move.person_entra_id
    left join last on last.move_id = move.id
    where move.programme_id = $1 and (person.presence <> 'present' or person.account_enabled is false)
      and last.kind is distinct from 'left-organisation')
  ${INSERT_FACTS}
  select $1::integer, id, null, 'left-organisation', at, $2::timestamptz, '{}'::jsonb, 'left:' || id || ':' || ${KEY_OF('at')}, $3 from leaver ${ONCE}`;

export const RETURNERS = `
  with ${LAST('last', `'left-organisation', 'returned-to-organisation'`)}
  ${INSERT_FACTS}
  select $1::integer, move.id, null, 'returned-to-organisation', $2::timestamptz, $2::timestamptz, '{}'::jsonb, 'returned:' || move.id || ':' || ${KEY_OF('$2::timestamptz')}, $3
  from move join person on person.entra_id = move.person_entra_id join last on last.move_id = move.id
  where move.programme_id = $1 and person.presence = 'present' and person.account_enabled is not false
    and last.kind = 'left-organisation' ${ONCE}`;

/**
 * Whoever the scope rule takes in and has no move. Somebody who comes back can have another object id; the employee number
 * tells them from those who are new.
 */
export const JOINERS = `
  with ${PROGRAMME_SCOPE},
  joiner as (
    insert into move (programme_id, person_entra_id, state_since, directorate, team, site, manager_entra_id)
    select $1::integer, entra_id, $2::timestamptz, directorate, team, site, manager_entra_id from candidate
    where left_out is null
      and not exists (select from move where move.programme_id = $1 and move.person_entra_id = candidate.entra_id)
    order by entra_id
    returning id, person_entra_id)
  ${INSERT_FACTS}
  select $1::integer, joiner.id, null, 'entered-scope', $2::timestamptz, $2::timestamptz,
         jsonb_build_object('reason', case
           when exists (select from person as earlier join move on move.person_entra_id = earlier.entra_id
                        where earlier.employee_id = person.employee_id and earlier.entra_id <> person.entra_id
                          and move.programme_id = $1) then 'rehire'
           when coalesce(greatest(person.created_in_entra_at, person.employee_hired_at), person.first_seen_at)
                > programme.baseline_at then 'joiner'
           else 'rule' end),
         'entered:' || joiner.id, $3
  from joiner join person on person.entra_id = joiner.person_entra_id
  join rollout_programme as programme on programme.id = $1 ${ONCE}`;

/** Whom the rule does not take in any more, and takes in again. That a desktop went is no reason: that is the purpose. */
export const SCOPE_OF_PEOPLE = `
  with ${PROGRAMME_SCOPE}, ${LAST('last', `'entered-scope', 'left-scope'`)},
  change as (
    select move.id, case when candidate.left_out in ('not-staff', 'directorate', 'site', 'employee-type', 'team')
                         then 'left-scope' else 'entered-scope' end as kind
    from move join candidate on candidate.entra_id = move.person_entra_id join last on last.move_id = move.id
    where move.programme_id = $1
      and case when candidate.left_out in ('not-staff', 'directorate', 'site', 'employee-type', 'team')
               then last.kind = 'entered-scope'
               else last.kind = 'left-scope' and candidate.left_out is distinct from 'left' end)
  ${INSERT_FACTS}
  select $1::integer, id, null, kind, $2::timestamptz, $2::timestamptz, '{"reason": "rule"}'::jsonb, 'scope:' || id || ':' || ${KEY_OF('$2::timestamptz')}, $3
  from change ${ONCE}`;

/**
 * How people seem to work, for their managers to confirm: by the programme's rules ($4) about job titles and departments,
 * by a usual site that is no site, and by whether their desktop is theirs alone.
 */
export const WORK_STYLES_PROPOSED = `
  with desktop_use as (
    select known.move_id, count(*) over (partition by known.device_id) > 1 as is_shared
    from collected_keeper as known join device on device.id = known.device_id
    where known.programme_id = $1 and device.form_factor_superclass = 'fixed'
  ), desk as (select move_id, bool_and(is_shared) as is_shared from desktop_use group by move_id),
  proposal as (
    select move.id, move.work_style as known,
           case when rule."workStyle" is not null then rule."workStyle"
                when move.site ~* '^home([ -]?(based|worker|working))?$' then 'home'
                when desk.is_shared then 'shared_desk'
                when desk.move_id is not null or move.laptop_id is not null then 'office_mobile' end as work_style,
           case when rule."workStyle" is not null
                  then 'The programme''s rule about "' || rule.contains || '" in the '
                       || case rule.field when 'jobTitle' then 'job title' else 'department' end
                when move.site ~* '^home([ -]?(based|worker|working))?$' then 'The usual site in the directory is home'
                when desk.is_shared then 'Several people use their desktop'
                when desk.move_id is not null then 'Has a desktop of their own at a site'
                else 'Has a laptop already' end as because
    from move left join person on person.entra_id = move.person_entra_id
    left join desk on desk.move_id = move.id
    left join lateral (
      select given.field, given.contains, given."workStyle"
      from jsonb_array_elements($4::jsonb) with ordinality as rule(fields, position)
      cross join lateral jsonb_to_record(rule.fields) as given(field text, contains text, "workStyle" text)
      where position(lower(given.contains) in lower(case given.field when 'jobTitle' then person.job_title
                                                                     else person.department end)) > 0
      order by rule.position limit 1) as rule on true
    where move.programme_id = $1 and not move.work_style_confirmed
      and move.state not in ('left', 'out_of_scope', 'exempt', 'closed'))
  ${INSERT_FACTS}
  select $1::integer, id, null, 'work-style-proposed', $2::timestamptz, $2::timestamptz, jsonb_build_object('workStyle', work_style, 'because', because),
         'work-style:' || id || ':' || ${KEY_OF('$2::timestamptz')}, $3
  from proposal where work_style is not null and work_style is distinct from known ${ONCE}`;
