import { GraphFailure } from './graph-errors.js';
import type { GraphMeter } from './graph-meter.js';
import { interruptible, type GraphTimings } from './graph-timings.js';

/** Services of Microsoft that throttle apart from each other. */
export type GraphLaneName = 'directory' | 'intune' | 'call-records' | 'call-record-lists';

/** How fast a service may be asked. */
export interface LanePace {
  /** Requests under way at once. */
  readonly concurrency: number;
  /** From the start of one request to the start of the next, per unit of cost (a $batch costs one per item). */
  readonly spacingMilliseconds: number;
}

/**
 * Half of what learn.microsoft.com/graph/throttling-limits allows, or less. Intune allows 2,000 requests in 20 s per app
 * and tenant but throttles well below that in practice: 50 a second. The directory allows 8,000 ResourceUnits in 10 s to
 * a tenant of over 500 users, 3,500 to the smallest; at 100 requests a second it is never near. Call records allow 1,500
 * requests in 20 s per app and tenant, and 40 in 20 s of the list.
 */
export const LANE_PACES: Readonly<Record<GraphLaneName, LanePace>> = {
  directory: { concurrency: 4, spacingMilliseconds: 10 },
  intune: { concurrency: 4, spacingMilliseconds: 20 },
  'call-records': { concurrency: 4, spacingMilliseconds: 27 },
  'call-record-lists': { concurrency: 1, spacingMilliseconds: 1_000 },
};

/** What a lane needs to know of the call that wants to use it. */
export interface LaneUser {
  readonly meter: GraphMeter;
  readonly cost: number;
  readonly signal: AbortSignal | null;
  /** Epoch milliseconds after which waiting is pointless, or null. */
  readonly deadline: number | null;
}

/** Everybody who asks one service passes through its lane, so that one throttled request stops them all. */
export class GraphLane {
  private pausedUntil = 0;
  private nextStart = 0;
  private underWay = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly pace: LanePace,
    private readonly timings: GraphTimings,
  ) {}

  /** Nobody starts a request before `until` (epoch milliseconds). Never shortens a longer pause. */
  pause(until: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, until);
  }

  /**
   * Runs one request when the pace, the pause and the number under way allow it.
   * @throws GraphFailure `throttled` when the pause lasts beyond the caller's deadline.
   */
  async run<T>(user: LaneUser, request: () => Promise<T>): Promise<T> {
    await this.takePlace(user.signal);
    try {
      await this.waitForStart(user);
      return await request();
    } finally {
      this.leavePlace();
    }
  }

  private async takePlace(signal: AbortSignal | null): Promise<void> {
    if (this.underWay < this.pace.concurrency) {
      this.underWay += 1;
      return;
    }
    let grant: () => void = () => undefined;
    const granted = new Promise<void>((resolve) => (grant = resolve));
    this.queue.push(grant);
    try {
      await interruptible(granted, signal);
    } catch (error) {
      const position = this.queue.indexOf(grant);
      // Not in the queue any more: the place was granted in the same moment as the abort.
      if (position === -1) this.leavePlace();
      else this.queue.splice(position, 1);
      throw error;
    }
  }

  private leavePlace(): void {
    const next = this.queue.shift();
    if (next === undefined) this.underWay -= 1;
    else next();
  }

  private async waitForStart(user: LaneUser): Promise<void> {
    const { clock, sleep } = this.timings;
    for (;;) {
      user.signal?.throwIfAborted();
      const now = clock.now().getTime();
      if (now < this.pausedUntil) {
        if (user.deadline !== null && this.pausedUntil >= user.deadline) throw pausedTooLong(this.pausedUntil - now);
        await sleep(this.pausedUntil - now, user.signal);
        user.meter.throttledMilliseconds += clock.now().getTime() - now;
      } else if (now < this.nextStart) {
        await sleep(this.nextStart - now, user.signal);
      } else {
        this.nextStart = now + this.pace.spacingMilliseconds * user.cost;
        return;
      }
    }
  }
}

function pausedTooLong(milliseconds: number): GraphFailure {
  return new GraphFailure('throttled', 'Microsoft Graph asked for a pause that lasts beyond the time for this run.', {
    retryAfterSeconds: milliseconds / 1000,
    fix: 'Nothing to do: the next run tries again.',
  });
}
