import type { FieldError } from '../../../common/errors.js';
import { isDay } from '../../../common/instant.js';
import type { ReadinessSettings } from './settings.js';
import { RULE_WORDS, type ReadinessRule } from './rules.js';

/** A waiver that somebody asks for. */
export interface WantedWaiver {
  readonly rule: ReadinessRule;
  readonly reason: string;
  /** The last day on which it is to hold (ISO 8601, in the UK). */
  readonly expiresOn: string;
}

/** The same day a year later; the last day on which a waiver that is granted today may hold. */
export function lastDayOfWaiver(today: string): string {
  return `${Number(today.slice(0, 4)) + 1}${today.slice(4).replace('-02-29', '-02-28')}`;
}

/** What is wrong with a waiver; nothing when it can be granted. */
export function waiverErrors(
  { rule, expiresOn }: WantedWaiver,
  { notWaivable }: Pick<ReadinessSettings, 'notWaivable'>,
  today: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (notWaivable.includes(rule)) {
    errors.push({ field: 'rule', message: `The settings let nobody waive “${RULE_WORDS[rule]}”` });
  }
  if (!isDay(expiresOn) || expiresOn < today || expiresOn > lastDayOfWaiver(today)) {
    errors.push({ field: 'expiresOn', message: 'Enter a day from today to a year from now' });
  }
  return errors;
}
