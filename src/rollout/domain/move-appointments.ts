import type { FactHandlers } from './fact-handlers.js';

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
  /** The last that was attended, until another is booked. */
  attended: Date | null;
}

export function noAppointments(): AppointmentPicture {
  return { booked: new Map(), ended: new Set(), missed: new Map(), cancelled: new Set(), attended: null };
}

/** What facts do to the appointments. */
export const APPOINTMENT_HANDLERS: FactHandlers<AppointmentPicture> = {
  'slot-booked': (appointments, { details }) => {
    appointments.booked.set(details.bookingId, details);
    appointments.attended = null;
  },
  'slot-cancelled': (appointments, { details }) => {
    appointments.ended.add(details.bookingId);
    appointments.cancelled.add(details.bookingId);
  },
  'slot-missed': (appointments, { details, at }) => {
    appointments.ended.add(details.bookingId);
    if (!appointments.missed.has(details.bookingId)) appointments.missed.set(details.bookingId, at);
  },
  'slot-attended': (appointments, { details, at }) => {
    appointments.ended.add(details.bookingId);
    appointments.attended = at;
  },
};

/** The booking that is open; of several, the one that was made last. */
export function openBooking({ booked, ended }: AppointmentPicture): Booking | null {
  if (booked.size === 0) return null;
  return [...booked.values()].filter(({ bookingId }) => !ended.has(bookingId)).at(-1) ?? null;
}

/** How many appointments came to nothing. */
export function attemptsOf({ missed, cancelled }: AppointmentPicture): number {
  return new Set([...missed.keys(), ...cancelled]).size;
}
