import type { MoveFact } from './move-fact.js';

interface Booking {
  readonly bookingId: number;
  readonly startsAt: string;
}

/** What the facts so far say about a person's appointments. A booking that has ended never opens again. */
export interface AppointmentPicture {
  readonly booked: Map<number, Booking>;
  readonly ended: Set<number>;
  /** When each missed appointment was missed; begins anew when somebody comes back to the organisation. */
  missed: Map<number, Date>;
  readonly cancelled: Set<number>;
  /** Attended, and no laptop is known since. */
  attendedInVain: Date | null;
}

export function noAppointments(): AppointmentPicture {
  return { booked: new Map(), ended: new Set(), missed: new Map(), cancelled: new Set(), attendedInVain: null };
}

/** Takes one more fact into the picture, of whatever kind. */
export function applyToAppointments(appointments: AppointmentPicture, fact: MoveFact, hasLaptop: boolean): void {
  switch (fact.kind) {
    case 'slot-booked':
      appointments.booked.set(fact.details.bookingId, fact.details);
      appointments.attendedInVain = null;
      break;
    case 'slot-cancelled':
      appointments.ended.add(fact.details.bookingId);
      appointments.cancelled.add(fact.details.bookingId);
      break;
    case 'slot-missed':
      appointments.ended.add(fact.details.bookingId);
      if (!appointments.missed.has(fact.details.bookingId)) appointments.missed.set(fact.details.bookingId, fact.at);
      break;
    case 'slot-attended':
      appointments.ended.add(fact.details.bookingId);
      if (!hasLaptop) appointments.attendedInVain = fact.at;
      break;
    case 'laptop-assigned':
      appointments.attendedInVain = null;
      break;
    default:
  }
}

/** The booking that is open; of several, the one that was made last. */
export function openBooking({ booked, ended }: AppointmentPicture): Booking | null {
  if (booked.size === 0) return null;
  return [...booked.values()].filter(({ bookingId }) => !ended.has(bookingId)).at(-1) ?? null;
}

/** How many appointments came to nothing. */
export function attemptsOf({ missed, cancelled }: AppointmentPicture): number {
  return new Set([...missed.keys(), ...cancelled]).size;
}
