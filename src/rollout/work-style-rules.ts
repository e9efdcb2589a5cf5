import { WORK_STYLES, type WorkStyle } from './domain/move-words.js';

/** A rule by which a programme proposes how somebody works: what stands in their job title or department. */
export interface WorkStyleRule {
  readonly field: 'jobTitle' | 'department';
  /** Part of the field, whatever its case. */
  readonly contains: string;
  readonly workStyle: WorkStyle;
}

const SETTING = 'workStyleRules';

/** The rules among a programme's settings, in the order in which they are asked; none unless somebody has set them. */
export function workStyleRulesOf(settings: Readonly<Record<string, unknown>>): readonly WorkStyleRule[] {
  const rules = settings[SETTING];
  return Array.isArray(rules) ? rules.filter(isRule) : [];
}

function isRule(rule: unknown): rule is WorkStyleRule {
  if (typeof rule !== 'object' || rule === null) return false;
  const { field, contains, workStyle } = rule as Partial<WorkStyleRule>;
  const isField = field === 'jobTitle' || field === 'department';
  return isField && typeof contains === 'string' && contains !== '' && WORK_STYLES.some((style) => style === workStyle);
}
