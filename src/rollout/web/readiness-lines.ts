import { personOf } from '../../audit/actor.js';
import { shownDay, type ShownTime, shownTime } from '../../common/uk-time.js';
import type { ActorWords } from '../../directory/actor-names.queries.js';
import { READINESS_WORDS } from '../domain/move-words.js';
import { REASON_WORDS, RULE_WORDS } from '../domain/readiness/rules.js';
import type { KnownResult } from '../readiness/readiness-results.queries.js';

/** One result of a rule, in words. */
export interface ReadinessLine {
  readonly label: string;
  readonly outcome: string;
  readonly reason: string;
  readonly owner: string;
  readonly since: ShownTime | null;
  /** Who waives it, until when and why; null when nobody does. */
  readonly waiver: string | null;
  readonly blocks: boolean;
}

/** The results of rules in words; only those that count for the person's work style, unless something blocks. */
export function readinessLines(results: readonly KnownResult[], actors: ActorWords, now: Date): ReadinessLine[] {
  return results
    .filter(({ gates, blocks }) => gates || blocks)
    .map(({ rule, subject, outcome, reason, owner, since, waiver, blocks }) => ({
      label: subject === '' ? RULE_WORDS[rule] : `${RULE_WORDS[rule]}: ${subject}`,
      outcome: READINESS_WORDS[outcome],
      reason: REASON_WORDS[reason],
      owner: personOf(owner) === null ? owner : actors(owner),
      since: shownTime(since, now),
      waiver: waiver && `${actors(waiver.grantedBy)}, until ${shownDay(waiver.expiresOn)}: ${waiver.reason}`,
      blocks,
    }));
}

/** Whom the results of rules name, to be looked up. */
export function actorsOf(results: readonly KnownResult[]): string[] {
  return results.flatMap(({ owner, waiver }) => [owner, ...(waiver === null ? [] : [waiver.grantedBy])]);
}
