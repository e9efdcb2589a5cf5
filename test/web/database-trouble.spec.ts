import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { JOB_LIMITS, WEB_LIMITS, createDataSource, type DatabaseAddress } from '../../src/database/data-source.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { migrate } from '../../src/database/migrator.js';
import { apiHeaders, pageSession } from '../support/signed-in-fetch.js';
import { createTestDatabase } from '../support/test-database.js';
import { startTestWeb } from '../support/web.js';
import { startWebProcess } from '../support/web-process.js';

describe('when the database', () => {
  const status = async (web: { readonly url: string }, address: string): Promise<number> =>
    (await fetch(web.url + address, { headers: { connection: 'close' } })).status;
  const until = async (
    web: { readonly url: string },
    address: string,
    wanted: number,
    milliseconds: number,
  ): Promise<void> => {
    const deadline = Date.now() + milliseconds;
    while ((await status(web, address)) !== wanted) {
      if (Date.now() > deadline) throw new Error(`${address} was not ${wanted} within ${milliseconds} ms.`);
      await delay(100);
    }
  };

  it('F-43 goes away, pages say so, the process stays alive and works again afterwards', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-trouble-'));
    const data = path.join(folder, 'data');
    let server: EmbeddedPostgres | null = await startEmbeddedPostgres(data, ['fsync=off']);
    const { host, user, database } = server.connection;
    const address: DatabaseAddress = { host, username: user, database };
    const dataSource = await createDataSource(address, JOB_LIMITS).initialize();
    await migrate(dataSource);
    await dataSource.destroy();
    // The server has another socket folder each time, so the web process is given a link that follows it.
    const link = path.join(folder, 'socket');
    symlinkSync(host, link);
    const web = await startWebProcess({ DATABASE_URL: `postgres://${user}@localhost/${database}?host=${link}` });
    try {
      expect(await status(web, '/health/ready')).toBe(200);
      // Whoever asks has signed in before.
      await Promise.all([apiHeaders(web.url), pageSession(web.url)]);
      await server.stop();
      server = null;

      await until(web, '/health/ready', 503, 5_000);
      const page = await fetch(`${web.url}/status`);
      expect([page.status, page.headers.get('retry-after')]).toEqual([503, '30']);
      const text = await page.text();
      expect(text).toContain('The database does not answer. Nothing is lost; try again in a minute.');
      expect(text).not.toMatch(/ECONN|ENOENT|socket|postgres/i);
      const problem = await fetch(`${web.url}/api/v1/people`);
      expect(await problem.json()).toMatchObject({ status: 503, title: 'Not available at the moment' });
      for (let poll = 0; poll < 10; poll++) {
        expect([await status(web, '/health/live'), await status(web, '/search?q=abc')]).toEqual([200, 503]);
      }
      expect(await status(web, '/health/sync')).toBe(503);

      server = await startEmbeddedPostgres(data, ['fsync=off']);
      rmSync(link);
      symlinkSync(server.connection.host, link);
      await until(web, '/health/ready', 200, 10_000);
      expect(await status(web, '/status')).toBe(200);
      expect([web.child.exitCode, web.child.signalCode]).toEqual([null, null]);
    } finally {
      web.child.kill('SIGTERM');
      await web.exited;
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);

  it('F-44 is held up by slow statements, they are ended and everybody else is answered', async () => {
    const database = await createTestDatabase();
    const limits = { ...WEB_LIMITS, connections: 2, statementTimeout: 1_000 };
    const web = await startTestWeb(database, { limits });
    try {
      // Both connections wait for a lock that nobody gives up, as they would behind a report that runs away.
      const runner = database.dataSource.createQueryRunner();
      await runner.connect();
      await runner.startTransaction();
      await runner.query('lock table subscribed_sku in access exclusive mode');
      const stuck = await Promise.all(
        Array.from({ length: 6 }, async () => {
          const started = performance.now();
          const answer = await fetch(`${web.url}/api/v1/licences`, { headers: { connection: 'close' } });
          return { status: answer.status, text: await answer.text(), milliseconds: performance.now() - started };
        }),
      );
      for (const { status: code, text, milliseconds } of stuck) {
        expect([code, milliseconds < 5_500]).toEqual([503, true]);
        expect(text).toContain('The database took too long to answer.');
      }
      expect(await status(web, '/health/live')).toBe(200);
      expect(await status(web, '/api/v1/sync/runs')).toBe(200);
      await runner.rollbackTransaction();
      await runner.release();
      expect(await status(web, '/api/v1/licences')).toBe(200);
    } finally {
      await web.close();
      await database.drop();
    }
  }, 60_000);

  it('lacks migrations, the process is alive but not ready', async () => {
    const database = await createTestDatabase();
    const web = await startTestWeb(database);
    try {
      await database.dataSource.query(`delete from schema_migration where name like 'IndexTheSearches%'`);
      const answer = await fetch(`${web.url}/health/ready`);
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { status: 'not ready', database: 'lacks migrations' },
      ]);
      await database.dataSource.query(
        `insert into schema_migration (timestamp, name)
         values (1795392000000, 'IndexTheSearches1795392000000'), (1999999999999, 'OfANewerVersion1999999999999')`,
      );
      expect(await status(web, '/health/ready')).toBe(200);
      expect(await status(web, '/health/live')).toBe(200);
    } finally {
      await web.close();
      await database.drop();
    }
  });
});
