import { Injectable, Logger } from '@nestjs/common';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { BookingSweep } from './booking-sweep.service.js';

const SWEEP_QUEUE = 'rollout-bookings';
const EVERY_MINUTE = '* * * * *';

/** Looks after bookings every minute: those that nobody can keep end, and free places go to those who wait. */
@Injectable()
export class WavesJobs {
  private readonly logger = new Logger('Bookings');

  constructor(
    private readonly queue: JobQueueService,
    private readonly sweep: BookingSweep,
  ) {}

  /** Registers the queue with its schedule. */
  async register(): Promise<void> {
    await this.queue.work(SWEEP_QUEUE, { expireInHours: 1, retryLimit: 1 }, async () => {
      const { ended, promoted } = await this.sweep.run();
      if (ended + promoted > 0) this.logger.log(`${ended} bookings ended, ${promoted} people got a place`);
    });
    await this.queue.schedule(SWEEP_QUEUE, EVERY_MINUTE);
  }
}
