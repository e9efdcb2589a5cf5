import { setTimeout as delay } from 'node:timers/promises';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig } from '../../src/config/config.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { installJobQueue, JobQueueService } from '../../src/jobs/job-queue.service.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { NotificationsJobs } from '../../src/notifications/notifications.jobs.js';
import { RolloutMessagesJobs } from '../../src/rollout/messages/messages.jobs.js';
import { RolloutMessagesModule } from '../../src/rollout/messages/messages.module.js';
import { startRollout } from '../support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('the jobs of messages', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let queue: JobQueueService;
  beforeAll(async () => {
    database = await createTestDatabase();
    await installJobQueue(database.address);
    module = await Test.createTestingModule({
      imports: [
        ConfigModule.forRoot(loadConfig({})),
        DatabaseModule.forRoot(database.address, { connections: 4, statementTimeout: 0 }),
        JobsModule.forRoot(database.address),
        RolloutMessagesModule,
      ],
    }).compile();
    await module.init();
    queue = module.get(JobQueueService);
    await queue.start();
  });
  afterAll(async () => {
    await queue.stop();
    await module.close();
    await database.drop();
  });

  it('come round every minute, plan what is due and send it', async () => {
    const { dataSource } = database;
    const rollout = await startRollout(dataSource, { people: 2 });
    await dataSource.query(
      `insert into booking (move_id, deliver_on, state, booked_by) values ($1, current_date + 20, 'booked', 'system:schedule')`,
      [rollout.moves[1]],
    );
    await module.get(RolloutMessagesJobs).register();
    await module.get(NotificationsJobs).register();
    const schedules = await dataSource.query<object[]>('select name, cron from job.schedule order by name');
    expect(schedules).toEqual([
      { name: 'messages', cron: '* * * * *' },
      { name: 'rollout-messages', cron: '* * * * *' },
    ]);
    const until = async (statement: string): Promise<object[]> => {
      for (let attempt = 0; attempt < 200; attempt++) {
        const rows = await dataSource.query<object[]>(statement);
        if (rows.length > 0) return rows;
        await delay(50);
      }
      return [];
    };
    await queue.enqueue('rollout-messages', {});
    expect(await until(`select template from message where state = 'waiting'`)).toEqual([{ template: 'booked' }]);
    await queue.enqueue('messages', {});
    expect(await until('select subject from demonstration_mail')).toEqual([
      { subject: expect.stringMatching(/^Your laptop: delivery on /) as string },
    ]);
  });
});
