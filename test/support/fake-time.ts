import type { GraphTimings } from '../../src/graph/graph-timings.js';

/** Time that passes only where something sleeps, so that waits of hours take no time at all. */
export class FakeTime implements GraphTimings {
  /** Every wait asked for, in milliseconds. */
  readonly sleeps: number[] = [];
  private milliseconds: number;
  private held: Promise<void> = Promise.resolve();

  constructor(
    start = '2026-11-23T09:00:00Z',
    private readonly chance = 0.5,
  ) {
    this.milliseconds = Date.parse(start);
  }

  readonly clock = { now: () => new Date(this.milliseconds) };
  readonly random = (): number => this.chance;

  readonly sleep = async (milliseconds: number, signal: AbortSignal | null): Promise<void> => {
    this.sleeps.push(milliseconds);
    const target = this.milliseconds + milliseconds;
    await new Promise((resolve) => setImmediate(resolve));
    await this.held;
    signal?.throwIfAborted();
    this.milliseconds = Math.max(this.milliseconds, target);
  };

  /** Nothing that sleeps wakes up until the function returned here is called. */
  hold(): () => void {
    let release: () => void = () => undefined;
    this.held = new Promise((resolve) => (release = resolve));
    return release;
  }

  now(): number {
    return this.milliseconds;
  }

  advance(milliseconds: number): void {
    this.milliseconds += milliseconds;
  }
}
