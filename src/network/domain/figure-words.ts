import type { Threshold, ThresholdUnit } from './threshold.js';

const SURVEY_WORDS = ['failed', 'passed in part', 'passed'] as const;
const UNIT_WORDS: Partial<Readonly<Record<ThresholdUnit, string>>> = { percent: '%', 'Mbyte/s': 'MB/s' };
const TEST_WORDS: Readonly<Record<Threshold['test'], string>> = {
  below: 'below',
  at_most: 'at most',
  at_least: 'at least',
};

/** A unit as people write it, such as `%`. */
export function unitWords(unit: ThresholdUnit | 'measurements'): string {
  return unit === 'measurements' ? unit : (UNIT_WORDS[unit] ?? unit);
}

/** A figure with its unit, such as `2,500 kbit/s`, as exact as is worth reading; the result of a survey in words. */
export function figureWords(value: number, unit: ThresholdUnit | 'measurements'): string {
  if (unit === 'survey') return SURVEY_WORDS[value] ?? String(value);
  const maximumFractionDigits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return `${value.toLocaleString('en-GB', { maximumFractionDigits })} ${unitWords(unit)}`;
}

/** What a threshold asks for, such as `below 100 ms`. */
export function thresholdWords({ test, value, unit }: Threshold): string {
  return `${TEST_WORDS[test]} ${figureWords(value, unit)}`;
}
