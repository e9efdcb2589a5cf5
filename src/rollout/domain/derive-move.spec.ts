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
  seen,
  readiness,
  assessed,
  booked,
  missed,
  done,
} from '../../../test/support/move-story.js';

describe('before the hand-over', () => {
  it('is not started until it is assessed, whatever the rules say', () => {
    expect(stateOf([entered, desk(0), readiness(1, 'ready')])).toBe('not_started');
  });

  it('is assessed until the rules have been asked', () => {
    expect(standing([entered, assessed(1)])).toMatchObject({
      state: 'assessed',
      stateSince: onDay(1),
      readiness: null,
    });
  });

  it.each([
    ['not_ready', 'blocked'],
    ['unknown', 'blocked'],
    ['ready', 'ready'],
  ] as const)('is, once assessed, with the outcome %s: %s', (outcome, state) => {
    expect(standing([entered, assessed(1), readiness(2, outcome)])).toMatchObject({ state, stateSince: onDay(2) });
  });

  it('stays blocked since the first day on which it was, not_ready or unknown', () => {
    const facts = [entered, assessed(1), readiness(2, 'not_ready'), readiness(5, 'unknown')];
    expect(standing(facts).stateSince).toEqual(onDay(2));
  });
});

describe('appointments', () => {
  const ready = [entered, desk(0), assessed(1), readiness(2, 'ready')];

  it('ready -> scheduled with an open booking', () => {
    expect(standing([...ready, booked(3, 5)])).toMatchObject({
      state: 'scheduled',
      atRisk: false,
      bookingId: 5,
      appointmentAt: onDay(13),
    });
  });

  it('stays scheduled, at risk, when readiness falls after the booking', () => {
    const facts = [...ready, booked(3, 5), readiness(4, 'unknown')];
    expect(standing(facts)).toMatchObject({ state: 'scheduled', stateSince: onDay(3), atRisk: true, bookingId: 5 });
  });

  it.each([
    ['ready', 'ready'],
    ['not_ready', 'blocked'],
  ] as const)('scheduled -> back on cancel, %s: %s, and the attempt is counted', (outcome, state) => {
    const cancelled = fact(6, 'slot-cancelled', { bookingId: 5 });
    expect(standing([...ready, booked(3, 5), readiness(4, outcome), cancelled])).toMatchObject({
      state,
      stateSince: onDay(6),
      bookingId: null,
      missedCount: 0,
      attemptCount: 1,
    });
  });

  it('third no-show escalates, and not the second', () => {
    const twice = [...ready, booked(3, 5), missed(4, 5), booked(5, 6), missed(6, 6)];
    expect(standing(twice)).toMatchObject({ state: 'ready', missedCount: 2, attemptCount: 2, doubts: [] });
    expect(standing([...twice, booked(7, 7), missed(8, 7)])).toMatchObject({
      state: 'ready',
      missedCount: 3,
      doubts: [{ kind: 'missed-three-times', deviceId: null, since: onDay(8).toISOString() }],
    });
  });

  it('attended without any laptop is a doubt and no hand-over', () => {
    const facts = [...ready, booked(3, 5), fact(4, 'slot-attended', { bookingId: 5 })];
    expect(standing(facts)).toMatchObject({
      state: 'ready',
      doubts: [{ kind: 'handover-unconfirmed', deviceId: null }],
    });
    expect(doubts([...facts, laptop(5), observed(5)])).toEqual([]);
  });
});

describe('hand-over', () => {
  it('is observed within the days that the programme allows, else handover-unconfirmed', () => {
    const facts = [entered, desk(0), laptop(1)];
    expect(standing(facts, 2)).toMatchObject({ state: 'handed_over', doubts: [], nextCheckAt: onDay(8) });
    expect(standing(facts, 8)).toMatchObject({
      state: 'handed_over',
      doubts: [{ kind: 'handover-unconfirmed', deviceId: LAPTOP, since: onDay(8).toISOString() }],
      nextCheckAt: null,
    });
    expect(doubts([...facts, observed(20)], 30)).toEqual([]);
  });

  it('of a laptop that only the primary user of Intune tells of is doubtful until it is observed or received', () => {
    const facts = [entered, desk(0), fact(1, 'laptop-assigned', { by: 'primary-user' }, { deviceId: LAPTOP })];
    expect(standing(facts, 2)).toMatchObject({ state: 'handed_over', laptopId: LAPTOP, laptopSince: onDay(1) });
    expect(doubts(facts, 2)).toEqual(['handover-unconfirmed']);
    expect(doubts([...facts, fact(2, 'laptop-received', {}, { deviceId: LAPTOP })], 2)).toEqual([]);
  });

  it('holder and user differ when somebody is seen on a laptop that is not theirs', () => {
    expect(standing([entered, desk(0), observed(3)])).toMatchObject({
      state: 'not_started',
      laptopId: null,
      doubts: [{ kind: 'holder-and-user-differ', deviceId: LAPTOP }],
    });
  });

  it('several laptops are a doubt; the one known best counts', () => {
    const facts = [
      entered,
      desk(0),
      laptop(1),
      observed(1),
      fact(3, 'laptop-assigned', { by: 'primary-user' }, { deviceId: SECOND_LAPTOP }),
    ];
    expect(standing(facts)).toMatchObject({
      laptopId: LAPTOP,
      doubts: [{ kind: 'several-laptops', deviceId: SECOND_LAPTOP, since: onDay(3).toISOString() }],
    });
  });
});

