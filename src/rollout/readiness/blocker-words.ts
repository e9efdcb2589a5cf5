import { REASON_WORDS, RULE_WORDS } from '../domain/readiness/rules.js';
import type { Blocker } from './blockers.queries.js';

/** What is to be cleared, such as `Network at the usual sites: Library`. */
export function blockerTitle({ rule, subject }: Pick<Blocker, 'rule' | 'subject'>): string {
  return subject === '' ? RULE_WORDS[rule] : `${RULE_WORDS[rule]}: ${subject}`;
}

/** Who is to clear it. */
export function blockerOwner({ owner, ownerName }: Pick<Blocker, 'owner' | 'ownerName'>): string {
  if (owner === 'self') return 'The people themselves';
  return owner.startsWith('person:') ? (ownerName ?? 'Somebody who is not in the directory') : owner;
}

/** Why it stands in the way, and what to do. */
export function blockerReason({ reason }: Pick<Blocker, 'reason'>): string {
  return REASON_WORDS[reason];
}
