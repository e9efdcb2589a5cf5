import * as fc from 'fast-check';
import { DEFAULT_NETWORK_SETTINGS } from './default-settings.js';
import {
  judgeHome,
  NO_CALLS,
  NO_CHECKS,
  NOTHING_KNOWN_OF_HOME,
  type CheckedLine,
  type HomeFacts,
} from './home-readiness.js';
import type { MeasuredMedia } from './media-findings.js';
import type { NetworkVerdict } from './network-words.js';
import type { NetworkFinding } from './judgement.js';

const NOW = new Date('2026-11-23T09:00:00Z');
const YESTERDAY = new Date('2026-11-22T09:00:00Z');
const LONG_AGO = new Date('2026-06-01T09:00:00Z');
const GOOD: CheckedLine = {
  ...{ samples: 9, measuredAt: YESTERDAY, roundTripMs: 20, jitterMs: 4, lossPercent: 0 },
  ...{ downloadKbps: 60_000, uploadKbps: 15_000, loadedGrowthMs: 40 },
};
const GOOD_CALLS: MeasuredMedia = {
  ...{ samples: 200, measuredAt: YESTERDAY },
  ...{ roundTripMs: 30, jitterMs: 5, lossPercent: 0.1 },
};

const home = (facts: Partial<HomeFacts>) =>
  judgeHome({ ...NOTHING_KNOWN_OF_HOME, ...facts }, DEFAULT_NETWORK_SETTINGS, NOW);
const of = (findings: readonly NetworkFinding[], id: string): NetworkFinding => {
  const found = findings.find(({ threshold }) => threshold.id === id);
  if (found === undefined) throw new Error(`no finding for ${id}`);
  return found;
};
const ROUND_TRIP = 'media-client-latency-round-trip';

describe('a home', () => {
  it.each<readonly [change: Partial<CheckedLine>, verdict: NetworkVerdict]>([
    [{}, 'video_safe'],
    [{ roundTripMs: 99.9 }, 'video_safe'],
    [{ roundTripMs: 100 }, 'not_ready'],
    [{ roundTripMs: 100.1 }, 'not_ready'],
    [{ jitterMs: 29.9 }, 'video_safe'],
    [{ jitterMs: 30 }, 'not_ready'],
    [{ jitterMs: 30.1 }, 'not_ready'],
    [{ lossPercent: 0.99 }, 'video_safe'],
    [{ lossPercent: 1 }, 'not_ready'],
    [{ lossPercent: 1.01 }, 'not_ready'],
    [{ downloadKbps: 57 }, 'not_ready'],
    [{ downloadKbps: 58 }, 'audio_safe'],
    [{ downloadKbps: 3_999 }, 'audio_safe'],
    [{ downloadKbps: 4_000 }, 'video_safe'],
    [{ uploadKbps: 57 }, 'not_ready'],
    [{ uploadKbps: 58 }, 'audio_safe'],
    [{ uploadKbps: 2_499 }, 'audio_safe'],
    [{ uploadKbps: 2_500 }, 'video_safe'],
  ])('with %j besides good figures is %s', (change, verdict) => {
    expect(home({ checks: { ...GOOD, ...change } }).verdict).toBe(verdict);
  });

  it('with what the universal service gives is audio-safe and not video-safe', () => {
    const judged = home({ checks: { ...GOOD, downloadKbps: 10_000, uploadKbps: 1_000 } });
    expect(judged).toMatchObject({ verdict: 'audio_safe', since: YESTERDAY, confidence: 'low' });
    expect(of(judged.findings, 'teams-video-meeting-recommended-upload')).toMatchObject({
      ...{ value: 1_000, met: false, decides: 'video_safe', cause: { kind: 'home', id: null } },
    });
  });

  it('of which nothing is known is unknown, and says so of every threshold', () => {
    const { verdict, since, findings } = home({});
    expect([verdict, since]).toEqual(['unknown', null]);
    expect(findings.filter(({ decides }) => decides !== null)).toHaveLength(7);
    for (const { met, value, remark } of findings) {
      expect([met, value]).toEqual([null, null]);
      expect(remark).toMatch(/There are no connection checks\./);
    }
  });

  it('needs enough checks, and fresh ones, and says what is missing', () => {
    const few = home({ checks: { ...GOOD, samples: 2 } });
    expect(few.verdict).toBe('unknown');
    expect(of(few.findings, ROUND_TRIP).remark).toContain('There are 2 connection checks and 3 are needed.');
    const old = home({ checks: { ...GOOD, measuredAt: LONG_AGO } });
    expect(old.verdict).toBe('unknown');
    expect(of(old.findings, ROUND_TRIP).remark).toContain(
      'The latest connection checks are 175 days old; after 90 days they count no more.',
    );
    expect(home({ checks: { ...GOOD, samples: 3 } }).verdict).toBe('video_safe');
  });

  it.each([
    ['2026-08-25T09:00:00Z', 'video_safe'],
    ['2026-08-24T09:00:00Z', 'unknown'],
  ])('last checked at %s is %s, the age being 90 days or more', (at, verdict) => {
    expect(home({ checks: { ...GOOD, measuredAt: new Date(at) } }).verdict).toBe(verdict);
  });

  it('is judged by calls first, and says where checks see it otherwise', () => {
    const judged = home({ calls: { ...GOOD_CALLS, roundTripMs: 140 }, checks: GOOD });
    expect(judged.verdict).toBe('not_ready');
    expect(of(judged.findings, ROUND_TRIP)).toMatchObject({
      ...{ value: 140, source: 'call-records', samples: 200, confidence: 'high' },
      remark:
        'By connection checks it is 20 ms (9); streams of calls decided. What happened to calls counts before tests, tests before people’s own checks, and those before rated speeds.',
    });
    expect(of(judged.findings, 'teams-audio-meeting-recommended-download').source).toBe('connection-checks');
    expect(home({ calls: GOOD_CALLS, checks: { ...GOOD, roundTripMs: 140 } }).verdict).toBe('video_safe');
    expect(home({ calls: { ...GOOD_CALLS, roundTripMs: 140, samples: 29 }, checks: GOOD }).verdict).toBe('video_safe');
  });

  it('whose calls go well carries sound, although nobody measured its speed', () => {
    const judged = home({ calls: GOOD_CALLS });
    expect(judged.verdict).toBe('audio_safe');
    expect(of(judged.findings, 'teams-audio-meeting-recommended-upload')).toMatchObject({
      ...{ decides: null, met: null, value: null },
      remark: expect.stringContaining('The calls went well') as string,
    });
    expect(home({ calls: { ...GOOD_CALLS, jitterMs: null } }).verdict).toBe('unknown');
  });

  it('is judged through the gateway when nothing else was measured, with less confidence', () => {
    const judged = home({ callsThroughGateway: GOOD_CALLS, checksThroughGateway: GOOD });
    expect(judged).toMatchObject({ verdict: 'video_safe', confidence: 'low' });
    expect(of(judged.findings, ROUND_TRIP).remark).toContain('through remote access');
  });

  it('shows how latency grows under load, which decides nothing', () => {
    const judged = home({ checks: { ...GOOD, loadedGrowthMs: 1_000 } });
    expect(judged.verdict).toBe('video_safe');
    expect(of(judged.findings, 'connectivity-test-buffer-bloat')).toMatchObject({ met: false, decides: null });
  });

  it('says that late answers of a browser only stand for lost packets', () => {
    expect(of(home({ checks: GOOD }).findings, 'media-client-loss')).toMatchObject({
      confidence: 'low',
      remark: 'Late answers stand for lost packets, which a browser cannot see.',
    });
  });
});

