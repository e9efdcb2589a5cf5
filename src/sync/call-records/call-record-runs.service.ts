import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit, type AuditEntry } from '../../audit/audit-trail.js';
import type { GraphMeter } from '../../graph/graph-meter.js';
import { Transactor } from '../../database/transactor.js';
import { actorOf } from '../run-audit.js';
import { LeaseLost } from '../run-failure.js';
import type { RunError } from '../sync.types.js';
import type { CallRecordRunStatus, CallRecordRunTrigger } from './call-records.types.js';

/** What is asked of a reading. */
export interface CallRecordRequest {
  readonly trigger: CallRecordRunTrigger;
  /** Who asked, for readings by hand. */
  readonly requestedBy?: Actor;
  /** Read all of the last 30 days again, also what is known. */
  readonly everything?: boolean;
}

/** What a reading has come to; all figures only grow. */
export interface CallRecordFigures {
  readonly listed: number;
  readonly unchanged: number;
  readonly takenOver: number;
  readonly notReady: number;
  readonly unreadable: number;
  readonly streams: number;
}

/** A reading that has been opened. */
export interface OpenRun {
  readonly id: number;
  readonly from: Date;
  readonly until: Date;
}

interface ClosedRun {
  readonly id: number;
  readonly trigger: CallRecordRunTrigger;
  readonly requested_by: string | null;
  readonly everything: boolean;
  readonly status: Exclude<CallRecordRunStatus, 'running'>;
  readonly listed: number;
  readonly taken_over: number;
  readonly unreadable: number;
}

/** Graph keeps call records for 30 days (Microsoft Graph, call records API, frequently asked questions). */
const KEPT_BY_GRAPH = '30 days';
/** Later versions come within a day or so: what began in the last 25 hours of a reading is asked for again. */
const OVERLAP = '25 hours';

const ENDED = 'id, trigger, requested_by, everything, status, listed, taken_over, unreadable';

/** Keeps the records of readings, and sees to it that there is never more than one at a time, across processes. */
@Injectable()
export class CallRecordRunsService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Opens a reading where the last one ended, or gives null when one is under way elsewhere. One whose process has been
   * silent for longer than its lease is closed as abandoned; what it had taken over stays, and its next page is refused.
   */
  async open(request: CallRecordRequest, leaseSeconds: number): Promise<OpenRun | null> {
    return this.transactor.run(async (tx) => {
      const abandoned = await tx.query<ClosedRun[]>(
        `with abandoned as (
           update call_record_run set status = 'abandoned', finished_at = now(), error_code = 'abandoned',
             error_message = 'The process that ran it died or stopped answering.',
             error_fix = 'What it had read is kept. A later reading goes on from there.'
           where status = 'running' and lease_until < clock_timestamp() returning *)
         select ${ENDED} from abandoned`,
      );
      await appendToAudit(tx, abandoned.map(entryOf));
      const [run] = await tx.query<OpenRun[]>(
        `with opened as (
           insert into call_record_run (trigger, requested_by, everything, lease_until, read_from, read_until)
           select $1, $2, $3, clock_timestamp() + $4 * interval '1 second', begins, begins
           from (select greatest(now() - interval '${KEPT_BY_GRAPH}', case when not $3::boolean then
               (select max(read_until) from call_record_run) - interval '${OVERLAP}' end) as begins) as window_of
           on conflict do nothing returning id, read_from, started_at)
         select id, read_from as "from", started_at as until from opened`,
        [request.trigger, request.requestedBy ?? null, request.everything ?? false, leaseSeconds],
      );
      return run ?? null;
    });
  }

  /** Prolongs the lease. @throws LeaseLost when the reading has been closed by another process */
  async prolong(id: number, leaseSeconds: number): Promise<void> {
    await this.transactor.run((tx) => prolong(tx, id, leaseSeconds));
  }

  /**
   * Notes in the transaction of a page what the reading has come to, and prolongs the lease.
   * @throws LeaseLost, which undoes the page
   */
  async note(
    tx: EntityManager,
    id: number,
    figures: CallRecordFigures,
    meter: GraphMeter,
    leaseSeconds: number,
  ): Promise<void> {
    await prolong(tx, id, leaseSeconds);
    await tx.query(
      `update call_record_run set listed = $2, unchanged = $3, taken_over = $4, not_ready = $5, unreadable = $6,
         streams = $7, requests = $8, retries = $9, throttled_milliseconds = $10 where id = $1`,
      [
        id,
        figures.listed,
        figures.unchanged,
        figures.takenOver,
        figures.notReady,
        figures.unreadable,
        figures.streams,
        meter.requests,
        meter.retries,
        Math.round(meter.throttledMilliseconds),
      ],
    );
  }

  /** Notes that everything that began before `until` has been asked for. @throws LeaseLost */
  async reached(id: number, until: Date, leaseSeconds: number): Promise<void> {
    await this.transactor.run(async (tx) => {
      await prolong(tx, id, leaseSeconds);
      await tx.query('update call_record_run set read_until = $2 where id = $1', [id, until]);
    });
  }

  /** Closes a reading and says how it stands, which is not as told when another process had closed it before. */
  async close(
    id: number,
    status: Exclude<CallRecordRunStatus, 'running' | 'abandoned'>,
    error: RunError | null,
  ): Promise<CallRecordRunStatus> {
    return this.transactor.run(async (tx) => {
      const [closed] = await tx.query<ClosedRun[]>(
        `with closed as (
           update call_record_run set status = $2, finished_at = now(), error_code = $3, error_message = $4, error_fix = $5
           where id = $1 and status = 'running' returning *)
         select ${ENDED} from closed`,
        [id, status, error?.code ?? null, error?.message ?? null, error?.fix ?? null],
      );
      if (closed === undefined) return 'abandoned';
      await appendToAudit(tx, entryOf(closed));
      return status;
    });
  }
}

async function prolong(tx: EntityManager, id: number, leaseSeconds: number): Promise<void> {
  const rows = await tx.query<unknown[]>(
    `with prolonged as (
       update call_record_run set lease_until = clock_timestamp() + $2 * interval '1 second'
       where id = $1 and status = 'running' returning 1)
     select 1 from prolonged`,
    [id, leaseSeconds],
  );
  if (rows.length === 0) throw new LeaseLost();
}

function entryOf(run: ClosedRun): AuditEntry {
  return {
    event: 'sync.call-records-read',
    actor: actorOf(run.trigger, run.requested_by),
    subject: { kind: 'call-record-run', id: run.id },
    details: {
      trigger: run.trigger,
      everything: run.everything,
      status: run.status,
      listed: run.listed,
      takenOver: run.taken_over,
      unreadable: run.unreadable,
    },
  };
}
