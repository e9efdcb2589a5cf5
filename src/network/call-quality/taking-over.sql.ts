import { placeOfAddresses } from '../address-places.queries.js';

/**
 * Calls that began longer ago are not taken over: their week may have lost rows to the retention already, and a week is
 * never worked out anew from fewer rows. Graph itself gives calls of 30 days.
 */
const OLDEST_CALL = '33 days';
/** Clocks differ; a call that begins later than this has a wrong date. */
const LATEST_CALL = '1 day';

const ADDRESS_PLACE = placeOfAddresses({
  tunnel: `side.connection = 'tunnel'`,
  local: 'side.local_address',
  subnet: 'side.subnet',
  public: 'side.public_address',
});

/**
 * Takes over calls ($1) with their sides ($2), both JSON arrays: tells the places from the addresses, which are in the
 * parameters and nowhere else, and keeps what is newer than what is known; what is equally new as well when $3 is true.
 * People who are not in the directory are left out. Gives what was touched: a row for every side that is new, was
 * changed or is no more.
 */
export const TAKE_OVER = `
  with given_call as (
    select call_id, version, started_at
    from jsonb_to_recordset($1::jsonb) as given(call_id uuid, version bigint, started_at timestamptz)
    where started_at between now() - interval '${OLDEST_CALL}' and now() + interval '${LATEST_CALL}'),
  taken as (
    insert into call_record (call_id, version, started_at)
    select call_id, version, started_at from given_call order by call_id
    on conflict on constraint call_record_pkey do update
      set version = excluded.version, started_at = excluded.started_at, read_at = now()
      where excluded.version > call_record.version or ($3::boolean and excluded.version = call_record.version)
    returning call_id),
  before as (
    select stream.call_id, stream.segment, stream.media, stream.person_entra_id, stream.started_at, stream.place, stream.site_id
    from taken join call_stream as stream using (call_id)),
  placed as (
    select side.call_id, side.segment, side.media, person.entra_id as person_entra_id, side.started_at, side.seconds,
      address_place.place, address_place.site_id, side.connection, side.round_trip_ms, side.jitter_ms, side.loss_ratio
    from jsonb_to_recordset($2::jsonb) as side(call_id uuid, segment text, media text, person_entra_id text,
      started_at timestamptz, seconds integer, connection text, local_address inet, subnet inet, public_address inet,
      round_trip_ms real, jitter_ms real, loss_ratio real)
    join taken using (call_id)
    join person on person.entra_id = side.person_entra_id and person.presence <> 'gone'
    ${ADDRESS_PLACE}),
  written as (
    insert into call_stream as known (call_id, segment, media, person_entra_id, started_at, seconds, place, site_id,
      connection, round_trip_ms, jitter_ms, loss_ratio)
    select * from placed order by call_id, segment, media, person_entra_id
    on conflict on constraint call_stream_pkey do update
      set started_at = excluded.started_at, seconds = excluded.seconds, place = excluded.place, site_id = excluded.site_id,
        connection = excluded.connection, round_trip_ms = excluded.round_trip_ms, jitter_ms = excluded.jitter_ms,
        loss_ratio = excluded.loss_ratio
      where (known.*) is distinct from (excluded.*)
    returning call_id, segment, media, person_entra_id, started_at, place, site_id),
  removed as (
    delete from call_stream as stream using taken
    where stream.call_id = taken.call_id and not exists (
      select from placed where placed.call_id = stream.call_id and placed.segment = stream.segment
        and placed.media = stream.media and placed.person_entra_id = stream.person_entra_id)
    returning stream.call_id, stream.segment, stream.media, stream.person_entra_id),
  touched as (
    select person_entra_id, started_at, place, site_id from written
    union all
    select before.person_entra_id, before.started_at, before.place, before.site_id
    from before join (select call_id, segment, media, person_entra_id from written
      union all select call_id, segment, media, person_entra_id from removed) as changed
      using (call_id, segment, media, person_entra_id))
  select (select count(*)::integer from taken) as calls, (select count(*)::integer from written) as streams,
    coalesce((select json_agg(distinct jsonb_build_object('person', person_entra_id,
      'week', date_trunc('week', started_at at time zone 'Europe/London')::date)) from touched), '[]') as weeks,
    coalesce((select json_agg(distinct jsonb_build_object('site', site_id,
      'hour', date_trunc('hour', started_at, 'UTC'))) from touched where site_id is not null), '[]') as hours,
    coalesce((select json_agg(distinct person_entra_id) from touched where place = 'home'), '[]') as homes`;

