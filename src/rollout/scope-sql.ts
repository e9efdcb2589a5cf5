/**
 * A primary user of more machines than this is taken for an account that sets machines up: who is primary is an accident
 * of enrolment, and technicians come to "own" dozens (Intune documentation on primary users, learn.microsoft.com).
 */
const MOST_MACHINES_OF_A_PERSON = 5;

/**
 * Who has which machine that a person can have: the holder or, while custody says nothing of the machine, everybody whom
 * Intune names as its primary user. As CTEs named `keeper(device_id, person_entra_id, source, portable)`.
 */
export const KEEPERS = `
  intune_user as (
    select device.id as device_id, device.user_entra_id as person_entra_id from device
    where device.user_entra_id is not null and device.merged_into_id is null and device.presence <> 'gone'
    union
    select record.device_id, record.user_entra_id from device_record as record
    where record.source = 'managed-devices' and record.presence = 'present' and record.user_entra_id is not null
      and record.device_id is not null
  ),
  technician as (
    select person_entra_id from intune_user group by person_entra_id having count(*) > ${MOST_MACHINES_OF_A_PERSON}
  ),
  keeper as (
    select device.id as device_id, custody.holder_entra_id as person_entra_id, 'custody' as source,
           device.form_factor_superclass = 'portable' as portable
    from device_custody as custody join device on device.id = custody.device_id
    where custody.set_aside_at is null and custody.state in ('in_use', 'return_due') and custody.holder_entra_id is not null
      and device.form_factor_superclass in ('fixed', 'portable') and device.form_factor <> 'tablet'
    union all
    select device.id, intune_user.person_entra_id, 'primary-user', device.form_factor_superclass = 'portable'
    from intune_user join device on device.id = intune_user.device_id
    where device.merged_into_id is null and device.presence <> 'gone' and device.ownership is distinct from 'personal'
      and device.form_factor_superclass in ('fixed', 'portable') and device.form_factor <> 'tablet'
      and intune_user.person_entra_id not in (select person_entra_id from technician)
      and not exists (select from device_custody as custody
                      where custody.device_id = device.id and custody.set_aside_at is null)
  )`;

/** Why people are left out, in the order in which it is asked. */
export const PERSON_LEFT_OUT = [
  'not-staff',
  'directorate',
  'site',
  'employee-type',
  'team',
  'left',
  'no-desktop',
] as const;
export type PersonLeftOut = (typeof PERSON_LEFT_OUT)[number];

const listed = (list: string, value: string): string => `coalesce(scope.rule->'${list}' ? ${value}, false)`;
const given = (list: string): string => `jsonb_array_length(scope.rule->'${list}') > 0`;

/**
 * Everybody of the directory and why the scope rule leaves them out, as a CTE named `candidate`; needs `keeper` and a CTE
 * `scope(rule jsonb)`. Guests, rooms and service accounts are nobody who moves: they have neither an employee number nor
 * a job.
 */
export const CANDIDATES = `
  candidate as (
    select person.entra_id, person.division as directorate, person.department as team, person.office_location as site,
           person.manager_entra_id, person.employee_id, has_desktop.yes as has_desktop,
           case
             when person.user_type = 'Guest'
               or coalesce(person.employee_id, person.employee_type, person.job_title, person.department) is null
               then 'not-staff'
             when ${given('directorates')} and not ${listed('directorates', 'person.division')} then 'directorate'
             when ${given('sites')} and not ${listed('sites', 'person.office_location')} then 'site'
             when ${listed('exceptEmployeeTypes', 'person.employee_type')} then 'employee-type'
             when ${listed('exceptTeams', 'person.department')} then 'team'
             when person.presence <> 'present' or person.account_enabled is false then 'left'
             when not (scope.rule->'includePeopleWithoutDesktop')::boolean and not has_desktop.yes then 'no-desktop'
           end as left_out
    from scope cross join person
    cross join lateral (select person.entra_id in (select person_entra_id from keeper where not portable) as yes) as has_desktop
  )`;

/** Why desktops are left out, in the order in which it is asked. */
export const DESKTOP_LEFT_OUT = ['personal', 'in-our-hands', 'user-left-out', 'nobody-known'] as const;
export type DesktopLeftOut = (typeof DESKTOP_LEFT_OUT)[number];

/**
 * Every desktop that a source knows, its first user and why the scope rule leaves it out, as a CTE named
 * `candidate_desktop`; needs `keeper`, `scope` and `candidate`. The desktop of somebody who has left waits to be recovered
 * like any other. One that nobody is known to use belongs to a programme of the whole council, or to one of its site.
 */
export const CANDIDATE_DESKTOPS = `
  candidate_desktop as (
    select device.id as device_id, device.model, device.enrolled_at, first_user.entra_id as person_entra_id,
           first_user.directorate, first_user.team, coalesce(first_user.site, custody.place) as site,
           case
             when device.ownership = 'personal' then 'personal'
             when custody.state not in ('in_use', 'return_due') then 'in-our-hands'
             when first_user.entra_id is not null then
               case when first_user.left_out is null or first_user.left_out in ('left', 'no-desktop') then null
                    else 'user-left-out' end
             when ${given('directorates')} then 'nobody-known'
             when ${given('sites')} and not ${listed('sites', 'custody.place')} then 'nobody-known'
           end as left_out
    from scope cross join device
    left join device_custody as custody on custody.device_id = device.id and custody.set_aside_at is null
    left join (
      select distinct on (keeper.device_id) keeper.device_id, candidate.*
      from keeper join candidate on candidate.entra_id = keeper.person_entra_id
      where not keeper.portable
      order by keeper.device_id, (candidate.left_out is null) desc, candidate.entra_id
    ) as first_user on first_user.device_id = device.id
    where device.form_factor_superclass = 'fixed' and device.merged_into_id is null and device.presence <> 'gone'
  )`;