describe('desktops decide about done', () => {
  it('handed_over -> desktop_recovered -> closed, each since its fact', () => {
    expect(standing(done.slice(0, 4))).toMatchObject({ state: 'handed_over', stateSince: onDay(1) });
    expect(standing(done.slice(0, 5))).toMatchObject({ state: 'desktop_recovered', stateSince: onDay(3) });
    expect(standing(done)).toMatchObject({
      state: 'closed',
      stateSince: onDay(4),
      desktopCount: 1,
      recoveredCount: 1,
      wipedCount: 1,
      doubts: [],
    });
  });

  it('a wipe without evidence is none', () => {
    expect(stateOf([...done.slice(0, 5), wiped(4, DESK, null)])).toBe('desktop_recovered');
  });

  it('two desktops: done when both are', () => {
    const both = [...done, desk(0, SECOND_DESK)];
    expect(standing(both)).toMatchObject({ state: 'handed_over', desktopCount: 2, recoveredCount: 1, wipedCount: 1 });
    expect(stateOf([...both, recovered(9, SECOND_DESK)])).toBe('desktop_recovered');
    expect(standing([...both, recovered(9, SECOND_DESK), wiped(12, SECOND_DESK)])).toMatchObject({
      state: 'closed',
      stateSince: onDay(12),
    });
  });

  it('a recovered desktop that is seen online again re-opens the move, until it is recovered and wiped anew', () => {
    const again = [...done, seen(20)];
    expect(standing(again)).toMatchObject({
      state: 'desktop_recovered',
      stateSince: onDay(20),
      doubts: [{ kind: 'recovered-desktop-seen', deviceId: DESK, since: onDay(20).toISOString() }],
    });
    const back = [...again, fact(22, 'desktop-recovered', {}, { deviceId: DESK, moveId: null, key: 'again' })];
    expect(standing(back)).toMatchObject({ state: 'desktop_recovered', wipedCount: 0, doubts: [] });
    expect(standing([...back, wiped(23, DESK, 'certificate 9')])).toMatchObject({
      state: 'closed',
      stateSince: onDay(23),
      desktops: [{ evidence: 'certificate 9' }],
    });
  });

  it('a sight that was wrong is retracted, and the move is done as before', () => {
    const sight = seen(20);
    const retraction = fact(25, 'retracted', { key: sight.key, reason: 'a clone' }, { deviceId: DESK, moveId: null });
    expect(standing([...done, sight, retraction])).toMatchObject({ state: 'closed', stateSince: onDay(4), doubts: [] });
  });

  it('a laptop that is returned re-opens the move', () => {
    expect(standing([...done, returned(20)])).toMatchObject({
      state: 'not_started',
      stateSince: onDay(20),
      doubts: [{ kind: 'laptop-gone', deviceId: LAPTOP, since: onDay(20).toISOString() }],
    });
    expect(standing([...done, returned(20), laptop(21, SECOND_LAPTOP)])).toMatchObject({
      state: 'closed',
      laptopId: SECOND_LAPTOP,
    });
  });

  it('a decision to re-open holds until there is new proof', () => {
    const reopened = [...done, fact(10, 'reopened', { reason: 'It is still on the desk.' })];
    expect(standing(reopened)).toMatchObject({ state: 'desktop_recovered', stateSince: onDay(10) });
    const proof = fact(12, 'no-desktop-stated', { reason: 'That was another machine.' });
    expect(stateOf([...reopened, proof])).toBe('closed');
  });

  it('bump-down reuse: given to somebody else with the knowledge of custody, the first move stays done', () => {
    const reuse = fact(10, 'desktop-returned-to-use', {}, { deviceId: DESK, moveId: null });
    const facts = [...done, reuse, desk(11, DESK, 2), seen(12)];
    expect(standing(facts)).toMatchObject({ state: 'closed', stateSince: onDay(4), doubts: [] });
    expect(standing(facts).desktops[0]?.standing).toMatchObject({ state: 'in_use', users: [2] });
  });

  it.each(['stolen', 'written_off', 'disposed', 'gone'] as const)(
    'a lost desktop (%s) does not make the move done without a stated reason',
    (reason) => {
      const lost = fact(3, 'desktop-left-estate', { reason }, { deviceId: DESK, moveId: null });
      const facts = [entered, desk(0), laptop(1), observed(1), lost];
      expect(stateOf(facts)).toBe('handed_over');
      const stated = fact(5, 'no-desktop-stated', { reason: 'Crime number known.' });
      expect(standing([...facts, stated])).toMatchObject({ state: 'closed', stateSince: onDay(5), desktopCount: 0 });
    },
  );

  it('a machine that turns out to be no desktop counts no more, not even as done', () => {
    const facts = [...done, fact(30, 'desktop-reclassified', {}, { deviceId: DESK, moveId: null })];
    expect(standing(facts)).toMatchObject({ state: 'handed_over', stateSince: onDay(30), desktopCount: 0 });
  });
});

describe('none to recover', () => {
  const handedOver = [entered, laptop(1), observed(1)];

  it('hot-desker: an explicit reason closes, and nothing else does', () => {
    expect(stateOf(handedOver)).toBe('handed_over');
    const stated = fact(2, 'no-desktop-stated', { reason: 'Shared desks only.' });
    expect(standing([...handedOver, stated])).toMatchObject({ state: 'closed', stateSince: onDay(2) });
  });

  it('a statement that contradicts what is known raises a doubt and overwrites nothing', () => {
    const facts = [...handedOver, desk(0), fact(2, 'no-desktop-stated', { reason: 'I have none.' })];
    expect(standing(facts)).toMatchObject({
      state: 'handed_over',
      doubts: [{ kind: 'desktop-denied-but-known', deviceId: DESK, since: onDay(2).toISOString() }],
    });
  });
});
