import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CallRejected, readCall, readListedCall, readSessions } from './call-record.js';
import { durationMilliseconds } from './iso-duration.js';

const STARTED = '2026-11-02T09:00:00.000Z';
const CALLER = '0a0a0a0a-0000-4000-8000-000000000001';
const CALLEE = '0b0b0b0b-0000-4000-8000-000000000002';
const CALL = 'c0c0c0c0-0000-4000-8000-000000000003';

/** The two shapes in which Microsoft Graph names who is at an end of a session. */
const SHAPES = {
  identity: (id: string) => ({ identity: { user: { id, displayName: 'Nobody' } } }),
  associatedIdentity: (id: string) => ({ name: 'MACHINE', associatedIdentity: { id, displayName: 'Nobody' } }),
};

const NETWORKS = {
  callerNetwork: {
    ipAddress: '10.20.1.7',
    subnet: '10.20.1.0',
    linkSpeed: 4_294_967_295,
    connectionType: 'wifi',
    reflexiveIPAddress: '203.0.113.0',
    macAddress: '00-00-00-00-00-00',
    basicServiceSetIdentifier: '0A-0B-0C-0D-0E-0F',
  },
  calleeNetwork: { ipAddress: '192.168.1.4', subnet: '192.168.1.0', connectionType: 'wired' },
};
const STREAMS = [
  {
    streamDirection: 'callerToCallee',
    averageJitter: 'PT0.016S',
    averagePacketLossRate: 0,
    averageRoundTripTime: 'PT0.061S',
  },
  {
    streamDirection: 'calleeToCaller',
    averageJitter: 'PT0.007S',
    averagePacketLossRate: 0.0138,
    averageRoundTripTime: 'PT0.064S',
  },
];

function record(parts: {
  readonly caller?: object;
  readonly callee?: object;
  readonly segment?: object;
  readonly media?: unknown;
}): Record<string, unknown> {
  const { caller = SHAPES.identity(CALLER), callee = SHAPES.identity(CALLEE), segment = {}, media } = parts;
  return {
    id: CALL,
    version: 3,
    startDateTime: STARTED,
    endDateTime: '2026-11-02T09:30:00Z',
    sessions: [
      {
        id: CALL,
        caller,
        callee,
        segments: [
          {
            id: CALL,
            startDateTime: STARTED,
            endDateTime: '2026-11-02T09:10:30Z',
            media: media ?? [{ label: 'main-audio', ...NETWORKS, streams: STREAMS }],
            ...segment,
          },
        ],
      },
    ],
  };
}

describe('durations of ISO 8601', () => {
  it.each([
    ['PT0.061S', 61],
    ['PT0S', 0],
    ['PT1M2.5S', 62_500],
    ['P1DT2H', 93_600_000],
    ['PT0.0000004S', 0],
    ['P', null],
    ['PT', null],
    ['-PT1S', null],
    ['0.061', null],
    [0.061, null],
    [null, null],
  ])('%s is %s ms', (text, milliseconds) => {
    expect(durationMilliseconds(text)).toBe(milliseconds);
  });
});

describe.each(['identity', 'associatedIdentity'] as const)('a call whose ends are named by %s', (shape) => {
  const call = readCall(record({ caller: SHAPES[shape](CALLER), callee: SHAPES[shape](CALLEE) }));

  it('gives each end its own network and both the quality of the way between', () => {
    const quality = { roundTripMs: 62.5, jitterMs: 16, lossRatio: 0.0138 };
    const common = { segment: CALL, media: 'audio', startedAt: STARTED, seconds: 630, ...quality };
    expect(call).toEqual({
      callId: CALL,
      version: 3,
      startedAt: STARTED,
      sides: [
        {
          ...common,
          personEntraId: CALLER,
          connection: 'wifi',
          localAddress: '10.20.1.7',
          subnet: '10.20.1.0',
          publicAddress: '203.0.113.0',
        },
        {
          ...common,
          personEntraId: CALLEE,
          connection: 'wired',
          localAddress: '192.168.1.4',
          subnet: '192.168.1.0',
          publicAddress: null,
        },
      ],
    });
  });

  it('takes over no hardware address, Wi-Fi identifier, machine or name', () => {
    const text = JSON.stringify(call);
    for (const hidden of ['00-00-00', '0A-0B-0C', 'MACHINE', 'Nobody', '4294967295'])
      expect(text).not.toContain(hidden);
  });
});

