import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SourceName } from '../config/sources.js';

/** A run at work, as far as it has come. */
export interface RunningRun {
  readonly id: number;
  readonly source: SourceName;
  readonly stage: string;
  readonly rowsRead: number;
  readonly expectedRows: number | null;
}

/** Reads which runs are at work. */
@Injectable()
export class RunningQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The runs at work, oldest first; there are as many as sources at the most. */
  async runs(): Promise<readonly RunningRun[]> {
    return this.dataSource.query<RunningRun[]>(
      `select id, source, stage, rows_read as "rowsRead", expected_rows as "expectedRows"
       from sync_run where status = 'running' order by id`,
    );
  }
}
