import fc from 'fast-check';
import { GraphFailure, type GraphFailureCode } from './graph-errors.js';
import { decideRetry, DEFAULT_RETRY_POLICY, type RetrySituation } from './graph-retry.js';

const failure = (code: GraphFailureCode, retryAfterSeconds: number | null = null): GraphFailure =>
  new GraphFailure(code, 'words', { fix: 'words', retryAfterSeconds });

function decide(some: Partial<RetrySituation>): ReturnType<typeof decideRetry> {
  return decideRetry(
    {
      failure: failure('temporary'),
      attempts: 1,
      tokenStale: false,
      transferredMilliseconds: 0,
      startedAt: 0,
      now: 0,
      deadline: null,
      random: 0.5,
      ...some,
    },
    DEFAULT_RETRY_POLICY,
  );
}

describe('deciding what to do about a failed attempt', () => {
  it.each<GraphFailureCode>(['unauthorised', 'forbidden', 'unlicensed', 'cursor_lost', 'contract_broken'])(
    'gives up on %s',
    (code) => expect(decide({ failure: failure(code) })).toEqual({ kind: 'give-up' }),
  );

  it('renews a stale token once', () => {
    expect(decide({ failure: failure('unauthorised'), tokenStale: true })).toEqual({ kind: 'refresh-token' });
  });

  it('gives up when attempts, time on the wire, the window or the deadline are spent', () => {
    expect(decide({ attempts: 25 }).kind).toBe('give-up');
    expect(decide({ transferredMilliseconds: 120_000 }).kind).toBe('give-up');
    expect(decide({ now: 3_600_000 }).kind).toBe('give-up');
    expect(decide({ deadline: 1_000 }).kind).toBe('give-up');
  });

  it('F-03 F-04 F-05 waits at least a second, never less than it was told, and never beyond the time it has', () => {
    fc.assert(
      fc.property(
        fc.option(fc.double({ min: 0, max: 5_000, noNaN: true, minExcluded: true })),
        fc.integer({ min: 1, max: 24 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.option(fc.integer({ min: 0, max: 4_000_000 })),
        (told, attempts, random, deadline) => {
          const decision = decide({ failure: failure('throttled', told), attempts, random, deadline });
          if (decision.kind !== 'wait') return;
          expect(decision.milliseconds).toBeGreaterThanOrEqual(Math.max(1_000, (told ?? 0) * 1000));
          expect(decision.milliseconds).toBeLessThan(deadline ?? Infinity);
          if (told === null) expect(decision.milliseconds).toBeLessThanOrEqual(300_000);
        },
      ),
    );
  });
});
