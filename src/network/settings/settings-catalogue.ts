import { ASSUMPTION_IDS, ASSUMPTIONS, type AssumptionId } from '../domain/assumptions.js';
import { thresholdBy, type NetworkSettings } from '../domain/network-settings.js';
import type { NeededVerdict } from '../domain/network-words.js';
import type { Threshold } from '../domain/threshold.js';
import { DECIDING, THRESHOLD_GROUPS } from '../domain/thresholds/thresholds.js';

/** A threshold as it counts, beside what was published. */
export interface CataloguedThreshold extends Threshold {
  /** The heading that it stands under. */
  readonly group: string;
  /** The verdict that it decides; null for context. */
  readonly decides: NeededVerdict | null;
  /** As it was published, with its source. */
  readonly published: Pick<Threshold, 'value' | 'source'>;
}

/** An assumption as it counts. */
export interface CataloguedAssumption {
  readonly id: AssumptionId;
  readonly words: string;
  readonly why: string;
  readonly unit: (typeof ASSUMPTIONS)[AssumptionId]['unit'];
  readonly least: number;
  readonly most: number;
  readonly value: number;
  /** What it is until somebody changes it. */
  readonly byDefault: number;
}

/** Every threshold, in the order of its group. */
export function cataloguedThresholds(settings: NetworkSettings): readonly CataloguedThreshold[] {
  return THRESHOLD_GROUPS.flatMap(({ words, thresholds }) =>
    thresholds.map((published) => ({
      ...thresholdBy(settings, published.id),
      group: words,
      decides: DECIDING.get(published.id) ?? null,
      published: { value: published.value, source: published.source },
    })),
  );
}

/** Every assumption. */
export function cataloguedAssumptions({ assumptions }: NetworkSettings): readonly CataloguedAssumption[] {
  return ASSUMPTION_IDS.map((id) => {
    const { words, why, unit, least, most, value } = ASSUMPTIONS[id];
    return { id, words, why, unit, least, most, value: assumptions[id], byDefault: value };
  });
}
