-- What there is to put right in networks and how many people each thing lets move, found from what was entered and measured,
-- from where people work and from what the rules said of everything else. $1 is the programme, $2 the time. The figures that
-- it takes are those published for Teams (video meetings at sites, calls at homes) and the assumptions as they are made.
with moment as (
  select $2::timestamptz as at, ($2::timestamptz at time zone 'Europe/London')::date as today
), present(style, share) as (
  values ('fixed', 0.80), ('office_mobile', 0.60), ('home', 0.10), ('field', 0.20), ('shared_desk', 0.50), ('', 0.80)
),

-- Who works where: the sites of their last word, else their office.
said as (
  select distinct on (move_id) move_id, answer, details from move_answer where question = 'usual-sites'
  order by move_id, id desc
), person_move as (
  select move.id, move.person_entra_id, move.state, move.wave_id, coalesce(move.work_style, '') as style,
         said.answer as said, said.details -> 'sites' as said_sites, coalesce(person.office_location, move.site) as office
  from move left join said on said.move_id = move.id left join person on person.entra_id = move.person_entra_id
  where move.programme_id = $1
), at_site as (
  select id, lower(named) as site from person_move cross join lateral jsonb_array_elements_text(said_sites) as named
  where said = 'listed' group by 1, 2
  union
  select id, lower(office) from person_move where said is null and office is not null
),

-- Lines, surveys and measurements of sites. A figure is that of the first source that has enough of it.
place as (
  select distinct at_site.site, network_site.id from at_site left join network_site on lower(network_site.name) = at_site.site
), live as (
  select site_id, sum(download_kbps) as download, sum(upload_kbps) as upload
  from network_link, moment
  where (live_from is null or live_from <= today) and (live_until is null or live_until >= today) group by site_id
), survey as (
  select distinct on (site_id) site_id, id, result, clients_supported,
         coalesce(expires_on, surveyed_on + 730) >= today as holds
  from wifi_survey, moment where withdrawn_at is null order by site_id, surveyed_on desc, wifi_survey.id desc
), site_figure as (
  select site_id, 1 as place, 'calls' as source, sum(round_trip_ms * streams) / nullif(sum(streams) filter (where round_trip_ms is not null), 0) as round_trip,
         sum(jitter_ms * streams) / nullif(sum(streams) filter (where jitter_ms is not null), 0) as jitter,
         sum(loss_ratio * streams) * 100 / nullif(sum(streams) filter (where loss_ratio is not null), 0) as loss,
         null::integer as download, null::integer as upload
  from call_quality_site_hour, moment where hour >= at - interval '90 days' group by site_id having sum(streams) >= 30
  union all
  select site_id, 2, 'tests', percentile_disc(0.5) within group (order by round_trip_ms desc),
         percentile_disc(0.5) within group (order by jitter_ms desc), percentile_disc(0.5) within group (order by loss_ratio * 100 desc),
         percentile_disc(0.5) within group (order by download_kbps), percentile_disc(0.5) within group (order by upload_kbps)
  from site_test, moment where tested_at >= at - interval '180 days' group by site_id having count(*) >= 3
  union all
  select site_id, 3, 'checks', percentile_disc(0.5) within group (order by round_trip_ms desc),
         percentile_disc(0.5) within group (order by jitter_ms desc), percentile_disc(0.5) within group (order by late_ratio * 100 desc),
         percentile_disc(0.5) within group (order by download_kbps), percentile_disc(0.5) within group (order by upload_kbps)
  from connection_check, moment
  where site_id is not null and connection <> 'mobile' and checked_at >= at - interval '90 days'
  group by site_id having count(distinct person_entra_id) >= 3
  union all
  select site_id, 4, 'links', null, null, null, download::integer, upload::integer from live
), site_found as (
  select site_id, (array_agg(round_trip order by place) filter (where round_trip is not null))[1] as round_trip,
         (array_agg(jitter order by place) filter (where jitter is not null))[1] as jitter,
         (array_agg(loss order by place) filter (where loss is not null))[1] as loss,
         (array_agg(download order by place) filter (where download is not null))[1] as download,
         (array_agg(upload order by place) filter (where upload is not null))[1] as upload
  from site_figure group by site_id
),

