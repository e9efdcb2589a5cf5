import type { ReadinessOutcome } from '../move-words.js';
import type { ReadinessRule } from './rules.js';

/** For whom an assumption is made; `application` and, for the network at sites, `site` mean the thing and not the people. */
export const ASSUMED_FOR = ['all', 'site', 'team', 'directorate', 'work-style', 'application'] as const;
export type AssumedFor = (typeof ASSUMED_FOR)[number];

export const ASSUMED_FOR_WORDS: Readonly<Record<AssumedFor, string>> = {
  all: 'Everybody',
  site: 'One site',
  team: 'One team',
  directorate: 'One directorate',
  'work-style': 'One work style',
  application: 'One application',
};

/** What if a rule said this of these people? Later assumptions come before earlier ones. */
export interface Assumption {
  readonly rule: ReadinessRule;
  readonly outcome: ReadinessOutcome;
  readonly for: AssumedFor;
  /** The name of the site, team, directorate or application, or the work style; empty for everybody. */
  readonly value: string;
}
