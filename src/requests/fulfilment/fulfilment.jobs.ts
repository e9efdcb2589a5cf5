import { Injectable, Logger } from '@nestjs/common';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { PickSweep } from './pick-sweep.service.js';
import { ReservationSweep } from './reservation-sweep.service.js';

const QUEUE = 'request-fulfilment';
const EVERY_MINUTE = '* * * * *';

/** Looks after reservations and picks every minute. */
@Injectable()
export class FulfilmentJobs {
  private readonly logger = new Logger('Fulfilment');

  constructor(
    private readonly queue: JobQueueService,
    private readonly reservations: ReservationSweep,
    private readonly picks: PickSweep,
  ) {}

  /** Registers the queue with its schedule. */
  async register(): Promise<void> {
    await this.queue.work(QUEUE, { expireInHours: 1, retryLimit: 1 }, async () => {
      const followed = await this.picks.follow();
      const observed = await this.picks.observe();
      const served = await this.reservations.serve();
      const expired = await this.reservations.expire();
      await this.reservations.tell();
      const closed = await this.reservations.close();
      if (followed + observed + served + expired + closed > 0) {
        this.logger.log(
          `${served} back-orders served, ${expired} reservations expired, ${followed} picks followed custody, ` +
            `${observed} receipts observed, ${closed} requests closed`,
        );
      }
    });
    await this.queue.schedule(QUEUE, EVERY_MINUTE);
  }
}
