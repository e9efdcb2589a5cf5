import { fact, onDay } from '../../../test/support/move-facts.js';
import { deriveDesktop } from './derive-desktop.js';

const DESK = { deviceId: 11, moveId: null };
const assigned = (day: number, moveId: number, by: 'custody' | 'primary-user' | 'statement' = 'custody') =>
  fact(day, 'desktop-assigned', { by }, { deviceId: 11, moveId });
const released = (day: number, moveId: number) =>
  fact(day, 'desktop-released', { reason: null }, { deviceId: 11, moveId });
const recovered = fact(5, 'desktop-recovered', {}, DESK);
const wiped = (day: number) => fact(day, 'desktop-wiped', { evidence: 'certificate 7' }, DESK);
const seen = (day: number) => fact(day, 'desktop-seen', { source: 'intune' }, DESK);
const left = (day: number, reason: 'stolen' | 'gone' | 'disposed') =>
  fact(day, 'desktop-left-estate', { reason }, DESK);

describe('deriveDesktop', () => {
  it('in use by several until the last of them lets go, then to be returned', () => {
    expect(deriveDesktop([assigned(0, 1), assigned(1, 2), released(3, 1)])).toMatchObject({
      state: 'in_use',
      users: [2],
    });
    expect(deriveDesktop([assigned(0, 1), assigned(1, 2), released(3, 1), released(4, 2)])).toMatchObject({
      state: 'return_due',
      since: onDay(4),
      users: [],
    });
  });

  it('to be returned when custody says so, and in use again when custody gives it out', () => {
    const due = [assigned(0, 1), fact(2, 'desktop-return-due', {}, DESK)];
    expect(deriveDesktop(due)).toMatchObject({ state: 'return_due', since: onDay(2), users: [1] });
    expect(deriveDesktop([...due, assigned(3, 2, 'primary-user')]).state).toBe('return_due');
    expect(deriveDesktop([...due, assigned(3, 2)])).toMatchObject({ state: 'in_use', since: onDay(3) });
  });

  it('recovered, then wiped with evidence, whichever was first', () => {
    expect(deriveDesktop([assigned(0, 1), recovered])).toMatchObject({ state: 'recovered', users: [], evidence: null });
    const standing = { state: 'wiped', evidence: 'certificate 7', recoveredAt: onDay(5) };
    expect(deriveDesktop([assigned(0, 1), recovered, wiped(7)])).toMatchObject({ ...standing, since: onDay(7) });
    expect(deriveDesktop([assigned(0, 1), wiped(3), recovered])).toMatchObject({ ...standing, since: onDay(5) });
  });

  it('used after a wipe and before it came back: the wipe proves nothing', () => {
    expect(deriveDesktop([assigned(0, 1), wiped(3), seen(4), recovered]).state).toBe('recovered');
  });

  it('seen online after recovery: keeps its state, with the time of the first sight', () => {
    const facts = [assigned(0, 1), recovered, wiped(7), seen(9), seen(12)];
    expect(deriveDesktop(facts)).toMatchObject({ state: 'wiped', since: onDay(7), seenAfterRecoveryAt: onDay(9) });
  });

  it('seen on the bench between recovery and wipe is settled by the wipe', () => {
    expect(deriveDesktop([assigned(0, 1), recovered, seen(6), wiped(7)]).seenAfterRecoveryAt).toBeNull();
  });

  it('what Intune calls the primary user after the recovery says nothing, what somebody states is a sight', () => {
    const facts = [assigned(0, 1), recovered, wiped(7)];
    expect(deriveDesktop([...facts, assigned(8, 1, 'primary-user')])).toMatchObject({
      state: 'wiped',
      users: [],
      seenAfterRecoveryAt: null,
    });
    expect(deriveDesktop([...facts, assigned(8, 1, 'statement')])).toMatchObject({
      state: 'wiped',
      seenAfterRecoveryAt: onDay(8),
    });
  });

  it('given out again by custody after the recovery: it remains to be recovered once more', () => {
    expect(deriveDesktop([assigned(0, 1), recovered, wiped(7), assigned(9, 2), seen(10)])).toMatchObject({
      state: 'in_use',
      since: onDay(9),
      users: [2],
      evidence: null,
      recoveredAt: null,
      seenAfterRecoveryAt: null,
    });
  });

  it('stolen leaves the estate with its reason, and is recovered when it is found', () => {
    expect(deriveDesktop([assigned(0, 1), left(3, 'stolen')])).toMatchObject({
      state: 'left_estate',
      scopeReason: 'stolen',
    });
    expect(deriveDesktop([assigned(0, 1), left(3, 'stolen'), recovered])).toMatchObject({
      state: 'recovered',
      scopeReason: 'baseline',
    });
  });

  it('gone from every source, and back when it is seen', () => {
    const gone = [assigned(0, 1), left(3, 'gone')];
    expect(deriveDesktop(gone)).toMatchObject({ state: 'left_estate', scopeReason: 'gone' });
    expect(deriveDesktop([...gone, seen(4)])).toMatchObject({ state: 'in_use', since: onDay(4), users: [1] });
  });

  it('recovered and then gone or disposed of: the recovery stands, disposal without a wipe is no wipe', () => {
    expect(deriveDesktop([assigned(0, 1), recovered, left(6, 'gone')]).state).toBe('recovered');
    expect(deriveDesktop([assigned(0, 1), recovered, left(6, 'disposed')]).state).toBe('left_estate');
    expect(deriveDesktop([assigned(0, 1), recovered, wiped(7), left(8, 'disposed')]).state).toBe('wiped');
  });

  it('classified as something else is out of scope, even when wiped, until it is a desktop again', () => {
    const facts = [assigned(0, 1), recovered, wiped(7), fact(8, 'desktop-reclassified', {}, DESK)];
    expect(deriveDesktop(facts)).toMatchObject({ state: 'out_of_scope', scopeReason: 'reclassified', since: onDay(8) });
    expect(deriveDesktop([...facts, fact(9, 'entered-scope', { reason: 'rule' }, DESK)])).toMatchObject({
      state: 'wiped',
      scopeReason: 'rule',
      since: onDay(9),
    });
  });
});