describe('a call record', () => {
  it('may name the ends with the segment instead of the session', () => {
    const ends = { caller: SHAPES.identity(CALLEE), callee: SHAPES.identity(CALLER) };
    const { sides } = readCall(record({ segment: ends }));
    expect(sides.map(({ personEntraId }) => personEntraId)).toEqual([CALLEE, CALLER]);
  });

  it.each([
    ['a telephone', { identity: { phone: { id: '+441632960001' } } }],
    ['a telephone in the newer shape', { associatedIdentity: { id: '+441632960001' } }],
    ['a meeting service', { userAgent: { role: 'skypeForBusinessUnifiedMeetingServer' } }],
    ['nobody', null],
  ])('keeps no side of %s', (_what, callee) => {
    const { sides } = readCall(record({ callee: callee as object }));
    expect(sides.map(({ personEntraId }) => personEntraId)).toEqual([CALLER]);
  });

  it.each([
    ['main-audio', 'audio'],
    ['main-video', 'video'],
    ['panoramic-video', 'video'],
    ['vbss', 'screen_sharing'],
    ['applicationsharing', 'screen_sharing'],
    ['applicationsharing-video', 'screen_sharing'],
    ['data', 'other'],
    [undefined, 'other'],
  ])('a medium labelled %s is %s', (label, media) => {
    const { sides } = readCall(record({ media: [{ label, streams: [] }] }));
    expect(sides.map((side) => side.media)).toEqual([media, media]);
  });

  it('says unknown where nothing was measured, and drops what cannot be', () => {
    const streams = [
      { averageJitter: 'PT90S', averagePacketLossRate: -1, averageRoundTripTime: 'PT0S' },
      { averageJitter: null, averagePacketLossRate: 1.5, averageRoundTripTime: 61 },
    ];
    const network = { ipAddress: 'not an address', connectionType: 'carrierPigeon', subnet: '', reflexiveIPAddress: 7 };
    const { sides } = readCall(record({ media: [{ label: 'main-audio', callerNetwork: network, streams }] }));
    expect(sides[0]).toMatchObject({
      connection: 'unknown',
      localAddress: null,
      subnet: null,
      publicAddress: null,
      roundTripMs: null,
      jitterMs: null,
      lossRatio: null,
    });
  });

  it('keeps fractions as fractions', () => {
    const streams = [{ averagePacketLossRate: 0.01381693 }, { averagePacketLossRate: 0.0002 }];
    expect(readCall(record({ media: [{ label: 'main-audio', streams }] })).sides[0]?.lossRatio).toBe(0.01381693);
  });

  it('is one medium where two labels mean the same', () => {
    const media = ['vbss', 'applicationsharing'].map((label, index) => ({ label, streams: [STREAMS[index]] }));
    const { sides } = readCall(record({ media }));
    expect(sides).toHaveLength(2);
    expect(sides[0]).toMatchObject({ media: 'screen_sharing', jitterMs: 16, roundTripMs: 62.5 });
  });

  it('may lack sessions, segments and media until a later version', () => {
    for (const sessions of [undefined, null, [], [{ id: CALL }], [{ id: CALL, segments: [{ id: CALL }] }]]) {
      expect(readCall({ ...record({}), sessions }).sides).toEqual([]);
    }
  });

  it('tells segments of different sessions apart', () => {
    const [session] = record({})['sessions'] as object[];
    const other = { ...session, id: CALLEE };
    expect(new Set(readSessions([session, other], STARTED).map(({ segment }) => segment))).toEqual(
      new Set([CALL, `${CALLEE}/${CALL}`]),
    );
  });

  it.each([
    ['no object', null],
    ['an id that is none', { ...record({}), id: 'x' }],
    ['no version', { ...record({}), version: null }],
    ['a start that is none', { ...record({}), startDateTime: 'yesterday' }],
    ['sessions that are no list', { ...record({}), sessions: {} }],
    ['a session that is none', { ...record({}), sessions: ['x'] }],
    ['media that are no list', record({ media: 'x' })],
    ['a segment without id', record({ segment: { id: null } })],
  ])('is rejected when it has %s', (_what, broken) => {
    expect(() => readCall(broken)).toThrow(CallRejected);
  });
});

/** Microsoft's samples, which lie beside the repository where the project is developed. */
const SAMPLES = path.join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'graph', 'samples');
const present = existsSync(SAMPLES);
const ABBIE = '821809f5-0000-0000-0000-3b5136c0e777';
const OWEN = 'f69e2c00-0000-0000-0000-185e5f5f5d8a';

describe(`Microsoft's samples of call records${present ? '' : ' (not here: only our own shapes are read)'}`, () => {
  // Worked by hand from the samples: (61 + 64) / 2 ms, the greater of 16 and 7 ms, the greater of 0 and 0.01381693; from
  // 18:52:21.217 to 18:52:46.764.
  const older = { seconds: 26, roundTripMs: 62.5, jitterMs: 16, lossRatio: 0.01381693 };
  const newer = { seconds: 26, roundTripMs: null, jitterMs: 16, lossRatio: null };
  const cases = [
    ['callRecord-expanded-2021.json', ABBIE, { connection: 'wifi', localAddress: '10.150.0.2', ...older }],
    ['callRecord-expanded-2021.json', OWEN, { connection: 'wired', localAddress: '10.139.0.12', ...older }],
    ['callRecord-expanded.json', ABBIE, { connection: 'unknown', localAddress: '10.150.0.2', ...newer }],
    ['callRecord-expanded.json', OWEN, { connection: 'unknown', localAddress: null, ...newer }],
  ] as const;
  const sample = (name: string): unknown => JSON.parse(readFileSync(path.join(SAMPLES, name), 'utf8'));

  it('are read to the figure', () => {
    if (!present) return;
    for (const [name, person, expected] of cases) {
      const { sides } = readCall(sample(name));
      expect(sides.filter(({ personEntraId }) => personEntraId === person)).toMatchObject([
        { media: 'audio', ...expected },
      ]);
    }
  });

  it('of lists and of sessions are read too', () => {
    if (!present) return;
    const list = sample('callRecords-list.json') as { value: unknown[] };
    expect(list.value.map((item) => readListedCall(item).version)).toEqual([2, 2]);
    const sessions = sample('callRecord-sessions-expanded.json') as { value: unknown[] };
    expect(readSessions(sessions.value, STARTED)).toHaveLength(2);
    const names = readdirSync(SAMPLES).filter((name) => /^callRecord-(get|participants)/.test(name));
    for (const name of names) expect(readCall(sample(name)).sides).toEqual([]);
  });
});
