import { Injectable, Logger } from '@nestjs/common';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { ApprovalSweep } from './approval-sweep.service.js';

const QUEUE = 'request-approvals';
const EVERY_FIVE_MINUTES = '*/5 * * * *';

/** Looks after approvals that wait, every five minutes. */
@Injectable()
export class DecisionsJobs {
  private readonly logger = new Logger('Approvals');

  constructor(
    private readonly queue: JobQueueService,
    private readonly sweep: ApprovalSweep,
  ) {}

  /** Registers the queue with its schedule. */
  async register(): Promise<void> {
    await this.queue.work(QUEUE, { expireInHours: 1, retryLimit: 0 }, async () => {
      const { reminded, escalated, rerouted } = await this.sweep.run();
      if (reminded + escalated + rerouted > 0) {
        this.logger.log(`${reminded} reminded of, ${escalated} given to a queue, ${rerouted} given to somebody else`);
      }
    });
    await this.queue.schedule(QUEUE, EVERY_FIVE_MINUTES);
  }
}
