import { Injectable } from '@nestjs/common';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { LowStockService } from './low-stock.service.js';

const QUEUE = 'low-stock';
const EVERY_QUARTER_OF_AN_HOUR = '*/15 * * * *';

/** Looks for stock that is to be ordered. */
@Injectable()
export class LowStockJobs {
  constructor(
    private readonly queue: JobQueueService,
    private readonly lowStock: LowStockService,
  ) {}

  /** Registers the queue with its schedule. */
  async register(): Promise<void> {
    await this.queue.work(QUEUE, { expireInHours: 1, retryLimit: 0 }, async () => {
      await this.lowStock.plan();
    });
    await this.queue.schedule(QUEUE, EVERY_QUARTER_OF_AN_HOUR);
  }
}
