import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { londonDay } from '../../common/uk-time.js';
import { once } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import type { BookingActor } from './booking-actor.js';
import { BookingChanges } from './booking-changes.service.js';
import { bookingOf, lockMoves, lockSlots, type FoundBooking } from './booking-rows.queries.js';

/** A word about one appointment. */
export interface AppointmentRequest {
  readonly bookingId: number;
  readonly idempotencyKey: string | null;
}

/** What became of an appointment. */
export interface AppointmentOutcome {
  readonly bookingId: number;
  readonly moveId: number;
  readonly state: FoundBooking['state'];
  /** Appointments that this person has missed so far. */
  readonly missedCount: number;
}

/** What an engineer says of the day: who came, who did not, what was delivered. */
@Injectable()
export class AppointmentsService {
  constructor(
    private readonly transactor: Transactor,
    private readonly changes: BookingChanges,
  ) {}

  /** The person came. @throws ConflictError before the day, or for a booking that is over */
  attended(request: AppointmentRequest, by: BookingActor, now = new Date()): Promise<AppointmentOutcome> {
    return this.#say(request, 'attended', by, now, (startsAt) =>
      londonDay(startsAt) <= londonDay(now) ? null : 'The day of this appointment has not come yet.',
    );
  }

  /**
   * The person did not come: the laptop goes back into stock, and the attempt is counted.
   * @throws ConflictError before the appointment begins, or for a booking that is over
   */
  missed(request: AppointmentRequest, by: BookingActor, now = new Date()): Promise<AppointmentOutcome> {
    return this.#say(request, 'missed', by, now, (startsAt) =>
      startsAt <= now ? null : 'This appointment has not begun yet. Cancel it if the person cannot come.',
    );
  }

  /** The laptop arrived at the person's home. @throws ConflictError for a booking of a slot, or one that is over */
  delivered(request: AppointmentRequest, by: BookingActor, now = new Date()): Promise<AppointmentOutcome> {
    return this.#say(request, 'delivered', by, now, () => null);
  }

  /** Notes the carrier's number of a delivery. @throws ConflictError unless it is a delivery under way */
  async sent(bookingId: number, tracking: string, by: BookingActor, now = new Date()): Promise<AppointmentOutcome> {
    if (!/^[\p{L}\d][\p{L}\d \-/]{0,59}$/u.test(tracking)) {
      const message = 'Enter the carrier’s number: letters, digits, spaces and hyphens, at most 60.';
      throw new InputError(message, [{ field: 'tracking', message }]);
    }
    return this.transactor.run((tx) =>
      this.changes.gather(tx, { by: by.actor, now }, async (changes) => {
        const [rows] = await tx.query<[{ moveId: number }[], number]>(
          `update booking set tracking = $2, version = nextval('rollout_version_sequence')
           where id = $1 and slot_id is null and state = 'booked' returning move_id as "moveId"`,
          [bookingId, tracking],
        );
        const moveId = rows[0]?.moveId;
        if (moveId === undefined) throw new ConflictError('This is not a delivery that is under way.');
        changes.entries.push({
          event: 'booking.sent',
          actor: by.actor,
          subject: { kind: 'booking', id: bookingId },
          details: { move: moveId },
        });
        return { bookingId, moveId, state: 'booked', missedCount: await missedCountOf(tx, moveId) };
      }),
    );
  }

  #say(
    { bookingId, idempotencyKey }: AppointmentRequest,
    state: 'attended' | 'missed' | 'delivered',
    by: BookingActor,
    now: Date,
    tooEarly: (startsAt: Date) => string | null,
  ): Promise<AppointmentOutcome> {
    return this.transactor.run(async (tx) => {
      const work = async (): Promise<AppointmentOutcome> => {
        const moveId = await this.changes.gather(tx, { by: by.actor, now }, async (changes) => {
          const found = await bookingOf(tx, bookingId);
          if (!found) throw new NotFoundError('There is no such booking.');
          const slot = found.slotId === null ? undefined : (await lockSlots(tx, [found.slotId])).get(found.slotId);
          const move = (await lockMoves(tx, [found.moveId])).get(found.moveId);
          const booking = await bookingOf(tx, bookingId);
          if (!move || booking?.state !== 'booked') {
            throw new ConflictError('This booking is over already, or it has no place. Load the page again.');
          }
          if ((slot === undefined) !== (state === 'delivered')) {
            throw new ConflictError(
              state === 'delivered' ? 'This booking is of a slot, not of a delivery.' : 'This booking is a delivery.',
            );
          }
          const refusal = slot ? tooEarly(slot.startsAt) : null;
          if (refusal !== null) throw new ConflictError(refusal);
          await this.changes.end(tx, changes, booking, move.personEntraId, { state, reason: null });
          return move.id;
        });
        return { bookingId, moveId, state, missedCount: await missedCountOf(tx, moveId) };
      };
      return idempotencyKey === null
        ? work()
        : once(tx, { actor: by.actor, key: idempotencyKey, request: { [state]: bookingId } }, work);
    });
  }
}

/** Appointments that a person has missed so far. */
export async function missedCountOf(tx: EntityManager, moveId: number): Promise<number> {
  const [row] = await tx.query<{ count: number }[]>(
    `select count(*)::integer as count from booking where move_id = $1 and state = 'missed'`,
    [moveId],
  );
  return row?.count ?? 0;
}
