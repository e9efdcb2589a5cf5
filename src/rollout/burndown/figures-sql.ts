/** The day in the UK on which an instant lies. */
const ukDay = (instant: string): string => `(${instant} at time zone 'Europe/London')::date`;

/** SQL of the instant with which a day ends in the UK; what began before it was so at the end of the day. */
export const endOfDay = (day: string): string => `((${day}::date + 1)::timestamp at time zone 'Europe/London')`;

/** SQL of whether a move counts in the programme in this state; see `isInScope`. */
export const moveInScope = (state: string): string =>
  `(${state} not in ('already_mobile', 'exempt', 'out_of_scope', 'left'))`;

/** SQL of whether a desktop counts in the programme in this state. */
export const desktopInScope = (state: string): string => `(${state} not in ('left_estate', 'out_of_scope'))`;

/** SQL of the band of a desktop's age when the programme began; empty when it is not known. */
export const deviceAge = (enrolledAt: string, baselineAt: string): string =>
  `case when ${enrolledAt} is null then ''
        when ${enrolledAt} > ${baselineAt} - interval '3 years' then 'under_3'
        when ${enrolledAt} > ${baselineAt} - interval '5 years' then '3_to_5'
        when ${enrolledAt} > ${baselineAt} - interval '7 years' then '5_to_7'
        else 'over_7' end`;

const AGE_SOURCES = `array['users', 'entra-devices', 'managed-devices']`;

/** SQL of a JSON object: when each source had last been read in full at this instant; null for one that never had. */
export const dataAgeAt = (instant: string): string => `(
  select jsonb_object_agg(name, (
           select to_char(max(run.finished_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from sync_run as run
           where run.source = name and run.status in ('succeeded', 'held') and not run.dry_run
             and run.finished_at < ${instant}))
  from unnest(${AGE_SOURCES}) as name)`;

/** What every stretch of the history says in each dimension. */
const DIMENSIONS = `
  cross join lateral (values ('all', ''), ('directorate', coalesce(stretch.directorate, '')),
    ('team', coalesce(stretch.team, '')), ('site', coalesce(stretch.site, '')),
    ('work_style', coalesce(stretch.work_style, '')), ('device_age', stretch.device_age)) as part (dimension, value)`;

/** The stretches that last at the end of one of the days from $2 to $3. */
const lasting = (stretch: string): string => `${stretch}.from_at < ${endOfDay('$3')}
  and (${stretch}.until_at is null or ${stretch}.until_at >= ${endOfDay('$2')})`;

/** The stretches that began until the end of $3, and not before the last snapshot that is counted on. */
const begunSince = (stretch: string): string => `${stretch}.from_at < ${endOfDay('$3')}
  and ${stretch}.from_at >= coalesce((select ${endOfDay('day')} from base), '-infinity')`;

const partsOf = (stretch: string, age: string): string => `${stretch}.directorate, ${stretch}.team, ${stretch}.site,
  ${stretch}.work_style, ${deviceAge(age, 'programme.baseline_at')} as device_age`;

const SCOPE_KINDS = ['peopleIn', 'peopleOut', 'desktopsIn', 'desktopsOut'];

/**
 * Rows (day, dimension, value, figures) for every day from $2 to $3 (dates in the UK) of the programme $1, counted from
 * its history. A stretch counts from the day on which it begins until the day on which it ends, as what is asked for is
 * the end of each day; so it adds one on a day and takes it off on another, and every day's figure is the sum of the
 * changes so far. That costs the same for one day and for a year. Changes of scope add up since the programme began; what
 * the last snapshot before has of them is not counted again.
 */
