import { RECORD_DOUBT_CODES, recordDoubtsOf, type RecordDoubtCode, type RecordDoubtFacts } from './record-doubts.js';

const NOW = Date.UTC(2026, 10, 23);
const DAY = 86_400_000;
const sound: RecordDoubtFacts = {
  now: NOW,
  presence: 'present',
  serialNumber: 'PF3ABCDE',
  operatingSystem: 'Windows',
  lastSeenAt: NOW - DAY,
  classUnknown: false,
  classContradicted: false,
  openReviews: 0,
  userActive: true,
  records: [
    { source: 'entra-devices', name: 'LT-0001', present: true },
    { source: 'managed-devices', name: 'lt-0001', present: true },
  ],
};

describe('what is doubtful about the records of a machine', () => {
  it('is nothing when its sources agree', () => {
    expect(recordDoubtsOf(sound)).toEqual([]);
  });

  const cases: readonly (readonly [RecordDoubtCode, Partial<RecordDoubtFacts>])[] = [
    ['review-open', { openReviews: 1 }],
    ['class-unknown', { classUnknown: true }],
    ['class-contradicted', { classContradicted: true }],
    ['vanished', { presence: 'missing' }],
    ['not-seen', { lastSeenAt: NOW - 91 * DAY }],
    ['clock-ahead', { lastSeenAt: NOW + 2 * DAY }],
    ['user-left', { userActive: false }],
    [
      'names-differ',
      {
        records: [
          { source: 'entra-devices', name: 'LT-0001', present: true },
          { source: 'managed-devices', name: 'LT-0002', present: true },
        ],
      },
    ],
    ['no-serial', { serialNumber: null }],
    ['not-managed', { records: [{ source: 'entra-devices', name: 'LT-0001', present: true }] }],
  ];

  it.each(cases)('%s', (code, facts) => {
    const doubts = recordDoubtsOf({ ...sound, ...facts });
    expect(doubts.map((doubt) => doubt.code)).toEqual([code]);
    for (const { message, advice } of doubts) expect([message, advice].every((text) => text.endsWith('.'))).toBe(true);
  });

  it('has a case for every code', () => {
    expect(cases.map(([code]) => code).sort()).toEqual([...RECORD_DOUBT_CODES].sort());
  });

  it('does not compare with the name of a record that is no longer shown', () => {
    const records = [...sound.records, { source: 'entra-devices', name: 'OLD-NAME', present: false } as const];
    expect(recordDoubtsOf({ ...sound, records })).toEqual([]);
  });

  it('does not call a machine stale on the last day, nor ask the same of one that has vanished', () => {
    expect(recordDoubtsOf({ ...sound, lastSeenAt: NOW - 90 * DAY })).toEqual([]);
    const codes = recordDoubtsOf({ ...sound, presence: 'gone', lastSeenAt: NOW - 400 * DAY }).map(({ code }) => code);
    expect(codes).toEqual(['vanished']);
  });

  it('asks nothing of a machine in a box, which no source can show yet', () => {
    expect(recordDoubtsOf({ ...sound, serialNumber: null, lastSeenAt: null, records: [], userActive: null })).toEqual(
      [],
    );
  });
});