describe('whatever is measured', () => {
  const RANK: Readonly<Record<NetworkVerdict, number>> = { not_ready: 0, unknown: 1, audio_safe: 2, video_safe: 3 };
  const near = (threshold: number): fc.Arbitrary<number | null> =>
    fc.option(fc.double({ min: 0, max: threshold * 2, noNaN: true }), { nil: null });
  const when = fc.constantFrom(null, YESTERDAY, LONG_AGO);
  const media = fc.record({
    ...{ samples: fc.nat(60), measuredAt: when },
    ...{ roundTripMs: near(100), jitterMs: near(30), lossPercent: near(1) },
  });
  const line = fc.record({
    ...{ samples: fc.nat(6), measuredAt: when, loadedGrowthMs: near(1_000) },
    ...{ roundTripMs: near(100), jitterMs: near(30), lossPercent: near(1) },
    ...{ downloadKbps: near(4_000), uploadKbps: near(2_500) },
  });
  const anyFacts: fc.Arbitrary<HomeFacts> = fc.record({
    ...{ calls: media, checks: line, callsThroughGateway: media, checksThroughGateway: line },
  });
  const SOURCES = ['calls', 'checks', 'callsThroughGateway', 'checksThroughGateway'] as const;
  const rank = (facts: HomeFacts): number => RANK[home(facts).verdict];

  it('better figures never worsen a verdict', () => {
    fc.assert(
      fc.property(
        anyFacts,
        fc.constantFrom(...SOURCES),
        fc.constantFrom('roundTripMs', 'jitterMs', 'lossPercent', 'downloadKbps', 'uploadKbps'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (facts, source, measure, part) => {
          const measured: Partial<CheckedLine> = facts[source];
          const value = measured[measure];
          if (value === null || value === undefined) return;
          const better = measure.endsWith('Kbps') ? value + part * 4_000 : value * part;
          expect(rank({ ...facts, [source]: { ...measured, [measure]: better } })).toBeGreaterThanOrEqual(rank(facts));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('more and fresher good figures never worsen a verdict', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...SOURCES), (facts, source) => {
        const added = source.startsWith('calls') ? GOOD_CALLS : GOOD;
        expect(rank({ ...facts, [source]: added })).toBeGreaterThanOrEqual(rank(facts));
      }),
      { numRuns: 500 },
    );
  });

  it('nothing is safe without enough fresh figures', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const stale = Object.fromEntries(
          SOURCES.map((source) => [
            source,
            { ...facts[source], ...(facts[source].samples % 2 ? { samples: 0 } : { measuredAt: LONG_AGO }) },
          ]),
        ) as unknown as HomeFacts;
        expect(home(stale).verdict).toBe('unknown');
      }),
    );
    expect([NO_CALLS.samples, NO_CHECKS.samples]).toEqual([0, 0]);
  });
});
