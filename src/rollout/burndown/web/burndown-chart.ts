import { scaleLinear, scaleUtc } from 'd3-scale';
import { line } from 'd3-shape';

/** What a chart of the burndown shows; days are ISO 8601. */
export interface ChartData {
  readonly days: readonly { readonly day: string; readonly remaining: number; readonly inScope: number }[];
  /** Day by which the programme means to be done. */
  readonly target: string;
  readonly forecast: { readonly earliest: string; readonly latest: string | null } | null;
}

/** One stroke of an axis. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** A chart ready for its template: sizes and paths in the units of its view box. */
export interface ChartView {
  readonly width: number;
  readonly height: number;
  readonly plot: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly remaining: string;
  readonly inScope: string;
  /** The wedge from the last known day to the range of the forecast; null when there is none. */
  readonly forecast: string | null;
  readonly target: number;
  readonly verticals: readonly Tick[];
  readonly horizontals: readonly Tick[];
}

// On a phone the chart is about half as large as drawn, and its letters are still to be read.
const WIDTH = 720;
const HEIGHT = 400;
const PLOT = { left: 74, right: 700, top: 20, bottom: 352 };
const MOST_VERTICALS = 5;
const HORIZONTALS = 5;
/** Days that a chart shows past the last known one when the end of the forecast is far off. */
const FARTHEST = 730;
const DAY = 86_400_000;

const MONTH = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'short', year: '2-digit' });

/** Draws the burndown. @returns null when there are not yet two days to draw a line between. */
export function burndownChart({ days, target, forecast }: ChartData): ChartView | null {
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined || days.length < 2) return null;
  const at = (day: string): Date => new Date(`${day}T00:00:00Z`);
  const farthest = new Date(at(last.day).getTime() + FARTHEST * DAY);
  const latest = forecast === null ? null : forecast.latest === null ? farthest : at(forecast.latest);
  const end = new Date(
    Math.min(farthest.getTime(), Math.max(at(target).getTime(), at(last.day).getTime(), latest?.getTime() ?? 0)),
  );
  const x = scaleUtc([at(first.day), end], [PLOT.left, PLOT.right]);
  const most = Math.max(1, ...days.map(({ remaining, inScope }) => Math.max(remaining, inScope)));
  const y = scaleLinear([0, most], [PLOT.bottom, PLOT.top]).nice(HORIZONTALS);
  const pathOf = (value: (day: ChartData['days'][number]) => number): string =>
    line<ChartData['days'][number]>(
      ({ day }) => x(at(day)),
      (day) => y(value(day)),
    ).digits(1)(days) ?? '';
  const point = (day: Date, value: number): string => `${x(day).toFixed(1)},${y(value).toFixed(1)}`;
  const wedge =
    forecast === null || latest === null
      ? null
      : `M${point(at(last.day), last.remaining)}L${point(new Date(Math.min(at(forecast.earliest).getTime(), end.getTime())), 0)}` +
        `L${point(latest > end ? end : latest, 0)}Z`;
  return {
    ...{ width: WIDTH, height: HEIGHT, plot: PLOT },
    remaining: pathOf(({ remaining }) => remaining),
    inScope: pathOf(({ inScope }) => inScope),
    forecast: wedge,
    target: Math.min(x(at(target)), PLOT.right),
    verticals: x.ticks(MOST_VERTICALS).map((day) => ({ at: x(day), text: MONTH.format(day) })),
    horizontals: y.ticks(HORIZONTALS).map((value) => ({ at: y(value), text: value.toLocaleString('en-GB') })),
  };
}
