import fc from 'fast-check';
import type { IdentityDecision } from './identity-decisions.js';
import { keyName, keysOf, type IdentityRecord, type RecordFacts, type RecordSource } from './identity-record.js';
import { resolveMachines } from './machines.js';

const NOW = Date.UTC(2026, 10, 1);
const day = (number: number): number => Date.UTC(2026, 0, number);

let count = 0;
function record(source: RecordSource, facts: Partial<RecordFacts> = {}): IdentityRecord {
  const id = facts.id ?? ++count;
  const externalId = facts.externalId ?? `${source}-${id}`;
  const full: RecordFacts = {
    id,
    source,
    externalId,
    presence: 'present',
    entraDeviceId: null,
    managedDeviceId: source === 'managed-devices' ? externalId : null,
    autopilotId: source === 'autopilot' ? externalId : null,
    serialNumber: null,
    manufacturer: 'HP',
    model: 'EliteBook 840 G8',
    enrolledAt: null,
    lastSeenAt: null,
    ...facts,
  };
  return { ...full, keys: keysOf(full) };
}
const intune = (facts: Partial<RecordFacts> = {}): IdentityRecord => record('managed-devices', facts);
const entra = (facts: Partial<RecordFacts> = {}): IdentityRecord => record('entra-devices', facts);
const autopilot = (facts: Partial<RecordFacts> = {}): IdentityRecord => record('autopilot', facts);
const readiness = (facts: Partial<RecordFacts> = {}): IdentityRecord => record('windows-readiness', facts);

function resolve(records: IdentityRecord[], decisions: IdentityDecision[] = [], shared: string[] = []) {
  const { machines, reviews } = resolveMachines(records, decisions, new Set(shared), NOW);
  const names = new Map(records.map(({ id, externalId }) => [id, externalId]));
  const written = (lists: readonly (readonly number[])[]): string[] =>
    lists
      .map((list) =>
        list
          .map((id) => names.get(id))
          .sort()
          .join(' '),
      )
      .sort();
  return {
    machines: written(machines),
    reviews: reviews
      .map(({ kind, fingerprint, machines: sides }) => ({ kind, fingerprint, machines: written(sides) }))
      .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
  };
}

describe('what is one machine', () => {
  it('records that share an Autopilot id, the twin Entra objects of hybrid Autopilot among them', () => {
    const records = [
      autopilot({ externalId: 'z1' }),
      entra({ externalId: 'e1', autopilotId: 'z1', entraDeviceId: 'd1' }),
      entra({ externalId: 'e2', autopilotId: 'z1', entraDeviceId: 'd2' }),
      intune({ externalId: 'm1', entraDeviceId: 'd2' }),
    ];
    expect(resolve(records)).toEqual({ machines: ['e1 e2 m1 z1'], reviews: [] });
  });

  it('an Entra device and the Intune enrolment that names it', () => {
    const records = [
      entra({ externalId: 'e1', entraDeviceId: 'd1' }),
      intune({ externalId: 'm1', entraDeviceId: 'D1' }),
    ];
    expect(resolve(records).machines).toEqual(['e1 m1']);
  });

  it('never what only the all-zero Entra id or one hostname ties together', () => {
    const zero = '00000000-0000-0000-0000-000000000000';
    const records = [
      intune({ externalId: 'm1', entraDeviceId: zero }),
      intune({ externalId: 'm2', entraDeviceId: zero }),
    ];
    expect(resolve(records)).toEqual({ machines: ['m1', 'm2'], reviews: [] });
  });

  it('a readiness report and the enrolment that it names, whatever serial number it repeats', () => {
    const records = [
      intune({ externalId: 'm1', serialNumber: 'NEWBOARD1' }),
      readiness({ externalId: 'w1', managedDeviceId: 'm1', serialNumber: 'OLDBOARD1' }),
    ];
    expect(resolve(records)).toEqual({ machines: ['m1 w1'], reviews: [] });
  });

  it('a boxed Autopilot laptop and its later enrolment, by serial number and maker', () => {
    const records = [
      autopilot({ externalId: 'z1', serialNumber: '5CG1', manufacturer: 'HP' }),
      intune({ externalId: 'm1', serialNumber: ' 5cg1 ', manufacturer: 'Hewlett-Packard' }),
    ];
    expect(resolve(records)).toEqual({ machines: ['m1 z1'], reviews: [] });
  });

  it('a record whose maker is unknown, when only one maker has the number', () => {
    const box = autopilot({ externalId: 'z1', serialNumber: '5CG1XX', manufacturer: 'To be filled by O.E.M.' });
    const hp = intune({ externalId: 'm1', serialNumber: '5CG1XX', manufacturer: 'HP' });
    const dell = intune({ externalId: 'm2', serialNumber: '5CG1XX', manufacturer: 'Dell Inc.' });
    expect(resolve([box, hp])).toEqual({ machines: ['m1 z1'], reviews: [] });
    expect(resolve([hp, dell])).toEqual({ machines: ['m1', 'm2'], reviews: [] });
    expect(resolve([box, hp, dell])).toMatchObject({
      machines: ['m1', 'm2', 'z1'],
      reviews: [{ kind: 'same_serial', machines: ['m1', 'm2', 'z1'] }],
    });
  });
});

