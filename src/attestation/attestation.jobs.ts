import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { SCHEDULE } from '../audit/actor.js';
import { JobQueueService } from '../jobs/job-queue.service.js';
import { AttestationService } from './attestation.service.js';

const QUEUE = 'audit-attestation';
/** Every night (UTC), before anybody works and away from the full hours at which much else begins. */
const NIGHTLY = '40 3 * * *';
/** Walking 1,000,000 entries takes under a minute. */
const EXPIRE_IN_HOURS = 2;

/** Verifies the trail every night and publishes its head. */
@Injectable()
export class AttestationJobs implements OnModuleDestroy {
  private readonly logger = new Logger('Audit');
  private readonly stopping = new AbortController();

  constructor(
    private readonly queue: JobQueueService,
    private readonly attestation: AttestationService,
  ) {}

  async register(): Promise<void> {
    await this.queue.work(QUEUE, { expireInHours: EXPIRE_IN_HOURS, retryLimit: 1 }, () => this.attest());
    await this.queue.schedule(QUEUE, NIGHTLY);
  }

  private async attest(): Promise<void> {
    const { verified, published } = await this.attestation.attest(SCHEDULE, this.stopping.signal);
    const { firstBreak, refusedHeads } = verified;
    if (firstBreak !== null)
      this.logger.error(`the audit trail is broken at entry ${firstBreak.id}: ${firstBreak.kind}`);
    else if (published === null)
      this.logger.warn('the audit trail is whole; set AUDIT_SIGNING_KEY to publish its head');
    else this.logger.log(`the audit trail is whole, head ${published.head} is published`);
    if (refusedHeads.length > 0)
      this.logger.warn(`${refusedHeads.length} published heads of the audit trail prove nothing`);
  }

  onModuleDestroy(): void {
    this.stopping.abort();
  }
}
