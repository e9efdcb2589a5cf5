import { Inject, Injectable, Logger } from '@nestjs/common';
import PgBoss from 'pg-boss';
import type { EntityManager } from 'typeorm';
import type { DatabaseAddress } from '../database/data-source.js';

/** Injection token of the address that the queue connects to. */
export const JOB_DATABASE = Symbol('JOB_DATABASE');

/** Schema that the queue keeps its tables in. */
const SCHEMA = 'job';

/** One job as a handler gets it. */
export interface QueuedJob<Data> {
  readonly id: string;
  readonly data: Data;
  readonly createdAt: Date;
}

/** A queue of one name and what its jobs may take. */
export interface QueueOptions {
  /** Hours after which a job whose worker died is given to another. */
  readonly expireInHours: number;
  /** Times a failed job is tried again. */
  readonly retryLimit: number;
}

/**
 * Background work in Postgres through pg-boss: jobs run at least once. Queues are "short": besides those that run, at most
 * one job of a queue waits, so that slow work never piles up. How many run is for the work itself to bound: a queue that
 * let only one run would stand still until the job of a killed worker expires.
 */
@Injectable()
export class JobQueueService {
  private readonly logger = new Logger('Jobs');
  private readonly boss: PgBoss;
  private started = false;

  constructor(@Inject(JOB_DATABASE) address: DatabaseAddress) {
    this.boss = createBoss(address, { migrate: false, supervise: true, schedule: true });
    // Without a listener a lost connection would end the process; the queue reconnects by itself.
    this.boss.on('error', (error) => this.logger.warn(`queue: ${error.name}`));
  }

  /** Connects and begins to hand out jobs. */
  async start(): Promise<void> {
    await this.boss.start();
    this.started = true;
  }

  /** Creates the queue if need be and handles its jobs one at a time. */
  async work<Data extends object>(
    name: string,
    options: QueueOptions,
    handler: (job: QueuedJob<Data>) => Promise<void>,
  ): Promise<void> {
    await this.createQueue(name, options);
    await this.boss.work<Data>(
      name,
      { includeMetadata: true, batchSize: 1, pollingIntervalSeconds: 1 },
      async (jobs: PgBoss.JobWithMetadata<Data>[]) => {
        for (const job of jobs) {
          await this.handle(name, () => handler({ id: job.id, data: job.data, createdAt: new Date(job.createdOn) }));
        }
      },
    );
  }

  /** The queue keeps a job's error with all that hangs on it, a statement's values included, so it only gets the name. */
  private async handle(name: string, work: () => Promise<void>): Promise<void> {
    const [outcome] = await Promise.allSettled([work()]);
    if (outcome.status === 'fulfilled') return;
    const reason: unknown = outcome.reason;
    this.logger.warn(`${name}: a job failed`);
    this.logger.error(reason instanceof Error ? reason : String(reason));
    throw new Error(reason instanceof Error ? reason.name : typeof reason);
  }

  async createQueue(name: string, options: QueueOptions): Promise<void> {
    await this.boss.createQueue(name, { name, policy: 'short', ...options });
  }

  /** Puts a job into a queue every time the cron expression (UTC) comes round; null ends the schedule. */
  async schedule(name: string, cron: string | null): Promise<void> {
    if (cron === null) await this.boss.unschedule(name);
    else await this.boss.schedule(name, cron, {}, { tz: 'UTC' });
  }

  /**
   * Enqueues a job, inside the given transaction if there is one: then it exists only if the transaction commits, and a
   * process that never called `start` can do it.
   * @returns false when a job of this queue waits already, or when nobody has created the queue.
   */
  async enqueue(name: string, data: object, tx?: EntityManager): Promise<boolean> {
    const db = tx && { executeSql: async (text: string, values: unknown[]) => structured(tx, text, values) };
    return (await this.boss.send(name, data, db ? { db } : {})) !== null;
  }

  /** Whether a worker has created this queue. */
  async exists(name: string, tx: EntityManager): Promise<boolean> {
    const rows = await tx.query<unknown[]>(`select 1 from ${SCHEMA}.queue where name = $1`, [name]);
    return rows.length > 0;
  }

  /** Enqueues a job that nobody takes before the given time has passed. */
  async enqueueLater(name: string, data: object, seconds: number): Promise<void> {
    await this.boss.send(name, data, { startAfter: seconds });
  }

  /** Stops handing out jobs and waits for those that run. */
  async stop(milliseconds = 20_000): Promise<void> {
    if (!this.started) return;
    this.started = false;
    await this.boss.stop({ graceful: true, wait: true, timeout: milliseconds });
  }
}

/** Creates or upgrades the queue's tables. Part of migrating the database. */
export async function installJobQueue(address: DatabaseAddress): Promise<void> {
  const boss = createBoss(address, { migrate: true, supervise: false, schedule: false });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.stop({ graceful: false, wait: true });
}

function createBoss(address: DatabaseAddress, options: PgBoss.ConstructorOptions): PgBoss {
  const connection =
    'url' in address
      ? { connectionString: address.url }
      : { host: address.host, user: address.username, database: address.database };
  return new PgBoss({ ...connection, ...options, schema: SCHEMA, application_name: 'untether-jobs', max: 3 });
}

/** TypeORM's plain answer loses the rows of some statements, so the structured one is asked for. */
async function structured(tx: EntityManager, text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
  const runner = tx.queryRunner;
  if (!runner) throw new Error('A job can only be enqueued inside a transaction that is open.');
  const { records } = await runner.query(text, values, true);
  return { rows: records as unknown[] };
}
