import { Injectable, Logger } from '@nestjs/common';
import { SCHEDULE } from '../../audit/actor.js';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { SnapshotService } from './snapshot.service.js';

const QUEUE = 'burndown-snapshot';
/** Every night (UTC): the day in the UK is over, in summer for an hour and in winter for some minutes. */
const NIGHTLY = '12 0 * * *';
const EXPIRE_IN_HOURS = 1;

/** Takes the snapshot of every day in the night after it, and of the days that were missed. */
@Injectable()
export class BurndownJobs {
  private readonly logger = new Logger('Burndown');

  constructor(
    private readonly queue: JobQueueService,
    private readonly snapshots: SnapshotService,
  ) {}

  /** Begins to take snapshots; what was missed while nothing ran is caught up at once. */
  async register(): Promise<void> {
    await this.queue.work(QUEUE, { expireInHours: EXPIRE_IN_HOURS, retryLimit: 2 }, () => this.take());
    await this.queue.schedule(QUEUE, NIGHTLY);
    await this.queue.enqueue(QUEUE, {});
  }

  private async take(): Promise<void> {
    const { days } = await this.snapshots.takeMissing(SCHEDULE);
    if (days.length > 0) this.logger.log(`snapshots of ${days.length} days, the last of ${days.at(-1)}`);
  }
}
