import { londonDay, shownDay, shownTime, shownTimeOfDay } from '../../../common/uk-time.js';
import { BOOKING_STATE_WORDS } from '../../domain/waves/booking-words.js';
import type { KnownBooking } from '../bookings.queries.js';
import type { SlotWithPlaces } from '../slots.queries.js';

/** When a slot is, in UK time, such as `Monday 30 November 2026, 9am to 10am`. */
export function slotTime(startsAt: string, endsAt: string): string {
  const [from, until] = [new Date(startsAt), new Date(endsAt)];
  return `${shownDay(londonDay(from))}, ${shownTimeOfDay(from)} to ${shownTimeOfDay(until)}`;
}

/** A booking in words. */
export interface BookingLine {
  readonly when: string;
  readonly where: string;
  readonly state: string;
  readonly isWaiting: boolean;
  readonly turn: number | null;
  readonly tracking: string | null;
  readonly reason: string | null;
  readonly ended: ReturnType<typeof shownTime>;
}

/** Puts a booking into words. */
export function bookingLine(booking: KnownBooking, now: Date): BookingLine {
  const { startsAt, endsAt, deliverOn } = booking;
  return {
    when: startsAt !== null && endsAt !== null ? slotTime(startsAt, endsAt) : shownDay(deliverOn ?? ''),
    where: booking.site ?? 'Delivery to the home',
    state: BOOKING_STATE_WORDS[booking.state],
    isWaiting: booking.state === 'waiting',
    turn: booking.turn,
    tracking: booking.tracking,
    reason: booking.reason,
    ended: shownTime(booking.endedAt, now),
  };
}

/** A slot that can be chosen. */
interface SlotChoice {
  readonly value: string;
  readonly text: string;
  readonly hint: string;
}

/** What can be chosen: free slots, and the waiting list of full ones for whoever has no booking; those of the usual site apart. */
export function slotChoices(
  slots: readonly SlotWithPlaces[],
  live: KnownBooking | null,
  site: string | null,
): { readonly atSite: readonly SlotChoice[]; readonly elsewhere: readonly SlotChoice[] } {
  const choices = (some: readonly SlotWithPlaces[]): SlotChoice[] => some.flatMap((slot) => choiceOf(slot, live, site));
  return {
    atSite: choices(slots.filter((slot) => slot.site === site)),
    elsewhere: choices(slots.filter((slot) => slot.site !== site)),
  };
}

function choiceOf(slot: SlotWithPlaces, live: KnownBooking | null, site: string | null): SlotChoice[] {
  const { id, startsAt, endsAt, capacity, taken, waiting } = slot;
  if (live?.slotId === id) return [];
  const text = slotTime(startsAt, endsAt);
  const where = slot.site === site ? '' : `${slot.site}: `;
  const free = capacity - taken;
  if (free > 0) return [{ value: `book-${id}`, text, hint: `${where}${free} ${free === 1 ? 'place' : 'places'} free` }];
  if (live !== null) return [];
  return [{ value: `wait-${id}`, text: `${text} (waiting list)`, hint: `${where}full, ${waiting} waiting` }];
}
