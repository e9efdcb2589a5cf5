import { setTimeout as delay } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { loadConfig } from '../../config/config.js';
import { Transactor } from '../../database/transactor.js';
import { GraphClient } from '../../graph/graph-client.js';
import { installJobQueue, JobQueueService } from '../../jobs/job-queue.service.js';
import { CallQualityService } from '../../network/call-quality/call-quality.service.js';
import { CallRecordReader } from './call-record-reader.js';
import { CallRecordRunQueries } from './call-record-runs.queries.js';
import { CallRecordRunsService } from './call-record-runs.service.js';
import { CallRecordsJobs } from './call-records.jobs.js';
import { CallRecordsService } from './call-records.service.js';

describe('the nightly reading of call records', () => {
  let database: TestDatabase;
  let queue: JobQueueService;
  beforeEach(async () => {
    database = await createTestDatabase();
    await installJobQueue(database.address);
    queue = new JobQueueService(database.address);
    await queue.start();
  });
  afterEach(async () => {
    await queue.stop();
    await database.drop();
  });

  const jobs = (environment: Record<string, string>): CallRecordsJobs => {
    const { dataSource } = database;
    const transactor = new Transactor(dataSource);
    const graph = new GraphClient(() => {
      throw new Error('Nothing is asked of Microsoft Graph here.');
    });
    const service = new CallRecordsService(
      transactor,
      new CallRecordReader(graph),
      new CallRecordRunsService(transactor),
      new CallQualityService(transactor),
    );
    return new CallRecordsJobs(queue, service, new CallRecordRunQueries(dataSource), loadConfig(environment));
  };
  const schedules = (): Promise<unknown> => database.dataSource.query('select name, cron from job.schedule');
  const waiting = (): Promise<{ state: string; seconds: number }[]> =>
    database.dataSource.query(
      `select state::text, extract(epoch from start_after - created_on)::int as seconds from job.job
       where name = 'sync-call-records' order by created_on`,
    );

  it('comes round every night, and soon after the start; where nobody is known yet it tries again in a minute', async () => {
    await jobs({}).register();
    expect(await schedules()).toEqual([{ name: 'sync-call-records', cron: '15 2 * * *' }]);
    for (let attempt = 0; attempt < 300 && (await waiting()).length < 2; attempt += 1) await delay(50);
    expect((await waiting()).map(({ seconds }) => seconds)).toEqual([0, 60]);
    expect(await database.dataSource.query('select 1 from call_record_run')).toEqual([]);
  });

  it('begins no first reading where one has succeeded', async () => {
    await database.dataSource.query(
      `insert into call_record_run (trigger, status, finished_at, lease_until, read_from, read_until)
       values ('schedule', 'succeeded', now(), now(), now(), now())`,
    );
    await jobs({}).register();
    expect(await waiting()).toEqual([]);
  });

  it('is neither scheduled nor begun where it is switched off', async () => {
    await jobs({}).register();
    await database.dataSource.query(`delete from job.job where name = 'sync-call-records'`);
    await jobs({ CALL_RECORDS: 'off' }).register();
    expect(await schedules()).toEqual([]);
    expect(await waiting()).toEqual([]);
  });
});
