import fc from 'fast-check';
import { moveIn, desktopsIn } from '../../../test/support/move-derivations.js';
import { DESKTOPS, journals } from '../../../test/support/move-fact-arbitraries.js';
import { fact, onDay } from '../../../test/support/move-facts.js';
import { londonInstant } from '../../common/uk-time.js';
import type { MoveFact } from './move-fact.js';
import type { MoveState } from './move-words.js';
import { DESKTOP_STATE_FOLLOWS, MOVE_STATE_FOLLOWS } from './state-table.js';

const NOW = onDay(30);
const RUNS = { numRuns: 2_000 };

const byTime = (one: MoveFact, other: MoveFact) =>
  one.at.getTime() - other.at.getTime() || (one.key < other.key ? -1 : 1);

/** The state that the last of the facts of these kinds leaves, told apart by `is`. */
function last(facts: readonly MoveFact[], is: (fact: MoveFact) => boolean | null): boolean | null {
  return [...facts].sort(byTime).reduce<boolean | null>((before, one) => is(one) ?? before, null);
}

/**
 * Whether facts without retractions justify that move 1 is done, asked of the facts alone and in other words than those
 * of the derivation: present, in scope, a laptop held, every desktop proven or excused by a fact, and one of them proven
 * or a reason stated for none.
 */
function isEarned(facts: readonly MoveFact[]): boolean {
  const own = facts.filter(({ moveId }) => moveId === 1);
  const isGone = last(own, ({ kind, details }) => {
    if (kind === 'left-organisation') return true;
    if (kind === 'returned-to-organisation') return false;
    return kind === 'entered-scope' && 'reason' in details && details.reason === 'rehire' ? false : null;
  });
  const laptops = new Set(own.filter(({ kind }) => kind === 'laptop-assigned').map(({ deviceId }) => deviceId));
  const hasLaptop = [...laptops].some((laptop) =>
    last(own, ({ kind, deviceId }) =>
      deviceId === laptop && (kind === 'laptop-assigned' || kind === 'laptop-returned')
        ? kind === 'laptop-assigned'
        : null,
    ),
  );
  const isStated = own.some(
    (one) => one.kind === 'no-desktop-stated' || (one.kind === 'desktop-released' && one.details.reason !== null),
  );
  const ofDesktop = (id: number) => facts.filter(({ deviceId }) => deviceId === id);
  const isProven = (id: number) =>
    ofDesktop(id).some(({ kind }) => kind === 'desktop-recovered') &&
    ofDesktop(id).some((one) => one.kind === 'desktop-wiped' && one.details.evidence !== null);
  const isExcused = (id: number) =>
    ofDesktop(id).some(
      (one) =>
        ['desktop-reclassified', 'desktop-left-estate'].includes(one.kind) ||
        (one.kind === 'left-scope' && one.moveId === null) ||
        (one.kind === 'desktop-released' && one.moveId === 1),
    ) || ofDesktop(id).every((one) => one.kind !== 'desktop-assigned' || one.moveId !== 1 || isIgnored(one));
  const isIgnored = (assigned: MoveFact) =>
    ofDesktop(assigned.deviceId ?? 0).some(
      (one) => one.kind === 'desktop-recovered' && byTime(one, assigned) < 0 && isByOthers(assigned),
    );
  const isByOthers = (one: MoveFact) => one.kind === 'desktop-assigned' && one.details.by !== 'custody';
  // What came back while somebody was gone, or before the programme, is excused too, by a statement only.
  const isBefore = (id: number) =>
    isStated &&
    ofDesktop(id).some(({ kind }) => kind === 'desktop-recovered') &&
    own.some(({ kind }) => kind === 'left-organisation' || kind === 'entered-scope');
  return (
    isGone !== true &&
    own.some(({ kind }) => kind === 'entered-scope') &&
    hasLaptop &&
    DESKTOPS.every((id) => isProven(id) || isExcused(id) || isBefore(id)) &&
    (isStated || DESKTOPS.some(isProven))
  );
}

