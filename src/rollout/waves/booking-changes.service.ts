import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import type { AuditEntry } from '../../audit/audit-entry.js';
import type { AuditEventName } from '../../audit/audit-events.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { londonInstant } from '../../common/uk-time.js';
import type { MoveFact } from '../domain/move-fact.js';
import type { BookingState } from '../domain/waves/booking-words.js';
import { MoveDerivationService } from '../move-derivation.service.js';
import { recordFacts } from '../move-facts.service.js';
import type { FoundBooking, LockedMove, LockedSlot } from './booking-rows.queries.js';
import { putLaptopBack, type PutAside } from './laptops-put-aside.service.js';

/** What one command changes about bookings, gathered so that facts, derivation and trail are written once, at its end. */
export interface Changes {
  readonly by: Actor;
  readonly now: Date;
  readonly facts: MoveFact[];
  readonly entries: AuditEntry[];
}

/** A new booking: of a place, or of a delivery. */
export interface NewBooking {
  readonly move: LockedMove;
  readonly laptop: PutAside;
  readonly at: { readonly slot: LockedSlot; readonly place: number } | { readonly deliverOn: string };
}

/** When a delivery is expected, for what needs an instant (Europe/London). */
const DELIVERY_TIME = '12:00';

/** The steps that commands about bookings are made of, each in the transaction of its command. */
@Injectable()
export class BookingChanges {
  constructor(private readonly derivation: MoveDerivationService) {}

  /** Does `work` and then writes what it gathered. The trail comes last, because everybody else waits for it. */
  async gather<T>(
    tx: EntityManager,
    { by, now }: { readonly by: Actor; readonly now: Date },
    work: (changes: Changes) => Promise<T>,
  ): Promise<T> {
    const changes: Changes = { by, now, facts: [], entries: [] };
    const result = await work(changes);
    const moves = [...new Set(changes.facts.flatMap(({ moveId }) => (moveId === null ? [] : [moveId])))];
    if (moves.length > 0) {
      const [programme] = await tx.query<{ id: number }[]>('select programme_id as id from move where id = $1', [
        moves[0],
      ]);
      const programmeId = programme?.id ?? 0;
      await recordFacts(tx, programmeId, changes.facts, by, now);
      await this.derivation.derive(
        tx,
        programmeId,
        moves.sort((a, b) => a - b),
        now,
      );
    }
    await appendToAudit(tx, changes.entries);
    return result;
  }

