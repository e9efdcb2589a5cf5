import { scaleLinear, scaleUtc } from 'd3-scale';
import { line } from 'd3-shape';

/** One line of a chart: what it shows, and a value for each week in which there is one. */
export interface TrendSeries {
  readonly name: string;
  readonly points: readonly { readonly week: string; readonly value: number }[];
}

/** A chart ready for its template: sizes and paths in the units of its view box. */
export interface TrendChart {
  readonly id: string;
  readonly title: string;
  /** The chart in words. */
  readonly summary: string;
  readonly width: number;
  readonly height: number;
  readonly plot: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly lines: readonly { readonly name: string; readonly path: string; readonly isDashed: boolean }[];
  /** Where the figure lies that it takes; null when it is beyond the chart, or there is none. */
  readonly threshold: { readonly at: number; readonly words: string } | null;
  readonly verticals: readonly { readonly at: number; readonly text: string }[];
  readonly horizontals: readonly { readonly at: number; readonly text: string }[];
}

const WIDTH = 720;
const HEIGHT = 300;
const PLOT = { left: 74, right: 700, top: 20, bottom: 252 };
const TICKS = 5;

const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });

/** Draws weekly values. @returns null when there are not yet two weeks to draw a line between */
export function trendChart(
  { id, title, unit }: { readonly id: string; readonly title: string; readonly unit: string },
  series: readonly TrendSeries[],
  threshold: { readonly value: number; readonly words: string } | null,
): TrendChart | null {
  const drawn = series.filter(({ points }) => points.length >= 2);
  const points = drawn.flatMap((each) => each.points);
  if (points.length === 0) return null;
  const at = (week: string): Date => new Date(`${week}T00:00:00Z`);
  const times = points.map(({ week }) => at(week).getTime());
  const x = scaleUtc([new Date(Math.min(...times)), new Date(Math.max(...times))], [PLOT.left, PLOT.right]);
  const most = Math.max(...points.map(({ value }) => value), Number.EPSILON);
  // A threshold far above all values would press them into one line.
  const isShown = threshold !== null && threshold.value <= most * 4;
  const top = isShown ? Math.max(most, threshold.value) : most;
  const y = scaleLinear([0, top], [PLOT.bottom, PLOT.top]).nice(TICKS);
  return {
    ...{ id, title, width: WIDTH, height: HEIGHT, plot: PLOT },
    summary: drawn.map((each) => summaryOf(each, unit)).join(' '),
    lines: drawn.map((each, index) => ({
      name: each.name,
      isDashed: index > 0,
      path:
        line<TrendSeries['points'][number]>(
          ({ week }) => x(at(week)),
          ({ value }) => y(value),
        ).digits(1)(each.points) ?? '',
    })),
    threshold: isShown ? { at: y(threshold.value), words: threshold.words } : null,
    verticals: x.ticks(TICKS).map((day) => ({ at: x(day), text: DAY.format(day) })),
    horizontals: y.ticks(TICKS).map((value) => ({ at: y(value), text: value.toLocaleString('en-GB') })),
  };
}

function summaryOf({ name, points }: TrendSeries, unit: string): string {
  const first = points[0]?.value ?? 0;
  const last = points.at(-1)?.value ?? 0;
  const words = (value: number): string => `${value.toLocaleString('en-GB')} ${unit}`;
  return `${name}: ${words(first)} in the first week, ${words(last)} in the last.`;
}
