import { Injectable, Logger } from '@nestjs/common';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { ConnectionChecks } from './connection-checks.service.js';

const QUEUE = 'connection-checks-expiry';
/** Every night, when nobody checks anything. */
const NIGHTLY = '35 2 * * *';

/** Deletes results of connection checks when they have been kept for as long as was promised. */
@Injectable()
export class ConnectionCheckJobs {
  private readonly logger = new Logger('Network');

  constructor(
    private readonly queue: JobQueueService,
    private readonly checks: ConnectionChecks,
  ) {}

  async register(): Promise<void> {
    await this.queue.work(QUEUE, { expireInHours: 1, retryLimit: 2 }, async () => {
      const count = await this.checks.removeOld();
      if (count > 0) this.logger.log(`${count} results of connection checks were kept long enough and are deleted`);
    });
    await this.queue.schedule(QUEUE, NIGHTLY);
  }
}