-- Who is at a site after each wave, and in the end; who is late comes today.
coming as (
  select person_move.id, person_move.style, wave.ends_on, wave.id as wave_id,
         person_move.state in ('handed_over', 'desktop_recovered', 'closed', 'already_mobile') as moved
  from person_move left join wave on wave.id = person_move.wave_id and wave.programme_id = $1
  where person_move.state not in ('left', 'exempt', 'out_of_scope')
), target as (
  select target_on from rollout_programme where id = $1
), site_step as (
  select at_site.site, coming.ends_on, coming.wave_id from at_site join coming using (id)
  where not coming.moved and coming.wave_id is not null group by 1, 2, 3
  union all
  select site, null, null from at_site join coming using (id) group by 1
), site_people as (
  select step.site, step.ends_on, step.wave_id, sum(present.share) as present
  from site_step as step join at_site using (site) join coming using (id) join present using (style)
  where coming.moved or step.wave_id is null or (coming.ends_on, coming.wave_id) <= (step.ends_on, step.wave_id)
  group by 1, 2, 3
), site_need as (
  select people.*, place.id as site_id,
         case when people.wave_id is not null then greatest(people.ends_on, today)
              else greatest(target_on, today, (select max(ends_on) from site_step where site_step.site = people.site)) end as on_day
  from site_people as people join place using (site), moment, target
), site_short as (
  select need.site, need.ends_on, need.wave_id
  from site_need as need
  left join survey on survey.site_id = need.site_id
  left join lateral (
    -- Null where no line is entered, nothing where none is live on the day.
    select sum(case when is_live then download_kbps else 0 end) as download, sum(case when is_live then upload_kbps else 0 end) as upload
    from network_link cross join lateral (select (live_from is null or live_from <= on_day)
      and (live_until is null or live_until >= on_day) as is_live) as now
    where network_link.site_id = need.site_id) as line on true
  -- 10 % hear, 20 % are on video, 5 % share a screen; other traffic besides. 70 % of a line may be planned with, 70 % of
  -- the people are on Wi-Fi with two machines each.
  where ceil(present * (500 + 0.10 * 58 + 0.20 * 4000 + 0.05 * 2500)) > floor(line.download * 0.7)
     or ceil(present * (100 + 0.10 * 58 + 0.20 * 2500 + 0.05 * 2500)) > floor(line.upload * 0.7)
     or (survey.holds and ceil(present * 0.7 * 2) > survey.clients_supported)
),

-- The same for gateways, which share those who are not at their desks as they share the sessions.
all_step as (
  select ends_on, wave_id from coming where not moved and wave_id is not null group by 1, 2
  union all select null, null
), all_open as (
  select step.ends_on, step.wave_id, coalesce(sum(1 - present.share), 0) * 0.8 as open
  from all_step as step left join coming
    on coming.moved or step.wave_id is null or (coming.ends_on, coming.wave_id) <= (step.ends_on, step.wave_id)
  left join present using (style) group by 1, 2
), gateway_short as (
  select gateway.id, step.ends_on, step.wave_id
  from all_open as step, remote_access as gateway,
       lateral (select step.open * gateway.sessions / (select sum(sessions) from remote_access) as open) as own
  where ceil(own.open) > gateway.sessions
     or ceil(own.open * (500 + case when all_traffic then 0.30 * 58 else 0 end)) > floor(gateway.download_kbps * 0.7)
     or ceil(own.open * (100 + case when all_traffic then 0.30 * 58 else 0 end)) > floor(gateway.upload_kbps * 0.7)
),

