import { addDays, londonDay, shownDay, type ShownTime, shownTime, weekdayOf } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import {
  countOf,
  desktopsRecovered,
  desktopsRemaining,
  DEVICE_AGE_WORDS,
  DIMENSION_WORDS,
  peopleInScope,
  type BurndownFigures,
  type CountByReason,
  type Dimension,
} from '../../domain/burndown/figures.js';
import { SCOPE_REASONS, SCOPE_REASON_WORDS, WORK_STYLE_WORDS } from '../../domain/move-words.js';
import type { FiguresOfPart } from '../burndown.queries.js';
import type { Overview } from '../overview.queries.js';
import { oldestOf } from '../programme-day.queries.js';
import { burndownChart, type ChartView } from './burndown-chart.js';
import { FigureLinks, type LinkedNumber, type Part } from './figure-links.js';
import { forecastWords } from './forecast-words.js';

interface Figure extends LinkedNumber {
  readonly label: string;
  readonly note: string | null;
}

interface ScopeRow {
  readonly reason: string;
  readonly people: LinkedNumber | null;
  readonly desktops: LinkedNumber | null;
}

interface PartTable {
  readonly title: string;
  readonly id: string;
  readonly rows: readonly { readonly name: string; readonly numbers: readonly LinkedNumber[] }[];
}

/** The overview of a programme as its template takes it. */
export interface OverviewView {
  readonly title: string;
  readonly programme: { readonly name: string; readonly dates: string; readonly state: string };
  readonly on: string;
  readonly asAt: string;
  readonly isToday: boolean;
  readonly days: { readonly before: string | null; readonly after: string | null; readonly today: string | null };
  readonly figures: readonly Figure[];
  readonly scope: {
    readonly in: readonly ScopeRow[];
    readonly out: readonly ScopeRow[];
    readonly sums: readonly string[];
  };
  readonly chart: ChartView | null;
  readonly chartSummary: string;
  readonly weeks: readonly { readonly day: string; readonly href: string; readonly numbers: readonly LinkedNumber[] }[];
  readonly forecast: ReturnType<typeof forecastWords>;
  readonly forecastHref: string;
  readonly headings: readonly string[];
  readonly tables: readonly PartTable[];
  readonly dataAge: ShownTime | null;
  readonly sources: readonly { readonly name: string; readonly read: ShownTime | null }[];
  readonly takenAt: ShownTime | null;
  readonly counted: string;
  readonly file: string;
}

const COUNTED = {
  snapshot: 'Counted in the night after the day and kept unchanged since',
  late: 'Counted afterwards from the history, which is only ever added to',
  now: 'Counted just now; the day is not over',
} as const;
const SOURCES: Readonly<Record<string, string>> = {
  users: 'People (Microsoft Entra ID)',
  'entra-devices': 'Devices (Microsoft Entra ID)',
  'managed-devices': 'Devices (Microsoft Intune)',
};
/** Headings of the tables by part, in the order of `numbersOf`. */
const HEADINGS = [
  'In scope',
  'Ready',
  'Booked',
  'At risk',
  'Blocked',
  'Done',
  'Desktops remaining',
  'Desktops recovered',
];
const SUNDAY = 7;

/** Where the history before that was kept; nothing where it is all our own. */
function takenOver(until: Date | null): string {
  return until === null ? '' : `. Until ${shownDay(londonDay(until))} it was taken over from records kept elsewhere`;
}

/** Prepares the overview. @param overview what was read. */
export function overviewView({ on, baseline, counted, whole, series, forecast }: Overview, now: Date): OverviewView {
  const { programme, day, firstDay, today } = on;
  const link = new FigureLinks(day);
  const remaining = desktopsRemaining(whole);
  const sources = Object.entries(counted.dataAge);
  const target = programme.targetOn;
  return {
    title: 'Rollout',
    programme: {
      name: programme.name,
      dates: `Began on ${shownDay(firstDay)}, to be done by ${shownDay(target)}${takenOver(programme.backfilledUntil)}`,
      state: programme.state === 'closed' ? 'Closed' : 'Running',
    },
    on: day,
    asAt: day === today ? 'As it is now' : `As at the end of ${shownDay(day)}`,
    isToday: day === today,
    days: {
      before: day > firstDay ? paths.rollout(addDays(day, -1)) : null,
      after: day < today ? paths.rollout(addDays(day, 1)) : null,
      today: day < today ? paths.rollout() : null,
    },
    figures: headline(whole, link, baseline),
    scope: scopeOf(whole, link, baseline),
    chart: burndownChart({
      days: series.map(({ day: at, figures }) => ({
        day: at,
        remaining: desktopsRemaining(figures),
        inScope: desktopsRemaining(figures) + desktopsRecovered(figures),
      })),
      target,
      forecast: forecast.kind === 'range' ? forecast : null,
    }),
    chartSummary:
      `On ${shownDay(series[0]?.day ?? day)} ${desktopsRemaining(series[0]?.figures ?? whole)} desktops remained, ` +
      `on ${shownDay(day)} ${remaining}. The table has the numbers.`,
    weeks: series
      .filter(({ day: at }) => at === day || weekdayOf(at) === SUNDAY)
      .reverse()
      .map(weekRow),
    forecast: forecastWords(forecast, target),
    forecastHref: paths.rolloutForecast(day === today ? undefined : day),
    headings: HEADINGS,
    tables: tablesOf(counted.parts, link),
    dataAge: shownTime(oldestOf(counted.dataAge), now),
    sources: sources.map(([name, read]) => ({ name: SOURCES[name] ?? name, read: shownTime(read, now) })),
    takenAt: shownTime(counted.takenAt, now),
    counted: COUNTED[counted.kind],
    file: `/api/v1/rollout/burndown.csv?on=${day}`,
  };
}