  /** Books a place or a delivery. @returns the number of the booking */
  async add(tx: EntityManager, changes: Changes, { move, laptop, at }: NewBooking): Promise<number> {
    const slot = 'slot' in at ? at.slot : null;
    const [row] = await tx.query<{ id: number }[]>(
      `insert into booking (move_id, slot_id, slot_capacity, slot_state, place, deliver_on, state, laptop_id,
         laptop_put_aside, booked_by, created_at)
       values ($1, $2, $3, $4, $5, $6, 'booked', $7, $8, $9, $10) returning id`,
      [
        move.id,
        slot?.id ?? null,
        slot?.capacity ?? null,
        slot?.state ?? null,
        'place' in at ? at.place : null,
        'deliverOn' in at ? at.deliverOn : null,
        laptop.laptopId,
        laptop.putAside,
        changes.by,
        changes.now,
      ],
    );
    const id = row?.id ?? 0;
    const startsAt = 'slot' in at ? at.slot.startsAt : londonInstant(at.deliverOn, DELIVERY_TIME);
    this.#note(changes, { id, moveId: move.id }, startsAt, slot === null);
    changes.entries.push(...laptop.entries, this.#entry(changes, 'booking.made', id, move.id, slot?.id ?? null));
    return id;
  }

  /** Puts somebody at the end of the waiting list of a slot. */
  async wait(tx: EntityManager, changes: Changes, move: LockedMove, slot: LockedSlot): Promise<number> {
    const [row] = await tx.query<{ id: number }[]>(
      `insert into booking (move_id, slot_id, slot_capacity, slot_state, state, booked_by, created_at)
       values ($1, $2, $3, $4, 'waiting', $5, $6) returning id`,
      [move.id, slot.id, slot.capacity, slot.state, changes.by, changes.now],
    );
    const id = row?.id ?? 0;
    changes.entries.push(this.#entry(changes, 'booking.waiting', id, move.id, slot.id));
    return id;
  }

  /** Gives somebody on the waiting list a place. */
  async promote(
    tx: EntityManager,
    changes: Changes,
    waiting: FoundBooking,
    slot: LockedSlot,
    { place, laptop }: { readonly place: number; readonly laptop: PutAside },
  ): Promise<void> {
    await tx.query(
      `update booking set state = 'booked', place = $2, laptop_id = $3, laptop_put_aside = $4,
         version = nextval('rollout_version_sequence')
       where id = $1 and state = 'waiting'`,
      [waiting.id, place, laptop.laptopId, laptop.putAside],
    );
    this.#note(changes, waiting, slot.startsAt, false);
    changes.entries.push(
      ...laptop.entries,
      this.#entry(changes, 'booking.promoted', waiting.id, waiting.moveId, slot.id),
    );
  }

  /** Ends a booking and, unless the laptop is handed over with it, puts its laptop back into stock. */
  async end(
    tx: EntityManager,
    changes: Changes,
    booking: FoundBooking,
    personEntraId: string,
    outcome: { readonly state: Exclude<BookingState, 'booked' | 'waiting'>; readonly reason: string | null },
  ): Promise<void> {
    const kept = outcome.state === 'attended' || outcome.state === 'delivered';
    await tx.query(
      `update booking set state = $2, ended_by = $3, ended_at = $4, end_reason = $5,
         place = case when $2 = 'attended' then place end, version = nextval('rollout_version_sequence')
       where id = $1`,
      [booking.id, outcome.state, changes.by, changes.now, outcome.reason],
    );
    if (!kept) changes.entries.push(...(await putLaptopBack(tx, booking, personEntraId)));
    if (booking.state === 'booked') changes.facts.push(this.#endFact(changes, booking, outcome.state));
    changes.entries.push(this.#entry(changes, `booking.${outcome.state}`, booking.id, booking.moveId, booking.slotId));
  }

  /** Takes a laptop that was put aside along from one booking to the next. */
  async handOn(tx: EntityManager, booking: FoundBooking): Promise<PutAside> {
    await tx.query('update booking set laptop_id = null, laptop_put_aside = false where id = $1', [booking.id]);
    return { laptopId: booking.laptopId, putAside: booking.laptopPutAside, entries: [] };
  }

  #note(
    changes: Changes,
    { id, moveId }: { readonly id: number; readonly moveId: number },
    startsAt: Date,
    delivery: boolean,
  ): void {
    changes.facts.push({
      kind: 'slot-booked',
      moveId,
      deviceId: null,
      at: changes.now,
      details: { bookingId: id, startsAt: startsAt.toISOString(), delivery },
      key: `booking:${id}:booked`,
    });
  }

  #endFact(
    changes: Changes,
    { id, moveId }: FoundBooking,
    state: 'cancelled' | 'missed' | 'attended' | 'delivered',
  ): MoveFact {
    const kind = (
      {
        cancelled: 'slot-cancelled',
        missed: 'slot-missed',
        attended: 'slot-attended',
        delivered: 'slot-attended',
      } as const
    )[state];
    return { kind, moveId, deviceId: null, at: changes.now, details: { bookingId: id }, key: `booking:${id}:${state}` };
  }

  #entry(changes: Changes, event: AuditEventName, id: number, move: number, slot: number | null): AuditEntry {
    return { event, actor: changes.by, subject: { kind: 'booking', id }, details: { move, slot } };
  }
}
