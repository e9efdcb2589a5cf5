import type { CapacityMeasure } from './capacity.js';
import type { Cause, FigureSource, NetworkFinding } from './judgement.js';
import type { NeededVerdict } from './network-words.js';
import type { ThresholdUnit } from './threshold.js';

/** What is asked of something that people share, as it is told. */
export interface Demand {
  readonly id: string;
  readonly measure: string;
  readonly unit: ThresholdUnit;
  readonly decides: NeededVerdict;
  readonly capacity: CapacityMeasure;
  readonly source: FigureSource;
  /** Records that it stands on. */
  readonly samples: number;
  readonly measuredAt: Date | null;
  readonly cause: Cause;
  /** Why it is not known what there is. */
  readonly missing: string;
  /** The day on which it was worked out (ISO 8601). */
  readonly day: string;
}

/** A finding whose threshold is what people ask for: worked out from the plan by assumptions, and so an assumption itself. */
export function demandFinding({ id, measure, unit, capacity, day, missing, cause, ...rest }: Demand): NetworkFinding {
  const { needed, usable } = capacity;
  const met = usable === null ? null : usable >= needed;
  return {
    ...rest,
    threshold: {
      ...{ id, measure, unit, test: 'at_least', value: needed, assumption: true },
      source: { document: 'Worked out from the plan by the council’s assumptions', page: null, dated: day },
    },
    value: usable,
    met,
    confidence: usable === null ? 'low' : 'medium',
    cause: met === true ? null : cause,
    remark: usable === null ? missing : null,
  };
}
