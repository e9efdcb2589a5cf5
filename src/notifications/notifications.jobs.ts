import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { JobQueueService } from '../jobs/job-queue.service.js';
import { DispatchService } from './dispatch.service.js';

const QUEUE = 'messages';
const EVERY_MINUTE = '* * * * *';
/** A round that sends thousands one after the other takes minutes. */
const EXPIRE_IN_HOURS = 1;

/** Sends what is due, every minute and in every process that works. */
@Injectable()
export class NotificationsJobs implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly queue: JobQueueService,
    private readonly dispatch: DispatchService,
  ) {}

  async register(): Promise<void> {
    await this.queue.work(QUEUE, { expireInHours: EXPIRE_IN_HOURS, retryLimit: 0 }, async () => {
      await this.dispatch.dispatch(this.stopping.signal);
    });
    await this.queue.schedule(QUEUE, EVERY_MINUTE);
  }

  onModuleDestroy(): void {
    this.stopping.abort();
  }
}
