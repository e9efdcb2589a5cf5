import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { ConflictError } from '../../common/errors.js';
import type { BookingActor } from './booking-actor.js';
import { BookingsService } from './bookings.service.js';

/** Bookings, and slots, that one round looks at; the rest is for the next. */
const AT_ONCE = 200;
const SWEEPER: BookingActor = {
  actor: 'system:rollout-bookings' satisfies Actor,
  personEntraId: null,
  permissions: new Set(['rollout:manage']),
};

/** Live bookings of people who do not move any more, or have their laptop already before the appointment. */
const POINTLESS = `
  select booking.id as "bookingId", booking.move_id as "moveId", move.state from booking
  join move on move.id = booking.move_id left join slot on slot.id = booking.slot_id
  where booking.state in ('booked', 'waiting')
    and (move.state in ('left', 'exempt', 'out_of_scope', 'already_mobile', 'deferred')
         or (move.state in ('handed_over', 'desktop_recovered', 'closed')
             and (booking.state = 'waiting' or slot.starts_at > $1::timestamptz + interval '1 day')))
  order by booking.id limit ${AT_ONCE}`;

/** Turns on lists of slots that have begun. */
const OUTLIVED = `
  select booking.id as "bookingId", booking.move_id as "moveId", 'over' as state from booking
  join slot on slot.id = booking.slot_id
  where booking.state = 'waiting' and slot.starts_at <= $1 order by booking.id limit ${AT_ONCE}`;

/** Slots with somebody who waits although a place is free. */
const WITH_ROOM = `
  select slot.id from slot
  where slot.state = 'open' and slot.cut_off_at > $1
    and exists (select from booking waiting join move on move.id = waiting.move_id
                where waiting.slot_id = slot.id and waiting.state = 'waiting' and move.readiness = 'ready')
    and slot.capacity > (select count(*) from booking taken where taken.slot_id = slot.id and taken.place is not null)
  order by slot.id limit ${AT_ONCE}`;

const REASONS: Readonly<Record<string, string>> = {
  left: 'Left the council',
  exempt: 'Exempt from the programme',
  out_of_scope: 'Not in the scope of the programme any more',
  already_mobile: 'Has a laptop already',
  deferred: 'The move was deferred',
  over: 'The slot began before a place was free',
};

/** Ends bookings that nobody can keep any more, so that neither a place nor a laptop is left behind. */
@Injectable()
export class BookingSweep {
  constructor(
    private readonly dataSource: DataSource,
    private readonly bookings: BookingsService,
  ) {}

  /** One round. @returns how many bookings were ended, and how many who waited got a place */
  async run(now = new Date()): Promise<{ readonly ended: number; readonly promoted: number }> {
    let ended = 0;
    for (const statement of [POINTLESS, OUTLIVED]) {
      const found = await this.dataSource.query<{ bookingId: number; moveId: number; state: string }[]>(statement, [
        now,
      ]);
      for (const { bookingId, moveId, state } of found) {
        const reason = REASONS[state] ?? 'Got the laptop before the appointment';
        ended += await this.#end(moveId, bookingId, reason, now);
      }
    }
    let promoted = 0;
    for (const { id } of await this.dataSource.query<{ id: number }[]>(WITH_ROOM, [now])) {
      promoted += await this.bookings.fillFromWaitingList(id, SWEEPER, now);
    }
    return { ended, promoted };
  }

  async #end(moveId: number, bookingId: number, reason: string, now: Date): Promise<number> {
    try {
      await this.bookings.cancel({ moveId, bookingId, reason, idempotencyKey: null }, SWEEPER, now);
      return 1;
    } catch (error) {
      // Somebody ended it at the same moment.
      if (error instanceof ConflictError) return 0;
      throw error;
    }
  }
}
