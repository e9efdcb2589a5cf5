import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { auditEntries } from '../../test/support/audit.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { loadConfig } from '../config/config.js';
import { Transactor } from '../database/transactor.js';
import { installJobQueue, JobQueueService } from '../jobs/job-queue.service.js';
import { AttestationJobs } from './attestation.jobs.js';
import { AttestationService } from './attestation.service.js';

describe('the nightly attestation', () => {
  let database: TestDatabase;
  let home: string;
  let queue: JobQueueService;
  beforeAll(async () => {
    home = mkdtempSync(path.join(os.tmpdir(), 'untether-home-'));
    database = await createTestDatabase();
    await installJobQueue(database.address);
    queue = new JobQueueService(database.address);
    await queue.start();
  });
  afterAll(async () => {
    await queue.stop();
    await database.drop();
    rmSync(home, { recursive: true, force: true });
  });

  it('comes round once a night, verifies the trail and publishes its head', async () => {
    const { dataSource } = database;
    const config = loadConfig({ UNTETHER_HOME: home });
    const service = new AttestationService(dataSource, new Transactor(dataSource), config);
    await new AttestationJobs(queue, service).register();
    const schedules = await dataSource.query<{ name: string; cron: string }[]>('select name, cron from job.schedule');
    expect(schedules).toEqual([{ name: 'audit-attestation', cron: '40 3 * * *' }]);

    await queue.enqueue('audit-attestation', {});
    for (let attempt = 0; attempt < 200; attempt++) {
      if ((await auditEntries(dataSource)).length === 2) break;
      await delay(50);
    }
    expect((await auditEntries(dataSource)).map(({ event, actor }) => [event, actor])).toEqual([
      ['audit.verified', 'system:schedule'],
      ['audit.head-published', 'system:schedule'],
    ]);
    expect(readdirSync(path.join(home, 'audit-heads'))).toHaveLength(2);
  });
});
