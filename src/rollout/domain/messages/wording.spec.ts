import type { MessageFacts } from './message-facts.js';
import { ROLLOUT_TEMPLATES, type RolloutTemplate } from './templates.js';
import { wordingOf } from './wording.js';

const NOW = new Date('2026-10-20T08:00:00Z');
const FACTS: MessageFacts = {
  firstName: 'Ada',
  programmeRuns: true,
  enabled: true,
  moveState: 'scheduled',
  recipientFits: true,
  // In winter time, ten days later over the change of the clocks.
  appointment: { state: 'booked', startsAt: new Date('2026-10-30T09:30:00Z'), site: 'Civic Centre' },
  bookedAgain: false,
  missedThreeTimes: false,
  desktopsToReturn: 1,
};

/** A message as it reads. */
function text(template: RolloutTemplate, facts: Partial<MessageFacts> = {}, now = NOW): string {
  const { subject, greeting, paragraphs, link } = wordingOf(template, { ...FACTS, ...facts }, now);
  return [subject, greeting, ...paragraphs, `[${link.text}: ${link.page}]`].join('\n');
}

const TO_BRING =
  'Please save what is only on your desktop to OneDrive beforehand, and bring your staff badge. Allow an hour.';
const AT_HOME = 'Somebody needs to be there to sign for the parcel. It holds what you need to send the desktop back.';
const CHANGE = 'If you cannot make it, please change it now, so that somebody else can have the place.';
const LINK = '[See your move, or change the appointment: my-move]';

describe('what messages say', () => {
  it.each<[RolloutTemplate, string[]]>([
    [
      'booked',
      [
        'Your laptop: appointment on Friday 30 October 2026',
        'Hello Ada,',
        'You get your laptop on Friday 30 October 2026 at 9:30am, at Civic Centre.',
        TO_BRING,
        LINK,
      ],
    ],
    [
      'ten-days',
      [
        'Your laptop: appointment in 10 days',
        'Hello Ada,',
        'This is a reminder: You get your laptop on Friday 30 October 2026 at 9:30am, at Civic Centre.',
        TO_BRING,
        CHANGE,
        LINK,
      ],
    ],
    [
      'day-of',
      [
        'Your laptop: appointment at 9:30am today',
        'Hello Ada,',
        'You get your laptop on Friday 30 October 2026 at 9:30am, at Civic Centre.',
        TO_BRING,
        LINK,
      ],
    ],
    [
      'missed',
      [
        'You missed your laptop appointment',
        'Hello Ada,',
        'You had an appointment for your laptop on Friday 30 October 2026 at 9:30am, and we did not see you.',
        'Please book another one. If something stands in the way, tell your line manager.',
        LINK,
      ],
    ],
    [
      'missed-three-times',
      [
        'Somebody in your team has missed several laptop appointments',
        'Hello Ada,',
        'Somebody whom you manage has missed several appointments to change from a desktop to a laptop.',
        'Please talk to them about what keeps them from coming. You can book the next appointment for them.',
        '[See your team: my-team]',
      ],
    ],
    [
      'desktop-not-returned',
      [
        'Please return your desktop',
        'Hello Ada,',
        'You have your laptop, and the desktop that you had before has not come back yet.',
        'Please return it to the service desk, or tell us where to collect it. Until then your move is not done.',
        '[See your move: my-move]',
      ],
    ],
  ])('%s', (template, lines) => expect(text(template)).toBe(lines.join('\n')));

  it('the second reminder counts days by the calendar of the UK', () => {
    const subject = (now: string): string => text('two-days', {}, new Date(now)).split('\n')[0] ?? '';
    expect(subject('2026-10-28T08:00:00Z')).toBe('Your laptop: appointment in 2 days');
    expect(subject('2026-10-29T23:59:00Z')).toBe('Your laptop: appointment tomorrow');
    expect(subject('2026-10-30T00:01:00Z')).toBe('Your laptop: appointment today');
    // 23:30 in universal time is the next day in British Summer Time.
    expect(subject('2026-10-19T23:30:00Z')).toBe('Your laptop: appointment in 10 days');
  });

  it('times follow the clocks: the same instant of the day before and after the change', () => {
    const at = (startsAt: string): string =>
      text('booked', { appointment: { state: 'booked', startsAt: new Date(startsAt), site: 'Library' } });
    expect(at('2026-10-24T08:30:00Z')).toContain('Saturday 24 October 2026 at 9:30am, at Library.');
    expect(at('2026-10-25T09:30:00Z')).toContain('Sunday 25 October 2026 at 9:30am, at Library.');
    expect(at('2027-03-28T08:30:00Z')).toContain('Sunday 28 March 2027 at 9:30am, at Library.');
  });

  it('a delivery has a day and no place', () => {
    const appointment = { state: 'booked', startsAt: new Date('2026-10-30T08:00:00Z'), site: null };
    expect(text('booked', { appointment })).toBe(
      [
        'Your laptop: delivery on Friday 30 October 2026',
        'Hello Ada,',
        'Your laptop will be delivered to your home on Friday 30 October 2026.',
        AT_HOME,
        LINK,
      ].join('\n'),
    );
    expect(text('ten-days', { appointment })).toContain('delivery in 10 days');
    expect(text('day-of', { appointment })).toContain('Your laptop: delivery today');
  });

  it('several desktops are several', () => {
    expect(text('desktop-not-returned', { desktopsToReturn: 2 })).toContain(
      'the 2 desktops that you had before have not come back yet',
    );
  });

  it('somebody without a first name is greeted without one', () => {
    for (const template of ROLLOUT_TEMPLATES) expect(text(template, { firstName: null })).toContain('\nHello,\n');
  });
});
