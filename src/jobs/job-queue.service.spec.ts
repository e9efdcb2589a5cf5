import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Transactor } from '../database/transactor.js';
import { installJobQueue, JobQueueService, type QueueOptions } from './job-queue.service.js';

const OPTIONS: QueueOptions = { expireInHours: 1, retryLimit: 0 };

interface Job {
  readonly number: number;
}

describe('the job queue', () => {
  let database: TestDatabase;
  let transactor: Transactor;
  const running: JobQueueService[] = [];
  let queues = 0;
  let queue: string;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase({ empty: true });
    await installJobQueue(database.address);
    transactor = new Transactor(database.dataSource);
  });
  beforeEach(() => {
    queue = `queue-${++queues}`;
  });
  afterEach(async () => {
    for (const service of running.splice(0)) await service.stop();
  });
  afterAll(() => database.drop());

  const start = async (): Promise<JobQueueService> => {
    const service = new JobQueueService(database.address);
    await service.start();
    running.push(service);
    return service;
  };
  const states = async (): Promise<string[]> => {
    const rows = await database.dataSource.query<{ state: string }[]>(
      'select state::text from job.job where name = $1 order by created_on',
      [queue],
    );
    return rows.map((row) => row.state);
  };
  const schedules = async (): Promise<{ cron: string; timezone: string }[]> =>
    database.dataSource.query('select cron, timezone from job.schedule where name = $1', [queue]);

  it('is installed again without harm', async () => {
    await expect(installJobQueue(database.address)).resolves.toBeUndefined();
  });

  it('has a job when the transaction that made it commits, and none when it does not', async () => {
    const service = await start();
    await service.createQueue(queue, OPTIONS);
    const rolledBack = transactor.run(async (tx) => {
      await service.enqueue(queue, { number: 1 }, tx);
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    expect(await states()).toEqual([]);
    await transactor.run(async (tx) => {
      await service.enqueue(queue, { number: 2 }, tx);
      expect(await states()).toEqual([]);
    });
    expect(await states()).toEqual(['created']);
  });

  it('refuses to enqueue with an entity manager that is in no transaction', async () => {
    const service = await start();
    await service.createQueue(queue, OPTIONS);
    await expect(service.enqueue(queue, { number: 1 }, database.dataSource.manager)).rejects.toThrow(/transaction/);
    expect(await states()).toEqual([]);
  });

  it('never lets work pile up: one job runs and one waits', async () => {
    const service = await start();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const handled: number[] = [];
    await service.work<Job>(queue, OPTIONS, async (job) => {
      handled.push(job.data.number);
      if (handled.length === 1) await held;
    });
    await service.enqueue(queue, { number: 1 });
    await until(() => handled.length === 1);
    for (let number = 2; number <= 6; number++) await service.enqueue(queue, { number });
    expect((await states()).sort()).toEqual(['active', 'created']);
    release();
    await until(async () => (await states()).every((state) => state === 'completed'));
    expect(handled).toEqual([1, 2]);
  });

  it('hands each job to one of two workers, with what it carries and when it was made', async () => {
    const handled: Job[] = [];
    const made: Date[] = [];
    for (const service of [await start(), await start()]) {
      await service.work<Job>(queue, OPTIONS, async (job) => {
        handled.push(job.data);
        made.push(job.createdAt);
      });
    }
    const [service] = running;
    for (let number = 1; number <= 3; number++) {
      await service?.enqueue(queue, { number });
      await until(() => handled.length >= number);
    }
    // Both workers look again after a second at the latest.
    await delay(1_500);
    expect(handled).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
    for (const at of made) expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000);
  });

  it('goes on after a handler that throws, and does not repeat the job without being told to', async () => {
    const service = await start();
    const handled: number[] = [];
    await service.work<Job>(queue, OPTIONS, async (job) => {
      handled.push(job.data.number);
      // Postgres quotes the value in its message, and the error of the driver carries it as a parameter.
      if (job.data.number === 1) await database.dataSource.query('select $1::int', ['Canary Person']);
    });
    await service.enqueue(queue, { number: 1 });
    await until(async () => (await states()).includes('failed'));
    const [failed] = await database.dataSource.query<{ output: { name: string; message: string } }[]>(
      'select output from job.job where name = $1',
      [queue],
    );
    expect(failed?.output.message).toBe('QueryFailedError');
    expect(JSON.stringify(failed)).not.toContain('Canary');
    await service.enqueue(queue, { number: 2 });
    await until(async () => (await states()).includes('completed'));
    expect(handled).toEqual([1, 2]);
  });

  it('keeps one schedule for a queue, in UTC, and ends it', async () => {
    const service = await start();
    await service.createQueue(queue, OPTIONS);
    await service.schedule(queue, '10 * * * *');
    await service.schedule(queue, '*/5 * * * *');
    expect(await schedules()).toEqual([{ cron: '*/5 * * * *', timezone: 'UTC' }]);
    await service.schedule(queue, null);
    await service.schedule(queue, null);
    expect(await schedules()).toEqual([]);
  });

  it('waits for the job that runs when it stops, and hands out no other', async () => {
    const service = await start();
    const events: string[] = [];
    await service.work<Job>(queue, OPTIONS, async (job) => {
      events.push(`begin ${job.data.number}`);
      await delay(700);
      events.push(`end ${job.data.number}`);
    });
    await service.enqueue(queue, { number: 1 });
    await until(() => events.length === 1);
    await service.enqueue(queue, { number: 2 });
    await service.stop();
    expect(events).toEqual(['begin 1', 'end 1']);
    expect((await states()).sort()).toEqual(['completed', 'created']);
    await expect(service.stop()).resolves.toBeUndefined();
  });

  it('F-42 survives the loss of its connections', async () => {
    const service = await start();
    const handled: number[] = [];
    await service.work<Job>(queue, OPTIONS, async (job) => {
      handled.push(job.data.number);
    });
    await database.dataSource.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'untether-jobs'`,
    );
    await until(() =>
      service.enqueue(queue, { number: 1 }).then(
        () => true,
        () => false,
      ),
    );
    await until(() => handled.length === 1);
  });
});

/** Waits for something that happens within ten seconds. */
async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await happened()) return;
    await delay(50);
  }
  throw new Error('It did not happen within ten seconds.');
}
