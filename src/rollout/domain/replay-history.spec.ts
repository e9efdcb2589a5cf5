import fc from 'fast-check';
import { byDevice, moveIn } from '../../../test/support/move-derivations.js';
import { journals } from '../../../test/support/move-fact-arbitraries.js';
import { fact, onDay } from '../../../test/support/move-facts.js';
import { DEFAULT_DERIVATION_SETTINGS } from './derivation-settings.js';
import { deriveDesktop } from './derive-desktop.js';
import type { MoveFact, RecordedMoveFact } from './move-fact.js';
import { replayDesktop, replayMove } from './replay-history.js';

const UNTIL = onDay(60);

/** Learned so many days after it was so. */
const recorded = (one: MoveFact, daysLater = 0): RecordedMoveFact => ({
  ...one,
  recordedAt: new Date(one.at.getTime() + daysLater * 86_400_000),
});

function replay(facts: readonly RecordedMoveFact[], until = UNTIL) {
  const own = facts.filter(({ moveId }) => moveId === 1);
  return replayMove(own, byDevice(facts), DEFAULT_DERIVATION_SETTINGS, until);
}

const states = (facts: readonly RecordedMoveFact[]) =>
  replay(facts)
    .filter(({ standing }, index, all) => standing.state !== all[index - 1]?.standing.state)
    .map(({ from, standing }) => [from.toISOString(), standing.state]);

const recordedJournals = fc
  .tuple(journals({ retractions: true }), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 20 }))
  .map(([facts, delays]) => facts.map((one, index) => recorded(one, delays[index])));

describe('the replayed history of a move', () => {
  it('begins each stretch when Untether learned of it, and at the days on which time alone changes something', () => {
    expect(
      states([
        recorded(fact(0, 'entered-scope', { reason: 'baseline' })),
        recorded(fact(1, 'assessed', {}), 2),
        recorded(fact(4, 'deferred', { reason: 'sickness', until: '2026-01-20' })),
      ]),
    ).toEqual([
      [onDay(0).toISOString(), 'not_started'],
      [onDay(3).toISOString(), 'assessed'],
      [onDay(4).toISOString(), 'deferred'],
      ['2026-01-20T00:00:00.000Z', 'assessed'],
    ]);
  });

  it('keeps what was believed until a fact was retracted', () => {
    const wrong = fact(2, 'left-organisation', {});
    const retraction = fact(5, 'retracted', { key: wrong.key, reason: 'another person of this name' });
    expect(
      states([recorded(fact(0, 'entered-scope', { reason: 'baseline' })), recorded(wrong), recorded(retraction)]),
    ).toEqual([
      [onDay(0).toISOString(), 'not_started'],
      [onDay(2).toISOString(), 'left'],
      [onDay(5).toISOString(), 'not_started'],
    ]);
  });

  it('ends with what is derived now, and at every time says what was derived then', () => {
    fc.assert(
      fc.property(recordedJournals, fc.integer({ min: 0, max: 60 }), (facts, day) => {
        const stretches = replay(facts);
        for (const at of [UNTIL, onDay(day)]) {
          const known = facts.filter(({ recordedAt }) => recordedAt <= at);
          const stretch = stretches.findLast(({ from }) => from <= at);
          if (!known.some(({ moveId }) => moveId === 1)) expect(stretch).toBeUndefined();
          else expect(stretch?.standing).toEqual(moveIn(known, at));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('has stretches in the order of time, each other than the one before', () => {
    fc.assert(
      fc.property(recordedJournals, (facts) => {
        const stretches = replay(facts);
        for (const [index, { from, standing }] of stretches.entries()) {
          const before = stretches[index - 1];
          if (before === undefined) continue;
          expect(from > before.from).toBe(true);
          expect(standing).not.toEqual(before.standing);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the replayed history of a desktop', () => {
  it('ends with what is derived now', () => {
    fc.assert(
      fc.property(recordedJournals, (facts) => {
        const own = facts.filter(({ deviceId }) => deviceId === 11);
        const last = replayDesktop(own, UNTIL).at(-1);
        if (own.length === 0) expect(last).toBeUndefined();
        else expect(last?.standing).toEqual(deriveDesktop(own));
      }),
      { numRuns: 500 },
    );
  });
});
