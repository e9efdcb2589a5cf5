import { DEFAULT_NETWORK_SETTINGS } from '../default-settings.js';
import { finding } from '../figure.js';
import type { ThresholdUnit } from '../threshold.js';
import { exchangePoints, sharepointPoints } from './assessment-score.js';
import { DECIDING, publishedThreshold, THRESHOLD_GROUPS } from './thresholds.js';

const NOW = new Date('2026-11-23T09:00:00Z');
const TEAMS = ['learn.microsoft.com/microsoftteams/prepare-network', '2026-07-14'] as const;
const MEDIA = ['media-quality-and-network-connectivity-performance', '2018-01-22'] as const;
const TEST = ['office-365-network-mac-perf-onboarding-tool', '2020-09-15'] as const;
const SCORE = ['office-365-network-mac-perf-score', '2024-04-05'] as const;
const LAW = ['legislation.gov.uk/uksi/2018/445', '2018'] as const;
const OFCOM = ['ofcom.org.uk', '2024'] as const;

type Row = readonly [
  id: string,
  under: number,
  at: number,
  over: number,
  met: 'over-and-at' | 'under' | 'under-and-at',
  unit: ThresholdUnit,
  source: readonly [page: string, dated: string],
];
const least = (id: string, at: number): Row => [id, at - 1, at, at + 1, 'over-and-at', 'kbit/s', TEAMS];

/** Worked by hand from the documents, not from the data. */
const TABLE: readonly Row[] = [
  least('teams-audio-call-minimum-upload', 10),
  least('teams-audio-call-minimum-download', 10),
  least('teams-audio-call-recommended-upload', 58),
  least('teams-audio-call-recommended-download', 58),
  least('teams-audio-call-best-upload', 76),
  least('teams-audio-call-best-download', 76),
  least('teams-audio-meeting-minimum-upload', 10),
  least('teams-audio-meeting-minimum-download', 10),
  least('teams-audio-meeting-recommended-upload', 58),
  least('teams-audio-meeting-recommended-download', 58),
  least('teams-audio-meeting-best-upload', 76),
  least('teams-audio-meeting-best-download', 76),
  least('teams-video-call-minimum-upload', 150),
  least('teams-video-call-minimum-download', 150),
  least('teams-video-call-recommended-upload', 1500),
  least('teams-video-call-recommended-download', 1500),
  least('teams-video-call-best-upload', 4000),
  least('teams-video-call-best-download', 4000),
  least('teams-video-meeting-minimum-upload', 150),
  least('teams-video-meeting-minimum-download', 200),
  least('teams-video-meeting-recommended-upload', 2500),
  least('teams-video-meeting-recommended-download', 4000),
  least('teams-video-meeting-best-upload', 4000),
  least('teams-video-meeting-best-download', 4000),
  least('teams-screen-call-minimum-upload', 200),
  least('teams-screen-call-minimum-download', 200),
  least('teams-screen-call-recommended-upload', 1500),
  least('teams-screen-call-recommended-download', 1500),
  least('teams-screen-call-best-upload', 4000),
  least('teams-screen-call-best-download', 4000),
  least('teams-screen-meeting-minimum-upload', 250),
  least('teams-screen-meeting-minimum-download', 250),
  least('teams-screen-meeting-recommended-upload', 2500),
  least('teams-screen-meeting-recommended-download', 2500),
  least('teams-screen-meeting-best-upload', 4000),
  least('teams-screen-meeting-best-download', 4000),
  least('teams-live-event-download', 2000),
  least('teams-live-event-1080p-download', 3000),
  ['media-client-latency-one-way', 49.9, 50, 50.1, 'under', 'ms', MEDIA],
  ['media-client-latency-round-trip', 99.9, 100, 100.1, 'under', 'ms', MEDIA],
  ['media-client-burst-loss', 9.9, 10, 10.1, 'under', 'percent', MEDIA],
  ['media-client-loss', 0.99, 1, 1.01, 'under', 'percent', MEDIA],
  ['media-client-jitter', 29.9, 30, 30.1, 'under', 'ms', MEDIA],
  ['media-client-reorder', 0.049, 0.05, 0.051, 'under', 'percent', MEDIA],
  ['media-edge-latency-one-way', 29.9, 30, 30.1, 'under', 'ms', MEDIA],
  ['media-edge-latency-round-trip', 59.9, 60, 60.1, 'under', 'ms', MEDIA],
  ['media-edge-burst-loss', 0.9, 1, 1.1, 'under', 'percent', MEDIA],
  ['media-edge-loss', 0.09, 0.1, 0.11, 'under', 'percent', MEDIA],
  ['media-edge-jitter', 14.9, 15, 15.1, 'under', 'ms', MEDIA],
  ['media-edge-reorder', 0.009, 0.01, 0.011, 'under', 'percent', MEDIA],
  ['connectivity-test-loss', 0.99, 1, 1.01, 'under', 'percent', TEST],
  ['connectivity-test-latency', 99, 100, 101, 'under', 'ms', TEST],
  ['connectivity-test-jitter', 29, 30, 31, 'under', 'ms', TEST],
  ['connectivity-test-buffer-bloat', 999, 1000, 1001, 'under', 'ms', TEST],
  ['connectivity-test-egress', 799, 800, 801, 'under-and-at', 'km', TEST],
  ['score-meets-recommendations', 79.9, 80, 80.1, 'over-and-at', 'points', SCORE],
  ['score-acceptable', 59.9, 60, 60.1, 'over-and-at', 'points', SCORE],
  ['score-issues', 39.9, 40, 40.1, 'over-and-at', 'points', SCORE],
  ['universal-service-download', 9_999, 10_000, 10_001, 'over-and-at', 'kbit/s', LAW],
  ['universal-service-upload', 999, 1_000, 1_001, 'over-and-at', 'kbit/s', LAW],
  ['superfast-download', 29_999, 30_000, 30_001, 'over-and-at', 'kbit/s', OFCOM],
  ['ultrafast-100-download', 99_999, 100_000, 100_001, 'over-and-at', 'kbit/s', OFCOM],
  ['ultrafast-300-download', 299_999, 300_000, 300_001, 'over-and-at', 'kbit/s', OFCOM],
  ['gigabit-download', 999_999, 1_000_000, 1_000_001, 'over-and-at', 'kbit/s', OFCOM],
];
const MET = {
  'over-and-at': [false, true, true],
  under: [true, false, false],
  'under-and-at': [true, true, false],
} as const;

