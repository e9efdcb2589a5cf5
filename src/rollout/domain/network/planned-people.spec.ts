import { plannedPeople, type PlannedGroup, type PlannedWave } from './planned-people.js';

const WAVES: readonly PlannedWave[] = [
  { id: 2, name: 'Spring', endsOn: '2027-03-12' },
  { id: 1, name: 'Winter', endsOn: '2026-12-11' },
  { id: 3, name: 'Autumn', endsOn: '2026-10-09' },
  { id: 4, name: 'Nobody here', endsOn: '2027-01-08' },
];
const PLAN = { today: '2026-11-23', targetOn: '2027-06-30' };
const group = (waveId: number | null, people: number, style = 'fixed', moved = false): PlannedGroup => ({
  ...{ waveId, people, style, moved },
});

function shown(groups: readonly PlannedGroup[], plan = PLAN): unknown {
  const { now, waves, end } = plannedPeople(groups, WAVES, plan);
  return [now, ...waves, end].map(({ wave, on, people }) => [wave?.name ?? null, on, Object.fromEntries(people)]);
}

describe('people after each wave', () => {
  it('adds members up in the order of the waves, on top of those who have moved, whatever wave these were in', () => {
    const groups = [group(2, 5, 'home'), group(1, 7), group(3, 11, 'fixed', true), group(null, 2), group(1, 1, 'home')];
    expect(shown(groups)).toEqual([
      [null, '2026-11-23', { fixed: 11 }],
      ['Winter', '2026-12-11', { fixed: 18, home: 1 }],
      ['Spring', '2027-03-12', { fixed: 18, home: 6 }],
      [null, '2027-06-30', { fixed: 20, home: 6 }],
    ]);
  });

  it('lets members of a wave that is over come today, and the last ones never before a wave', () => {
    expect(shown([group(3, 4), group(2, 1)], { ...PLAN, targetOn: '2026-12-31' })).toEqual([
      [null, '2026-11-23', {}],
      ['Autumn', '2026-11-23', { fixed: 4 }],
      ['Spring', '2027-03-12', { fixed: 5 }],
      [null, '2027-03-12', { fixed: 5 }],
    ]);
  });

  it('has nobody where nobody is', () => {
    expect(shown([])).toEqual([
      [null, '2026-11-23', {}],
      [null, '2027-06-30', {}],
    ]);
  });
});
