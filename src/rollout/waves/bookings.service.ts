import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { addDays, londonDay } from '../../common/uk-time.js';
import { once } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import type { BookingActor } from './booking-actor.js';
import { BookingRights } from './booking-rights.queries.js';
import { BookingChanges, type Changes } from './booking-changes.service.js';
import {
  bookingOf,
  freePlace,
  liveBookingOf,
  lockMoves,
  lockSlots,
  waitingFor,
  type FoundBooking,
  type LockedMove,
  type LockedSlot,
  isReady,
} from './booking-rows.queries.js';
import { putLaptopAside, stockIsThere, type PutAside } from './laptops-put-aside.service.js';
import { whyNotReady } from './why-not-ready.queries.js';
import { WaitingList } from './waiting-list.service.js';

/** What a command came to. */
export interface BookingOutcome {
  readonly bookingId: number;
  readonly state: 'booked' | 'waiting' | 'cancelled' | 'delivered';
  /** Null for a delivery. */
  readonly slotId: number | null;
  readonly laptopId: number | null;
}

interface Sent {
  readonly moveId: number;
  /** The same key from the same actor is done once. */
  readonly idempotencyKey: string | null;
}

/** Furthest day of a delivery; nobody promises more. */
const DELIVERY_DAYS = 60;
const FULL = 'All places of this slot are taken. Choose another slot, or join the waiting list of this one.';
const NO_LAPTOP = 'No laptop is left in stock. Book once more are received, or join the waiting list.';

/** Books people into slots, or a delivery to their home. Each command is one transaction, with the laptop it puts aside. */
@Injectable()
export class BookingsService {
  constructor(
    private readonly transactor: Transactor,
    private readonly changes: BookingChanges,
    private readonly waitingList: WaitingList,
    private readonly rights: BookingRights,
  ) {}

