import { fact, onDay } from '../../../test/support/move-facts.js';
import {
  DESK,
  SECOND_DESK,
  LAPTOP,
  SECOND_LAPTOP,
  standing,
  doubts,
  stateOf,
  entered,
  desk,
  laptop,
  observed,
  returned,
  recovered,
  wiped,
  readiness,
  assessed,
  booked,
  done,
} from '../../../test/support/move-story.js';

describe('shared desk and job share', () => {
  const shared = [entered, desk(0), desk(0, DESK, 2), laptop(1), observed(1)];

  it('waits for its last user: in use until the other moved, recovered for both then', () => {
    expect(stateOf(shared)).toBe('handed_over');
    expect(standing(shared).desktops[0]?.standing).toMatchObject({ state: 'in_use', users: [1, 2] });
    expect(stateOf([...shared, recovered(9), wiped(10)])).toBe('closed');
  });

  it('is done for this person when it is released from them with the reason that others still use it', () => {
    const released = fact(5, 'desktop-released', { reason: 'Her job share goes on using it.' }, { deviceId: DESK });
    expect(standing([...shared, released])).toMatchObject({ state: 'closed', stateSince: onDay(5), desktopCount: 0 });
    expect(standing([...shared, released]).desktops[0]?.standing).toMatchObject({ state: 'in_use', users: [2] });
  });

  it('is not done when it was only observed that they have it no more', () => {
    const released = fact(5, 'desktop-released', { reason: null }, { deviceId: DESK });
    expect(stateOf([...shared, released])).toBe('handed_over');
  });

  it('a desktop that the last user lets go of is still to come back from them, whatever they state', () => {
    const released = fact(5, 'desktop-released', { reason: 'Do not need it.' }, { deviceId: DESK });
    const facts = [entered, desk(0), laptop(1), observed(1), released];
    expect(standing(facts)).toMatchObject({ state: 'handed_over', desktopCount: 1 });
    expect(standing(facts).desktops[0]?.standing.state).toBe('return_due');
    expect(stateOf([...facts, recovered(6), wiped(7)])).toBe('closed');
  });
});

describe('scope', () => {
  it('already mobile: a laptop and no desktop on coming in, a change of scope', () => {
    const facts = [entered, laptop(-30), observed(-1)];
    expect(standing(facts)).toMatchObject({
      state: 'already_mobile',
      scopeReason: 'already_mobile',
      stateSince: onDay(0),
    });
    expect(stateOf([...facts, fact(1, 'no-desktop-stated', { reason: 'None.' })])).toBe('already_mobile');
    expect(stateOf([...facts, desk(3)])).toBe('handed_over');
  });

  it('already has a laptop and a desktop: handed over, the desktop is to come back', () => {
    expect(standing([entered, laptop(-30), observed(-1), desk(-30)])).toMatchObject({
      state: 'handed_over',
      stateSince: onDay(0),
      scopeReason: 'baseline',
    });
  });

  it('exempt role: never done, and back on its day by itself', () => {
    const exempted = fact(5, 'exempted', { reason: 'Contact centre', until: '2026-03-01' });
    const facts = [...done, exempted];
    expect(standing(facts, 20)).toMatchObject({
      state: 'exempt',
      scopeReason: 'exemption',
      stateSince: onDay(5),
      nextCheckAt: new Date('2026-03-01T00:00:00Z'),
    });
    expect(standing(facts, 60)).toMatchObject({
      state: 'closed',
      scopeReason: 'exemption_ended',
      stateSince: new Date('2026-03-01T00:00:00Z'),
    });
  });

  it('leaver in flight: left, with a doubt for each machine that they still have', () => {
    const facts = [entered, desk(0), laptop(1), observed(1), fact(9, 'left-organisation', {})];
    expect(standing(facts)).toMatchObject({
      state: 'left',
      scopeReason: 'leaver',
      stateSince: onDay(9),
      doubts: [
        { kind: 'leaver-has-equipment', deviceId: DESK, since: onDay(9).toISOString() },
        { kind: 'leaver-has-equipment', deviceId: LAPTOP, since: onDay(9).toISOString() },
      ],
    });
    expect(doubts([...facts, returned(10), recovered(11)])).toEqual([]);
  });

  it('a leaver whose desktop is recovered and wiped has left and is not done', () => {
    expect(stateOf([...done, fact(9, 'left-organisation', {})])).toBe('left');
  });

  it('rehire: back with this reason, and what was recovered while they were gone is no progress of theirs', () => {
    const left = fact(5, 'left-organisation', {});
    const back = fact(40, 'returned-to-organisation', {});
    const facts = [entered, desk(0), assessed(1), left, recovered(6), wiped(7), back];
    expect(standing(facts)).toMatchObject({
      state: 'not_started',
      scopeReason: 'rehire',
      stateSince: onDay(40),
      desktopCount: 0,
    });
    expect(stateOf([...facts, laptop(41), observed(41)])).toBe('handed_over');
  });

  it('out of scope by the rule, and in again', () => {
    const out = fact(5, 'left-scope', { reason: 'rule' });
    expect(standing([...done, out])).toMatchObject({
      state: 'out_of_scope',
      scopeReason: 'rule',
      stateSince: onDay(5),
    });
    expect(standing([...done, out, fact(8, 'entered-scope', { reason: 'rule' })])).toMatchObject({
      state: 'closed',
      stateSince: onDay(8),
    });
  });
});

