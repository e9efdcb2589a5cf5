import { isActor, SCHEDULE, type Actor } from '../audit/actor.js';
import type { AuditEntry } from '../audit/audit-entry.js';
import type { AuditEventName } from '../audit/audit-events.js';
import type { RunStatus, RunTrigger } from './sync.types.js';

/** What the trail says of a run that has ended: the state in its record, never what it read. */
export interface EndedRun {
  /** The driver reads a bigint as text. */
  readonly id: string;
  readonly source: string;
  readonly trigger: RunTrigger;
  readonly requested_by: string | null;
  readonly kind: string;
  readonly dry_run: boolean;
  readonly status: RunStatus;
  readonly rows_read: number;
  readonly added: number;
  readonly changed: number;
  readonly missing: number;
  readonly gone: number;
  readonly held: number;
  readonly quarantined: number;
}

/** Columns of `sync_run` that an entry is made of. */
export const ENDED_RUN = `id, source, trigger, requested_by, kind, dry_run, status, rows_read, added, changed, missing,
  gone, held, quarantined`;

const EVENTS: Record<Exclude<RunStatus, 'running'>, AuditEventName> = {
  succeeded: 'sync.run-finished',
  held: 'sync.run-held',
  failed: 'sync.run-failed',
  stopped: 'sync.run-stopped',
  abandoned: 'sync.run-abandoned',
};

/** The one entry of a run, whatever the number of records it changed. */
export function runEntry(run: EndedRun): AuditEntry {
  if (run.status === 'running') throw new TypeError('A run that has not ended has no entry.');
  const { source, trigger, kind, added, changed, missing, gone, held, quarantined } = run;
  return {
    event: EVENTS[run.status],
    actor: actorOf(trigger, run.requested_by),
    subject: { kind: 'sync-run', id: Number(run.id) },
    details: {
      source,
      trigger,
      kind,
      dryRun: run.dry_run,
      rowsRead: run.rows_read,
      ...{ added, changed, missing, gone, held, quarantined },
    },
  };
}

/** Whoever asked for a run, else what began it. Runs from before there was a trail name whoever asked in words. */
export function actorOf(trigger: RunTrigger, requestedBy: string | null | undefined): Actor {
  if (requestedBy && isActor(requestedBy)) return requestedBy;
  return trigger === 'schedule' ? SCHEDULE : `system:${trigger}`;
}
