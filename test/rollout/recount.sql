-- What the figures of a rollout must be, found from the raw facts, the baseline and nothing else: for every time at which
-- something was learned, what the facts known by then mean. $1 is the programme. Nothing here reads the derived tables.
create temporary table counting as
  select fact.* from move_fact as fact
  where fact.programme_id = $1 and fact.kind <> 'retracted';

create index on counting (device_id);
create index on counting (move_id);
analyze counting;

create temporary table withdrawn as
  select details ->> 'key' as key, recorded_at from move_fact where programme_id = $1 and kind = 'retracted';

-- A machine and the people who had it.
create temporary table tie as
  select distinct move_id, device_id from counting where kind = 'desktop-assigned' and move_id is not null;

create temporary table moment as
  select distinct move_id, at from (
    select move_id, recorded_at as at from counting where move_id is not null
    union all
    select tie.move_id, counting.recorded_at from counting join tie using (device_id)
    union all
    select move_id, (details ->> 'until')::date::timestamp at time zone 'Europe/London' from counting
    where kind in ('deferred', 'exempted') and details ->> 'until' is not null
  ) as times
  where at >= (select min(recorded_at) from counting where counting.move_id = times.move_id and kind = 'entered-scope');

create temporary table machine_moment as
  select distinct device_id, recorded_at as at from counting
  where device_id is not null and kind not like 'laptop-%' and device_id in (
    select device_id from baseline_desktop where programme_id = $1
    union select device_id from counting where kind = 'entered-scope' and device_id is not null
    union select device_id from tie);

-- Whoever had a machine first: it belongs where they belong.
create temporary table first_user as
  select distinct on (device_id) device_id, move_id from counting
  where kind = 'desktop-assigned' and move_id is not null order by device_id, at, key;

-- When a machine was enrolled: the latest that any record of it says, else what the records kept elsewhere say of its serial
-- number (the spec fills the table told_machine from their file).
create temporary table enrolment as
  select device.id as device_id, coalesce(
    (select max(enrolled_at) from device_record as record where record.device_id = device.id and enrolled_at <= now()),
    (select min(enrolled_at) from told_machine where told_machine.serial_number = device.serial_number)) as enrolled_at
  from device where id in (select device_id from counting);

create index on enrolment (device_id);
analyze enrolment;

-- A desktop at a moment: the last of each thing that was learned of it by then.
create temporary table machine_standing as
  with known as (
    select moment.device_id, moment.at as moment, fact.kind, fact.at, fact.details
    from machine_moment as moment
    join counting as fact on fact.device_id = moment.device_id and fact.recorded_at <= moment.at
      and not exists (select from withdrawn where withdrawn.key = fact.key and withdrawn.recorded_at <= moment.at)
  ), last as (
    select device_id, moment,
      max(at) filter (where kind = 'desktop-reclassified' or kind = 'left-scope') as went_out,
      max(at) filter (where kind = 'entered-scope') as came_in,
      max(at) filter (where kind = 'desktop-recovered') as recovered,
      max(at) filter (where kind = 'desktop-wiped' and details ->> 'evidence' is not null) as wiped,
      max(at) filter (where kind = 'desktop-returned-to-use'
                         or kind = 'desktop-assigned' and details ->> 'by' = 'custody') as given,
      max(at) filter (where kind = 'desktop-seen') as seen,
      max(at) filter (where kind = 'desktop-left-estate') as gone,
      (array_agg(details ->> 'reason' order by at desc) filter (where kind = 'desktop-left-estate'))[1] as gone_how,
      (array_agg(details ->> 'reason' order by at desc) filter (where kind = 'entered-scope'))[1] as came_how
    from known group by device_id, moment
  )
  select device_id, moment, coalesce(came_how, 'baseline') as came_how, gone_how, seen, recovered,
    went_out is not null and (came_in is null or came_in < went_out) as is_out,
    recovered is not null and (given is null or given <= recovered) as is_back,
    wiped is not null and recovered is not null and (given is null or given <= recovered) as is_wiped,
    gone is not null and (given is null or given < gone) and (recovered is null or recovered < gone and gone_how <> 'gone')
      and (gone_how <> 'gone' or seen is null or seen < gone) as is_gone,
    wiped
  from last;

