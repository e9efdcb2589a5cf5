import { GraphFailure } from '../graph/graph-errors.js';
import { isDatabaseDown, SQLSTATE, sqlstateOf } from '../database/sqlstate.js';
import type { RunError } from './sync.types.js';

/** The lease went to another process while this one was not looking. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor() {
    super('Another process has taken over this source.');
  }
}

/** Somebody asked the run to stop. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  constructor() {
    super('The run was asked to stop.');
  }
}

/** A rule of the synchronisation ends the run. */
export class RunRejected extends Error {
  override readonly name = 'RunRejected';
  constructor(
    readonly code: string,
    message: string,
    readonly fix: string,
  ) {
    super(message);
  }
}

/** Puts whatever ended a run into words: a code for scripts, a sentence, and what to do. No value of a record. */
export function describeFailure(error: unknown): RunError {
  if (error instanceof GraphFailure) return { code: error.code, message: error.message, fix: error.fix };
  if (error instanceof RunRejected) return { code: error.code, message: error.message, fix: error.fix };
  const state = sqlstateOf(error);
  if (state === SQLSTATE.diskFull) {
    return {
      code: 'disk_full',
      message: "The database's disk is full.",
      fix: 'Free space on the disk that holds the database, then run the source again.',
    };
  }
  if (isDatabaseDown(error)) {
    return {
      code: 'database_unavailable',
      message: 'The database went away during the run.',
      fix: 'Nothing was changed. Check the database; the next run starts by itself.',
    };
  }
  const { name } = error instanceof Error ? error : { name: typeof error };
  return {
    code: state === null ? 'unexpected' : `database_${state}`,
    message: `The run met an unexpected error (${name}).`,
    fix: "Nothing was changed. Look the run's id up in the log and report it.",
  };
}
