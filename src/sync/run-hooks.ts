/** Moments of a run at which a process may die. */
export const RUN_POINTS = [
  'run-opened',
  'page-staged',
  'read-complete',
  'before-commit',
  'after-commit',
  'resolved',
] as const;
export type RunPoint = (typeof RUN_POINTS)[number];

/** Called at every point, so that a test can end or pause the process there; the application gives none. */
export type RunHook = (point: RunPoint) => Promise<void>;

/** Injection token of an optional `RunHook`. */
export const RUN_HOOK = Symbol('RUN_HOOK');

/** How long a process may be silent before another takes its source over, and how long a run may last. */
export interface RunTimings {
  readonly leaseSeconds: number;
  readonly runSeconds: number;
}

/** Three missed beats of half a minute; two hours are over ten times what 100,000 people take. */
export const DEFAULT_RUN_TIMINGS: RunTimings = { leaseSeconds: 90, runSeconds: 7_200 };

/** Injection token of `RunTimings`. */
export const RUN_TIMINGS = Symbol('RUN_TIMINGS');