create temporary table machine_state as
  select device_id, moment,
    case when is_out then 'out' when is_back and is_wiped then 'recovered' when is_gone then 'gone'
         when is_back then 'recovered' else 'remaining' end as state,
    case when is_out then 'reclassified' when is_gone and not (is_back and is_wiped) then gone_how else came_how end as reason
  from machine_standing;

create index on machine_standing (device_id, moment);
analyze machine_standing;
analyze moment;

-- Somebody at a moment.
create temporary table standing as
  with known as (
    select moment.move_id, moment.at as moment, fact.id, fact.kind, fact.at, fact.details, fact.device_id
    from moment
    join counting as fact on fact.move_id = moment.move_id and fact.recorded_at <= moment.at
      and not exists (select from withdrawn where withdrawn.key = fact.key and withdrawn.recorded_at <= moment.at)
  ), scope as (
    select move_id, moment,
      min(at) filter (where kind = 'entered-scope') as first_entered,
      max(at) filter (where kind = 'entered-scope') as last_entered,
      (array_agg(details ->> 'reason' order by at desc) filter (where kind = 'entered-scope'))[1] as entered_how,
      max(at) filter (where kind = 'left-scope') as left_scope,
      (array_agg(details ->> 'reason' order by at desc) filter (where kind = 'left-scope'))[1] as left_how,
      max(at) filter (where kind = 'left-organisation') as left_council,
      max(at) filter (where kind = 'returned-to-organisation'
                         or kind = 'entered-scope' and details ->> 'reason' = 'rehire') as returned,
      max(at) filter (where kind = 'exempted') as exempted,
      (array_agg(details ->> 'until' order by at desc) filter (where kind = 'exempted'))[1] as exempted_until,
      max(at) filter (where kind = 'exemption-ended'
                         or kind = 'entered-scope' and details ->> 'reason' = 'exemption_ended') as exemption_ended
    from known group by move_id, moment
  ), since as (
    -- What was said before somebody left and came back is forgotten.
    select scope.*, case when returned > left_council then returned else '-infinity' end as counts_from,
      case when returned > left_council then returned else first_entered end as entered
    from scope
  ), plan as (
    select since.move_id, since.moment,
      coalesce(
        (array_agg(details ->> 'workStyle' order by at desc, id desc) filter (where kind = 'work-style-confirmed'))[1],
        (array_agg(details ->> 'workStyle' order by at desc, id desc) filter (where kind = 'work-style-proposed'))[1]
      ) as work_style,
      bool_or(kind = 'assessed' and at >= counts_from) as assessed,
      (array_agg(details ->> 'outcome' order by at desc, id desc) filter (where kind = 'readiness-changed'))[1] as readiness,
      max(at) filter (where kind = 'no-desktop-stated' and at >= counts_from) as none_stated,
      max(at) filter (where kind = 'rolled-back' and at >= counts_from) as rolled_back,
      max(at) filter (where kind in ('assessed', 'slot-booked', 'laptop-assigned')) as begun,
      max(at) filter (where kind = 'reopened' and at >= counts_from) as reopened,
      max(at) filter (where kind = 'deferred' and at >= counts_from) as deferred,
      (array_agg(details ->> 'until' order by at desc) filter (where kind = 'deferred'))[1] as deferred_until,
      max(at) filter (where kind = 'deferral-ended') as deferral_ended
    from since join known on (known.move_id, known.moment) = (since.move_id, since.moment)
    group by since.move_id, since.moment
  ), laptop as (
    select move_id, moment, count(*) as held, min(assigned) as held_since
    from (select move_id, moment, device_id, min(at) filter (where kind = 'laptop-assigned') as assigned,
                 coalesce(max(at) filter (where kind = 'laptop-assigned')
                            >= max(at) filter (where kind = 'laptop-returned'), true) as has
          from known where kind in ('laptop-assigned', 'laptop-returned') group by 1, 2, 3) as laptops
    where has group by move_id, moment
  ), booking as (
    select move_id, moment
    from (select move_id, moment, details ->> 'bookingId' as booking,
                 bool_or(kind = 'slot-booked') and not bool_or(kind <> 'slot-booked') as is_open
          from known where kind like 'slot-%' group by 1, 2, 3) as bookings
    where is_open group by move_id, moment
  ), desktop as (
    select since.move_id, since.moment,
      count(*) filter (where counts) as counted,
      count(*) filter (where counts and not is_back) as open,
      count(*) filter (where counts and not is_wiped) as unwiped,
      bool_or(counts and seen > greatest(recovered, wiped)) as seen_again,
      max(wiped) filter (where counts) as proof,
      min(enrolled_at) filter (where counts) as oldest_enrolled_at,
      bool_or(assigned <= since.entered and not is_out and not (is_back and recovered <= since.entered)) as had_one
    from since
    join (select move_id, moment, device_id, min(at) as assigned from known where kind = 'desktop-assigned' group by 1, 2, 3)
      as own on (own.move_id, own.moment) = (since.move_id, since.moment)
    left join enrolment on enrolment.device_id = own.device_id
    cross join lateral (
      select machine.* from machine_standing as machine
      where machine.device_id = own.device_id and machine.moment <= since.moment order by machine.moment desc limit 1) as machine
    cross join lateral (
      select not is_out and not (is_back and recovered < since.first_entered)
         and not coalesce(is_back and since.returned > since.left_council
                          and recovered between since.left_council and since.returned, false)
         and not coalesce(is_gone and machine.gone_how <> 'gone', false) as counts) as counting_one
    group by since.move_id, since.moment
  ), put_together as (
    select since.*, plan.*, coalesce(held, 0) as held, held_since, booking.move_id is not null as booked,
      coalesce(counted, 0) as counted, coalesce(open, 0) as open, coalesce(unwiped, 0) as unwiped,
      coalesce(seen_again, false) as seen_again, proof, oldest_enrolled_at, coalesce(had_one, false) as had_one,
      since.move_id as move, since.moment as when_known
    from since
    join plan on (plan.move_id, plan.moment) = (since.move_id, since.moment)
    left join laptop on (laptop.move_id, laptop.moment) = (since.move_id, since.moment)
    left join booking on (booking.move_id, booking.moment) = (since.move_id, since.moment)
    left join desktop on (desktop.move_id, desktop.moment) = (since.move_id, since.moment)
  )
  select move as move_id, when_known as moment, readiness, work_style, oldest_enrolled_at,
    case
      when left_council is not null and (returned is null or returned < left_council) then 'left'
      when left_scope >= last_entered then 'out_of_scope'
      when exempted is not null and (exemption_ended is null or exemption_ended < exempted)
        and (exempted_until is null
             or exempted_until::date::timestamp at time zone 'Europe/London' > when_known) then 'exempt'
      when held > 0 and held_since <= entered and counted = 0 and not had_one then 'already_mobile'
      when held > 0 and open = 0 and (counted > 0 or none_stated is not null) and unwiped = 0 and not seen_again
        and (rolled_back is null or begun > rolled_back)
        and (reopened is null or greatest(proof, none_stated) > reopened) then 'closed'
      when held > 0 then 'with_laptop'
      when deferred is not null and (deferral_ended is null or deferral_ended < deferred)
        and deferred_until::date::timestamp at time zone 'Europe/London' > when_known then 'deferred'
      when rolled_back is not null and (begun is null or begun <= rolled_back) then 'rolled_back'
      when booked then 'scheduled'
      when assessed and readiness = 'ready' then 'ready'
      when assessed and readiness is not null then 'blocked'
      else 'waiting'
    end as state,
    case
      when left_council is not null and (returned is null or returned < left_council) then 'leaver'
      when left_scope >= last_entered then left_how
      when exempted is not null and (exemption_ended is null or exemption_ended < exempted)
        and (exempted_until is null
             or exempted_until::date::timestamp at time zone 'Europe/London' > when_known) then 'exemption'
      when held > 0 and held_since <= entered and counted = 0 and not had_one then 'already_mobile'
      when exempted is not null and (returned is null or returned < exempted) then 'exemption_ended'
      when returned > left_council then 'rehire'
      else entered_how
    end as reason
  from put_together;

create index on standing (move_id, moment);
analyze standing;
