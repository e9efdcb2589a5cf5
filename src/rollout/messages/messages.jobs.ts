import { Injectable } from '@nestjs/common';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { MessagePlanningService } from './message-planning.service.js';

const QUEUE = 'rollout-messages';
const EVERY_MINUTE = '* * * * *';
/** A round takes seconds. */
const EXPIRE_IN_HOURS = 1;

/** Plans what is due every minute. */
@Injectable()
export class RolloutMessagesJobs {
  constructor(
    private readonly queue: JobQueueService,
    private readonly planning: MessagePlanningService,
  ) {}

  async register(): Promise<void> {
    await this.queue.work(QUEUE, { expireInHours: EXPIRE_IN_HOURS, retryLimit: 0 }, async () => {
      await this.planning.plan();
    });
    await this.queue.schedule(QUEUE, EVERY_MINUTE);
  }
}
