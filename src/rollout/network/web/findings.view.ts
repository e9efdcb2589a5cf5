import { figureWords, thresholdWords } from '../../../network/domain/figure-words.js';
import type { Confidence, FigureSource, NetworkFinding } from '../../../network/domain/judgement.js';
import { shownTime, type ShownTime } from '../../../common/uk-time.js';

/** Where figures come from, in words. */
export const SOURCE_WORDS: Readonly<Record<FigureSource, string>> = {
  'connection-checks': 'Connection checks of people',
  'call-records': 'Teams calls',
  'site-tests': 'Tests at the site',
  link: 'Links as they are entered',
  'wifi-survey': 'Wi-Fi survey',
  'remote-access': 'Gateway as it is entered',
  plan: 'Plan',
};

export const CONFIDENCE_WORDS: Readonly<Record<Confidence, string>> = {
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};

/** A finding as a row of a table. */
export interface FindingRow {
  readonly measure: string;
  readonly figure: string;
  readonly takes: string;
  /** A sign besides the word. */
  readonly met: string;
  readonly decides: string;
  readonly source: string;
  readonly samples: number;
  readonly measuredAt: ShownTime | null;
  readonly confidence: string;
  readonly remark: string | null;
  readonly document: { readonly text: string; readonly href: string | null };
}

const DECIDES = { audio_safe: 'Audio', video_safe: 'Video' } as const;

/** A finding in words. */
export function findingRow(finding: NetworkFinding, now: Date): FindingRow {
  const { threshold, value, met, decides, source, samples, measuredAt, confidence, remark } = finding;
  return {
    measure: threshold.measure,
    figure: value === null ? 'Not known' : figureWords(value, threshold.unit),
    takes: thresholdWords(threshold),
    met: met === null ? '? Not known' : met ? '● Yes' : '✕ No',
    decides: decides === null ? 'Nothing' : DECIDES[decides],
    source: SOURCE_WORDS[source],
    samples,
    measuredAt: shownTime(measuredAt, now),
    confidence: CONFIDENCE_WORDS[confidence],
    remark,
    document: {
      text: `${threshold.source.document}${threshold.assumption ? ' (assumption)' : ''}, ${threshold.source.dated}`,
      href: threshold.source.address,
    },
  };
}
