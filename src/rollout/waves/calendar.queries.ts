import { Injectable } from '@nestjs/common';
import ical, { ICalCalendarMethod } from 'ical-generator';
import { DataSource } from 'typeorm';
import { hashOf } from '../../auth/secret.js';
import type { FeedPurpose } from './calendar-feeds.service.js';

/** An address that works, as its owner sees it. */
export interface LiveFeed {
  readonly id: number;
  readonly purpose: FeedPurpose;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

interface Event {
  readonly id: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly site: string | null;
  readonly summary: string;
}

/** Days back that a calendar still shows. */
const DAYS_BACK = 30;
const DAYS_AHEAD = 366;

/** The person's own place; a delivery takes up no time of theirs and has no event. */
const OWN = `
  select 'booking-' || booking.id as id, slot.starts_at as "startsAt", slot.ends_at as "endsAt", slot.site,
         'Get your laptop' as summary
  from booking join slot on slot.id = booking.slot_id join move on move.id = booking.move_id
  where move.person_entra_id = $1 and booking.state in ('booked', 'attended')
    and slot.starts_at between $2::timestamptz - make_interval(days => ${DAYS_BACK}) and $2::timestamptz + make_interval(days => ${DAYS_AHEAD})
  order by slot.starts_at`;

/** Engineers must meet those who come, so that their names are in it; nothing else of them is. */
const ENGINEER = `
  select 'slot-' || slot.id as id, slot.starts_at as "startsAt", slot.ends_at as "endsAt", slot.site,
         coalesce(string_agg(coalesce(person.display_name, 'Somebody without a name'), ', ' order by booking.place)
                    filter (where booking.id is not null), 'Nobody booked')
           || ' (' || count(booking.id) || ' of ' || slot.capacity || ')' as summary
  from slot
  left join booking on booking.slot_id = slot.id and booking.state in ('booked', 'attended')
  left join move on move.id = booking.move_id
  left join person on person.entra_id = move.person_entra_id
  where slot.engineer_entra_id = $1 and slot.state = 'open'
    and slot.starts_at between $2::timestamptz - make_interval(days => ${DAYS_BACK}) and $2::timestamptz + make_interval(days => ${DAYS_AHEAD})
  group by slot.id order by slot.starts_at`;

/** Reads calendars and their addresses. */
@Injectable()
export class CalendarQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The addresses of a person that work. */
  feedsOf(personEntraId: string, now: Date): Promise<LiveFeed[]> {
    return this.dataSource.query<LiveFeed[]>(
      `select id, purpose, issued_at as "issuedAt", expires_at as "expiresAt" from calendar_feed
       where person_entra_id = $1 and revoked_at is null and expires_at > $2 order by purpose`,
      [personEntraId, now],
    );
  }

  /**
   * The calendar under a secret, in UTC throughout (RFC 5545); null for a secret that is unknown, revoked or expired, or whose
   * owner has left.
   */
  async calendar(secret: string, now: Date): Promise<string | null> {
    const [feed] = await this.dataSource.query<{ personEntraId: string; purpose: FeedPurpose }[]>(
      `select feed.person_entra_id as "personEntraId", feed.purpose from calendar_feed as feed
       join person on person.entra_id = feed.person_entra_id and person.account_enabled and person.presence = 'present'
       where feed.secret_hash = $1 and feed.revoked_at is null and feed.expires_at > $2`,
      [hashOf(secret), now],
    );
    if (!feed) return null;
    const events = await this.dataSource.query<Event[]>(feed.purpose === 'own' ? OWN : ENGINEER, [
      feed.personEntraId,
      now,
    ]);
    const calendar = ical({
      name: feed.purpose === 'own' ? 'My laptop' : 'Laptop hand-overs',
      prodId: { company: 'Untether', product: 'Rollout', language: 'EN' },
      method: ICalCalendarMethod.PUBLISH,
      ttl: 60 * 60,
    });
    for (const { id, startsAt, endsAt, site, summary } of events) {
      calendar.createEvent({
        id: `${id}@untether`,
        start: startsAt,
        end: endsAt,
        stamp: now,
        summary,
        ...(site === null ? {} : { location: site }),
      });
    }
    return calendar.toString();
  }
}
