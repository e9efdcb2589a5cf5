/**
 * Decides whether what a read no longer shows may count as removed. Many products have wiped a directory after a
 * successful but empty or partial answer (Keycloak, Gitea and WireGuard Portal among them), and Entra Connect stops at
 * 500 deletions by default, which would be a seventh of a council of 3,500; hence the thresholds below.
 */

/** Removals in one run that never need a person's agreement. */
export const REMOVALS_ALWAYS_ALLOWED = 25;
/** Share of the active records that one run may remove. */
export const REMOVAL_SHARE_PER_RUN = 0.02;
/** Share of the active records that may be removed within 24 hours, so that a slow bleed is caught too. */
export const REMOVAL_SHARE_PER_DAY = 0.05;
/** From this share of both removals and additions on, the read looks like another tenant's. */
const REPLACEMENT_SHARE = 0.5;

/** What is known when a complete read has been staged. */
export interface ReadFacts {
  readonly kind: 'full' | 'delta';
  /** Records stored as present before this run. */
  readonly active: number;
  /** Distinct records that the read showed. */
  readonly shown: number;
  /** Records that would be added. */
  readonly additions: number;
  /** Present records that this run would begin to remove. */
  readonly removals: number;
  /** Records that earlier runs began to remove within the last 24 hours. */
  readonly removedWithinDay: number;
  /** Graph's own count of the collection, when it gives one. */
  readonly announced: number | null;
  /** A person has looked at what an earlier run held back as a whole and let it through. */
  readonly released: boolean;
}

/** What may be applied, and in words why not all of it. */
export type Verdict =
  | { readonly apply: 'all' }
  | { readonly apply: 'without-removals'; readonly hold: boolean; readonly reason: string }
  | { readonly apply: 'nothing'; readonly reason: string };

/** Applies the rules in the order of how much they hold back. */
export function judgeRead(facts: ReadFacts): Verdict {
  const { active, removals, additions } = facts;
  if (facts.released) return { apply: 'all' };
  if (facts.kind === 'full' && active > 0 && facts.shown === 0) {
    return hold(`Graph answered with no records at all although ${active} are known.`);
  }
  const replaced = removals > REMOVALS_ALWAYS_ALLOWED && removals >= active * REPLACEMENT_SHARE;
  if (facts.kind === 'full' && replaced && additions >= active * REPLACEMENT_SHARE) {
    return {
      apply: 'nothing',
      reason: `${removals} of ${active} known records are not shown and ${additions} unknown ones are: this looks like another tenant.`,
    };
  }
  if (facts.kind === 'full' && facts.announced !== null && facts.announced > facts.shown) {
    return {
      apply: 'without-removals',
      hold: false,
      reason: `Graph announced ${facts.announced} records and sent ${facts.shown}; nothing is taken for absent.`,
    };
  }
  if (removals > Math.max(REMOVALS_ALWAYS_ALLOWED, active * REMOVAL_SHARE_PER_RUN)) {
    return hold(`${removals} of ${active} records would be removed in one run.`);
  }
  // A single record is never a mass removal, however small the collection.
  const withinDay = removals + facts.removedWithinDay;
  if (removals > 0 && withinDay > Math.max(1, (active + facts.removedWithinDay) * REMOVAL_SHARE_PER_DAY)) {
    return hold(`${withinDay} of ${active + facts.removedWithinDay} records would be removed within 24 hours.`);
  }
  return { apply: 'all' };
}

function hold(reason: string): Verdict {
  return { apply: 'without-removals', hold: true, reason };
}

/** Records that may be quarantined before the whole read is taken for broken: 1 %, and always one. */
export function tooManyQuarantined(quarantined: number, rows: number): boolean {
  return quarantined > Math.max(1, rows * 0.01);
}
