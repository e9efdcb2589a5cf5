import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RolloutTemplate } from '../domain/messages/templates.js';

/** A message that is due. */
export interface DueMessage {
  readonly event: string;
  readonly recipient: string;
  readonly moveId: number;
  readonly bookingId: number | null;
  /** When the appointment begins (ISO 8601, UTC); null for a message about none. */
  readonly startsAt: string | null;
  readonly useBy: Date;
}

/** The most that one round plans; the rest is planned by the next. */
const AT_ONCE = 5_000;

/** Beginning of an appointment; that of a delivery is the morning of its day. */
export const STARTS_AT = `coalesce(slot.starts_at, (booking.deliver_on + time '08:00') at time zone 'Europe/London')`;
/** When a booking became one, which for somebody on a waiting list is later than when they joined it. */
const BOOKED_AT = `coalesce((
  select max(fact.recorded_at) from move_fact as fact
  where fact.move_id = booking.move_id and fact.kind = 'slot-booked' and fact.details ->> 'bookingId' = booking.id::text),
  booking.created_at)`;
/** When an appointment is over for whoever is to come. */
const LATEST = `coalesce(slot.starts_at, (booking.deliver_on + time '18:00') at time zone 'Europe/London')`;
const UTC_TEXT = `to_char(${STARTS_AT} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The template's days, of `SETTING`. */
const DAYS = '(select days from setting)';
const SETTING = 'with setting as (select $2::integer as days)';

/** Times of day follow the clocks of the UK, across both changes. */
const daysBefore = (days: string, time: string): string =>
  `(((${STARTS_AT} at time zone 'Europe/London')::date - ${days} + time '${time}') at time zone 'Europe/London')`;

const APPOINTMENTS = `
  from booking join move on move.id = booking.move_id left join slot on slot.id = booking.slot_id
  where move.programme_id = $1 and move.state not in ('left', 'deferred', 'exempt', 'out_of_scope', 'already_mobile', 'closed')`;
const aboutBooking = (template: RolloutTemplate, dueAt: string, useBy: string, condition: string): string => `
  select 'booking:' || booking.id || ':${template}' as event, move.person_entra_id as recipient, move.id as move_id,
         booking.id as booking_id, ${UTC_TEXT} as starts_at, ${dueAt} as due_at, ${useBy} as use_by
  ${APPOINTMENTS} and ${condition}`;
/** A reminder that would follow on the heels of the booking says nothing new. */
const reminder = (template: RolloutTemplate, dueAt: string): string =>
  aboutBooking(
    template,
    dueAt,
    `least(${LATEST}, ${dueAt} + make_interval(hours => 12 * greatest(${DAYS}, 2)))`,
    `booking.state = 'booked' and ${dueAt} > ${BOOKED_AT} + interval '12 hours'`,
  );

/** Everything that a template may tell, due or not; `$1` is the programme. */
const CANDIDATES: Readonly<Record<RolloutTemplate, string>> = {
  booked: aboutBooking(
    'booked',
    BOOKED_AT,
    `least(${LATEST}, ${BOOKED_AT} + interval '5 days')`,
    `booking.state = 'booked'`,
  ),
  'ten-days': reminder('ten-days', daysBefore(DAYS, '08:00')),
  'two-days': reminder('two-days', daysBefore(DAYS, '08:00')),
  'day-of': aboutBooking(
    'day-of',
    daysBefore('0', '07:00'),
    LATEST,
    `booking.state = 'booked' and ${daysBefore('0', '07:00')} > ${BOOKED_AT} + interval '12 hours'`,
  ),
  missed: aboutBooking(
    'missed',
    'booking.ended_at',
    `booking.ended_at + interval '3 days'`,
    `booking.state = 'missed'`,
  ),
  'missed-three-times': `
    select 'move:' || move.id || ':missed-three-times:' || (doubt ->> 'since') as event,
           move.manager_entra_id as recipient, move.id as move_id, null::integer as booking_id, null as starts_at,
           (doubt ->> 'since')::timestamptz as due_at,
           (doubt ->> 'since')::timestamptz + interval '7 days' as use_by
    from move cross join lateral jsonb_array_elements(move.doubts) as doubt
    where move.programme_id = $1 and move.manager_entra_id is not null and doubt ->> 'kind' = 'missed-three-times'`,
  'desktop-not-returned': `
    select 'move:' || id || ':desktop-not-returned:' || handed_over || ':' || turn as event, person_entra_id as recipient,
           id as move_id, null::integer as booking_id, null as starts_at, due_at, due_at + interval '3 days' as use_by
    from (select move.id, move.person_entra_id, turn, since.handed_over,
                 (since.handed_over + turn * ${DAYS} + time '08:00') at time zone 'Europe/London' as due_at
          from move cross join generate_series(1, 3) as turn
          cross join lateral (select (move.laptop_since at time zone 'Europe/London')::date as handed_over) as since
          where move.programme_id = $1 and move.state = 'handed_over' and move.laptop_since is not null
            and move.recovered_count < move.desktop_count) as reminder`,
};

const AN_APPOINTMENT = `select move_id as id from booking where state = 'booked' order by id desc limit 1`;
const EXAMPLES: Readonly<Partial<Record<RolloutTemplate, string>>> = {
  missed: `select move_id as id from booking where state = 'missed' order by id desc limit 1`,
  'missed-three-times': `select id from move where doubts @> '[{"kind": "missed-three-times"}]' order by id desc limit 1`,
  'desktop-not-returned': `
    select id from move where state = 'handed_over' and recovered_count < desktop_count order by id desc limit 1`,
};

/** Reads what is to be told to whom, out of bookings and moves. */
@Injectable()
export class DueMessagesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** What is due now and not in the outbox yet. */
  due(
    tx: EntityManager,
    programmeId: number,
    template: RolloutTemplate,
    days: number | null,
    now: Date,
  ): Promise<DueMessage[]> {
    return tx.query<DueMessage[]>(
      `${SETTING}
       select event, recipient, move_id as "moveId", booking_id as "bookingId", starts_at as "startsAt", use_by as "useBy"
       from (${CANDIDATES[template]}) as candidate
       where due_at <= $3 and use_by > $3 and not exists (
         select from message where message.event = candidate.event
           and message.recipient_entra_id = candidate.recipient and message.channel = 'mail')
       order by due_at, event limit ${AT_ONCE}`,
      [programmeId, days, now],
    );
  }

  /** When the next one is due after now, as far as is known today; null when none is. */
  async next(programmeId: number, template: RolloutTemplate, days: number | null, now: Date): Promise<Date | null> {
    const [row] = await this.dataSource.query<{ next: Date | null }[]>(
      `${SETTING} select min(due_at) as next from (${CANDIDATES[template]}) as candidate where due_at > $3`,
      [programmeId, days, now],
    );
    return row?.next ?? null;
  }

  /** A move that shows what a template looks like; null when there is none. */
  async example(template: RolloutTemplate): Promise<number | null> {
    const [row] = await this.dataSource.query<{ id: number }[]>(EXAMPLES[template] ?? AN_APPOINTMENT);
    return row?.id ?? null;
  }
}
