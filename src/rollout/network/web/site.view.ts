import { shownDay, shownTime } from '../../../common/uk-time.js';
import { MEDIA } from '../../../network/domain/thresholds/thresholds.js';
import { thresholdBy, type NetworkSettings } from '../../../network/domain/network-settings.js';
import { thresholdWords } from '../../../network/domain/figure-words.js';
import { serves } from '../../../network/domain/network-words.js';
import type { SiteWeek } from '../../../network/site-trends.queries.js';
import { sharedAtSite } from '../../domain/network/capacity-words.js';
import { FIX_KIND_WORDS, findingsOfAnybody } from '../../domain/network/fix-words.js';
import type { NetworkFix } from '../network-fixes.queries.js';
import type { SiteStanding } from '../network-standing.queries.js';
import { paths } from '../../../web/paths.js';
import { capacityRows, runsOutWords } from './capacity.view.js';
import { CONFIDENCE_WORDS, findingRow } from './findings.view.js';
import { trendChart, type TrendChart } from './trend-chart.js';
import { verdictTag } from './verdict-tag.js';

/** The verdict of a site with everything it stands on, for its page. */
export function siteJudgementView(
  { judgement, steps, runsOutOn }: SiteStanding,
  settings: NetworkSettings,
  now: Date,
): object {
  const rows = capacityRows(steps, (capacity) => sharedAtSite(capacity, settings.neededAtSite));
  return {
    verdict: verdictTag(judgement.verdict),
    serves: serves(judgement.verdict, settings.neededAtSite),
    confidence: CONFIDENCE_WORDS[judgement.confidence],
    measuredAt: shownTime(judgement.since, now),
    findings: findingsOfAnybody(judgement.findings).map((finding) => findingRow(finding, now)),
    capacity: rows,
    runsOut: runsOutWords(steps, rows, runsOutOn),
  };
}

/** What is to be put right at a site. */
export function siteFixes(fixes: readonly NetworkFix[]): readonly object[] {
  return fixes.map(({ kind, name, clearing, figures, blocks, unlocks, waves }) => ({
    title: name === null ? FIX_KIND_WORDS[kind] : `${FIX_KIND_WORDS[kind]}: ${name}`,
    ...{ clearing, figures, blocks, unlocks },
    waves: waves.map((wave) => ({ name: wave.name, href: paths.wave(wave.id) })),
  }));
}

/** Charts of the weeks; those with nothing to draw are left out. */
export function siteCharts(weeks: readonly SiteWeek[], settings: NetworkSettings): readonly TrendChart[] {
  const series = (name: string, of: (week: SiteWeek) => number | null) => ({
    name,
    points: weeks.flatMap((week) => {
      const value = of(week);
      return value === null ? [] : [{ week: week.week, value }];
    }),
  });
  const takes = (id: string) => {
    const threshold = thresholdBy(settings, id);
    return { value: threshold.value, words: `It takes ${thresholdWords(threshold)}` };
  };
  const mbit = (kbps: number | null): number | null => (kbps === null ? null : Math.round(kbps / 100) / 10);
  const charts = [
    trendChart(
      { id: 'round-trip', title: 'Round trip in ms', unit: 'ms' },
      [
        series('Tests at the site', ({ testRoundTripMs }) => testRoundTripMs),
        series('Teams calls', ({ callRoundTripMs }) => callRoundTripMs),
      ],
      takes(MEDIA.roundTrip),
    ),
    trendChart(
      { id: 'loss', title: 'Packet loss in percent', unit: '%' },
      [
        series('Tests at the site', ({ testLossPercent }) => testLossPercent),
        series('Teams calls', ({ callLossPercent }) => callLossPercent),
      ],
      takes(MEDIA.loss),
    ),
    trendChart(
      { id: 'speed', title: 'Speed in tests in Mbit/s', unit: 'Mbit/s' },
      [
        series('Download', ({ downloadKbps }) => mbit(downloadKbps)),
        series('Upload', ({ uploadKbps }) => mbit(uploadKbps)),
      ],
      null,
    ),
  ];
  return charts.filter((chart) => chart !== null);
}

/** The weeks as rows of the table beside the charts, the latest first. */
export function siteWeekRows(weeks: readonly SiteWeek[]): readonly object[] {
  const shown = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en-GB'));
  return weeks.toReversed().map((week) => ({
    week: shownDay(week.week),
    figures: [
      shown(week.tests),
      shown(week.testRoundTripMs),
      shown(week.testLossPercent),
      shown(week.downloadKbps),
      shown(week.uploadKbps),
      shown(week.streams),
      shown(week.callRoundTripMs),
      shown(week.callLossPercent),
    ],
  }));
}
