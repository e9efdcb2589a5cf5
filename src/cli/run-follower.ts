import type { SyncQueries, SyncRun } from '../sync/sync.queries.js';
import { runMilliseconds } from './run-text.js';
import type { RunState } from './progress.js';

/** What happened since the last look. */
export interface RunNews {
  readonly running: readonly SyncRun[];
  /** Runs that have ended, oldest first; each is told once. */
  readonly finished: readonly SyncRun[];
}

/** Runs of all sources that can end between two looks; far more than there are sources. */
const LOOK_BACK = 50;

/** Follows the runs of all processes by what they leave in the database. */
export class RunFollower {
  private readonly underWay = new Set<number>();
  private constructor(
    private readonly queries: SyncQueries,
    private lastTold: number,
  ) {}

  /** Follows from now on: runs that ended before are not told. */
  static async start(queries: SyncQueries): Promise<RunFollower> {
    const { items } = await queries.runs({}, { limit: LOOK_BACK });
    const follower = new RunFollower(queries, items[0]?.id ?? 0);
    for (const run of items) if (run.status === 'running') follower.underWay.add(run.id);
    return follower;
  }

  /** Looks once. */
  async look(): Promise<RunNews> {
    const { items } = await this.queries.runs({}, { limit: LOOK_BACK });
    const running: SyncRun[] = [];
    const finished: SyncRun[] = [];
    for (const run of items.toReversed()) {
      const isNew = run.id > this.lastTold;
      if (run.status === 'running') {
        running.push(run);
        this.underWay.add(run.id);
      } else if (this.underWay.delete(run.id) || isNew) finished.push(run);
    }
    this.lastTold = Math.max(this.lastTold, ...items.map((run) => run.id));
    return { running, finished };
  }
}

/** A run of the database as a view shows it. */
export function runState(run: SyncRun, now: Date = new Date()): RunState {
  const { source, kind, stage, pages, rowsRead, expectedRows, throttledMilliseconds } = run;
  return {
    source,
    kind,
    stage,
    pages,
    rowsRead,
    expectedRows,
    throttledMilliseconds,
    elapsed: runMilliseconds(run, now),
  };
}
