import { londonDay } from '../../common/uk-time.js';
import {
  linksOn,
  siteCapacity,
  type PeopleByStyle,
  type SiteCapacity,
  type SiteLink,
  type SiteSupply,
} from './capacity.js';
import { demandFinding } from './demand-finding.js';
import { finding } from './figure.js';
import type { CheckedLine } from './home-readiness.js';
import type { NetworkFinding, NetworkJudgement } from './judgement.js';
import {
  figureOf,
  LATE_ANSWERS,
  mediaFindings,
  type MeasuredLine,
  type MeasuredMedia,
  type Source,
} from './media-findings.js';
import type { NetworkSettings } from './network-settings.js';
import { NEEDED_VERDICTS, type NeededVerdict } from './network-words.js';
import { surveyedClients, surveyFindings, type LatestSurvey } from './survey-findings.js';
import { exchangePoints, sharepointPoints } from './thresholds/assessment-score.js';
import { publishedThreshold } from './thresholds/thresholds.js';
import { judgementOf } from './verdict.js';

/** Tests made at a site, with those of Microsoft’s services in ms and megabytes per second. */
export interface SiteTests extends MeasuredLine {
  readonly exchangeRoundTripMs: number | null;
  readonly sharepointMegabytesPerSecond: number | null;
}

/** What is known of a site’s network. */
export interface SiteFacts {
  /** Null for an office that nobody has entered. */
  readonly siteId: number | null;
  readonly links: readonly SiteLink[];
  readonly survey: LatestSurvey | null;
  readonly calls: MeasuredMedia;
  readonly tests: SiteTests;
  readonly checks: CheckedLine;
}

/** What is said of a site; capacity is null where no people are planned. */
export interface SiteJudgement extends NetworkJudgement {
  readonly siteId: number | null;
  readonly capacity: SiteCapacity | null;
}

const RATED = 'This is the rated speed of the links; nobody has measured there.';

/** What a site offers by what is entered of it; the Wi-Fi of a survey that holds no more is not known. */
export function siteSupply(
  { links, survey }: Pick<SiteFacts, 'links' | 'survey'>,
  settings: NetworkSettings,
  day: string,
): SiteSupply {
  return { links, wifiClients: surveyedClients(survey, settings, day) };
}

/**
 * Judges a site for the people who are planned to work there. Calls decide latency, jitter and loss before tests, and
 * tests before people’s own checks; speeds come from tests, checks, and at last from the rated links. Where no people are
 * given, what the lines and the Wi-Fi carry together is not looked at.
 */
export function judgeSite(
  facts: SiteFacts,
  people: PeopleByStyle,
  settings: NetworkSettings,
  now: Date,
): SiteJudgement {
  const today = londonDay(now);
  const capacity = people.size === 0 ? null : siteCapacity(people, siteSupply(facts, settings, today), settings, today);
  const sources: readonly Source[] = [
    { source: 'call-records', measured: facts.calls },
    { source: 'site-tests', measured: facts.tests },
    { source: 'connection-checks', measured: facts.checks, lossCaveat: LATE_ANSWERS },
    { source: 'link', measured: rated(linksOn(facts.links, today)), caveat: RATED },
  ];
  const findings = [
    ...mediaFindings(sources, { kind: 'site-network', id: facts.siteId }, settings, now),
    ...(capacity === null ? [] : trafficFindings(facts, capacity, today)),
    ...surveyFindings(facts.survey, capacity, settings, today),
    ...scoreFindings(facts, settings, now),
  ];
  return { ...judgementOf(findings), siteId: facts.siteId, capacity };
}

/** What one person could have of a site’s links, were nobody else there. */
function rated(links: readonly SiteLink[]): Source['measured'] {
  const total = (kbps: (link: SiteLink) => number): number | null =>
    links.length === 0 ? null : links.reduce((sum, link) => sum + kbps(link), 0);
  return {
    samples: links.length,
    measuredAt: lastChange(links),
    downloadKbps: total((link) => link.downloadKbps),
    uploadKbps: total((link) => link.uploadKbps),
  };
}

function lastChange(links: readonly SiteLink[]): Date | null {
  return links.length === 0 ? null : new Date(Math.max(...links.map(({ changedAt }) => changedAt.getTime())));
}

const CARRIED: Readonly<Record<NeededVerdict, string>> = { audio_safe: 'sound', video_safe: 'sound and video' };
const DIRECTIONS = { download: 'Download', upload: 'Upload' } as const;

function trafficFindings({ links, siteId }: SiteFacts, capacity: SiteCapacity, day: string): readonly NetworkFinding[] {
  const live = linksOn(links, day);
  const atOnce = capacity.present === 0 ? '' : ` of ${capacity.present} people at once`;
  const of = (decides: NeededVerdict, direction: keyof typeof DIRECTIONS): NetworkFinding =>
    demandFinding({
      ...{ decides, day, source: 'link', unit: 'kbit/s', samples: live.length, measuredAt: lastChange(live) },
      id: `site-${decides === 'audio_safe' ? 'audio' : 'video'}-${direction}`,
      measure: `${DIRECTIONS[direction]} of the links that may be planned with, for ${CARRIED[decides]}${atOnce}`,
      capacity: capacity.traffic[decides][direction],
      cause: links.length === 0 ? { kind: 'link', id: null } : { kind: 'capacity', id: siteId },
      missing: 'Nobody has entered the links of the site.',
    });
  return NEEDED_VERDICTS.flatMap((needed) => [of(needed, 'download'), of(needed, 'upload')]);
}

/** Microsoft’s points, where tests of its services have been brought in; context, as they are of files and mail. */
function scoreFindings({ tests, siteId }: SiteFacts, settings: NetworkSettings, now: Date): readonly NetworkFinding[] {
  const acceptable = publishedThreshold('score-acceptable');
  if (acceptable === undefined) return [];
  const { exchangeRoundTripMs: exchange, sharepointMegabytesPerSecond: sharepoint } = tests;
  const scores: readonly (readonly [service: string, points: number | null])[] = [
    ['Exchange Online', exchange === null ? null : exchangePoints(exchange)],
    ['SharePoint Online', sharepoint === null ? null : sharepointPoints(sharepoint)],
  ];
  return scores.flatMap(([service, points]) => {
    if (points === null) return [];
    const threshold = { ...acceptable, measure: `${acceptable.measure}: ${service}` };
    const figures = [figureOf('site-tests', tests, Math.round(points * 10) / 10)];
    return [finding(threshold, null, figures, { kind: 'site-network', id: siteId }, settings, now)];
  });
}
