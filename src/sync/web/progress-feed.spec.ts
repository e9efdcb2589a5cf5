import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { insertRuns } from '../../../test/support/estate-rows.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import type { OpenConnections } from '../../auth/open-connections.js';
import { RunningQueries } from '../running.queries.js';
import { ProgressFeed } from './progress-feed.js';

/** Counts how often the database is asked. */
class CountedQueries extends RunningQueries {
  looks = 0;
  override runs(): ReturnType<RunningQueries['runs']> {
    this.looks += 1;
    return super.runs();
  }
}

describe('the feed of progress', () => {
  let database: TestDatabase;
  let queries: CountedQueries;
  let feed: ProgressFeed;
  const request = {} as FastifyRequest;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertRuns(database.dataSource);
  });
  afterAll(() => database.drop());
  beforeEach(() => {
    queries = new CountedQueries(database.dataSource);
    feed = new ProgressFeed(queries, { mayStill: async () => true } as unknown as OpenConnections);
  });
  afterEach(() => feed.onModuleDestroy());

  it('looks once a second however many listen, and not at all while nobody does', async () => {
    const streams = await Promise.all(Array.from({ length: 200 }, () => feed.listen(request)));
    for (const stream of streams) stream.body.resume();
    await delay(3_300);
    expect(queries.looks).toBeGreaterThanOrEqual(3);
    expect(queries.looks).toBeLessThanOrEqual(5);
    for (const stream of streams) stream.body.destroy();
    await delay(1_200);
    const before = queries.looks;
    await delay(2_200);
    expect(queries.looks).toBe(before);
  });

  it('lets a listener go that takes nothing in, and refuses more than it can serve', async () => {
    const stream = await feed.listen(request);
    for (let event = 0; event < 2_000; event++) stream.send('progress', { runs: ['x'.repeat(100)] });
    expect(stream.body.destroyed).toBe(true);
    await Promise.all(Array.from({ length: 500 }, () => feed.listen(request)));
    await expect(feed.listen(request)).rejects.toMatchObject({ status: 503 });
  });

  it('outlives a database that does not answer', async () => {
    const stream = await feed.listen(request);
    let text = '';
    stream.body.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await database.dataSource.query('alter table sync_run rename to sync_run_away');
    await delay(2_200);
    await database.dataSource.query('alter table sync_run_away rename to sync_run');
    await database.dataSource.query(`update sync_run set rows_read = 7777 where status = 'running'`);
    await delay(1_500);
    expect(text).toContain('7777');
  });
});