-- Homes: calls before checks, what went through a gateway last; good calls show that a line that nobody measured is enough.
home_figure as (
  select person_entra_id, case place when 'home' then 1 else 3 end as place, true as called,
         sum(round_trip_ms * streams) / nullif(sum(streams) filter (where round_trip_ms is not null), 0) as round_trip,
         sum(jitter_ms * streams) / nullif(sum(streams) filter (where jitter_ms is not null), 0) as jitter,
         sum(loss_ratio * streams) * 100 / nullif(sum(streams) filter (where loss_ratio is not null), 0) as loss,
         null::integer as download, null::integer as upload
  from call_quality_person_week, moment
  where place in ('home', 'remote_access') and mobile * 2 < streams and week > (at - interval '90 days')::date - 7
  group by 1, call_quality_person_week.place having sum(streams) >= 30
  union all
  select person_entra_id, case place when 'home' then 2 else 4 end, false,
         percentile_disc(0.5) within group (order by round_trip_ms desc), percentile_disc(0.5) within group (order by jitter_ms desc),
         percentile_disc(0.5) within group (order by late_ratio * 100 desc),
         percentile_disc(0.5) within group (order by download_kbps), percentile_disc(0.5) within group (order by upload_kbps)
  from connection_check, moment
  where place in ('home', 'remote_access') and connection <> 'mobile' and checked_at >= at - interval '90 days'
  group by 1, connection_check.place having count(*) >= 3
), home_found as (
  select person_entra_id, (array_agg(round_trip order by place) filter (where round_trip is not null))[1] as round_trip,
         (array_agg(jitter order by place) filter (where jitter is not null))[1] as jitter,
         (array_agg(loss order by place) filter (where loss is not null))[1] as loss,
         (array_agg(download order by place) filter (where download is not null))[1] as download,
         (array_agg(upload order by place) filter (where upload is not null))[1] as upload,
         (array_agg(called order by place) filter (where round_trip is not null))[1]
         and (array_agg(called order by place) filter (where jitter is not null))[1]
         and (array_agg(called order by place) filter (where loss is not null))[1] as called
  from home_figure group by 1
), home_serves as (
  select person_entra_id from home_found
  where round_trip < 100 and jitter < 30 and loss < 1
    and (download >= 58 or download is null and called) and (upload >= 58 or upload is null and called)
),

-- What stands in whose way.
waiting as (
  select person_move.*, wave.ends_on,
         (select bool_or(gates) from readiness_result where move_id = person_move.id and rule = 'network-site')
           and not exists (select from readiness_waiver as waiver, moment where waiver.move_id = person_move.id
             and waiver.rule = 'network-site' and ended_at is null and expires_on >= today) as asks_site,
         (select bool_or(gates) from readiness_result where move_id = person_move.id and rule = 'network-home')
           and not exists (select from readiness_waiver as waiver, moment where waiver.move_id = person_move.id
             and waiver.rule = 'network-home' and ended_at is null and expires_on >= today) as asks_home
  from person_move left join wave on wave.id = person_move.wave_id and wave.programme_id = $1
  where person_move.state in ('not_started', 'assessed', 'blocked', 'ready', 'scheduled', 'rolled_back')
), cause as (
  select waiting.id as move_id, at_site.site, thing.kind, thing.id
  from waiting join at_site using (id) join place using (site)
  left join survey on survey.site_id = place.id
  left join site_found as found on found.site_id = place.id
  cross join lateral (
    select 'site-network' as kind, place.id where not coalesce(found.round_trip < 100 and found.jitter < 30
      and found.loss < 1 and found.download >= 4000 and found.upload >= 2500, false)
    union all select 'link', null where not exists (select from network_link where network_link.site_id = place.id)
    union all select 'wifi-survey', survey.id where not coalesce(survey.holds and survey.result = 'passed', false)
    union all select 'capacity', place.id where place.id is not null and exists (
      select from site_short as short where short.site = at_site.site
        and short.ends_on is not distinct from waiting.ends_on and (short.wave_id is null) = (waiting.ends_on is null))
  ) as thing
  where waiting.asks_site
  union all
  select id, '', 'home', null from waiting
  where asks_home and person_entra_id not in (select person_entra_id from home_serves)
  union all
  select waiting.id, '', 'remote-access', short.id from waiting join gateway_short as short
    on short.ends_on is not distinct from waiting.ends_on and (short.wave_id is null) = (waiting.ends_on is null)
  where asks_home group by waiting.id, short.id
), other as (
  select result.move_id from readiness_result as result join waiting on waiting.id = result.move_id, moment
  where result.gates and result.outcome <> 'ready' and result.rule not in ('network-site', 'network-home')
    and not exists (select from readiness_waiver as waiver where waiver.move_id = result.move_id
      and waiver.rule = result.rule and ended_at is null and expires_on >= today)
    and not (result.reason = 'no-laptop' and exists (
      select from readiness_result as laptop where laptop.move_id = result.move_id and laptop.rule = 'laptop'
        and laptop.gates and laptop.outcome <> 'ready' and laptop.waiver_id is null))
  union all
  -- Nobody knows where they work.
  select id from waiting where asks_site and said is distinct from 'none' and id not in (select id from at_site)
), things as (
  select move_id, count(*) as count from cause group by 1
)
select cause.kind, cause.id, cause.site, count(*)::integer as blocks,
       (count(*) filter (where things.count = 1 and not exists (select from other where other.move_id = cause.move_id)))::integer as unlocks
from cause join things using (move_id)
group by 1, 2, 3 order by 1, 3, 2