export const COUNT_FIGURES = `
  with programme as (
    select id, baseline_at from rollout_programme where id = $1
  ), base as (
    select max(on_date) as day from burndown_snapshot
    where programme_id = $1 and dimension = 'all' and value = '' and on_date < $2::date
  ), move_stretch as (
    select ${ukDay('s.from_at')} as from_day, ${ukDay('s.until_at')} as until_day, s.state, s.at_risk,
           ${partsOf('s', 's.oldest_desktop_at')}
    from programme
    join move on move.programme_id = programme.id
    join move_state as s on s.move_id = move.id and ${lasting('s')}
  ), desktop_stretch as (
    select ${ukDay('s.from_at')} as from_day, ${ukDay('s.until_at')} as until_day, s.state, ${partsOf('s', 's.enrolled_at')}
    from programme
    join rollout_desktop_state as s on s.programme_id = programme.id and ${lasting('s')}
  ), stretch as (
    select 'people' as kind, state as name, from_day, until_day, directorate, team, site, work_style, device_age
    from move_stretch
    union all
    select 'atRisk', 'at_risk', from_day, until_day, directorate, team, site, work_style, device_age
    from move_stretch where at_risk
    union all
    select 'desktops', state, from_day, until_day, directorate, team, site, work_style, device_age from desktop_stretch
  ), event as (
    select case when ${moveInScope('s.state')} then 'peopleIn' else 'peopleOut' end as kind, s.scope_reason as name,
           ${ukDay('s.from_at')} as from_day, ${partsOf('s', 's.oldest_desktop_at')}
    from programme
    join move on move.programme_id = programme.id
    join move_state as s on s.move_id = move.id and ${begunSince('s')}
    where ${moveInScope('s.state')} <> coalesce(
      (select ${moveInScope('earlier.state')} from move_state as earlier
       where earlier.move_id = s.move_id and earlier.from_at < s.from_at order by earlier.from_at desc limit 1),
      exists (select from baseline_person as baseline where baseline.programme_id = programme.id
              and baseline.person_entra_id = move.person_entra_id))
    union all
    select case when ${desktopInScope('s.state')} then 'desktopsIn' else 'desktopsOut' end, s.scope_reason,
           ${ukDay('s.from_at')}, ${partsOf('s', 's.enrolled_at')}
    from programme
    join rollout_desktop_state as s on s.programme_id = programme.id and ${begunSince('s')}
    where ${desktopInScope('s.state')} <> coalesce(
      (select ${desktopInScope('earlier.state')} from rollout_desktop_state as earlier
       where earlier.programme_id = s.programme_id and earlier.device_id = s.device_id
         and earlier.from_at < s.from_at order by earlier.from_at desc limit 1),
      exists (select from baseline_desktop as baseline where baseline.programme_id = programme.id
              and baseline.device_id = s.device_id))
  ), change as (
    select greatest(from_day, $2::date) as day, dimension, value, kind, name, 1 as change from stretch ${DIMENSIONS}
    where until_day is null or until_day > greatest(from_day, $2::date)
    union all
    select until_day, dimension, value, kind, name, -1 from stretch ${DIMENSIONS}
    where until_day <= $3::date and until_day > greatest(from_day, $2::date)
    union all
    select greatest(from_day, $2::date), dimension, value, kind, name, 1 from event as stretch ${DIMENSIONS}
    union all
    select $2::date, taken.dimension, taken.value, kind, counted.key, counted.value::integer
    from base
    join burndown_snapshot as taken on taken.programme_id = $1 and taken.on_date = base.day
    cross join unnest(array[${SCOPE_KINDS.map((kind) => `'${kind}'`).join(', ')}]) as kind
    cross join lateral jsonb_each_text(taken.figures -> kind) as counted
    union all
    select $2::date, 'all', '', 'people', 'not_started', 0
  ), per_day as (
    select day, dimension, value, kind, name, sum(change) as change from change group by 1, 2, 3, 4, 5
  ), figure as (
    select day.day::date, counted.dimension, counted.value, counted.kind, counted.name,
           sum(per_day.change) over (partition by counted.dimension, counted.value, counted.kind, counted.name
                                     order by day.day)::integer as count
    from generate_series($2::date, $3::date, interval '1 day') as day (day)
    cross join (select distinct dimension, value, kind, name from per_day) as counted
    left join per_day on per_day.day = day.day::date
      and (per_day.dimension, per_day.value, per_day.kind, per_day.name)
        = (counted.dimension, counted.value, counted.kind, counted.name)
  )
  select day::text, dimension, value, jsonb_build_object(
           ${['people', 'desktops', 'peopleIn', 'peopleOut', 'desktopsIn', 'desktopsOut']
             .map(
               (kind) =>
                 `'${kind}', coalesce(jsonb_object_agg(name, count) filter (where kind = '${kind}' and count > 0), '{}')`,
             )
             .join(', ')},
           'atRisk', coalesce(sum(count) filter (where kind = 'atRisk'), 0)) as figures
  from figure
  group by day, dimension, value
  having dimension = 'all' or bool_or(count > 0)`;
