import { Injectable, Logger } from '@nestjs/common';
import { JobQueueService } from '../jobs/job-queue.service.js';
import { FactCollectionService } from './fact-collection.service.js';

const QUEUE = 'rollout-facts';
const EVERY_MINUTE = '* * * * *';
/** The first collection of a large organisation takes minutes; a worker that died in it is replaced after an hour. */
const EXPIRE_IN_HOURS = 1;

/** Collects the facts of the rollout every minute. */
@Injectable()
export class RolloutJobs {
  private readonly logger = new Logger('Rollout');

  constructor(
    private readonly queue: JobQueueService,
    private readonly collection: FactCollectionService,
  ) {}

  async register(): Promise<void> {
    await this.queue.work(QUEUE, { expireInHours: EXPIRE_IN_HOURS, retryLimit: 0 }, async () => {
      const outcome = await this.collection.collect();
      if (outcome !== null && outcome.facts + outcome.changed > 0) {
        this.logger.log(`${outcome.facts} facts are new, ${outcome.changed} moves came out differently`);
      }
    });
    await this.queue.schedule(QUEUE, EVERY_MINUTE);
  }
}