/** The 90th percentile of a column over its group. */
function ninetieth(column: string): string {
  return `percentile_cont(0.9) within group (order by ${column})::real as ${column}`;
}

const QUALITY = `${ninetieth('round_trip_ms')}, ${ninetieth('jitter_ms')}, ${ninetieth('loss_ratio')}`;

/** Works the given weeks of people ($1, a JSON array) out anew from their streams; writes only what differs. */
export const WORK_OUT_WEEKS = `
  with touched as (
    select given.person, given.week, given.week::timestamp at time zone 'Europe/London' as begins,
      (given.week + 7)::timestamp at time zone 'Europe/London' as ends
    from jsonb_to_recordset($1::jsonb) as given(person text, week date)),
  worked_out as (
    select touched.person as person_entra_id, touched.week, stream.place, count(distinct stream.call_id)::integer as calls,
      count(*)::integer as streams, sum(stream.seconds)::bigint as seconds,
      count(*) filter (where connection = 'wired')::integer as wired, count(*) filter (where connection = 'wifi')::integer as wifi,
      count(*) filter (where connection = 'mobile')::integer as mobile, count(*) filter (where connection = 'tunnel')::integer as tunnel,
      ${QUALITY}
    from touched join call_stream as stream
      on stream.person_entra_id = touched.person and stream.started_at >= touched.begins and stream.started_at < touched.ends
    group by touched.person, touched.week, stream.place),
  removed as (
    delete from call_quality_person_week as known using touched
    where known.person_entra_id = touched.person and known.week = touched.week and not exists (
      select from worked_out as fresh
      where fresh.person_entra_id = known.person_entra_id and fresh.week = known.week and fresh.place = known.place))
  insert into call_quality_person_week as known (person_entra_id, week, place, calls, streams, seconds, wired, wifi, mobile,
    tunnel, round_trip_ms, jitter_ms, loss_ratio)
  select * from worked_out order by person_entra_id, week, place
  on conflict on constraint call_quality_person_week_pkey do update
    set calls = excluded.calls, streams = excluded.streams, seconds = excluded.seconds, wired = excluded.wired,
      wifi = excluded.wifi, mobile = excluded.mobile, tunnel = excluded.tunnel, round_trip_ms = excluded.round_trip_ms,
      jitter_ms = excluded.jitter_ms, loss_ratio = excluded.loss_ratio
    where (known.*) is distinct from (excluded.*)`;

/** Works the given hours of sites ($1, a JSON array) out anew from their streams; writes only what differs. */
export const WORK_OUT_HOURS = `
  with touched as (select given.site, given.hour from jsonb_to_recordset($1::jsonb) as given(site integer, hour timestamptz)),
  worked_out as (
    select touched.site as site_id, touched.hour, count(distinct stream.person_entra_id)::integer as people,
      count(*)::integer as streams, count(*) filter (where connection = 'wired')::integer as wired,
      count(*) filter (where connection = 'wifi')::integer as wifi, ${QUALITY}
    from touched join call_stream as stream
      on stream.site_id = touched.site and stream.started_at >= touched.hour
        and stream.started_at < touched.hour + interval '1 hour'
    group by touched.site, touched.hour),
  removed as (
    delete from call_quality_site_hour as known using touched
    where known.site_id = touched.site and known.hour = touched.hour and not exists (
      select from worked_out as fresh where fresh.site_id = known.site_id and fresh.hour = known.hour))
  insert into call_quality_site_hour as known (site_id, hour, people, streams, wired, wifi, round_trip_ms, jitter_ms, loss_ratio)
  select * from worked_out order by site_id, hour
  on conflict on constraint call_quality_site_hour_pkey do update
    set people = excluded.people, streams = excluded.streams, wired = excluded.wired, wifi = excluded.wifi,
      round_trip_ms = excluded.round_trip_ms, jitter_ms = excluded.jitter_ms, loss_ratio = excluded.loss_ratio
    where (known.*) is distinct from (excluded.*)`;
