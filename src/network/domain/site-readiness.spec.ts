import * as fc from 'fast-check';
import type { SiteLink } from './capacity.js';
import { DEFAULT_NETWORK_SETTINGS } from './default-settings.js';
import { NO_CALLS, NO_CHECKS } from './home-readiness.js';
import type { NetworkFinding } from './judgement.js';
import type { NetworkVerdict } from './network-words.js';
import { judgeSite, siteSupply, type SiteFacts, type SiteJudgement } from './site-readiness.js';
import type { LatestSurvey } from './survey-findings.js';

const NOW = new Date('2026-11-23T09:00:00Z');
const YESTERDAY = new Date('2026-11-22T09:00:00Z');
const LINK: SiteLink = {
  ...{ id: 11, name: 'Main', downloadKbps: 1_000_000, uploadKbps: 1_000_000 },
  ...{ liveFrom: null, liveUntil: null, changedAt: new Date('2026-10-01T00:00:00Z') },
};
const SURVEY: LatestSurvey = {
  ...{ id: 21, surveyedOn: '2026-05-01', result: 'passed', floors: null, clientsSupported: 400, expiresOn: null },
};
const CALLS = { samples: 5_000, measuredAt: YESTERDAY, roundTripMs: 30, jitterMs: 5, lossPercent: 0.1 };
const TESTS: SiteFacts['tests'] = {
  ...{ samples: 9, measuredAt: YESTERDAY, roundTripMs: 20, jitterMs: 4, lossPercent: 0 },
  ...{ downloadKbps: 300_000, uploadKbps: 200_000, exchangeRoundTripMs: null, sharepointMegabytesPerSecond: null },
};
const NO_TESTS = { ...NO_CHECKS, exchangeRoundTripMs: null, sharepointMegabytesPerSecond: null };
const NOTHING: SiteFacts = {
  ...{ siteId: null, links: [], survey: null, calls: NO_CALLS, tests: NO_TESTS, checks: NO_CHECKS },
};
const GOOD: SiteFacts = { ...NOTHING, siteId: 1, links: [LINK], survey: SURVEY, calls: CALLS, tests: TESTS };
const PEOPLE = new Map([['fixed', 100]]);

const site = (change: Partial<SiteFacts> = {}, people: ReadonlyMap<string, number> = PEOPLE): SiteJudgement =>
  judgeSite({ ...GOOD, ...change }, people, DEFAULT_NETWORK_SETTINGS, NOW);
const of = ({ findings }: SiteJudgement, id: string): NetworkFinding => {
  const found = findings.find(({ threshold }) => threshold.id === id);
  if (found === undefined) throw new Error(`no finding for ${id}`);
  return found;
};

