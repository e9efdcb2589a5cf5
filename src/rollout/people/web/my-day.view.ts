import { addDays, londonDay, shownDay, shownTimeOfDay } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import { DESKTOP_STATE_WORDS } from '../../domain/move-words.js';
import { BOOKING_STATE_WORDS } from '../../domain/waves/booking-words.js';
import type { CorrectedState } from '../../waves/appointment-corrections.service.js';
import type { Appointment } from '../appointments.queries.js';

/** One line of a day. */
export interface AppointmentLine {
  readonly time: string;
  readonly site: string;
  readonly person: string;
  readonly href: string;
  readonly state: string;
  readonly engineer: string;
}

/** One thing to do at an appointment; done when the facts say so. */
export interface ChecklistItem {
  readonly text: string;
  readonly done: boolean;
  /** Where it is recorded; null when there is nothing to record. */
  readonly href: string | null;
  readonly link: string;
  readonly note: string;
}

const nameOf = (machine: { readonly name: string | null; readonly serialNumber: string | null }): string =>
  machine.name ?? machine.serialNumber ?? 'Without a name';

/** Somebody's name, or that there is none. */
export function personName(person: { readonly displayName: string | null } | null): string {
  return person?.displayName ?? 'Without a name';
}

/** When an appointment is, or when a delivery is to arrive. */
export function appointmentTime({ startsAt, endsAt, deliverOn }: Appointment): string {
  if (startsAt === null || endsAt === null) return deliverOn === null ? '' : `Delivery, ${shownDay(deliverOn)}`;
  return `${shownTimeOfDay(new Date(startsAt))} to ${shownTimeOfDay(new Date(endsAt))}`;
}

export function appointmentLine(appointment: Appointment): AppointmentLine {
  return {
    time: appointmentTime(appointment),
    site: appointment.site ?? 'At home',
    person: personName(appointment.person),
    href: paths.appointment(appointment.bookingId),
    state: BOOKING_STATE_WORDS[appointment.state],
    engineer: appointment.engineer === null ? '' : personName(appointment.engineer),
  };
}

/** What is to be done at an appointment, and what of it the facts show as done. */
export function checklist({ laptop, handedOver, desktops, tracking, startsAt }: Appointment): ChecklistItem[] {
  const give: ChecklistItem =
    laptop === null
      ? {
          text: 'Choose a laptop',
          done: false,
          href: null,
          link: '',
          note: 'None is put aside. Ask the stores for one.',
        }
      : {
          text: `Hand over ${nameOf(laptop)}`,
          done: handedOver,
          href: handedOver ? null : paths.custodyCommand(laptop.id, 'hand-over'),
          link: 'Record the hand-over',
          note: [laptop.model, laptop.serialNumber && `serial number ${laptop.serialNumber}`]
            .filter(Boolean)
            .join(', '),
        };
  const send: ChecklistItem[] =
    startsAt === null
      ? [
          {
            text: 'Send it',
            done: tracking !== null,
            href: null,
            link: '',
            note: tracking ?? 'No carrier’s number yet.',
          },
        ]
      : [];
  const take = desktops.map((desktop): ChecklistItem => {
    const done = desktop.state === 'recovered' || desktop.state === 'wiped';
    const shared = desktop.userCount > 1;
    return {
      text: shared ? `Leave ${nameOf(desktop)} where it is` : `Take back ${nameOf(desktop)}`,
      done: done || shared,
      href: done || shared ? null : paths.custodyCommand(desktop.id, 'take-back'),
      link: 'Record that it is back',
      note: shared ? `${desktop.userCount} people still use it.` : DESKTOP_STATE_WORDS[desktop.state],
    };
  });
  return [give, ...send, ...take];
}

/** What can be said instead, on the day on which the other was said; null when nothing can. */
export function correctionOf(
  { state, endedAt }: Appointment,
  now: Date,
): { readonly state: CorrectedState; readonly button: string } | null {
  if (endedAt === null || londonDay(new Date(endedAt)) !== londonDay(now)) return null;
  if (state === 'attended') return { state: 'missed', button: 'They did not come' };
  return state === 'missed' ? { state: 'attended', button: 'They came' } : null;
}

/** The page of a day with these of its parameters. */
export function dayAddress(day: string, who: 'me' | 'all', today: string): string {
  const query = new URLSearchParams([
    ...(day === today ? [] : [['day', day]]),
    ...(who === 'me' ? [] : [['who', who]]),
  ]).toString();
  return query === '' ? paths.myDay() : `${paths.myDay()}?${query}`;
}

/** The days before and after. */
export function neighbours(day: string): { readonly before: string; readonly after: string } {
  return { before: addDays(day, -1), after: addDays(day, 1) };
}
