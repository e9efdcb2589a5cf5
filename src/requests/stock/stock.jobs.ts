import { Injectable, Logger } from '@nestjs/common';
import { Transactor } from '../../database/transactor.js';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { serveArrivals } from './stock-arrivals.js';
import { takeStockOfMachines } from './stock-machines.js';

const QUEUE = 'stock-taking';
const EVERY_QUARTER = '7,22,37,52 * * * *';

/**
 * Takes machines into stock whose model became known only after they were received, when a source told of them. Everything
 * else comes into stock and leaves it at once, with its custody.
 */
@Injectable()
export class StockJobs {
  private readonly logger = new Logger('Stock');

  constructor(
    private readonly queue: JobQueueService,
    private readonly transactor: Transactor,
  ) {}

  /** Registers the queue with its schedule. */
  async register(): Promise<void> {
    await this.queue.work(QUEUE, { expireInHours: 1, retryLimit: 1 }, async () => {
      const taken = await this.transactor.run(async (tx) => {
        const rises = await takeStockOfMachines(tx);
        await serveArrivals(tx, rises, 'system:stock');
        return rises.reduce((sum, { quantity }) => sum + quantity, 0);
      });
      if (taken > 0) this.logger.log(`${taken} machines became stock`);
    });
    await this.queue.schedule(QUEUE, EVERY_QUARTER);
  }
}
