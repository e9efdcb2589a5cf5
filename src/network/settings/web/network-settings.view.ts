import { isDay } from '../../../common/instant.js';
import { shownDay } from '../../../common/uk-time.js';
import { figureWords, thresholdWords, unitWords } from '../../domain/figure-words.js';
import type { NetworkSettings } from '../../domain/network-settings.js';
import { NEEDED_VERDICTS, NETWORK_VERDICT_WORDS, type NeededVerdict } from '../../domain/network-words.js';
import { THRESHOLD_GROUPS } from '../../domain/thresholds/thresholds.js';
import { cataloguedAssumptions, cataloguedThresholds, type CataloguedThreshold } from '../settings-catalogue.js';

/** A threshold as a row of a table. */
interface ThresholdRow {
  readonly measure: string;
  readonly asks: string;
  /** What was published, where the council has its own figure; null otherwise. */
  readonly published: string | null;
  readonly decides: string | null;
  readonly document: string;
  readonly page: string | null;
  readonly dated: string;
}

/** A figure as a field of the form. */
interface FigureField {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value: number;
}

/** Settings as the page shows them. */
export interface SettingsView {
  readonly deciding: readonly ThresholdRow[];
  /** Those that decide nothing, by group. */
  readonly context: readonly { readonly words: string; readonly thresholds: readonly ThresholdRow[] }[];
  readonly assumptions: readonly { readonly words: string; readonly why: string; readonly value: string }[];
  readonly neededAtSite: NeededVerdict;
  readonly neededAtHome: NeededVerdict;
  readonly neededWords: { readonly site: string; readonly home: string };
  readonly neededChoices: readonly { readonly value: NeededVerdict; readonly text: string }[];
  readonly thresholdFields: readonly FigureField[];
  readonly assumptionFields: readonly FigureField[];
}

const DECIDES_WORDS: Readonly<Record<NeededVerdict, string>> = {
  audio_safe: 'Audio-safe and video-safe',
  video_safe: 'Video-safe',
};

/** Prepares the settings for their page: every threshold with its source, every assumption with its reason. */
export function settingsView(settings: NetworkSettings): SettingsView {
  const thresholds = cataloguedThresholds(settings);
  const assumptions = cataloguedAssumptions(settings);
  return {
    deciding: thresholds.filter(({ decides }) => decides !== null).map(rowOf),
    context: THRESHOLD_GROUPS.map(({ words }) => ({
      words,
      thresholds: thresholds.filter(({ group, decides }) => group === words && decides === null).map(rowOf),
    })),
    assumptions: assumptions.map(({ words, why, value, unit }) => ({ words, why, value: figureWords(value, unit) })),
    neededAtSite: settings.neededAtSite,
    neededAtHome: settings.neededAtHome,
    neededWords: {
      site: NETWORK_VERDICT_WORDS[settings.neededAtSite],
      home: NETWORK_VERDICT_WORDS[settings.neededAtHome],
    },
    neededChoices: NEEDED_VERDICTS.map((value) => ({ value, text: NETWORK_VERDICT_WORDS[value] })),
    thresholdFields: thresholds
      .filter(({ decides }) => decides !== null)
      .map(({ id, measure, unit, value, published }) => ({
        name: `thresholds.${id}`,
        label: `${measure} (${unitWords(unit)})`,
        hint: `Published: ${figureWords(published.value, unit)}, ${published.source.document}, ${dateWords(published.source.dated)}. Empty for that.`,
        value,
      })),
    assumptionFields: assumptions.map(({ id, words, unit, why, value, byDefault }) => ({
      name: `assumptions.${id}`,
      label: `${words} (${unitWords(unit)})`,
      hint: `Assumption. ${why} At first ${figureWords(byDefault, unit)}.`,
      value,
    })),
  };
}

function rowOf(threshold: CataloguedThreshold): ThresholdRow {
  const { measure, decides, assumption, published, unit } = threshold;
  return {
    measure,
    asks: thresholdWords(threshold),
    published: assumption ? figureWords(published.value, unit) : null,
    decides: decides === null ? null : DECIDES_WORDS[decides],
    ...published.source,
    dated: dateWords(published.source.dated),
  };
}

/** A document names its day, or only its year. */
function dateWords(dated: string): string {
  return isDay(dated) ? shownDay(dated) : dated;
}