  /**
   * Books a place. Of any number of people who ask at the same moment, as many get one as there are places.
   * @throws NotFoundError for an unknown move or slot; ConflictError when the slot is full, closed or over, the person is not
   * ready or booked already, or there is no laptop: each says what to do instead
   */
  book(
    { moveId, slotId, idempotencyKey }: Sent & { readonly slotId: number },
    by: BookingActor,
    now = new Date(),
  ): Promise<BookingOutcome> {
    return this.#command(
      { by, now, moveId, key: idempotencyKey, request: { book: moveId, slotId } },
      async (tx, changes) => {
        const { slot, move } = await this.#lock(tx, changes, moveId, slotId, by);
        await this.#mayBook(tx, move);
        const laptop = await this.#laptop(tx, move, slot.site);
        const place = await freePlace(tx, slot);
        if (place === null) throw new ConflictError(FULL);
        const bookingId = await this.changes.add(tx, changes, { move, laptop, at: { slot, place } });
        return { bookingId, state: 'booked', slotId, laptopId: laptop.laptopId };
      },
    );
  }

  /**
   * Joins the waiting list of a slot that is full; a place that becomes free goes to whoever is ready and has waited longest.
   * @throws ConflictError when a place is free, or for what `book` refuses
   */
  joinWaitingList(
    { moveId, slotId, idempotencyKey }: Sent & { readonly slotId: number },
    by: BookingActor,
    now = new Date(),
  ): Promise<BookingOutcome> {
    return this.#command(
      { by, now, moveId, key: idempotencyKey, request: { wait: moveId, slotId } },
      async (tx, changes) => {
        const { slot, move } = await this.#lock(tx, changes, moveId, slotId, by);
        await this.#mayBook(tx, move);
        if (slot.cutOffAt <= now) throw new ConflictError('It is too late to wait for this slot. Choose a later one.');
        if ((await freePlace(tx, slot)) !== null && (await stockIsThere(tx, move.programmeId))) {
          throw new ConflictError('A place of this slot is free. Book it.');
        }
        const bookingId = await this.changes.wait(tx, changes, move, slot);
        return { bookingId, state: 'waiting', slotId, laptopId: null };
      },
    );
  }

  /**
   * Has the laptop sent to the person's home, without a slot. The address is not stored: the carrier has it.
   * @throws ForbiddenError for somebody who does not work at home or in the field, unless the rollout's manager decides it
   */
  deliver(
    { moveId, deliverOn, idempotencyKey }: Sent & { readonly deliverOn: string },
    by: BookingActor,
    now = new Date(),
  ): Promise<BookingOutcome> {
    const today = londonDay(now);
    if (deliverOn <= today || deliverOn > addDays(today, DELIVERY_DAYS)) {
      const message = `Enter a day from tomorrow to ${DELIVERY_DAYS} days ahead.`;
      return Promise.reject(new InputError(message, [{ field: 'deliverOn', message }]));
    }
    return this.#command(
      { by, now, moveId, key: idempotencyKey, request: { deliver: moveId, deliverOn } },
      async (tx, changes) => {
        const move = (await lockMoves(tx, [moveId])).get(moveId);
        if (!move) throw new NotFoundError('There is no such move.');
        if (!by.permissions.has('rollout:manage') && move.workStyle !== 'home' && move.workStyle !== 'field') {
          throw new ForbiddenError('Laptops are sent to those who work at home or in the field. Book a slot.');
        }
        await this.#mayBook(tx, move);
        const laptop = await this.#laptop(tx, move, null);
        const bookingId = await this.changes.add(tx, changes, { move, laptop, at: { deliverOn } });
        return { bookingId, state: 'booked', slotId: null, laptopId: laptop.laptopId };
      },
    );
  }

  /**
   * Changes a booking to another slot in one step: nobody is without a place in between, and the laptop stays put aside.
   * @throws ConflictError when the other slot is full, closed or over; the booking then stays as it is
   */
  rebook(
    { moveId, bookingId, slotId, idempotencyKey }: Sent & { readonly bookingId: number; readonly slotId: number },
    by: BookingActor,
    now = new Date(),
  ): Promise<BookingOutcome> {
    return this.#command(
      { by, now, moveId, key: idempotencyKey, request: { rebook: bookingId, slotId } },
      async (tx, changes) => {
        const before = await this.#booking(tx, moveId, bookingId);
        if (before.slotId === slotId) throw new ConflictError('This is the slot that is booked already.');
        const slotIds = before.slotId === null ? [slotId] : [before.slotId, slotId];
        const { slot, move, free } = await this.#lock(tx, changes, moveId, slotId, by, slotIds);
        const booking = await this.#live(tx, moveId, bookingId);
        if (booking.state === 'waiting') await this.#mayBook(tx, move, booking);
        const place = await freePlace(tx, slot);
        if (place === null) throw new ConflictError(FULL);
        const carried = booking.state === 'booked' ? await this.changes.handOn(tx, booking) : null;
        await this.changes.end(tx, changes, { ...booking, laptopId: null, laptopPutAside: false }, move.personEntraId, {
          state: 'cancelled',
          reason: 'Changed to another slot',
        });
        const laptop = carried ?? (await this.#laptop(tx, move, slot.site));
        const added = await this.changes.add(tx, changes, { move, laptop, at: { slot, place } });
        if (booking.slotId !== null && booking.state === 'booked') await free(booking.slotId);
        return { bookingId: added, state: 'booked', slotId, laptopId: laptop.laptopId };
      },
    );
  }

  /**
   * Ends a booking before it happens: the place goes to whoever waits, the laptop back into stock.
   * @throws ConflictError when it is over already
   */
  cancel(
    { moveId, bookingId, reason, idempotencyKey }: Sent & { readonly bookingId: number; readonly reason: string },
    by: BookingActor,
    now = new Date(),
  ): Promise<BookingOutcome> {
    return this.#command(
      { by, now, moveId, key: idempotencyKey, request: { cancel: bookingId, reason } },
      async (tx, changes) => {
        const before = await this.#booking(tx, moveId, bookingId);
        const slotIds = before.slotId === null ? [] : [before.slotId];
        const locked = await this.#lockAll(tx, changes, moveId, slotIds);
        const booking = await this.#live(tx, moveId, bookingId);
        await this.changes.end(tx, changes, booking, locked.move.personEntraId, { state: 'cancelled', reason });
        if (booking.slotId !== null && booking.state === 'booked') await locked.free(booking.slotId);
        return { bookingId, state: 'cancelled', slotId: booking.slotId, laptopId: null };
      },
    );
  }

  /** Gives places that are free to those who wait, where somebody became ready or laptops were received meanwhile. */
  async fillFromWaitingList(slotId: number, by: BookingActor, now = new Date()): Promise<number> {
    return this.transactor.run((tx) =>
      this.changes.gather(tx, { by: by.actor, now }, async (changes) => {
        const slots = await lockSlots(tx, [slotId]);
        const slot = slots.get(slotId);
        if (!slot) return 0;
        const waiting = await waitingFor(tx, [slotId]);
        const moves = await lockMoves(
          tx,
          waiting.map(({ moveId }) => moveId),
        );
        return (await this.waitingList.fill(tx, changes, slot, { waiting, moves })).length;
      }),
    );
  }

  #command(
    {
      by,
      now,
      moveId,
      key,
      request,
    }: { by: BookingActor; now: Date; moveId: number; key: string | null; request: object },
    work: (tx: EntityManager, changes: Changes) => Promise<BookingOutcome>,
  ): Promise<BookingOutcome> {
    return this.transactor.run((tx) => {
      const whole = (): Promise<BookingOutcome> =>
        this.changes.gather(tx, { by: by.actor, now }, async (changes) => {
          await this.rights.check(tx, moveId, by);
          return work(tx, changes);
        });
      return key === null ? whole() : once(tx, { actor: by.actor, key, request }, whole);
    });
  }

  /** Locks the slot to be booked, with everybody who waits for it served first. */
  async #lock(
    tx: EntityManager,
    changes: Changes,
    moveId: number,
    slotId: number,
    by: BookingActor,
    slotIds: readonly number[] = [slotId],
  ): Promise<{ slot: LockedSlot; move: LockedMove; free: (slotId: number) => Promise<void> }> {
    const { slots, move, free } = await this.#lockAll(tx, changes, moveId, slotIds);
    const slot = slots.get(slotId);
    if (slot?.programmeId !== move.programmeId) throw new NotFoundError('There is no such slot.');
    if (slot.state !== 'open') throw new ConflictError('This slot is closed. Choose another one.');
    if (slot.startsAt <= changes.now) throw new ConflictError('This slot has begun already. Choose a later one.');
    if (slot.cutOffAt <= changes.now && !by.permissions.has('rollout:manage')) {
      throw new ConflictError('Booking of this slot has closed. Choose a later one, or ask the rollout team.');
    }
    await free(slotId);
    return { slot, move, free };
  }

  async #lockAll(
    tx: EntityManager,
    changes: Changes,
    moveId: number,
    slotIds: readonly number[],
  ): Promise<{
    slots: Map<number, LockedSlot>;
    move: LockedMove;
    free: (slotId: number) => Promise<void>;
  }> {
    const slots = await lockSlots(tx, slotIds);
    const waiting = await waitingFor(tx, slotIds);
    const moves = await lockMoves(tx, [...new Set([moveId, ...waiting.map((each) => each.moveId)])]);
    const move = moves.get(moveId);
    if (!move) throw new NotFoundError('There is no such move.');
    const others = waiting.filter((each) => each.moveId !== moveId);
    const served = new Set<number>();
    const free = async (slotId: number): Promise<void> => {
      const slot = slots.get(slotId);
      if (!slot) return;
      const still = others.filter(({ id }) => !served.has(id));
      for (const id of await this.waitingList.fill(tx, changes, slot, { waiting: still, moves })) served.add(id);
    };
    return { slots, move, free };
  }

  async #booking(tx: EntityManager, moveId: number, bookingId: number): Promise<FoundBooking> {
    const booking = await bookingOf(tx, bookingId);
    if (booking?.moveId !== moveId) throw new NotFoundError('There is no such booking.');
    return booking;
  }

  async #live(tx: EntityManager, moveId: number, bookingId: number): Promise<FoundBooking> {
    const booking = await this.#booking(tx, moveId, bookingId);
    if (booking.state !== 'booked' && booking.state !== 'waiting') {
      throw new ConflictError('This booking is over already. Load the page again to see what became of it.');
    }
    return booking;
  }

  async #mayBook(tx: EntityManager, move: LockedMove, instead: FoundBooking | null = null): Promise<void> {
    const live = await liveBookingOf(tx, move.id);
    if (live && live.id !== instead?.id) {
      throw new ConflictError('There is a booking already. Change or cancel that one.');
    }
    if (!isReady(move)) throw new ConflictError(await whyNotReady(tx, move.id, move.state));
  }

  async #laptop(tx: EntityManager, move: LockedMove, site: string | null): Promise<PutAside> {
    const laptop = await putLaptopAside(tx, move, site);
    if (laptop === null) throw new ConflictError(NO_LAPTOP);
    return laptop;
  }
}
