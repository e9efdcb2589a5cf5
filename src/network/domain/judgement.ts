import type { Threshold } from './threshold.js';
import type { NeededVerdict, NetworkVerdict } from './network-words.js';

/** Where a figure comes from. */
export const FIGURE_SOURCES = [
  'connection-checks',
  'call-records',
  'site-tests',
  'link',
  'wifi-survey',
  'remote-access',
  'plan',
] as const;
export type FigureSource = (typeof FIGURE_SOURCES)[number];

export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** What would have to be put right: a record of this kind, or of its absence when there is no id. */
export interface Cause {
  readonly kind: 'link' | 'wifi-survey' | 'site-network' | 'capacity' | 'home' | 'remote-access';
  readonly id: number | null;
}

/** One figure beside the threshold that it was held against. */
export interface NetworkFinding {
  /** What was measured, in the words of the threshold. */
  readonly threshold: Threshold;
  /** The verdict that takes it, video-safe taking all that audio-safe takes; null for what is shown and decides nothing. */
  readonly decides: NeededVerdict | null;
  /** In the unit of the threshold; null when nothing was measured, or too little, or too long ago. */
  readonly value: number | null;
  /** Null when the figure is not known. */
  readonly met: boolean | null;
  readonly source: FigureSource;
  /** How many measurements the figure stands on. */
  readonly samples: number;
  /** The latest of them. */
  readonly measuredAt: Date | null;
  readonly confidence: Confidence;
  /** Set where the threshold is not met, or the figure is missing. */
  readonly cause: Cause | null;
  /** Why a figure is not known, or a remark, in words; null when there is nothing to say. */
  readonly remark: string | null;
}

/** What the figures together say of a site, of somebody’s home, or of a gateway for remote access. */
export interface NetworkJudgement {
  readonly verdict: NetworkVerdict;
  /** Time of the measurement that decided; null when nothing is known. */
  readonly since: Date | null;
  readonly confidence: Confidence;
  readonly findings: readonly NetworkFinding[];
}
