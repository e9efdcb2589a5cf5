import { CronExpressionParser } from 'cron-parser';
import type { SourceName } from '../config/sources.js';
import type { SourceFacts } from './sync.queries.js';
import { SOURCES } from './sources/registry.js';

/**
 * How a source is doing, in one word: `off` (no schedule), `paused` (by a person), `running`, `not-allowed` (a
 * permission or licence is missing, so it is left out), `held` (changes wait for a person), `failed`, `never` (not read
 * yet), `late` (its last success is older than two of its intervals), `current`.
 */
export const SOURCE_STATES = [
  'off',
  'paused',
  'running',
  'not-allowed',
  'held',
  'failed',
  'never',
  'late',
  'current',
] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

/** Everything that people want to know of one source. */
export interface SourceStatus extends SourceFacts {
  readonly label: string;
  /** True when a tenant may lack the licence or consent for it. */
  readonly optional: boolean;
  /** The permission that reading it needs. */
  readonly permission: string;
  readonly state: SourceState;
  /** When it is read next; null when it is off or paused. */
  readonly nextDueAt: string | null;
}

/** Error codes of a run that mean that this tenant does not let us read the source. */
const NOT_ALLOWED: ReadonlySet<string | null> = new Set(['forbidden', 'unlicensed']);
/** Longest a run may take to show up after it is due before its data counts as late. */
const GRACE_MILLISECONDS = 10 * 60_000;

/** Adds what the settings and the clock say to what the database says. */
export function sourceStatus(
  facts: SourceFacts,
  schedules: Readonly<Record<SourceName, string | null>>,
  now: Date,
): SourceStatus {
  const { label, optional, permission } = SOURCES[facts.source];
  const schedule = schedules[facts.source];
  const due = schedule === null || facts.pausedAt !== null ? null : nextAfter(schedule, now);
  return {
    ...facts,
    label,
    optional,
    permission,
    state: stateOf(facts, schedule, now),
    nextDueAt: due?.toISOString() ?? null,
  };
}

function stateOf(facts: SourceFacts, schedule: string | null, now: Date): SourceState {
  const { lastRun, lastSuccessAt } = facts;
  if (lastRun?.status === 'running') return 'running';
  if (facts.pausedAt !== null) return 'paused';
  if (schedule === null) return 'off';
  if (lastRun?.status === 'failed' && NOT_ALLOWED.has(lastRun.errorCode)) return 'not-allowed';
  if (facts.hold !== null) return 'held';
  if (lastRun?.status === 'failed' || lastRun?.status === 'abandoned') return 'failed';
  if (lastSuccessAt === null) return 'never';
  return isLate(schedule, new Date(lastSuccessAt), now) ? 'late' : 'current';
}

/** Two runs due since the last success have passed without one. */
function isLate(schedule: string, lastSuccess: Date, now: Date): boolean {
  const second = nextAfter(schedule, nextAfter(schedule, lastSuccess));
  return now.getTime() > second.getTime() + GRACE_MILLISECONDS;
}

function nextAfter(schedule: string, from: Date): Date {
  return CronExpressionParser.parse(schedule, { tz: 'UTC', currentDate: from }).next().toDate();
}
