import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CronExpressionParser } from 'cron-parser';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.types.js';
import { SOURCE_NAMES, type SourceName } from '../config/sources.js';
import { JobQueueService, type QueuedJob } from '../jobs/job-queue.service.js';
import { LeaseService } from './lease.service.js';
import { DEFAULT_RUN_TIMINGS } from './run-hooks.js';
import { syncQueue, type SyncJob } from './run-queue.service.js';
import { SyncService } from './sync.service.js';

/** A run ends within its own deadline; a job older than this belongs to a worker that died. */
const EXPIRE_IN_HOURS = 3;

/** The minute of the schedule that a job made at `createdAt` belongs to. */
export function slotOf(cron: string, createdAt: Date): Date {
  // One millisecond on, so that a job made exactly on the minute belongs to that minute.
  return CronExpressionParser.parse(cron, { currentDate: new Date(createdAt.getTime() + 1), tz: 'UTC' })
    .prev()
    .toDate();
}

/** Runs sources when their schedule or somebody's request says so. */
@Injectable()
export class SyncJobs implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly queue: JobQueueService,
    private readonly sync: SyncService,
    private readonly leases: LeaseService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Registers every source's queue and schedule, and queues the sources that have never succeeded. */
  async register(): Promise<void> {
    for (const source of SOURCE_NAMES) {
      await this.queue.work<SyncJob>(syncQueue(source), { expireInHours: EXPIRE_IN_HOURS, retryLimit: 0 }, (job) =>
        this.handle(source, job),
      );
      await this.queue.schedule(syncQueue(source), this.config.schedules[source]);
    }
    for (const source of await this.leases.neverSucceeded()) await this.request(source, { trigger: 'start' });
    // A worker that was killed may have left records whose machine nobody has looked for.
    void this.sync.workOutMachines(this.stopping.signal);
  }

  /** Queues a run of one source, unless one is waiting already. */
  async request(source: SourceName, job: SyncJob): Promise<void> {
    await this.queue.enqueue(syncQueue(source), job);
  }

  private async handle(source: SourceName, job: QueuedJob<SyncJob>): Promise<void> {
    const cron = this.config.schedules[source];
    const { trigger = 'schedule', ...wanted } = job.data;
    const outcome = await this.sync.run(source, {
      trigger,
      ...wanted,
      ...(trigger === 'schedule' && cron !== null ? { slot: slotOf(cron, job.createdAt) } : {}),
      signal: this.stopping.signal,
    });
    // What somebody asked for is done when the run that is under way has ended. And the lease may be that of a process
    // that was killed: a first read must not wait for its schedule because of it.
    if (trigger !== 'schedule' && outcome.outcome === 'refused' && outcome.reason === 'already-running') {
      await this.queue.enqueueLater(syncQueue(source), job.data, DEFAULT_RUN_TIMINGS.leaseSeconds);
    }
  }

  /** Runs stop at their next page, so that the process can end in time. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.queue.stop();
  }
}
