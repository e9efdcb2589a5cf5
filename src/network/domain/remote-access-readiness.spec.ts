import { DEFAULT_NETWORK_SETTINGS } from './default-settings.js';
import { judgeRemoteAccess, openSessions, type Gateway } from './remote-access-readiness.js';

const NOW = new Date('2026-11-23T09:00:00Z');
const ENTERED = new Date('2026-10-01T00:00:00Z');
const GATEWAY: Gateway = {
  ...{ id: 3, name: 'Always on', sessions: 1_000, downloadKbps: 10_000_000, uploadKbps: 10_000_000 },
  ...{ allTraffic: true, changedAt: ENTERED },
};
/** 1,000 people of whom 900 are away, and 720 of them have a session open. */
const PEOPLE = new Map([['home', 1_000]]);
const judge = (change: Partial<Gateway> = {}, people: ReadonlyMap<string, number> = PEOPLE) =>
  judgeRemoteAccess([{ ...GATEWAY, ...change }], people, DEFAULT_NETWORK_SETTINGS, NOW)[0];

describe('a gateway for remote access', () => {
  it('has the sessions of those who are not at a desk', () => {
    expect(openSessions(PEOPLE, DEFAULT_NETWORK_SETTINGS)).toBe(720);
  });

  it.each([
    [{ sessions: 719 }, 'not_ready'],
    [{ sessions: 720 }, 'video_safe'],
    // 720 x 730.8 kbit/s up, by 70 %: 751.68 Mbit/s; for sound 720 x 117.4: 120.755 Mbit/s.
    [{ uploadKbps: 751_679 }, 'audio_safe'],
    [{ uploadKbps: 751_680 }, 'video_safe'],
    [{ uploadKbps: 120_753 }, 'not_ready'],
    // Only the rest passes it: 720 x 500 kbit/s down, by 70 %.
    [{ allTraffic: false, downloadKbps: 514_285 }, 'not_ready'],
    [{ allTraffic: false, downloadKbps: 514_286, uploadKbps: 102_858 }, 'video_safe'],
  ] as const)('with %j is %s', (change, verdict) => {
    expect(judge(change)?.verdict).toBe(verdict);
  });

  it('says what is missing, by whose figure, and what to put right', () => {
    const [finding] = judge({ sessions: 500 })?.findings ?? [];
    expect(finding).toMatchObject({
      threshold: { id: 'remote-access-sessions', value: 720, unit: 'sessions', assumption: true },
      ...{ value: 500, met: false, source: 'remote-access', measuredAt: ENTERED },
      cause: { kind: 'remote-access', id: 3 },
    });
  });

  it('is unknown while nobody is planned', () => {
    expect(judge({}, new Map())).toMatchObject({ verdict: 'unknown', capacity: null, findings: [] });
  });

  it('shares the sessions with others by size', () => {
    const both = judgeRemoteAccess(
      [GATEWAY, { ...GATEWAY, id: 4, sessions: 3_000 }],
      PEOPLE,
      DEFAULT_NETWORK_SETTINGS,
      NOW,
    );
    expect(both.map(({ capacity }) => capacity?.sessions.needed)).toEqual([180, 540]);
  });
});