describe('F-56: serial numbers that tell nothing apart', () => {
  it.each(['', '0', 'Default string', 'To be filled by O.E.M.', 'System Serial Number'])(
    '%j joins nothing',
    (serial) => {
      const records = [
        intune({ externalId: 'm1', serialNumber: serial }),
        autopilot({ externalId: 'z1', serialNumber: serial }),
      ];
      expect(resolve(records)).toEqual({ machines: ['m1', 'z1'], reviews: [] });
    },
  );

  it('B359: blank serial numbers are not merged with other blanks', () => {
    expect(
      resolve([intune({ externalId: 'd1', serialNumber: '' }), intune({ externalId: 'd2', serialNumber: '' })]),
    ).toEqual({
      machines: ['d1', 'd2'],
      reviews: [],
    });
  });

  it('B361: "System Serial Number" merges nothing', () => {
    const serialNumber = 'System Serial Number';
    const records = [
      intune({ externalId: 'd1', serialNumber }),
      intune({ externalId: 'd2', serialNumber, presence: 'gone' }),
    ];
    expect(resolve(records)).toEqual({ machines: ['d1', 'd2'], reviews: [] });
  });

  it('B362: two devices with one real serial number are one conflict for a person to settle', () => {
    const records = [
      intune({ externalId: 'd1', serialNumber: 'S1' }),
      intune({ externalId: 'd2', serialNumber: 's1' }),
    ];
    expect(resolve(records)).toEqual({
      machines: ['d1', 'd2'],
      reviews: [{ kind: 'same_serial', fingerprint: 'serial:S1 hp', machines: ['d1', 'd2'] }],
    });
  });

  it('a number that was found on too many records joins nothing and asks nothing', () => {
    const records = [
      intune({ externalId: 'd1', serialNumber: 'BATCH7' }),
      autopilot({ externalId: 'z1', serialNumber: 'BATCH7' }),
    ];
    expect(resolve(records, [], [keyName('serial', 'BATCH7')])).toEqual({ machines: ['d1', 'z1'], reviews: [] });
  });
});