function headline(whole: BurndownFigures, link: FigureLinks, baseline: Overview['baseline']): Figure[] {
  const { people, atRisk } = whole;
  const share = baseline.desktops === 0 ? null : Math.round((desktopsRecovered(whole) / baseline.desktops) * 100);
  const figure = (number: LinkedNumber, label: string, note: string | null = null): Figure => ({
    ...number,
    label,
    note,
  });
  return [
    figure(link.desktops(desktopsRemaining(whole), { standing: 'remaining' }), 'desktops remaining'),
    figure(
      link.desktops(desktopsRecovered(whole), { standing: 'recovered' }),
      'desktops recovered',
      share === null ? null : `as many as ${share} % of the baseline`,
    ),
    figure(link.people(peopleInScope(whole), { standing: 'in_scope' }), 'people in scope'),
    figure(
      link.people(people.closed ?? 0, { state: 'closed' }),
      'done',
      'laptop received, desktop recovered and wiped',
    ),
    figure(link.people(people.scheduled ?? 0, { state: 'scheduled' }), 'booked'),
    figure(link.people(atRisk, { atRisk: 'true' }), 'at risk', 'booked, and not ready any more'),
    figure(link.people(people.blocked ?? 0, { state: 'blocked' }), 'blocked'),
    figure(link.people(baseline.people, { baseline: 'true' }), 'people in the baseline'),
    figure(link.desktops(baseline.desktops, { baseline: 'true' }), 'desktops in the baseline'),
  ];
}

function scopeOf(whole: BurndownFigures, link: FigureLinks, baseline: Overview['baseline']): OverviewView['scope'] {
  const rows = (direction: 'in' | 'out', people: CountByReason, desktops: CountByReason): ScopeRow[] =>
    SCOPE_REASONS.filter((reason) => people[reason] !== undefined || desktops[reason] !== undefined).map((reason) => ({
      reason: SCOPE_REASON_WORDS[reason],
      people: people[reason] === undefined ? null : link.personScope(people[reason], { direction, reason }),
      desktops: desktops[reason] === undefined ? null : link.desktopScope(desktops[reason], { direction, reason }),
    }));
  const sum = (name: string, begun: number, came: CountByReason, went: CountByReason, now: number): string =>
    `${name}: ${begun} in the baseline, ${countOf(came)} came in, ${countOf(went)} went out, ${now} in scope.`;
  const desktops = desktopsRemaining(whole) + desktopsRecovered(whole);
  return {
    in: rows('in', whole.peopleIn, whole.desktopsIn),
    out: rows('out', whole.peopleOut, whole.desktopsOut),
    sums: [
      sum('People', baseline.people, whole.peopleIn, whole.peopleOut, peopleInScope(whole)),
      sum('Desktops', baseline.desktops, whole.desktopsIn, whole.desktopsOut, desktops),
    ],
  };
}

function weekRow({ day, figures }: Overview['series'][number]): OverviewView['weeks'][number] {
  const link = new FigureLinks(day);
  return {
    day: shownDay(day),
    href: paths.rollout(day),
    numbers: [
      link.desktops(desktopsRemaining(figures), { standing: 'remaining' }),
      link.desktops(desktopsRecovered(figures), { standing: 'recovered' }),
      link.desktops(desktopsRemaining(figures) + desktopsRecovered(figures), { standing: 'in_scope' }),
      link.people(figures.people.closed ?? 0, { state: 'closed' }),
    ],
  };
}

function tablesOf(parts: readonly FiguresOfPart[], link: FigureLinks): PartTable[] {
  return (Object.keys(DIMENSION_WORDS) as Exclude<Dimension, 'all'>[]).map((dimension) => ({
    title: DIMENSION_WORDS[dimension],
    id: `by-${dimension.replace('_', '-')}`,
    rows: parts
      .filter((part) => part.dimension === dimension)
      .map((part) => ({ name: partName(part), numbers: numbersOf(part.figures, link, part) }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en-GB')),
  }));
}

function numbersOf(figures: BurndownFigures, link: FigureLinks, part: Part): LinkedNumber[] {
  const { people, atRisk } = figures;
  return [
    link.people(peopleInScope(figures), { standing: 'in_scope' }, part),
    link.people(people.ready ?? 0, { state: 'ready' }, part),
    link.people(people.scheduled ?? 0, { state: 'scheduled' }, part),
    link.people(atRisk, { atRisk: 'true' }, part),
    link.people(people.blocked ?? 0, { state: 'blocked' }, part),
    link.people(people.closed ?? 0, { state: 'closed' }, part),
    link.desktops(desktopsRemaining(figures), { standing: 'remaining' }, part),
    link.desktops(desktopsRecovered(figures), { standing: 'recovered' }, part),
  ];
}

function partName({ dimension, value }: Part): string {
  const words: Readonly<Record<string, string>> =
    dimension === 'work_style' ? WORK_STYLE_WORDS : dimension === 'device_age' ? DEVICE_AGE_WORDS : {};
  return value === '' ? 'Not known' : (words[value] ?? value);
}
