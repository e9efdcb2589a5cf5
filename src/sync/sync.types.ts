import type { Actor } from '../audit/actor.js';
import type { SourceName } from '../config/sources.js';
import type { ReadKind } from './domain/record-conversion.js';

/** How a run ended, or that it has not. `abandoned` is a run whose process died or fell asleep. */
export const RUN_STATUSES = ['running', 'succeeded', 'held', 'failed', 'stopped', 'abandoned'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
/** What began a run: its schedule, a command on the machine, the start of a worker, or a person in the browser or API. */
export const RUN_TRIGGERS = ['schedule', 'command', 'start', 'person'] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

/** What is asked of a run. */
export interface RunRequest {
  readonly trigger: RunTrigger;
  /** Who asked, for runs by hand. */
  readonly requestedBy?: Actor;
  /** Read everything even if changes alone would do. */
  readonly full?: boolean;
  /** Read and decide, but change nothing. */
  readonly dryRun?: boolean;
  /** The scheduled minute this run belongs to: a slot is run once, whoever notices it. */
  readonly slot?: Date;
  /** Ends the run at the next page boundary. */
  readonly signal?: AbortSignal;
  /** Called after every page. */
  readonly onProgress?: (progress: RunProgress) => void;
}

/** A run in the making. */
export interface RunProgress {
  readonly runId: string;
  readonly source: SourceName;
  readonly kind: ReadKind;
  readonly stage: 'reading' | 'applying' | 'resolving' | 'done';
  readonly pages: number;
  readonly rowsRead: number;
  /** Rows that the whole read is expected to have, or null when nothing hints at it. */
  readonly expectedRows: number | null;
  readonly throttledMilliseconds: number;
}

/** What a run did, row by row of its record. */
export interface RunCounts {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly returned: number;
  readonly absent: number;
  readonly missing: number;
  readonly gone: number;
  readonly held: number;
  readonly quarantined: number;
  readonly ignored: number;
}

export const NO_COUNTS: RunCounts = {
  added: 0,
  changed: 0,
  unchanged: 0,
  returned: 0,
  absent: 0,
  missing: 0,
  gone: 0,
  held: 0,
  quarantined: 0,
  ignored: 0,
};

/** Why a run failed, with what to do about it. */
export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** A run that came to an end, whatever it was. */
export interface FinishedRun {
  readonly outcome: 'finished';
  readonly runId: string;
  readonly source: SourceName;
  readonly kind: ReadKind;
  readonly dryRun: boolean;
  readonly status: Exclude<RunStatus, 'running'>;
  readonly counts: RunCounts;
  readonly rowsRead: number;
  readonly pages: number;
  readonly requests: number;
  readonly minimumRequests: number;
  readonly resourceUnits: number;
  readonly minimumResourceUnits: number;
  readonly throttledMilliseconds: number;
  readonly milliseconds: number;
  readonly note: string | null;
  readonly error: RunError | null;
}

/** A run that was not begun, which leaves no record. */
export interface RefusedRun {
  readonly outcome: 'refused';
  readonly source: SourceName;
  readonly reason: 'paused' | 'already-running' | 'slot-taken' | 'other-tenant';
  readonly message: string;
}

export type RunOutcome = FinishedRun | RefusedRun;