describe('the state of a move', () => {
  it('is the same in whatever order the facts come', () => {
    fc.assert(
      fc.property(
        journals({ retractions: true }).chain((facts) =>
          fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts], { minLength: facts.length })),
        ),
        ([facts, shuffled]) => {
          expect(moveIn(shuffled, NOW)).toEqual(moveIn(facts, NOW));
          expect(desktopsIn(shuffled).get(11)).toEqual(desktopsIn(facts).get(11));
        },
      ),
      RUNS,
    );
  });

  it('does not change when facts are recorded again', () => {
    fc.assert(
      fc.property(journals({ retractions: true }), fc.infiniteStream(fc.boolean()), (facts, coin) => {
        const again = facts.filter(() => coin.next().value);
        expect(moveIn([...again, ...facts], NOW)).toEqual(moveIn(facts, NOW));
      }),
      RUNS,
    );
  });

  it('is, once a fact is retracted, as if it had never been', () => {
    fc.assert(
      fc.property(journals({ retractions: false }), fc.nat(), (facts, number) => {
        const wrong = facts[number % Math.max(1, facts.length)];
        if (wrong === undefined) return;
        const retraction = fact(50, 'retracted', { key: wrong.key, reason: 'wrong' }, { ...wrong, key: 'retraction' });
        const without = facts.filter((one) => one !== wrong);
        expect(moveIn([...facts, retraction], NOW)).toEqual(moveIn(without, NOW));
        expect(moveIn([...facts, retraction], NOW, 2)).toEqual(moveIn(without, NOW, 2));
      }),
      RUNS,
    );
  });

  it('stands since the fact or day that brought it, and follows the table, one time after the other', () => {
    fc.assert(
      fc.property(journals({ retractions: false }), (facts) => {
        const days = facts.map((one) =>
          (one.kind === 'deferred' || one.kind === 'exempted') && one.details.until !== null
            ? londonInstant(one.details.until, '00:00').getTime()
            : 0,
        );
        const times = [...new Set([...facts.map(({ at }) => at.getTime()), ...days])]
          .filter((time) => time > 0 && time <= NOW.getTime())
          .sort((one, other) => one - other);
        let state: MoveState | null = null;
        let since = 0;
        for (const time of times) {
          const known = facts.filter(({ at }) => at.getTime() <= time);
          const next: MoveState = moveIn(known, new Date(time)).state;
          const isOne =
            known.filter(({ at }) => at.getTime() === time).length + days.filter((it) => it === time).length === 1;
          if (state !== null && next !== state && isOne) expect(MOVE_STATE_FOLLOWS[state]).toContain(next);
          if (next !== state) since = time;
          state = next;
        }
        const past = facts.filter(({ at }) => at <= NOW);
        const standing = moveIn(past, NOW);
        if (state === null || !past.some(({ moveId }) => moveId === 1)) return;
        expect(standing.state).toBe(state);
        if (standing.state !== 'out_of_scope') expect(standing.stateSince).toEqual(new Date(since));
      }),
      RUNS,
    );
  });

  it('has counts that the table of moves accepts', () => {
    fc.assert(
      fc.property(journals({ retractions: true }), (facts) => {
        const { desktopCount, recoveredCount, wipedCount, atRisk, state } = moveIn(facts, NOW);
        expect(desktopCount >= recoveredCount && recoveredCount >= wipedCount && wipedCount >= 0).toBe(true);
        expect(!atRisk || state === 'scheduled').toBe(true);
      }),
      RUNS,
    );
  });
});

describe('no path to done', () => {
  it('without recovery and wipe with evidence, or a stated reason for none: in random journals', () => {
    let closed = 0;
    fc.assert(
      fc.property(journals({ retractions: false }), (facts) => {
        if (moveIn(facts, NOW).state !== 'closed') return;
        closed += 1;
        expect(isEarned(facts)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
    expect(closed).toBeGreaterThan(100);
  });

  it('for leavers and the exempt, whatever else is known', () => {
    fc.assert(
      fc.property(journals({ retractions: false }), (facts) => {
        const left = fact(60, 'left-organisation', {}, { key: 'last' });
        const exempted = fact(60, 'exempted', { reason: 'a reason', until: null }, { key: 'last' });
        const out = fact(60, 'left-scope', { reason: 'rule' }, { key: 'last' });
        expect(moveIn([...facts, left], onDay(61)).state).toBe('left');
        expect(['exempt', 'left', 'out_of_scope']).toContain(moveIn([...facts, exempted], onDay(61)).state);
        expect(['out_of_scope', 'left']).toContain(moveIn([...facts, out], onDay(61)).state);
      }),
      RUNS,
    );
  });

  it('in every sequence of up to five different facts about one person, one desktop and one laptop', () => {
    const steps = (day: number): readonly MoveFact[] => [
      fact(day, 'desktop-assigned', { by: 'custody' }, { deviceId: 11 }),
      fact(day, 'laptop-assigned', { by: 'custody' }, { deviceId: 21 }),
      fact(day, 'laptop-returned', {}, { deviceId: 21 }),
      fact(day, 'desktop-recovered', {}, { deviceId: 11, moveId: null }),
      fact(day, 'desktop-wiped', { evidence: 'certificate' }, { deviceId: 11, moveId: null }),
      fact(day, 'desktop-wiped', { evidence: null }, { deviceId: 11, moveId: null, key: `unproven:${day}` }),
      fact(day, 'desktop-seen', { source: 'intune' }, { deviceId: 11, moveId: null }),
      fact(day, 'desktop-returned-to-use', {}, { deviceId: 11, moveId: null }),
      fact(day, 'left-organisation', {}),
      fact(day, 'slot-attended', { bookingId: 1 }),
    ];
    let closed = 0;
    let tried = 0;
    const extend = (facts: readonly MoveFact[], used: ReadonlySet<number>): void => {
      tried += 1;
      if (moveIn(facts, NOW).state === 'closed') {
        closed += 1;
        expect(isEarned(facts)).toBe(true);
      }
      if (used.size === 5) return;
      for (const [index, step] of steps(used.size + 1).entries()) {
        if (!used.has(index)) extend([...facts, step], new Set([...used, index]));
      }
    };
    extend([fact(0, 'entered-scope', { reason: 'baseline' })], new Set());
    expect(tried).toBe(36_101);
    expect(closed).toBeGreaterThan(20);
  });
});

describe('the state of a desktop', () => {
  it('follows the table, is since the fact that brought it, and is never wiped without evidence', () => {
    fc.assert(
      fc.property(journals({ retractions: false }), (facts) => {
        const own = facts.filter(({ deviceId }) => deviceId === 11).sort(byTime);
        let before = desktopsIn([]).get(11);
        for (const index of own.keys()) {
          const next = desktopsIn(own.slice(0, index + 1)).get(11)!;
          if (before !== undefined && next.state !== before.state) {
            expect(DESKTOP_STATE_FOLLOWS[before.state]).toContain(next.state);
            expect(next.since).toEqual(own[index]!.at);
          }
          expect(next.state === 'wiped').toBe(next.evidence !== null);
          before = next;
        }
      }),
      RUNS,
    );
  });
});
