import type { FormFactor, Superclass } from './form-factor.js';
import type { SignalReading } from './signals.js';

export const DECIDED_BY = ['device_override', 'model_override', 'catalogue', 'signal', 'none'] as const;
export type DecidedBy = (typeof DECIDED_BY)[number];

/** A person's decision about one device or one model. It outranks everything that is computed. */
export interface FormFactorOverride {
  readonly formFactor: FormFactor;
  /** Id of the person who decided. */
  readonly decidedBy: string;
  readonly reason: string;
  readonly decidedAt: Date;
}

/** One thing that spoke, whether it decided or not. */
export interface FormFactorEvidence {
  readonly kind: 'device_override' | 'model_override' | 'catalogue' | SignalReading['signal'];
  /** What was seen: the model, a count, a rule's name. */
  readonly value: string;
  readonly formFactor: FormFactor;
  /** 0 to 1. */
  readonly weight: number;
  readonly reason: string;
}

/** A piece of evidence on another side of portable, fixed and other than the decision. */
export interface FormFactorContradiction {
  readonly kind: FormFactorEvidence['kind'];
  readonly value: string;
  readonly formFactor: FormFactor;
  readonly superclass: Superclass;
}

/** What a machine is, and how that is known. */
export interface Classification {
  readonly class: FormFactor;
  readonly superclass: Superclass;
  /** Id of the deciding rule, also where nothing decided: `no-rule`, `placeholder-model`, ... */
  readonly rule: string;
  readonly reason: string;
  readonly evidence: readonly FormFactorEvidence[];
  /** 0 to 1; 0 for `unknown`, 1 for a person's decision. */
  readonly confidence: number;
  readonly decidedBy: DecidedBy;
  readonly contradictions: readonly FormFactorContradiction[];
}

/** Whether a model waits for a person: some machine of it is unknown, or something speaks against the class of one. */
export const MODEL_STATES = ['unknown', 'contradicted', 'decided'] as const;
export type ModelState = (typeof MODEL_STATES)[number];
