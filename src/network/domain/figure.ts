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
  readonly words: string;
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
        words: 'connection checks',
        smallest: assumptions['smallest-checks'],
        oldestDays: assumptions['oldest-checks'],
      };
    case 'call-records':
      return {
        words: 'streams of calls',
        smallest: assumptions['smallest-streams'],
        oldestDays: assumptions['oldest-calls'],
      };
    case 'site-tests':
      return {
        words: 'tests at the site',
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
  const judged = figures.map((figure) => ({ figure, shortfall: shortfallOf(figure, settings, now) }));
  const usable = judged.flatMap(({ figure, shortfall }) => (shortfall === null ? [figure] : []));
  const [decisive] = usable;
  if (decisive === undefined || decisive.value === null) {
    const best = judged.find(({ figure }) => figure.measuredAt !== null) ?? judged[0];
    return {
      ...{ threshold, decides, value: null, met: null, cause, confidence: 'low' },
      source: best?.figure.source ?? 'plan',
      samples: best?.figure.samples ?? 0,
      measuredAt: best?.figure.measuredAt ?? null,
      remark: [...new Set(judged.map(({ shortfall }) => shortfall ?? NOTHING))].join(' ') || NOTHING,
    };
  }
  const { value, source, samples, measuredAt } = decisive;
  const met = meets(threshold, value);
  const other = usable.find((figure) => figure.value !== null && meets(threshold, figure.value) !== met);
  const remarks = [
    ...(decisive.caveat === undefined ? [] : [decisive.caveat]),
    ...(other === undefined ? [] : [disagreement(decisive, other, threshold)]),
  ];
  return {
    ...{ threshold, decides, value, met, source, samples, measuredAt },
    confidence: confidenceOf(decisive, settings, now),
    cause: met ? null : cause,
    remark: remarks.length === 0 ? null : remarks.join(' '),
  };
}

/** Why a figure is not enough to judge by, in words; null when it is enough. */
function shortfallOf(
  { source, value, samples, measuredAt }: Figure,
  settings: NetworkSettings,
  now: Date,
): string | null {
  const asked = sufficiencyOf(source, settings);
  if (asked === null) return value === null ? NOTHING : null;
  if (measuredAt === null) return `There are no ${asked.words}.`;
  const age = Math.floor((now.getTime() - measuredAt.getTime()) / DAY);
  if (age > asked.oldestDays) {
    return `The latest ${asked.words} are ${age} days old; after ${asked.oldestDays} days they count no more.`;
  }
  if (samples < asked.smallest) return `There are ${samples} ${asked.words} and ${asked.smallest} are needed.`;
  return value === null ? `The ${asked.words} do not say.` : null;
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
  'call-records': 'calls',
  'site-tests': 'tests at the site',
  link: 'the rated speed of the links',
  'wifi-survey': 'the Wi-Fi survey',
  'remote-access': 'what was entered of the gateway',
  plan: 'the plan',
};

const WHY_FIRST: Readonly<Record<FigureSource, string>> = {
  'call-records': 'what happened to calls counts before what a test would expect',
  'site-tests': 'tests made for a site count before those that people make for themselves',
  'connection-checks': 'what was measured from the place itself counts first',
  link: 'nothing else was measured',
  'wifi-survey': 'it was surveyed',
  'remote-access': 'it was entered',
  plan: 'it is planned',
};

function disagreement(decisive: Figure, other: Figure, { unit }: Threshold): string {
  const said = `The ${SOURCE_WORDS[other.source].replace(/^the /, '')} say ${other.value} ${unit} (${other.samples})`;
  const decided = SOURCE_WORDS[decisive.source].replace(/^the /, '');
  return `${said}; the ${decided} decided, since ${WHY_FIRST[decisive.source]}.`;
}
