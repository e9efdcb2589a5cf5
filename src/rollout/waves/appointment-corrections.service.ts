import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ConflictError, NotFoundError } from '../../common/errors.js';
import { londonDay } from '../../common/uk-time.js';
import { once } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import { missedCountOf, type AppointmentOutcome, type AppointmentRequest } from './appointments.service.js';
import type { BookingActor } from './booking-actor.js';
import { BookingChanges, type Changes } from './booking-changes.service.js';
import {
  bookingOf,
  freePlace,
  liveBookingOf,
  lockMoves,
  lockSlots,
  type FoundBooking,
  type LockedMove,
  type LockedSlot,
} from './booking-rows.queries.js';
import { isHandedOver, putLaptopAside, putLaptopBack, type PutAside } from './laptops-put-aside.service.js';

/** What is put in place of the other. */
export type CorrectedState = 'attended' | 'missed';

/** A correction of what was said about an appointment. */
export interface AppointmentCorrection extends AppointmentRequest {
  readonly state: CorrectedState;
  readonly reason: string;
}

/** Puts right what was said of an appointment, on the day on which it was said: who came did not, or the other way round. */
@Injectable()
export class AppointmentCorrections {
  constructor(
    private readonly transactor: Transactor,
    private readonly changes: BookingChanges,
  ) {}

  /**
   * Says the other of the two, with a reason; the laptop goes back into stock, or is put aside again.
   * @throws ConflictError on another day, for a booking of which neither was said, when the laptop was handed over, or when
   * the place or the person is booked otherwise by now
   */
  correct(
    { bookingId, state, reason, idempotencyKey }: AppointmentCorrection,
    by: BookingActor,
    now = new Date(),
  ): Promise<AppointmentOutcome> {
    return this.transactor.run((tx) => {
      const work = async (): Promise<AppointmentOutcome> => {
        const moveId = await this.changes.gather(tx, { by: by.actor, now }, (changes) =>
          correctWithin(tx, changes, bookingId, state, reason),
        );
        return { bookingId, moveId, state, missedCount: await missedCountOf(tx, moveId) };
      };
      return idempotencyKey === null
        ? work()
        : once(tx, { actor: by.actor, key: idempotencyKey, request: { correct: bookingId, state, reason } }, work);
    });
  }
}

/** @returns the number of the move */
async function correctWithin(
  tx: EntityManager,
  changes: Changes,
  bookingId: number,
  state: CorrectedState,
  reason: string,
): Promise<number> {
  const { by, now } = changes;
  const { booking, slot, move } = await lockAppointment(tx, bookingId);
  if (booking.state !== (state === 'missed' ? 'attended' : 'missed')) {
    throw new ConflictError('There is nothing to correct: this was not said. Load the page again.');
  }
  if (booking.endedAt === null || londonDay(booking.endedAt) !== londonDay(now)) {
    throw new ConflictError('It can be corrected only on the day on which it was said.');
  }
  if (state === 'missed') await toMissed(tx, changes, booking, move);
  else await toAttended(tx, changes, booking, slot, move);
  await tx.query('update booking set ended_by = $2, ended_at = $3, end_reason = $4 where id = $1', [
    bookingId,
    by,
    now,
    reason,
  ]);
  const about = { moveId: move.id, deviceId: null, at: now };
  const retraction = { key: booking.factKey, reason };
  changes.facts.push(
    { ...about, kind: 'retracted', details: retraction, key: `retracted:${booking.factKey}` },
    {
      ...about,
      kind: state === 'missed' ? 'slot-missed' : 'slot-attended',
      details: { bookingId },
      // The same can be said again, of what was corrected back.
      key: `booking:${bookingId}:${state}:${now.toISOString()}`,
    },
  );
  changes.entries.push({
    event: 'booking.corrected',
    actor: by,
    subject: { kind: 'booking', id: bookingId },
    details: { move: move.id, slot: slot.id, before: booking.state, after: state },
  });
  return move.id;
}

/** An appointment of which something was said. */
interface SaidAppointment extends FoundBooking {
  readonly endedAt: Date | null;
  /** Key of the fact that was recorded last. */
  readonly factKey: string;
}

async function lockAppointment(
  tx: EntityManager,
  bookingId: number,
): Promise<{ readonly booking: SaidAppointment; readonly slot: LockedSlot; readonly move: LockedMove }> {
  const found = await bookingOf(tx, bookingId);
  if (!found) throw new NotFoundError('There is no such booking.');
  if (found.slotId === null) throw new ConflictError('This booking is a delivery.');
  const slot = (await lockSlots(tx, [found.slotId])).get(found.slotId);
  const move = (await lockMoves(tx, [found.moveId])).get(found.moveId);
  const booking = await bookingOf(tx, bookingId);
  const [said] = await tx.query<{ endedAt: Date | null; factKey: string | null }[]>(
    `select booking.ended_at as "endedAt", (
       select key from move_fact as fact
       where fact.move_id = booking.move_id and fact.kind in ('slot-attended', 'slot-missed')
         and (fact.details ->> 'bookingId')::integer = booking.id order by fact.id desc limit 1) as "factKey"
     from booking where booking.id = $1`,
    [bookingId],
  );
  if (!slot || !move || !booking || !said?.factKey) {
    throw new ConflictError('There is nothing to correct: nothing was said of this appointment yet.');
  }
  return { booking: { ...booking, endedAt: said.endedAt, factKey: said.factKey }, slot, move };
}

async function toMissed(
  tx: EntityManager,
  changes: Changes,
  booking: FoundBooking,
  { personEntraId }: LockedMove,
): Promise<void> {
  if (await isHandedOver(tx, booking, personEntraId)) {
    throw new ConflictError('The laptop has been handed over. If that is wrong, take it back first.');
  }
  changes.entries.push(...(await putLaptopBack(tx, booking, personEntraId)));
  await tx.query(
    `update booking set state = 'missed', place = null, laptop_put_aside = false,
       version = nextval('rollout_version_sequence') where id = $1`,
    [booking.id],
  );
}

async function toAttended(
  tx: EntityManager,
  changes: Changes,
  booking: FoundBooking,
  slot: LockedSlot,
  move: LockedMove,
): Promise<void> {
  if ((await liveBookingOf(tx, move.id)) !== null) {
    throw new ConflictError('The person has another booking by now. Cancel that one first.');
  }
  const place = await freePlace(tx, slot);
  if (place === null) throw new ConflictError('All places of this slot are taken by others.');
  const laptop: PutAside = (await putLaptopAside(tx, move, slot.site, booking.laptopId)) ?? {
    laptopId: null,
    putAside: false,
    entries: [],
  };
  changes.entries.push(...laptop.entries);
  await tx.query(
    `update booking set state = 'attended', place = $2, laptop_id = $3, laptop_put_aside = $4,
       version = nextval('rollout_version_sequence') where id = $1`,
    [booking.id, place, laptop.laptopId, laptop.putAside],
  );
}
