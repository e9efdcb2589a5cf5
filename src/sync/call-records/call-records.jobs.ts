import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.types.js';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { CallRecordRunQueries } from './call-record-runs.queries.js';
import { CallRecordsService } from './call-records.service.js';

const QUEUE = 'sync-call-records';
/** A reading ends within its own deadline; a job older than this belongs to a worker that died. */
const EXPIRE_IN_HOURS = 7;
/** How soon a first reading is tried again that had to wait for people, ranges or another process. */
const AGAIN_IN_SECONDS = 60;

interface CallRecordJob {
  readonly trigger?: 'start';
}

/** Reads call records every night where they are switched on. */
@Injectable()
export class CallRecordsJobs implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly queue: JobQueueService,
    private readonly callRecords: CallRecordsService,
    private readonly runs: CallRecordRunQueries,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Registers the queue and its schedule, and queues a first reading; where they are switched off, ends the schedule. */
  async register(): Promise<void> {
    await this.queue.work<CallRecordJob>(QUEUE, { expireInHours: EXPIRE_IN_HOURS, retryLimit: 0 }, ({ data }) =>
      this.read(data),
    );
    await this.queue.schedule(QUEUE, this.config.callRecords);
    if (this.config.callRecords !== null && !(await this.runs.everSucceeded())) {
      await this.queue.enqueue(QUEUE, { trigger: 'start' });
    }
  }

  private async read({ trigger }: CallRecordJob): Promise<void> {
    // A job may have been queued before they were switched off.
    if (this.config.callRecords === null) return;
    const outcome = await this.callRecords.read({ trigger: trigger ?? 'schedule' }, this.stopping.signal);
    if (outcome.outcome === 'refused' && trigger === 'start') {
      await this.queue.enqueueLater(QUEUE, { trigger }, AGAIN_IN_SECONDS);
    }
  }

  /** A reading stops at its next page, so that the process can end in time. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }
}
