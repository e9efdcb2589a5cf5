import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';
import type { BookingState } from '../domain/waves/booking-words.js';
import { spanOf } from './slots.service.js';

/** A slot with its free places. */
export interface SlotWithPlaces {
  readonly id: number;
  readonly site: string;
  /** Instants (ISO 8601, UTC). */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly cutOffAt: string;
  readonly capacity: number;
  readonly taken: number;
  readonly waiting: number;
  readonly state: 'open' | 'closed';
  readonly engineer: { readonly id: number | null; readonly displayName: string | null };
}

/** Somebody of a slot. */
export interface PersonInSlot {
  readonly moveId: number;
  readonly displayName: string | null;
  readonly state: BookingState;
  readonly atRisk: boolean;
}

/** Days on which a site, or all, is closed. */
export interface KnownClosure {
  readonly id: number;
  readonly site: string | null;
  readonly fromDay: string;
  readonly untilDay: string;
  readonly reason: string;
}

const SLOT = `
  select slot.id, slot.site, ${utc('slot.starts_at')} as "startsAt", ${utc('slot.ends_at')} as "endsAt",
         ${utc('slot.cut_off_at')} as "cutOffAt", slot.capacity, slot.state,
         (select count(*)::integer from booking where booking.slot_id = slot.id and booking.place is not null) as taken,
         (select count(*)::integer from booking where booking.slot_id = slot.id and booking.state = 'waiting') as waiting,
         json_build_object('id', engineer.id, 'displayName', engineer.display_name) as engineer
  from slot left join person as engineer on engineer.entra_id = slot.engineer_entra_id`;

/** Slots that one answer has at most: four weeks of a large council. */
export const MOST_SLOTS_SHOWN = 2_000;

/** Reads slots and their places. */
@Injectable()
export class SlotsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The slots of some days (Europe/London), at one site or all, in the order of their times. */
  ofDays(
    programmeId: number,
    { fromDay, untilDay, site }: { readonly fromDay: string; readonly untilDay: string; readonly site: string | null },
  ): Promise<SlotWithPlaces[]> {
    const { from, until } = spanOf(fromDay, untilDay);
    return this.dataSource.query<SlotWithPlaces[]>(
      `${SLOT} where slot.programme_id = $1 and slot.starts_at >= $2 and slot.starts_at < $3 and ($4::text is null or slot.site = $4)
       order by slot.starts_at, slot.site, slot.id limit ${MOST_SLOTS_SHOWN}`,
      [programmeId, from, until, site],
    );
  }

  /** Open slots that somebody can still book, those of their own site first. */
  bookable(programmeId: number, site: string | null, now: Date, late: boolean, limit = 60): Promise<SlotWithPlaces[]> {
    return this.dataSource.query<SlotWithPlaces[]>(
      `${SLOT} where slot.programme_id = $1 and slot.state = 'open'
         and case when $4 then slot.starts_at else slot.cut_off_at end > $3
       order by slot.site is not distinct from $2 desc, slot.starts_at, slot.id limit $5`,
      [programmeId, site, now, late, limit],
    );
  }

  async one(id: number): Promise<SlotWithPlaces | null> {
    const [row] = await this.dataSource.query<SlotWithPlaces[]>(`${SLOT} where slot.id = $1`, [id]);
    return row ?? null;
  }

  /** Who is booked into a slot or waits for it, by place and turn. */
  people(slotId: number): Promise<PersonInSlot[]> {
    return this.dataSource.query<PersonInSlot[]>(
      `select booking.move_id as "moveId", person.display_name as "displayName", booking.state, move.at_risk as "atRisk"
       from booking join move on move.id = booking.move_id left join person on person.entra_id = move.person_entra_id
       where booking.slot_id = $1 and booking.state <> 'cancelled'
       order by booking.state = 'waiting', booking.place nulls last, booking.id limit 500`,
      [slotId],
    );
  }

  /** Sites that have slots, or people who are to move. */
  async sites(programmeId: number): Promise<string[]> {
    const rows = await this.dataSource.query<{ site: string }[]>(
      `select site from slot where programme_id = $1 union select site from move where programme_id = $1 and site is not null
       order by site limit 500`,
      [programmeId],
    );
    return rows.map(({ site }) => site);
  }

  /** Closures that hold and are not over. */
  closures(programmeId: number, today: string): Promise<KnownClosure[]> {
    return this.dataSource.query<KnownClosure[]>(
      `select id, site, from_day::text as "fromDay", until_day::text as "untilDay", reason from slot_closure
       where programme_id = $1 and withdrawn_at is null and until_day >= $2 order by from_day, id`,
      [programmeId, today],
    );
  }
}