describe('F-57: re-enrolled machines', () => {
  const old = { externalId: 'old', serialNumber: '5CG9XYZ', enrolledAt: day(1), lastSeenAt: day(50) };
  const renewed = { externalId: 'new', serialNumber: '5CG9XYZ', enrolledAt: day(60), lastSeenAt: day(90) };

  it('are one machine when Entra id and serial number are the same, even while both enrolments are shown', () => {
    const records = [intune({ ...old, entraDeviceId: 'd1' }), intune({ ...renewed, entraDeviceId: 'd1' })];
    expect(resolve(records)).toEqual({ machines: ['new old'], reviews: [] });
  });

  it('are one machine by the serial number alone once the old enrolment is not shown any more', () => {
    for (const presence of ['missing', 'gone'] as const) {
      const records = [
        intune({ ...old, presence, entraDeviceId: 'd1' }),
        entra({ externalId: 'e-old', entraDeviceId: 'd1' }),
        intune({ ...renewed, entraDeviceId: 'd2' }),
      ];
      expect(resolve(records)).toEqual({ machines: ['e-old new old'], reviews: [] });
    }
  });

  it('are suggested to a person while both enrolments are shown and only the serial number links them', () => {
    expect(resolve([intune(old), intune(renewed)])).toMatchObject({
      machines: ['new', 'old'],
      reviews: [{ kind: 're_enrolled', machines: ['new', 'old'] }],
    });
  });

  it('are not assumed when the old enrolment was alive after the new one began: those are two machines', () => {
    const records = [intune({ ...old, lastSeenAt: day(80), presence: 'gone' }), intune(renewed)];
    expect(resolve(records)).toMatchObject({ machines: ['new', 'old'], reviews: [{ kind: 'same_serial' }] });
  });

  it('are not disproved by a clock that ran ahead', () => {
    const records = [intune({ ...old, lastSeenAt: Date.UTC(2099, 0, 1), presence: 'gone' }), intune(renewed)];
    expect(resolve(records)).toEqual({ machines: ['new old'], reviews: [] });
  });
});

describe('conflicting identities', () => {
  it('one Entra id claimed by two enrolments with different serial numbers is asked about, not merged', () => {
    const records = [
      intune({ externalId: 'm1', entraDeviceId: 'd1', serialNumber: 'AAA111' }),
      intune({ externalId: 'm2', entraDeviceId: 'd1', serialNumber: 'BBB222' }),
      entra({ externalId: 'e1', entraDeviceId: 'd1' }),
    ];
    expect(resolve(records)).toEqual({
      machines: ['e1', 'm1', 'm2'],
      reviews: [{ kind: 'conflicting_identity', fingerprint: 'entra:d1', machines: ['e1', 'm1', 'm2'] }],
    });
  });

  it('what only the enrolment still shown can own goes with it', () => {
    const records = [
      intune({ externalId: 'm1', entraDeviceId: 'd1', serialNumber: 'AAA111', presence: 'gone' }),
      intune({ externalId: 'm2', entraDeviceId: 'd1', serialNumber: 'BBB222' }),
      entra({ externalId: 'e1', entraDeviceId: 'd1' }),
    ];
    expect(resolve(records).machines).toEqual(['e1 m2', 'm1']);
  });

  it('clones without serial numbers that were alive together stay apart', () => {
    const records = [
      intune({ externalId: 'm1', entraDeviceId: 'd1', enrolledAt: day(1), lastSeenAt: day(90) }),
      intune({ externalId: 'm2', entraDeviceId: 'd1', enrolledAt: day(10), lastSeenAt: day(90) }),
    ];
    expect(resolve(records)).toMatchObject({ machines: ['m1', 'm2'], reviews: [{ kind: 'conflicting_identity' }] });
  });
});

describe('decisions', () => {
  const one = intune({ externalId: 'd1', serialNumber: 'S100' });
  const other = intune({ externalId: 'd2', serialNumber: 'S100' });
  const named = (...machines: number[]) =>
    [one, other].map(({ id }, index) => ({ recordId: id, machine: machines[index] ?? 1 }));

  it('hold against what the records say, and answer the question', () => {
    expect(resolve([one, other], [{ id: 1, records: named(1, 1) }])).toEqual({ machines: ['d1 d2'], reviews: [] });
    expect(resolve([one, other], [{ id: 1, records: named(1, 2) }])).toEqual({ machines: ['d1', 'd2'], reviews: [] });
  });

  it('give way to later ones', () => {
    const decisions = [
      { id: 2, records: named(1, 1) },
      { id: 1, records: named(1, 2) },
    ];
    expect(resolve([one, other], decisions).machines).toEqual(['d1 d2']);
    expect(
      resolve(
        [one, other],
        decisions.map(({ records }, index) => ({ id: index + 1, records })),
      ).machines,
    ).toEqual(['d1', 'd2']);
  });

  it('ask again when a third machine comes with the number', () => {
    const third = intune({ externalId: 'd3', serialNumber: 'S100' });
    expect(resolve([one, other, third], [{ id: 1, records: named(1, 2) }])).toMatchObject({
      machines: ['d1', 'd2', 'd3'],
      reviews: [{ kind: 'same_serial', machines: ['d1', 'd2', 'd3'] }],
    });
  });
});

