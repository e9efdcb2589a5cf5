import { figureWords } from './figure-words.js';
import type { NetworkFinding, Cause, Confidence, FigureSource } from './judgement.js';
import type { NetworkSettings } from './network-settings.js';
import type { NeededVerdict } from './network-words.js';
import { meets, type Threshold } from './threshold.js';

/** What one source says of one measure. */
export interface Figure {
  readonly source: FigureSource;
  /** In the unit of the threshold; null when nothing was measured. */
  readonly value: number | null;
  /** Measurements that it stands on. */
  readonly samples: number;
  readonly measuredAt: Date | null;
  /** What a reader has to know of it, such as that it only stands for what was asked; lowers the confidence. */
  readonly caveat?: string;
}

/** When figures of a source are enough, and fresh enough. */
interface Sufficiency {
  readonly smallest: number;
  readonly oldestDays: number;
}

const DAY = 86_400_000;
const NOTHING = 'Nothing was measured.';

/** What counts as enough of each source that measures; what people enter is as good as it was entered. */
function sufficiencyOf(source: FigureSource, { assumptions }: NetworkSettings): Sufficiency | null {
  switch (source) {
    case 'connection-checks':
      return {
        smallest: assumptions['smallest-checks'],
        oldestDays: assumptions['oldest-checks'],
      };
    case 'call-records':
      return {
        smallest: assumptions['smallest-streams'],
        oldestDays: assumptions['oldest-calls'],
      };
    case 'site-tests':
      return {
        smallest: assumptions['smallest-site-tests'],
        oldestDays: assumptions['oldest-site-tests'],
      };
    case 'link':
    case 'wifi-survey':
    case 'remote-access':
    case 'plan':
      return null;
  }
}

/**
 * Holds the figures of several sources against a threshold. The first source that has enough that is fresh decides; the
 * remark says so where another that has enough says otherwise.
 * @param figures the source that is believed first comes first
 */
export function finding(
  threshold: Threshold,
  decides: NeededVerdict | null,
  figures: readonly Figure[],
  cause: Cause,
  settings: NetworkSettings,
  now: Date,
): NetworkFinding {
  const decisive = figures.find((figure) => isEnough(figure, settings, now));
  if (decisive === undefined || decisive.value === null) {
    const best = figures.find(({ measuredAt }) => measuredAt !== null) ?? figures[0];
    return {
      threshold,
      decides,
      value: null,
      met: null,
      source: best?.source ?? 'plan',
      samples: best?.samples ?? 0,
      measuredAt: best?.measuredAt ?? null,
      confidence: 'low',
      cause,
      remark: [...new Set(figures.map((figure) => shortfallOf(figure, settings, now)))].join(' ') || NOTHING,
    };
  }
  const { value, source, samples, measuredAt } = decisive;
  const met = meets(threshold, value);
  const isContrary = (figure: Figure): boolean =>
    figure.value !== null && meets(threshold, figure.value) !== met && isEnough(figure, settings, now);
  const contrary = figures.find(isContrary);
  return {
    threshold,
    decides,
    value,
    met,
    source,
    samples,
    measuredAt,
    confidence: confidenceOf(decisive, settings, now),
    cause: met ? null : cause,
    remark:
      [decisive.caveat, contrary && disagreement(decisive, contrary, threshold)]
        .filter((each) => each !== undefined)
        .join(' ') || null,
  };
}

/** Whether a figure is there, on enough measurements, of which the latest is fresh enough. */
function isEnough({ source, value, samples, measuredAt }: Figure, settings: NetworkSettings, now: Date): boolean {
  if (value === null) return false;
  const asked = sufficiencyOf(source, settings);
  if (asked === null) return true;
  return measuredAt !== null && samples >= asked.smallest && ageInDays(measuredAt, now) <= asked.oldestDays;
}

/** Why a figure is not enough to judge by, in words. */
function shortfallOf({ source, samples, measuredAt }: Figure, settings: NetworkSettings, now: Date): string {
  const asked = sufficiencyOf(source, settings);
  if (asked === null) return NOTHING;
  const words = SOURCE_WORDS[source];
  if (measuredAt === null) return `There are no ${words}.`;
  const age = ageInDays(measuredAt, now);
  if (age > asked.oldestDays) {
    return `The latest ${words} are ${age} days old; after ${asked.oldestDays} days they count no more.`;
  }
  if (samples < asked.smallest) return `There are ${samples} ${words} and ${asked.smallest} are needed.`;
  return `The ${words} do not say.`;
}

function ageInDays(at: Date, now: Date): number {
  return Math.floor((now.getTime() - at.getTime()) / DAY);
}

/** High with three times as many measurements as are needed, of which the latest is in the first half of its time. */
function confidenceOf(figure: Figure, settings: NetworkSettings, now: Date): Confidence {
  if (figure.caveat !== undefined) return 'low';
  const asked = sufficiencyOf(figure.source, settings);
  if (asked === null) return 'medium';
  const age = now.getTime() - (figure.measuredAt?.getTime() ?? 0);
  return figure.samples >= 3 * asked.smallest && age * 2 <= asked.oldestDays * DAY ? 'high' : 'medium';
}

const SOURCE_WORDS: Readonly<Record<FigureSource, string>> = {
  'connection-checks': 'connection checks',
  'call-records': 'streams of calls',
  'site-tests': 'tests at the site',
  link: 'the rated speed of the links',
  'wifi-survey': 'the Wi-Fi survey',
  'remote-access': 'what was entered of the gateway',
  plan: 'the plan',
};

const ORDER =
  'What happened to calls counts before tests, tests before people’s own checks, and those before rated speeds.';

function disagreement(decisive: Figure, contrary: Figure, { unit }: Threshold): string {
  const found = `By ${SOURCE_WORDS[contrary.source]} it is ${figureWords(contrary.value ?? 0, unit)} (${contrary.samples})`;
  return `${found}; ${SOURCE_WORDS[decisive.source]} decided. ${ORDER}`;
}
