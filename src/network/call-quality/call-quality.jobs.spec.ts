import { setTimeout as delay } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Transactor } from '../../database/transactor.js';
import { installJobQueue, JobQueueService } from '../../jobs/job-queue.service.js';
import { CallQualityJobs } from './call-quality.jobs.js';
import { CallQualityService } from './call-quality.service.js';

describe('the nightly retention of calls', () => {
  let database: TestDatabase;
  let queue: JobQueueService;
  beforeAll(async () => {
    database = await createTestDatabase();
    await installJobQueue(database.address);
    queue = new JobQueueService(database.address);
    await queue.start();
  });
  afterAll(async () => {
    await queue.stop();
    await database.drop();
  });

  it('comes round once a night, drops what is old and what belonged to people who are gone', async () => {
    const { dataSource } = database;
    await dataSource.query(
      `insert into call_record (call_id, version, started_at)
       select gen_random_uuid(), 1, now() - days * interval '1 day' from unnest(array[39, 41]) as days`,
    );
    await dataSource.query(
      `insert into call_quality_person_week (person_entra_id, week, place, calls, streams, seconds, wired, wifi, mobile, tunnel)
       values ('somebody who was', date_trunc('week', now())::date, 'home', 1, 1, 1, 0, 1, 0, 0)`,
    );
    await new CallQualityJobs(queue, new CallQualityService(new Transactor(dataSource))).register();
    expect(await dataSource.query('select name, cron from job.schedule')).toEqual([
      { name: 'network-call-retention', cron: '50 4 * * *' },
    ]);
    await queue.enqueue('network-call-retention', {});
    const left = (): Promise<unknown[]> =>
      dataSource.query(
        `select 'call' as kind from call_record union all select 'week' from call_quality_person_week order by 1`,
      );
    for (let attempt = 0; attempt < 300 && (await left()).length > 1; attempt += 1) await delay(50);
    expect(await left()).toEqual([{ kind: 'call' }]);
  });
});
