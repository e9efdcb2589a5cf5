import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { ConflictError } from '../common/errors.js';
import { Transactor } from '../database/transactor.js';
import { installJobQueue, JobQueueService } from '../jobs/job-queue.service.js';
import { RunQueueService, syncQueue } from './run-queue.service.js';

const ACTOR = 'person:00000000-0000-4000-8000-000000000001';
const CHANGES = { full: false, dryRun: false };

describe('asking for a run', () => {
  let database: TestDatabase;
  let runs: RunQueueService;

  beforeEach(async () => {
    database = await createTestDatabase({ connections: 20 });
    await installJobQueue(database.address);
    // As in the web process: a queue that is never started.
    runs = new RunQueueService(new Transactor(database.dataSource), new JobQueueService(database.address));
  });
  afterEach(() => database.drop());

  const workerHasBeenStarted = async (): Promise<void> => {
    const worker = new JobQueueService(database.address);
    await worker.start();
    await worker.createQueue(syncQueue('users'), { expireInHours: 1, retryLimit: 0 });
    await worker.stop();
  };
  const jobs = () =>
    database.dataSource.query<{ data: object }[]>(`select data from job.job where name = 'sync-users'`);
  const entries = () =>
    database.dataSource.query<object[]>(
      `select actor, subject_id, details from audit_event where event = 'sync.run-requested'`,
    );

  it('says so when no worker has ever been started', async () => {
    await expect(runs.request('users', CHANGES, ACTOR)).rejects.toThrow(/No worker/);
    expect(await entries()).toEqual([]);
  });

  it('keeps who asked and what for, in the queue and in the trail', async () => {
    await workerHasBeenStarted();
    await runs.request('users', { full: true, dryRun: true }, ACTOR);
    expect(await jobs()).toEqual([{ data: { trigger: 'person', requestedBy: ACTOR, full: true, dryRun: true } }]);
    expect(await entries()).toEqual([{ actor: ACTOR, subject_id: 'users', details: { dryRun: true, full: true } }]);
  });

  it('V-21 queues one run however many ask at once; the others are told that it waits', async () => {
    await workerHasBeenStarted();
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => runs.request('users', CHANGES, ACTOR)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(ConflictError);
    }
    expect(await jobs()).toHaveLength(1);
    expect(await entries()).toHaveLength(1);
  });
});
