import { Injectable } from '@nestjs/common';
import type { Actor } from '../audit/actor.js';
import { appendToAudit } from '../audit/audit-trail.js';
import { ConflictError } from '../common/errors.js';
import type { SourceName } from '../config/sources.js';
import { Transactor } from '../database/transactor.js';
import { JobQueueService } from '../jobs/job-queue.service.js';
import type { RunTrigger } from './sync.types.js';

/** What a queued run carries; a scheduled one carries nothing. */
export interface SyncJob {
  readonly trigger?: RunTrigger;
  readonly requestedBy?: Actor;
  /** Read everything even if changes alone would do. */
  readonly full?: boolean;
  /** Read and decide, but change nothing. */
  readonly dryRun?: boolean;
}

/** What somebody wants of a run. */
export type WantedRun = Required<Pick<SyncJob, 'full' | 'dryRun'>>;

/** Queue of one source. */
export function syncQueue(source: SourceName): string {
  return `sync-${source}`;
}

/** Asks the worker for runs, from a process that makes none itself. */
@Injectable()
export class RunQueueService {
  constructor(
    private readonly transactor: Transactor,
    private readonly queue: JobQueueService,
  ) {}

  /**
   * Queues a run of a source, also of a paused one: a person asks for it.
   * @throws ConflictError when a run waits already, or when no worker has ever been started to take it.
   */
  async request(source: SourceName, wanted: WantedRun, actor: Actor): Promise<void> {
    const name = syncQueue(source);
    await this.transactor.run(async (tx) => {
      if (!(await this.queue.exists(name, tx))) {
        throw new ConflictError('No worker has been started yet that could read this source. Start one and try again.');
      }
      const job: SyncJob = { trigger: 'person', requestedBy: actor, ...wanted };
      if (!(await this.queue.enqueue(name, job, tx))) {
        throw new ConflictError('A run of this source waits already. It begins within a minute; look at it then.');
      }
      await appendToAudit(tx, {
        event: 'sync.run-requested',
        actor,
        subject: { kind: 'source', id: source },
        details: { full: wanted.full, dryRun: wanted.dryRun },
      });
    });
  }
}
