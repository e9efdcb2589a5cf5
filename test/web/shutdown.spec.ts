import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { insertEstate, insertRuns } from '../support/estate-rows.js';
import { apiHeaders } from '../support/signed-in-fetch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { MAIN, startWebProcess } from '../support/web-process.js';

/** Once for each signal. */
const RESTARTS = 2;
const REQUESTS_A_SECOND = 50;

describe('the web process', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    expect(existsSync(MAIN)).toBe(true);
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 200, devices: 400 });
    await insertRuns(database.dataSource);
  });
  afterAll(() => database?.drop());

  it('finishes what it was asked before it ends', async () => {
    for (let restart = 0; restart < RESTARTS; restart++) {
      const { child, url, exited } = await startWebProcess({ DATABASE_URL: database.url });
      const headers = await apiHeaders(url);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
      const outcomes: Promise<string>[] = [];
      const ask = (): Promise<string> =>
        new Promise((resolve) => {
          const outgoing = http.get(`${url}/api/v1/people?limit=100`, { agent, headers }, (answer) => {
            let length = 0;
            answer.on('data', (chunk: Buffer) => (length += chunk.length));
            answer.on('end', () => resolve(answer.complete && length > 1_000 ? String(answer.statusCode) : 'cut off'));
            answer.on('error', () => resolve('cut off'));
          });
          outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
        });
      const begun = Date.now();
      const timer = setInterval(() => outcomes.push(ask()), 1_000 / REQUESTS_A_SECOND);
      await delay(700);
      // One request is still being answered when the process stops listening.
      const runner = database.dataSource.createQueryRunner();
      await runner.connect();
      await runner.startTransaction();
      await runner.query('lock table subscribed_sku in access exclusive mode');
      const slow = fetch(`${url}/api/v1/licences`);
      child.kill(restart % 2 === 0 ? 'SIGTERM' : 'SIGINT');

      // Like a balancer: asks whether the process is ready, and sends nothing more once it is not.
      while ((await fetch(`${url}/health/ready`)).status === 200) await delay(100);
      clearInterval(timer);
      await expect(Promise.race([delay(2_500), exited])).resolves.toBeUndefined();
      await expect(fetch(`${url}/health/live`)).rejects.toThrow();
      await runner.rollbackTransaction();
      await runner.release();

      expect((await slow).status).toBe(200);
      expect(await exited).toEqual([0, null]);
      expect(Date.now() - begun).toBeLessThan(30_000);
      agent.destroy();
      const ended = await Promise.all(outcomes);
      expect(ended.filter((outcome) => outcome !== '200')).toEqual([]);
      expect(ended.length).toBeGreaterThan(10);
    }
  }, 90_000);

  it('shows its metrics on a port of its own', async () => {
    const { child, url, metricsUrl, exited } = await startWebProcess({ DATABASE_URL: database.url, METRICS_PORT: '0' });
    await fetch(`${url}/api/v1/devices/1`);
    await fetch(`${url}/nothing-of-the-kind`);
    const metrics = await (await fetch(metricsUrl ?? '')).text();
    expect(metrics).toMatch(
      /untether_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/devices\/:id",status="200"\} 1/,
    );
    expect(metrics).toMatch(/route="unmatched",status="404"\} 1/);
    expect(metrics).toMatch(/untether_database_connections\{state="waiting"\} \d/);
    expect(metrics).toMatch(/untether_sync_age_seconds\{source="managed-devices"\} 2592\d\d/);
    expect(metrics).toContain('untether_sync_last_run_rows_read{source="users"} 3000');
    expect(metrics).toContain('process_resident_memory_bytes');
    expect(metrics).not.toContain('nothing-of-the-kind');
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    child.kill('SIGTERM');
    await exited;
  }, 30_000);

  it('does not start with settings that cannot work, and names them', async () => {
    const empty = await createTestDatabase({ empty: true });
    for (const [environment, says] of [
      [{ PORT: 'eighty' }, /PORT: is not a port number/],
      [{ PORT: '0', DATABASE_URL: empty.url }, /npx untether migrate/],
    ] as const) {
      const child = spawn(process.execPath, [MAIN], {
        env: { PATH: process.env['PATH'] ?? '', ...environment },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let written = '';
      child.stderr.on('data', (chunk: Buffer) => (written += chunk.toString()));
      expect((await once(child, 'exit'))[0]).toBe(78);
      expect(written).toMatch(says);
      expect(written).not.toMatch(/\bat \w+/);
    }
    await empty.drop();
  }, 30_000);
});
