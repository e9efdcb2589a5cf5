import { figureWords, thresholdWords } from '../../../network/domain/figure-words.js';
import type { Confidence, FigureSource, NetworkFinding } from '../../../network/domain/judgement.js';
import { shownNumber } from '../../../common/shown-number.js';
import { type ShownTime, shownTime } from '../../../common/uk-time.js';

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
  readonly decides: string;
  readonly remark: string | null;
  readonly figure: string;
  readonly takes: string;
  /** As a sign and in words. */
  readonly met: { readonly shape: string; readonly text: string };
  /** Where the figure comes from; null where there is none. */
  readonly known: { readonly source: string; readonly samples: string; readonly confidence: string } | null;
  readonly measuredAt: ShownTime | null;
  readonly document: { readonly text: string; readonly href: string | null };
}

const DECIDES = { audio_safe: 'Needed for audio', video_safe: 'Needed for video' } as const;

/** A finding in words. */
export function findingRow(finding: NetworkFinding, now: Date): FindingRow {
  const { threshold, value, met, decides, source, samples, measuredAt, confidence, remark } = finding;
  return {
    measure: threshold.measure,
    decides: decides === null ? 'Decides nothing' : DECIDES[decides],
    remark,
    figure: value === null ? 'Not known' : figureWords(value, threshold.unit),
    takes: thresholdWords(threshold),
    met:
      met === null ? { shape: '?', text: 'Not known' } : met ? { shape: '●', text: 'Yes' } : { shape: '✕', text: 'No' },
    known:
      measuredAt === null
        ? null
        : {
            source: SOURCE_WORDS[source],
            samples: samples === 1 ? 'one measurement' : `${shownNumber(samples)} measurements`,
            confidence: `${CONFIDENCE_WORDS[confidence].toLowerCase()} confidence`,
          },
    measuredAt: shownTime(measuredAt, now),
    document: {
      text: `${threshold.source.document}${threshold.assumption ? ' (assumption)' : ''}, ${threshold.source.dated}`,
      href: threshold.source.page,
    },
  };
}
