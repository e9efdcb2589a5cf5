import { Injectable, Logger } from '@nestjs/common';
import { Transactor } from '../../database/transactor.js';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { moveWatermark } from './readiness-watermark.service.js';
import { ReadinessService } from './readiness.service.js';
import { WaiversService } from './waivers.service.js';

const READINESS_QUEUE = 'rollout-readiness';
const NIGHTLY_QUEUE = 'rollout-readiness-nightly';
const EVERY_MINUTE = '* * * * *';
const EVERY_NIGHT = '40 2 * * *';
/** Time that a transaction may take from reading the clock to being seen. */
const OVERLAP_MILLISECONDS = 5 * 60_000;

/** Works readiness out anew: every minute of whom something changed, and every night of everybody. */
@Injectable()
export class ReadinessJobs {
  private readonly logger = new Logger('Readiness');

  constructor(
    private readonly queue: JobQueueService,
    private readonly transactor: Transactor,
    private readonly programmes: ProgrammeQueries,
    private readonly readiness: ReadinessService,
    private readonly waivers: WaiversService,
  ) {}

  /** Registers both queues with their schedules. */
  async register(): Promise<void> {
    const options = { expireInHours: 1, retryLimit: 1 };
    await this.queue.work(READINESS_QUEUE, options, () => this.run('changed'));
    await this.queue.schedule(READINESS_QUEUE, EVERY_MINUTE);
    await this.queue.work(NIGHTLY_QUEUE, options, () => this.run('all'));
    await this.queue.schedule(NIGHTLY_QUEUE, EVERY_NIGHT);
  }

  /** Ends waivers whose day is over, then works out whom something touches; everybody when the settings are new. */
  async run(which: 'changed' | 'all', now: Date = new Date()): Promise<void> {
    while ((await this.waivers.expire(now)) > 0);
    const programme = await this.programmes.current();
    if (programme?.state !== 'running') return;
    const outcome = await this.transactor.run(async (tx) => {
      const mark = await moveWatermark(tx, programme, now);
      const isWhole = which === 'all' || mark === null || mark.settingsVersion !== programme.settingsVersion;
      const changedSince = new Date((mark?.changedUntil ?? now).getTime() - OVERLAP_MILLISECONDS);
      return this.readiness.evaluate(tx, programme.id, isWhole ? 'all' : { changedSince }, now);
    });
    if (outcome.changed > 0) {
      this.logger.log(
        `readiness of ${outcome.evaluated} moves worked out: ${outcome.changed} differ, ${outcome.turned} turned`,
      );
    }
  }
}