/** Records with few possible keys, so that everything collides with everything. */
const anyRecords = fc
  .array(
    fc.record({
      source: fc.constantFrom<RecordSource>('managed-devices', 'autopilot', 'windows-readiness', 'entra-devices'),
      presence: fc.constantFrom('present' as const, 'present' as const, 'missing' as const, 'gone' as const),
      entraDeviceId: fc.constantFrom(null, 'd1', 'd2', 'd3', 'd4'),
      managedDeviceId: fc.constantFrom(null, 'm1', 'm2', 'm3'),
      autopilotId: fc.constantFrom(null, null, 'z1', 'z2'),
      serialNumber: fc.constantFrom(null, 'S100', 'S200', 'S300', 'Default string'),
      manufacturer: fc.constantFrom(null, 'HP', 'Hewlett-Packard', 'Dell Inc.'),
      enrolledAt: fc.constantFrom(null, day(1), day(40), day(80)),
      lastSeenAt: fc.constantFrom(null, day(30), day(60), day(100), Date.UTC(2099, 0, 1)),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((list) =>
    list.map((facts, index) => record(facts.source, { ...facts, id: index + 1, externalId: `r${index + 1}` })),
  );

const anyDecisions = fc.array(
  fc.array(fc.record({ recordId: fc.integer({ min: 1, max: 14 }), machine: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 2,
    maxLength: 5,
  }),
  { maxLength: 3 },
);

describe('properties', () => {
  it('any order of the same records and decisions, and any ids, give the same machines and reviews', () => {
    fc.assert(
      fc.property(anyRecords, anyDecisions, fc.infiniteStream(fc.double({ noNaN: true })), (records, named, random) => {
        const decisions = named.map((list, index) => ({
          id: index + 1,
          records: list.filter(({ recordId }, at) => list.findIndex((one) => one.recordId === recordId) === at),
        }));
        const shuffled = records.map((one) => ({ one, at: random.next().value as number })).sort((a, b) => a.at - b.at);
        const renumbered = new Map(shuffled.map(({ one }, index) => [one.id, 1_000 - index]));
        const others = shuffled.map(({ one }) => ({ ...one, id: renumbered.get(one.id) ?? 0 }));
        const moved = decisions.map((decision) => ({
          id: decision.id,
          records: decision.records
            .map(({ recordId, machine }) => ({ recordId: renumbered.get(recordId) ?? 0, machine }))
            .reverse(),
        }));
        expect(resolve(others, moved.reverse())).toEqual(resolve(records, decisions));
      }),
      { numRuns: 2_000 },
    );
  });

  it('every record is on exactly one machine, and no machine holds two real serial numbers but by a readiness report', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const { machines } = resolveMachines(records, [], new Set(), NOW);
        expect(machines.flat().sort((a, b) => a - b)).toEqual(records.map(({ id }) => id).sort((a, b) => a - b));
        const byId = new Map(records.map((one) => [one.id, one]));
        for (const machine of machines) {
          const own = machine
            .flatMap((id) => byId.get(id) ?? [])
            .filter(({ source }) => source !== 'windows-readiness');
          expect(new Set(own.flatMap(({ keys }) => keys.serial ?? [])).size).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('two machines that are asked about are never merged', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const { machines, reviews } = resolveMachines(records, [], new Set(), NOW);
        const known = new Set(machines.map((machine) => machine.join(' ')));
        for (const review of reviews) {
          expect(review.machines.length).toBeGreaterThan(1);
          for (const machine of review.machines) expect(known.has(machine.join(' '))).toBe(true);
        }
        expect(new Set(reviews.map(({ fingerprint }) => fingerprint)).size).toBe(reviews.length);
      }),
      { numRuns: 1_000 },
    );
  });
});