describe('decisions', () => {
  it('maternity or long sickness: deferred until the day begins in the UK, then taken up again by itself', () => {
    const deferred = fact(80, 'deferred', { reason: 'parental_leave', until: '2026-06-01' });
    const facts = [entered, desk(0), assessed(1), readiness(2, 'ready'), deferred];
    const day = new Date('2026-05-31T23:00:00Z');
    expect(standing(facts, 100)).toMatchObject({
      state: 'deferred',
      stateSince: onDay(80),
      deferredUntil: '2026-06-01',
      nextCheckAt: day,
      doubts: [],
    });
    expect(standing(facts, 150)).toMatchObject({
      state: 'ready',
      stateSince: day,
      deferredUntil: null,
      nextCheckAt: null,
      doubts: [{ kind: 'deferral-over', deviceId: null, since: day.toISOString() }],
    });
    expect(doubts([...facts, booked(149, 4)], 150)).toEqual([]);
  });

  it('a deferral is ended early', () => {
    const deferred = fact(3, 'deferred', { reason: 'sickness', until: '2026-06-01' });
    expect(standing([entered, desk(0), assessed(1), deferred, fact(9, 'deferral-ended', {})])).toMatchObject({
      state: 'assessed',
      stateSince: onDay(9),
      deferredUntil: null,
      doubts: [],
    });
  });

  it('a hand-over that happened speaks before a deferral', () => {
    const deferred = fact(0, 'deferred', { reason: 'other', until: '2026-06-01' });
    expect(stateOf([entered, desk(0), deferred, laptop(3)], 10)).toBe('handed_over');
  });

  it('rolled back: laptop taken back by decision, until the move is begun again', () => {
    const decided = [...done, fact(9, 'rolled-back', { reason: 'Payroll does not run.' })];
    expect(standing(decided)).toMatchObject({
      state: 'desktop_recovered',
      doubts: [{ kind: 'rolled-back-with-laptop', deviceId: LAPTOP }],
    });
    const facts = [...decided, returned(10), desk(10, SECOND_DESK)];
    expect(standing(facts)).toMatchObject({ state: 'rolled_back', stateSince: onDay(10), doubts: [] });
    expect(stateOf([...facts, booked(20, 3)])).toBe('scheduled');
    expect(stateOf([...facts, laptop(30, SECOND_LAPTOP)])).toBe('handed_over');
  });

  it('a confirmed work style stays whatever is proposed', () => {
    const proposal = fact(5, 'work-style-proposed', { workStyle: 'field', because: 'seen at many sites' });
    expect(standing([entered, proposal])).toMatchObject({ workStyle: 'field', workStyleConfirmed: false });
    const confirmed = fact(4, 'work-style-confirmed', { workStyle: 'home' });
    expect(standing([entered, proposal, confirmed])).toMatchObject({ workStyle: 'home', workStyleConfirmed: true });
  });
});
