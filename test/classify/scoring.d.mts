import type { Classification } from '../../src/devices/domain/form-factor/classification.js';

export type LabelledRow = Readonly<Record<string, string>>;
export type Answer = Pick<Classification, 'class' | 'superclass' | 'rule' | 'confidence'>;
export type Classify = (manufacturer: string, model: string) => Answer;

export interface Tally {
  readonly all: number;
  readonly decided: number;
  readonly right: number;
  readonly wrong: number;
  readonly unknown: number;
}

export interface Tallies {
  readonly rows: Tally;
  readonly machines: Tally;
}

export interface Section {
  readonly total: Tallies;
  readonly bySuperclass: ReadonlyMap<string, Tallies>;
  readonly byVendor: ReadonlyMap<string, Tallies>;
  readonly macro: { readonly right: number; readonly decided: number };
}

export type SectionName = 'business' | 'businessHoldout' | 'businessWithOther' | 'holdout' | 'all' | 'fine';

export interface Score {
  readonly sections: Readonly<Record<SectionName, Section>>;
  readonly confidentErrors: readonly {
    readonly row: LabelledRow;
    readonly answer: Answer;
    readonly machines: number;
  }[];
}

export const LABEL_COLUMNS: readonly string[];
export const FLOORS: Readonly<Record<string, { readonly right: number; readonly decided: number }>>;
export function score(rows: readonly LabelledRow[], classify: Classify): Score;
export function failures(score: Score): string[];
export function namedPlaceholders(rows: readonly LabelledRow[], classify: Classify): readonly LabelledRow[];
export function rightOfDecided(tally: Tally): number;
export function decidedShare(tally: Tally): number;
export function percent(share: number): string;
