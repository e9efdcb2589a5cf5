import { stopReason, type MessageFacts, type StopReason } from './message-facts.js';
import type { RolloutTemplate } from './templates.js';

const NOW = new Date('2026-10-20T08:00:00Z');
const STARTS = new Date('2026-10-30T09:30:00Z');
const FACTS: MessageFacts = {
  firstName: 'Ada',
  programmeRuns: true,
  enabled: true,
  moveState: 'scheduled',
  recipientFits: true,
  appointment: { state: 'booked', startsAt: STARTS, site: 'Civic Centre' },
  bookedAgain: false,
  missedThreeTimes: false,
  desktopsToReturn: 1,
};
const REMINDERS: readonly RolloutTemplate[] = ['booked', 'ten-days', 'two-days', 'day-of'];
const appointment = (change: object): Partial<MessageFacts> => ({
  appointment: { state: 'booked', startsAt: STARTS, site: 'Civic Centre', ...change },
});
const stop = (template: RolloutTemplate, facts: Partial<MessageFacts>, planned: Date | null = STARTS): string | null =>
  stopReason(template, { ...FACTS, ...facts }, planned, NOW);

describe('stop conditions', () => {
  it.each(REMINDERS)('%s goes out while nothing has changed', (template) => expect(stop(template, {})).toBeNull());

  it.each<[StopReason, Partial<MessageFacts>]>([
    ['switched-off', { enabled: false }],
    ['programme-ended', { programmeRuns: false }],
    ['left', { moveState: 'left' }],
    ['deferred', { moveState: 'deferred' }],
    ['out-of-scope', { moveState: 'exempt' }],
    ['out-of-scope', { moveState: 'already_mobile' }],
    ['done', { moveState: 'closed' }],
    ['recipient-changed', { recipientFits: false }],
    ['nothing-to-say', { appointment: null }],
    ['booking-changed', appointment({ state: 'cancelled' })],
    ['booking-changed', appointment({ state: 'attended' })],
    ['booking-changed', appointment({ startsAt: new Date('2026-10-31T09:30:00Z') })],
    ['too-late', { appointment: { state: 'booked', startsAt: NOW, site: 'Civic Centre' } }],
  ])('%s stops a reminder', (reason, facts) => {
    const planned = reason === 'too-late' ? NOW : STARTS;
    for (const template of REMINDERS) expect(stop(template, facts, planned)).toBe(reason);
  });

  it('a missed appointment is told unless it was put right or the person has booked again', () => {
    const missed = appointment({ state: 'missed', startsAt: STARTS });
    expect(stop('missed', missed)).toBeNull();
    expect(stop('missed', { ...missed, bookedAgain: true })).toBe('booked-again');
    expect(stop('missed', appointment({ state: 'attended' }))).toBe('booking-changed');
  });

  it('the manager is asked while it is so', () => {
    expect(stop('missed-three-times', { missedThreeTimes: true }, null)).toBeNull();
    expect(stop('missed-three-times', { missedThreeTimes: false }, null)).toBe('booked-again');
    expect(stop('missed-three-times', { missedThreeTimes: true, bookedAgain: true }, null)).toBe('booked-again');
    expect(stop('missed-three-times', { missedThreeTimes: true, recipientFits: false }, null)).toBe(
      'recipient-changed',
    );
  });

  it('a desktop is asked for until it is back', () => {
    expect(stop('desktop-not-returned', { moveState: 'handed_over' }, null)).toBeNull();
    expect(stop('desktop-not-returned', { moveState: 'handed_over', desktopsToReturn: 0 }, null)).toBe(
      'desktop-returned',
    );
    expect(stop('desktop-not-returned', { moveState: 'desktop_recovered' }, null)).toBe('desktop-returned');
    expect(stop('desktop-not-returned', { moveState: 'rolled_back' }, null)).toBe('desktop-returned');
  });
});
