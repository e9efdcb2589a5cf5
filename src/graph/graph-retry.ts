import type { GraphFailure } from './graph-errors.js';

/** How long and how often a call is worth repeating. All times in milliseconds. */
export interface RetryPolicy {
  /** Attempts per call, the first one included. A gateway that fails twenty times in a row is still waited out. */
  readonly maximumAttempts: number;
  /** From the first attempt until the last wait may end; bounds a call whose caller gave no deadline. */
  readonly windowMilliseconds: number;
  /** Time that the attempts of one call may spend on the wire together; waits do not count. */
  readonly transferMilliseconds: number;
}

/** Bounds for calls whose caller sets none. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maximumAttempts: 25,
  windowMilliseconds: 3_600_000,
  transferMilliseconds: 120_000,
};

/** What the decision rests on: the failure, and where the call stands. */
export interface RetrySituation {
  readonly failure: GraphFailure;
  /** Attempts made so far, at least 1. */
  readonly attempts: number;
  /** Graph itself answered 401 to a token that has not been renewed for this call yet. */
  readonly tokenStale: boolean;
  readonly transferredMilliseconds: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly now: number;
  readonly deadline: number | null;
  /** A number from 0 up to but not including 1. */
  readonly random: number;
}

/** What to do about a failed attempt. `throttled` means the wait holds for everybody on the same service. */
export type RetryDecision =
  | { readonly kind: 'give-up' }
  | { readonly kind: 'refresh-token' }
  | { readonly kind: 'wait'; readonly milliseconds: number; readonly throttled: boolean };

const FLOOR_MILLISECONDS = 1_000;
/** learn.microsoft.com/graph/throttling: without Retry-After, back off exponentially. */
const BASE_MILLISECONDS = 2_000;
const CAP_MILLISECONDS = 300_000;

/**
 * Decides whether a failed attempt is repeated, and when. A usable `Retry-After` is honoured to the millisecond and never
 * shortened: where it does not fit before the deadline, the call gives up. Without one the wait grows exponentially with
 * full jitter, and is never under a second.
 */
export function decideRetry(situation: RetrySituation, policy: RetryPolicy): RetryDecision {
  const { failure } = situation;
  if (situation.tokenStale) return { kind: 'refresh-token' };
  if (failure.code !== 'throttled' && failure.code !== 'temporary') return { kind: 'give-up' };
  if (situation.attempts >= policy.maximumAttempts) return { kind: 'give-up' };
  if (situation.transferredMilliseconds >= policy.transferMilliseconds) return { kind: 'give-up' };

  const milliseconds = waitFor(failure.retryAfterSeconds, situation.attempts, situation.random);
  const resumesAt = situation.now + milliseconds;
  const latest = Math.min(situation.startedAt + policy.windowMilliseconds, situation.deadline ?? Infinity);
  if (resumesAt >= latest) return { kind: 'give-up' };
  return { kind: 'wait', milliseconds, throttled: failure.code === 'throttled' };
}

function waitFor(retryAfterSeconds: number | null, attempts: number, random: number): number {
  const floor = FLOOR_MILLISECONDS * (1 + random);
  if (retryAfterSeconds !== null) {
    const told = Math.ceil(retryAfterSeconds * 1000);
    return told >= FLOOR_MILLISECONDS ? told : floor;
  }
  const ceiling = Math.min(CAP_MILLISECONDS, BASE_MILLISECONDS * 2 ** Math.min(attempts - 1, 20));
  return Math.max(floor, ceiling * random);
}
