import type { Threshold, ThresholdSource } from '../threshold.js';

const ASSESSMENT: ThresholdSource = {
  document: 'Microsoft Learn, “Microsoft 365 network assessment”',
  page: 'https://learn.microsoft.com/microsoft-365/enterprise/office-365-network-mac-perf-score',
  dated: '2024-04-05',
};

/** Figures, ascending, and the points that they are worth; between them the line is straight, beyond them level. */
type Scale = readonly (readonly [figure: number, points: number])[];

const EXCHANGE: Scale = [
  [10, 100],
  [25, 80],
  [100, 60],
  [200, 40],
  [300, 20],
  [350, 0],
];
const SHAREPOINT: Scale = [
  [0, 0],
  [2, 20],
  [4, 40],
  [8, 60],
  [14, 80],
  [20, 100],
];

/** Points from 0 to 100 for a TCP latency to Exchange Online in ms (its median over three days). */
export function exchangePoints(roundTripMs: number): number {
  return points(EXCHANGE, roundTripMs);
}

/** Points from 0 to 100 for a download from SharePoint Online in megabytes per second (the 25th percentile). */
export function sharepointPoints(megabytesPerSecond: number): number {
  return points(SHAREPOINT, megabytesPerSecond);
}

/** What points mean: 80 meets the recommendations, 60 is acceptable, at 40 users might experience issues. Context only. */
export const ASSESSMENT_SCORE: readonly Threshold[] = (
  [
    ['score-meets-recommendations', 'Points that meet Microsoft’s recommendations', 80],
    ['score-acceptable', 'Points that are acceptable', 60],
    ['score-issues', 'Points at which users might experience issues', 40],
  ] as const
).map(([id, measure, value]) => ({
  ...{ id, measure, value, test: 'at_least', unit: 'points' },
  ...{ source: ASSESSMENT, assumption: false },
}));

function points(scale: Scale, figure: number): number {
  const next = scale.findIndex(([at]) => figure <= at);
  const [above, worth] = scale.at(next) ?? [0, 0];
  const before = scale[next - 1];
  if (next === -1 || before === undefined) return worth;
  return before[1] + ((worth - before[1]) * (figure - before[0])) / (above - before[0]);
}
