import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CallRecordRunStatus, CallRecordRunTrigger } from './call-records.types.js';
import type { CallRecordFigures } from './call-record-runs.service.js';

/** One reading of call records as people see it; instants in ISO 8601 in UTC. */
export interface CallRecordRunSummary extends CallRecordFigures {
  readonly id: number;
  readonly trigger: CallRecordRunTrigger;
  readonly status: CallRecordRunStatus;
  readonly everything: boolean;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** Calls that began before have all been asked for. */
  readonly readUntil: string;
  readonly errorMessage: string | null;
  readonly errorFix: string | null;
}

/** Reads how the reading of call records is doing. */
@Injectable()
export class CallRecordRunQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The last readings, newest first. */
  async latest(limit: number): Promise<readonly CallRecordRunSummary[]> {
    const rows = await this.dataSource.query<(Omit<CallRecordRunSummary, Instant> & Record<Instant, Date | null>)[]>(
      `select id, trigger, status, everything, started_at as "startedAt", finished_at as "finishedAt",
         read_until as "readUntil", listed, unchanged, taken_over as "takenOver", not_ready as "notReady", unreadable,
         streams, error_message as "errorMessage", error_fix as "errorFix"
       from call_record_run order by id desc limit $1`,
      [limit],
    );
    return rows.map((row) => ({
      ...row,
      startedAt: row.startedAt?.toISOString() ?? '',
      finishedAt: row.finishedAt?.toISOString() ?? null,
      readUntil: row.readUntil?.toISOString() ?? '',
    }));
  }

  /** Whether call records have ever been read to the end. */
  async everSucceeded(): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `select 1 from call_record_run where status = 'succeeded' limit 1`,
    );
    return rows.length > 0;
  }
}

type Instant = 'startedAt' | 'finishedAt' | 'readUntil';