describe('a site', () => {
  it('with good figures, links and a survey is video-safe', () => {
    expect(site()).toMatchObject({ verdict: 'video_safe', siteId: 1, since: YESTERDAY, confidence: 'medium' });
  });

  it('that nobody has entered is unknown, with what is missing as the cause', () => {
    const judged = judgeSite(NOTHING, PEOPLE, DEFAULT_NETWORK_SETTINGS, NOW);
    expect(judged).toMatchObject({ verdict: 'unknown', siteId: null, since: null });
    expect(judged.findings.filter(({ met }) => met !== null)).toEqual([]);
    expect(of(judged, 'site-video-upload')).toMatchObject({
      ...{ cause: { kind: 'link', id: null }, remark: 'Nobody has entered the links of the site.' },
    });
    expect(of(judged, 'wifi-survey-audio')).toMatchObject({
      ...{ cause: { kind: 'wifi-survey', id: null }, remark: 'There is no survey of the Wi-Fi.' },
    });
  });

  it.each<readonly [change: Partial<SiteFacts>, verdict: NetworkVerdict, cause: string]>([
    [{ calls: { ...CALLS, jitterMs: 30 } }, 'not_ready', 'site-network:1'],
    [{ calls: { ...CALLS, lossPercent: 1 } }, 'not_ready', 'site-network:1'],
    [{ tests: { ...TESTS, uploadKbps: 2_499 } }, 'audio_safe', 'site-network:1'],
    [{ survey: { ...SURVEY, result: 'failed' } }, 'not_ready', 'wifi-survey:21'],
    [{ survey: { ...SURVEY, result: 'passed_in_part' } }, 'audio_safe', 'wifi-survey:21'],
    [{ survey: null }, 'unknown', 'wifi-survey:null'],
    [{ survey: { ...SURVEY, expiresOn: '2026-11-22' } }, 'unknown', 'wifi-survey:21'],
    [{ survey: { ...SURVEY, surveyedOn: '2024-11-22' } }, 'unknown', 'wifi-survey:21'],
    // 80 at once, 56 of them on Wi-Fi with two clients each.
    [{ survey: { ...SURVEY, clientsSupported: 111 } }, 'not_ready', 'wifi-survey:21'],
    // 80 x 730.8 kbit/s of which 70 % may be planned with: 83.52 Mbit/s.
    [{ links: [{ ...LINK, uploadKbps: 83_519 }] }, 'audio_safe', 'capacity:1'],
    // 80 x 117.4 kbit/s: 13.418 Mbit/s.
    [{ links: [{ ...LINK, uploadKbps: 13_416 }] }, 'not_ready', 'capacity:1'],
    [{ links: [] }, 'unknown', 'link:null'],
    [{ links: [{ ...LINK, liveUntil: '2026-11-22' }] }, 'not_ready', 'capacity:1'],
  ])('with %j is %s because of %s', (change, verdict, cause) => {
    const judged = site(change);
    const causes = judged.findings.flatMap((each) =>
      each.decides === null || each.cause === null ? [] : [`${each.cause.kind}:${each.cause.id}`],
    );
    expect([judged.verdict, causes.includes(cause)]).toEqual([verdict, true]);
  });

  it.each<Partial<SiteFacts>>([
    { survey: { ...SURVEY, expiresOn: '2026-11-23' } },
    { survey: { ...SURVEY, surveyedOn: '2024-11-23' } },
    { survey: { ...SURVEY, clientsSupported: 112 } },
    { survey: { ...SURVEY, clientsSupported: null } },
    { links: [{ ...LINK, uploadKbps: 83_522 }] },
    { tests: NO_TESTS },
    { calls: NO_CALLS },
  ])('with %j is still video-safe', (change) => {
    expect(site(change).verdict).toBe('video_safe');
  });

  it('says that the rated speed of its links stands for what nobody measured', () => {
    const found = of(site({ tests: NO_TESTS }), 'teams-video-meeting-recommended-download');
    expect(found).toMatchObject({ source: 'link', value: 1_000_000, confidence: 'low' });
    expect(found.remark).toContain('rated speed');
  });

  it('names the assumption behind what people ask for, and the figure', () => {
    const found = of(site({ links: [{ ...LINK, uploadKbps: 50_000 }] }), 'site-video-upload');
    expect(found).toMatchObject({
      ...{ value: 35_000, met: false, source: 'link', samples: 1, cause: { kind: 'capacity', id: 1 } },
      threshold: { value: 58_464, unit: 'kbit/s', assumption: true, source: { address: null, dated: '2026-11-23' } },
    });
  });

  it('is not asked what its lines carry together when nobody is planned', () => {
    const judged = site({ links: [{ ...LINK, uploadKbps: 3_000 }] }, new Map());
    expect([judged.verdict, judged.capacity]).toEqual(['video_safe', null]);
  });

  it('is asked for no survey where nobody is on Wi-Fi', () => {
    const assumptions = { ...DEFAULT_NETWORK_SETTINGS.assumptions, 'on-wifi': 0 };
    const judged = judgeSite({ ...GOOD, survey: null }, PEOPLE, { ...DEFAULT_NETWORK_SETTINGS, assumptions }, NOW);
    expect(judged.verdict).toBe('video_safe');
  });

  it('shows Microsoft’s points, which decide nothing', () => {
    const tests = { ...TESTS, exchangeRoundTripMs: 250, sharepointMegabytesPerSecond: 11 };
    const judged = site({ tests });
    expect(judged.verdict).toBe('video_safe');
    const scores = judged.findings.filter(({ threshold }) => threshold.id === 'score-acceptable');
    expect(scores.map(({ value, met, decides }) => [value, met, decides])).toEqual([
      [30, false, null],
      [70, true, null],
    ]);
  });

  it('takes the Wi-Fi of a survey that holds', () => {
    expect(siteSupply(GOOD, DEFAULT_NETWORK_SETTINGS, '2026-11-23').wifiClients).toBe(400);
    expect(siteSupply(GOOD, DEFAULT_NETWORK_SETTINGS, '2028-05-01').wifiClients).toBeNull();
  });

  it('is never the worse for more speed, room or fewer people', () => {
    const rank = { not_ready: 0, unknown: 1, audio_safe: 2, video_safe: 3 };
    fc.assert(
      fc.property(
        ...[fc.integer({ min: 1, max: 400_000 }), fc.nat(400_000), fc.nat(300), fc.nat(300), fc.nat(400), fc.nat(400)],
        (kbps, moreKbps, clients, moreClients, people, morePeople) => {
          const judged = (speed: number, room: number, count: number): number =>
            rank[
              site(
                { links: [{ ...LINK, uploadKbps: speed }], survey: { ...SURVEY, clientsSupported: room } },
                new Map([['fixed', count]]),
              ).verdict
            ];
          expect(judged(kbps + moreKbps, clients + moreClients, people)).toBeGreaterThanOrEqual(
            judged(kbps, clients, people + morePeople),
          );
        },
      ),
    );
  });
});
