import { addDays, londonDay, shownDay, shownTimeOfDay } from '../../../common/uk-time.js';
import type { MessageAppointment, MessageFacts } from './message-facts.js';
import type { RolloutTemplate } from './templates.js';

/** What a message says, without the address of the page that it leads to. */
export interface Wording {
  readonly subject: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly link: { readonly text: string; readonly page: 'my-move' | 'my-team' };
}

const TO_BRING =
  'Please save what is only on your desktop to OneDrive beforehand, and bring your staff badge. Allow an hour.';
const AT_HOME = 'Somebody needs to be there to sign for the parcel. It holds what you need to send the desktop back.';
const MY_MOVE = { text: 'See your move, or change the appointment', page: 'my-move' } as const;

/**
 * The words of a message, in British English and UK time. They name nobody but whoever gets the message.
 * @throws TypeError for a message about an appointment without one; see `stopReason`
 */
export function wordingOf(template: RolloutTemplate, facts: MessageFacts, now: Date): Wording {
  const greeting = facts.firstName === null ? 'Hello,' : `Hello ${facts.firstName},`;
  if (template === 'desktop-not-returned') return { greeting, ...desktopNotReturned(facts.desktopsToReturn) };
  if (template === 'missed-three-times') {
    return {
      greeting,
      subject: 'Somebody in your team has missed several laptop appointments',
      paragraphs: [
        'Somebody whom you manage has missed several appointments to change from a desktop to a laptop.',
        'Please talk to them about what keeps them from coming. You can book the next appointment for them.',
      ],
      link: { text: 'See your team', page: 'my-team' },
    };
  }
  const { appointment } = facts;
  if (appointment === null) throw new TypeError(`The message ${template} tells of an appointment.`);
  return { greeting, ...ABOUT_APPOINTMENTS[template](appointment, now), link: MY_MOVE };
}

type AboutAppointment = (
  appointment: MessageAppointment,
  now: Date,
) => { readonly subject: string; readonly paragraphs: readonly string[] };

const reminder: AboutAppointment = (appointment, now) => ({
  subject: `Your laptop: ${distance(appointment, now)}`,
  paragraphs: [
    `This is a reminder: ${whenAndWhere(appointment)}`,
    appointment.site === null ? AT_HOME : TO_BRING,
    'If you cannot make it, please change it now, so that somebody else can have the place.',
  ],
});

const ABOUT_APPOINTMENTS: Readonly<
  Record<Exclude<RolloutTemplate, 'desktop-not-returned' | 'missed-three-times'>, AboutAppointment>
> = {
  booked: (appointment) => ({
    subject: `Your laptop: ${appointment.site === null ? 'delivery' : 'appointment'} on ${dayOf(appointment)}`,
    paragraphs: [whenAndWhere(appointment), appointment.site === null ? AT_HOME : TO_BRING],
  }),
  'ten-days': reminder,
  'two-days': reminder,
  'day-of': (appointment) => ({
    subject: `Your laptop: ${appointment.site === null ? 'delivery' : `appointment at ${shownTimeOfDay(appointment.startsAt)}`} today`,
    paragraphs: [whenAndWhere(appointment), appointment.site === null ? AT_HOME : TO_BRING],
  }),
  missed: (appointment) => ({
    subject: 'You missed your laptop appointment',
    paragraphs: [
      `You had an appointment for your laptop on ${dayOf(appointment)}${timeOf(appointment)}, and we did not see you.`,
      'Please book another one. If something stands in the way, tell your line manager.',
    ],
  }),
};

function desktopNotReturned(count: number): Pick<Wording, 'subject' | 'paragraphs' | 'link'> {
  const [desktop, it] = count === 1 ? ['desktop', 'it'] : [`${count} desktops`, 'them'];
  return {
    subject: `Please return your ${count === 1 ? 'desktop' : 'desktops'}`,
    paragraphs: [
      `You have your laptop, and the ${desktop} that you had before ${count === 1 ? 'has' : 'have'} not come back yet.`,
      `Please return ${it} to the service desk, or tell us where to collect ${it}. Until then your move is not done.`,
    ],
    link: { text: 'See your move', page: 'my-move' },
  };
}

function whenAndWhere(appointment: MessageAppointment): string {
  const { site } = appointment;
  if (site === null) return `Your laptop will be delivered to your home on ${dayOf(appointment)}.`;
  return `You get your laptop on ${dayOf(appointment)}${timeOf(appointment)}, at ${site}.`;
}

/** How many days lie between now and the appointment, by the calendar of the UK. */
function distance(appointment: MessageAppointment, now: Date): string {
  const what = appointment.site === null ? 'delivery' : 'appointment';
  const today = londonDay(now);
  const day = londonDay(appointment.startsAt);
  if (day <= today) return `${what} today`;
  if (day === addDays(today, 1)) return `${what} tomorrow`;
  const days = Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000);
  return `${what} in ${days} days`;
}

function dayOf({ startsAt }: MessageAppointment): string {
  return shownDay(londonDay(startsAt));
}

function timeOf({ site, startsAt }: MessageAppointment): string {
  return site === null ? '' : ` at ${shownTimeOfDay(startsAt)}`;
}
