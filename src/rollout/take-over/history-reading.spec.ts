import { describe, expect, it } from '@jest/globals';
import { readProgrammeHistory } from './history-reading.js';
import { HISTORY_FORMAT } from './programme-history.js';

const PERSON = '11111111-2222-4333-8444-555555555555';

type Content = Record<string, unknown>;

/** A small file that is as it has to be. */
function content(): Content {
  return {
    format: HISTORY_FORMAT,
    source: 'A spreadsheet',
    until: '2026-11-01T18:00:00Z',
    programme: { name: 'Rollout', startsOn: '2026-02-02', targetOn: '2027-12-31', baselineAt: '2026-02-02T09:00:00Z' },
    machines: [
      { machine: 'old', serialNumber: 'CZC1234567', manufacturer: 'HP', model: 'HP EliteDesk 800 G2 SFF' },
      { machine: 'new', intuneDeviceId: PERSON },
    ],
    baseline: { people: [{ person: PERSON }], desktops: [{ machine: 'old', person: PERSON }] },
    slots: [
      {
        slot: 's1',
        site: 'Town Hall',
        engineer: PERSON,
        startsAt: '2026-03-02T09:00:00Z',
        endsAt: '2026-03-02T12:00:00Z',
        capacity: 1,
      },
    ],
    bookings: [
      {
        person: PERSON,
        slot: 's1',
        laptop: 'new',
        at: '2026-02-20T09:00:00Z',
        outcome: 'attended',
        outcomeAt: '2026-03-02T10:00:00Z',
      },
    ],
    handOvers: [{ person: PERSON, machine: 'new', at: '2026-03-02T10:00:00Z' }],
    wipes: [{ machine: 'old', at: '2026-03-09T10:00:00Z', evidence: 'CERT-1' }],
  };
}

/** The file with one value replaced, or taken out when it is undefined; `path` as problems name it. */
function changed(path: string, value: unknown): Content {
  const whole = content();
  const steps = path.split(/[.[\]]+/).filter(Boolean);
  const last = steps.pop() ?? '';
  let at: Content = whole;
  for (const step of steps) at = at[step] as Content;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return whole;
}

function problemsOf(file: unknown): readonly string[] {
  const reading = readProgrammeHistory(file);
  return reading.ok ? [] : reading.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('a file with the history of a programme', () => {
  it('is read, with what it leaves out', () => {
    const reading = readProgrammeHistory(content());
    expect(reading).toMatchObject({
      ok: true,
      history: {
        until: new Date('2026-11-01T18:00:00Z'),
        machines: [{ machine: 'old', entraDeviceId: null }, { machine: 'new' }],
        waves: [],
        bookings: [{ reason: null, deliverOn: null }],
      },
    });
  });

  it.each([
    ['format', 'something/2', 'format: Give one of: untether-programme-history/1.'],
    ['source', '', 'source: Give a text of 1 to 200 characters.'],
    ['until', '2026-11-01', 'until: Give a time with its offset, such as 2026-03-02T09:30:00Z.'],
    ['until', '2026-13-01T00:00:00Z', 'until: Give a time with its offset, such as 2026-03-02T09:30:00Z.'],
    ['programme', undefined, 'programme: Give an object.'],
    ['programme.startsOn', '2026-02-30', 'programme.startsOn: Give a day, such as 2026-03-02.'],
    ['programme.targetOn', '2026-01-01', 'programme.targetOn: Give a day after programme.startsOn.'],
    ['programme.baselineAt', '2027-01-01T00:00:00Z', 'programme.baselineAt: Give a time before until.'],
    ['machines[0].serial', 'X', /^machines\[0\]\.serial: Take it out: known are machine, serialNumber/],
    ['machines[1].intuneDeviceId', null, 'machines[1]: Give serialNumber, intuneDeviceId or entraDeviceId.'],
    ['machines[1].machine', 'old', 'machines[1]: It is there already: name it once.'],
    ['baseline.people', 'everybody', 'baseline.people: Give a list.'],
    ['baseline.desktops[0].machine', 'none', 'baseline.desktops[0].machine: Name a machine of the list machines.'],
    ['slots[0].capacity', 0, 'slots[0].capacity: Give a whole number from 1 to 100.'],
    ['slots[0].endsAt', '2026-03-02T09:00:00Z', 'slots[0].endsAt: Give a time after startsAt.'],
    ['bookings[0].slot', 's2', 'bookings[0].slot: Name a slot of the list slots.'],
    ['bookings[0].laptop', 'none', 'bookings[0].laptop: Name a machine of the list machines.'],
    ['bookings[0].outcome', 'delivered', 'bookings[0].outcome: Give one of: booked, attended, missed, cancelled.'],
    ['bookings[0].outcomeAt', null, /^bookings\[0\]\.outcomeAt: Give it for every outcome but booked/],
    ['bookings[0].outcomeAt', '2026-02-01T09:00:00Z', 'bookings[0].outcomeAt: Give a time from at to until.'],
    ['bookings[0].deliverOn', '2026-03-02', 'bookings[0]: Give either slot or deliverOn.'],
    ['handOvers[0].at', '2026-01-01T09:00:00Z', 'handOvers[0].at: Give a time from programme.baselineAt to until.'],
    ['wipes[0].evidence', null, 'wipes[0].evidence: Give a text of 1 to 120 characters.'],
    ['wipes[0]', 'CERT-1', 'wipes[0]: Give an object.'],
  ])('that has a bad %s is refused with its place and what to do: %j', (path, value, problem) => {
    const problems = problemsOf(changed(path, value));
    expect(problems).toContainEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
  });

  it('names more bookings than a slot has places, two open ones, and an engineer in two slots', () => {
    const file = content();
    const [booking] = file['bookings'] as readonly Content[];
    const [slot] = file['slots'] as readonly Content[];
    const open = { ...booking, outcome: 'booked', outcomeAt: null };
    expect(problemsOf({ ...file, bookings: [booking, open] })).toEqual([
      'bookings[1].slot: Raise the capacity of the slot: it has more bookings than places.',
    ]);
    expect(problemsOf({ ...file, slots: [{ ...slot, capacity: 9 }], bookings: [open, open] })).toHaveLength(2);
    const next = { ...slot, slot: 's3', startsAt: '2026-03-02T12:00:00Z', endsAt: '2026-03-02T13:00:00Z' };
    expect(problemsOf({ ...file, slots: [slot, { ...next, slot: 's2', startsAt: '2026-03-02T11:59:00Z' }] })).toEqual([
      'slots[1]: Give another engineer or time: a slot of this engineer overlaps.',
    ]);
    expect(problemsOf({ ...file, slots: [next, slot] })).toEqual([]);
  });

  it.each([[null], [[]], ['text'], [7]])('that is %j is refused', (file) => {
    expect(problemsOf(file).length).toBeGreaterThan(0);
  });
});
