import { judgeRead, tooManyQuarantined, type ReadFacts, type Verdict } from './removal-guard.js';

const quiet: ReadFacts = {
  kind: 'full',
  active: 1_000,
  shown: 1_000,
  additions: 0,
  removals: 0,
  removedWithinDay: 0,
  announced: null,
  released: false,
};
type Ruling = 'all' | 'removals held' | 'removals left out' | 'nothing';

function ruling(facts: Partial<ReadFacts>): Ruling {
  const verdict: Verdict = judgeRead({ ...quiet, ...facts });
  if (verdict.apply === 'without-removals') return verdict.hold ? 'removals held' : 'removals left out';
  return verdict.apply;
}

/** A complete read of a set that shows so many fewer. */
const full = (active: number, removals: number): Partial<ReadFacts> => ({
  active,
  removals,
  shown: active - removals,
});

describe('the guard against mass removals', () => {
  it.each<[string, Partial<ReadFacts>, Ruling]>([
    ['nothing removed', {}, 'all'],
    ['24 of 600: under 25, whatever the share', full(600, 24), 'all'],
    ['25 of 600', full(600, 25), 'all'],
    ['26 of 600: over both', full(600, 26), 'removals held'],
    ['26 of 1,300: 2 % exactly', full(1_300, 26), 'all'],
    ['27 of 1,300: over 2 %', full(1_300, 27), 'removals held'],
    ['70 of 3,500: 2 % exactly', full(3_500, 70), 'all'],
    ['71 of 3,500', full(3_500, 71), 'removals held'],
    ['500 of 3,500, where Entra Connect stops', full(3_500, 500), 'removals held'],

    ['5 % within a day, exactly', { ...full(950, 10), removedWithinDay: 38 }, 'all'],
    ['one more than 5 % within a day', { ...full(950, 11), removedWithinDay: 39 }, 'removals held'],
    ['no removals on a day with many', { ...full(900, 0), removedWithinDay: 100 }, 'all'],
    ['5 of 100', full(100, 5), 'all'],
    ['6 of 100', full(100, 6), 'removals held'],

    ['one of one, which leaves nothing', full(1, 1), 'removals held'],
    ['one of two', full(2, 1), 'all'],
    ['one of nine', full(9, 1), 'all'],
    ['two of nine', full(9, 2), 'removals held'],
    ['a second one of nine within a day', { ...full(8, 1), removedWithinDay: 1 }, 'removals held'],

    ['zero of many', full(3_500, 3_500), 'removals held'],
    ['zero of none, a new source', { active: 0, shown: 0 }, 'all'],
    ['the first read', { active: 0, shown: 3_500, additions: 3_500 }, 'all'],
    ['zero changes in a delta', { kind: 'delta', shown: 0 }, 'all'],

    ['all replaced', { active: 1_000, shown: 1_000, removals: 1_000, additions: 1_000 }, 'nothing'],
    ['half replaced', { active: 1_000, shown: 1_000, removals: 500, additions: 500 }, 'nothing'],
    ['just under half replaced', { active: 1_000, shown: 1_000, removals: 499, additions: 499 }, 'removals held'],
    ['half gone and few new', { active: 1_000, shown: 510, removals: 500, additions: 10 }, 'removals held'],
    ['a small set replaced', { active: 20, shown: 20, removals: 20, additions: 20 }, 'removals held'],
    ['many new and none gone', { active: 1_000, shown: 4_000, additions: 3_000 }, 'all'],

    ['as many as announced', { ...full(1_000, 3), announced: 997 }, 'all'],
    ['fewer than announced', { ...full(1_000, 3), announced: 998 }, 'removals left out'],
    ['more than announced: records came in meanwhile', { ...full(1_000, 3), announced: 990 }, 'all'],
    ['zero of many although zero was announced', { ...full(1_000, 1_000), announced: 0 }, 'removals held'],

    ['a delta with 25 of 1,000', { kind: 'delta', shown: 25, removals: 25 }, 'all'],
    ['a delta with 26 of 1,000', { kind: 'delta', shown: 26, removals: 26 }, 'removals held'],
    ['a delta in which all leave and as many come', { kind: 'delta', removals: 900, additions: 900 }, 'removals held'],
    ['a delta is not a list, whatever count it gives', { kind: 'delta', shown: 3, announced: 1_000 }, 'all'],

    ['what a person has released', { ...full(3_500, 3_500), released: true }, 'all'],
  ])('%s', (_title, facts, expected) => {
    expect(ruling(facts)).toBe(expected);
  });

  it('says in figures why it holds', () => {
    expect(judgeRead({ ...quiet, ...full(3_500, 71) })).toEqual({
      apply: 'without-removals',
      hold: true,
      reason: '71 of 3500 records would be removed in one run.',
    });
  });

  it.each([
    [0, 0, false],
    [0, 500, false],
    [1, 1, false],
    [2, 2, true],
    [1, 500, false],
    [2, 150, true],
    [5, 500, false],
    [6, 500, true],
  ])('F-52 %s bad records of %s fail the run: %s', (quarantined, rows, expected) => {
    expect(tooManyQuarantined(quarantined, rows)).toBe(expected);
  });
});
