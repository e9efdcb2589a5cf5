import { finding, type Figure } from './figure.js';
import type { Cause, FigureSource, NetworkFinding } from './judgement.js';
import { thresholdBy, type NetworkSettings } from './network-settings.js';
import { DECIDING, MEDIA } from './thresholds/thresholds.js';

/** What a source measured of media: times in ms, loss in percent. A figure is null where it did not measure it. */
export interface MeasuredMedia {
  readonly samples: number;
  readonly measuredAt: Date | null;
  readonly roundTripMs: number | null;
  readonly jitterMs: number | null;
  readonly lossPercent: number | null;
}

/** What a source measured of a line, too; in kbit/s. */
export interface MeasuredLine extends MeasuredMedia {
  readonly downloadKbps: number | null;
  readonly uploadKbps: number | null;
}

type Measure = 'roundTripMs' | 'jitterMs' | 'lossPercent' | 'downloadKbps' | 'uploadKbps';

/** A source as `mediaFindings` asks it; a measure that it never takes is left out. */
export interface Source {
  readonly source: FigureSource;
  readonly measured: Pick<MeasuredMedia, 'samples' | 'measuredAt'> & Partial<Pick<MeasuredLine, Measure>>;
  /** What a reader has to know of all its figures. */
  readonly caveat?: string;
  /** What a reader has to know of its loss. */
  readonly lossCaveat?: string;
}

/** Caveat of the loss that checks in a browser give. */
export const LATE_ANSWERS = 'Late answers stand for lost packets, which a browser cannot see.';

const QUALITY: readonly (readonly [id: string, measure: Measure])[] = [
  [MEDIA.roundTrip, 'roundTripMs'],
  [MEDIA.jitter, 'jitterMs'],
  [MEDIA.loss, 'lossPercent'],
];
const SPEEDS: readonly (readonly [id: string, measure: Measure])[] = [
  [MEDIA.audioDownload, 'downloadKbps'],
  [MEDIA.audioUpload, 'uploadKbps'],
  [MEDIA.videoDownload, 'downloadKbps'],
  [MEDIA.videoUpload, 'uploadKbps'],
];

/** One finding for each threshold of one person’s media. @param sources the one that is believed first comes first */
export function mediaFindings(
  sources: readonly Source[],
  cause: Cause,
  settings: NetworkSettings,
  now: Date,
): readonly NetworkFinding[] {
  const of = ([id, measure]: readonly [string, Measure]): NetworkFinding => {
    const able = sources.filter(({ measured }) => measured[measure] !== undefined);
    const figures = able.map((each) => figureFrom(each, measure));
    return finding(thresholdBy(settings, id), DECIDING.get(id) ?? null, figures, cause, settings, now);
  };
  const quality = QUALITY.map(of);
  const callsWentWell = quality.every(({ source, met }) => source === 'call-records' && met === true);
  const speeds = SPEEDS.map(of).map((each): NetworkFinding => {
    if (!callsWentWell || each.value !== null || each.decides !== 'audio_safe') return each;
    return {
      ...each,
      decides: null,
      cause: null,
      remark: `${each.remark ?? ''} The calls went well, which shows that it is enough.`,
    };
  });
  return [...quality, ...speeds];
}

function figureFrom({ source, measured, caveat, lossCaveat }: Source, measure: Measure): Figure {
  const words = [caveat, measure === 'lossPercent' ? lossCaveat : undefined].filter((each) => each !== undefined);
  const figure = figureOf(source, measured, measured[measure] ?? null);
  return words.length === 0 ? figure : { ...figure, caveat: words.join(' ') };
}

/** What a source says of one measure. */
export function figureOf(
  source: FigureSource,
  { samples, measuredAt }: Pick<MeasuredMedia, 'samples' | 'measuredAt'>,
  value: number | null,
): Figure {
  return { source, value, samples, measuredAt };
}
