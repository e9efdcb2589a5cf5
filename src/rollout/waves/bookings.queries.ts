import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';
import type { MoveState } from '../domain/move-words.js';
import type { BookingState } from '../domain/waves/booking-words.js';

/** A booking of a move. */
export interface KnownBooking {
  readonly id: number;
  readonly state: BookingState;
  readonly slotId: number | null;
  readonly site: string | null;
  /** Instants (ISO 8601, UTC); null for a delivery. */
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  /** Day of a delivery (ISO 8601); null for a slot. */
  readonly deliverOn: string | null;
  readonly tracking: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly reason: string | null;
  /** Turn on the waiting list, from 1; null for who does not wait. */
  readonly turn: number | null;
}

/** Somebody who may stand in for the person of a move. */
export interface KnownDelegate {
  readonly id: number;
  readonly displayName: string | null;
  readonly untilDay: string;
}

/** What a page about a move's bookings begins with. */
export interface MoveToBook {
  readonly id: number;
  readonly programmeId: number;
  readonly personEntraId: string;
  readonly displayName: string | null;
  readonly state: MoveState;
  readonly site: string | null;
  readonly workStyle: string | null;
  readonly readiness: string | null;
}

/** Reads bookings, and who may make them. */
@Injectable()
export class BookingsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** All bookings of a move, the latest first. */
  ofMove(moveId: number): Promise<KnownBooking[]> {
    return this.dataSource.query<KnownBooking[]>(
      `select booking.id, booking.state, booking.slot_id as "slotId", slot.site, ${utc('slot.starts_at')} as "startsAt",
              ${utc('slot.ends_at')} as "endsAt", booking.deliver_on::text as "deliverOn", booking.tracking,
              ${utc('booking.created_at')} as "createdAt", ${utc('booking.ended_at')} as "endedAt",
              booking.end_reason as reason,
              case when booking.state = 'waiting' then (
                select count(*)::integer from booking earlier
                where earlier.slot_id = booking.slot_id and earlier.state = 'waiting' and earlier.id <= booking.id) end as turn
       from booking left join slot on slot.id = booking.slot_id
       where booking.move_id = $1 order by booking.id desc limit 100`,
      [moveId],
    );
  }

  /** The move with its person; null for an unknown one. */
  async move(id: number): Promise<MoveToBook | null> {
    const [row] = await this.dataSource.query<MoveToBook[]>(
      `select move.id, move.programme_id as "programmeId", move.person_entra_id as "personEntraId",
              person.display_name as "displayName", move.state, move.site, move.work_style as "workStyle", move.readiness
       from move left join person on person.entra_id = move.person_entra_id where move.id = $1`,
      [id],
    );
    return row ?? null;
  }

  /** Whoever may stand in for the person on a day. */
  delegates(personEntraId: string, today: string): Promise<KnownDelegate[]> {
    return this.dataSource.query<KnownDelegate[]>(
      `select delegate.id, person.display_name as "displayName", delegate.until_day::text as "untilDay"
       from move_delegate as delegate left join person on person.entra_id = delegate.delegate_entra_id
       where delegate.principal_entra_id = $1 and delegate.ended_at is null and delegate.until_day >= $2
       order by delegate.id`,
      [personEntraId, today],
    );
  }
}