describe('published thresholds', () => {
  it('are those of the table, each once', () => {
    const ids = THRESHOLD_GROUPS.flatMap(({ thresholds }) => thresholds.map(({ id }) => id));
    expect([...ids].sort()).toEqual(TABLE.map(([id]) => id).sort());
    expect([...DECIDING.keys()].filter((id) => !ids.includes(id))).toEqual([]);
  });

  it.each(TABLE)('%s: %s, %s and %s are told apart, with the source', (id, under, at, over, met, unit, source) => {
    const threshold = publishedThreshold(id);
    if (threshold === undefined) throw new Error(`no threshold ${id}`);
    const found = [under, at, over].map((value) =>
      finding(
        threshold,
        DECIDING.get(id) ?? null,
        [{ source: 'site-tests', value, samples: 10, measuredAt: NOW }],
        { kind: 'site-network', id: 7 },
        DEFAULT_NETWORK_SETTINGS,
        NOW,
      ),
    );
    expect(found.map((each) => each.met)).toEqual(MET[met]);
    for (const each of found) {
      expect(each.threshold).toMatchObject({ unit, assumption: false });
      expect(each.threshold.source.page).toContain(source[0]);
      expect(each.threshold.source).toMatchObject({
        dated: source[1],
        document: expect.stringMatching(/\w{5}/) as string,
      });
      expect(each.cause).toEqual(each.met === true ? null : { kind: 'site-network', id: 7 });
    }
  });
});

describe('points of Microsoft’s assessment', () => {
  it.each([
    [0, 100],
    [10, 100],
    [17.5, 90],
    [25, 80],
    [62.5, 70],
    [100, 60],
    [150, 50],
    [200, 40],
    [250, 30],
    [300, 20],
    [325, 10],
    [350, 0],
    [5_000, 0],
  ])('a latency of %s ms to Exchange Online is worth %s', (figure, points) => {
    expect(exchangePoints(figure)).toBeCloseTo(points, 9);
  });

  it.each([
    [0, 0],
    [1, 10],
    [2, 20],
    [3, 30],
    [4, 40],
    [6, 50],
    [8, 60],
    [11, 70],
    [14, 80],
    [17, 90],
    [20, 100],
    [125, 100],
  ])('%s megabytes per second from SharePoint Online are worth %s', (figure, points) => {
    expect(sharepointPoints(figure)).toBeCloseTo(points, 9);
  });
});
