import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { CallQualityService } from './call-quality.service.js';

const QUEUE = 'network-call-retention';
/** Every night (UTC), after the calls of the day have been read. */
const NIGHTLY = '50 4 * * *';
const EXPIRE_IN_HOURS = 1;

/** Drops every night what of calls is no longer kept. */
@Injectable()
export class CallQualityJobs implements OnModuleDestroy {
  private readonly logger = new Logger('Network');
  private readonly stopping = new AbortController();

  constructor(
    private readonly queue: JobQueueService,
    private readonly callQuality: CallQualityService,
  ) {}

  /** Registers the queue and its schedule. It runs whether or not calls are read: what was read once has to go. */
  async register(): Promise<void> {
    await this.queue.work(QUEUE, { expireInHours: EXPIRE_IN_HOURS, retryLimit: 1 }, () => this.drop());
    await this.queue.schedule(QUEUE, NIGHTLY);
  }

  private async drop(): Promise<void> {
    const old = await this.callQuality.dropOld(this.stopping.signal);
    const gone = await this.callQuality.forgetGonePeople();
    this.logger.log(
      `dropped ${old.calls} calls, ${old.weeks + gone.weeks} weeks and ${old.hours} hours, and ${gone.streams} rows of people who are gone`,
    );
  }

  onModuleDestroy(): void {
    this.stopping.abort();
  }
}
