import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WEB_LIMITS } from '../../src/database/data-source.js';
import { countDevicesRead } from '../support/counted-devices.js';
import { openFile, readFileThrough } from '../support/csv-file.js';
import { insertEstate } from '../support/estate-rows.js';
import { apiHeaders } from '../support/signed-in-fetch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

/** Enough for several batches; EXPORT_SCALE_ROWS asks for more. */
const SCALE_ROWS = Number(process.env['EXPORT_SCALE_ROWS'] ?? 20_000);

describe(`exports of ${SCALE_ROWS} machines`, () => {
  const CONNECTIONS = 2;
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 2_000, devices: SCALE_ROWS });
    // More than the buffers of a connection take in, so that a reader who reads nothing stops the writer.
    await database.dataSource.query(`update device set manufacturer = repeat('M', 1000) where id <= 20000`);
    web = await startTestWeb(database, { limits: { ...WEB_LIMITS, connections: CONNECTIONS } });
  }, 120_000);
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  /** Reads a file as an older proxy would; says how the connection ended. */
  const readPlainly = async (): Promise<string> => {
    const { authorization } = await apiHeaders(web.url);
    return new Promise((resolve) => {
      const socket = connect(Number(new URL(web.url).port), '127.0.0.1');
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      socket.on('end', () => resolve('ended')).resume();
      socket.write(`GET /api/v1/devices.csv HTTP/1.0\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`);
    });
  };
  const open = () => openFile(`${web.url}/api/v1/devices.csv`);
  /** Waits until the web process has had no statement at work for half a second. */
  const quiet = async (): Promise<void> => {
    for (let [attempt, before] = [0, '']; attempt < 40; attempt++) {
      const [row] = await database.dataSource.query<{ busy: number; last: string }[]>(
        `select (count(*) filter (where state <> 'idle'))::int as busy, max(query_start)::text as last
         from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and query like '%json_agg%'`,
      );
      if (row?.busy === 0 && row.last === before) return;
      before = row?.last ?? '';
      await delay(500);
    }
    throw new Error('The web process still reads.');
  };
  /** Reads a file to its end: how often each machine is in it, by its number, and what it took. */
  const numbersIn = async (
    answer: AsyncIterable<unknown>,
  ): Promise<{ times: Uint8Array; bytes: number; peak: number }> => {
    const times = new Uint8Array(SCALE_ROWS + 1);
    let [peak, bytes, rest] = [0, 0, ''];
    for await (const chunk of answer) {
      bytes += (chunk as Buffer).length;
      const lines = (rest + (chunk as Buffer).toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) times[Number.parseInt(line) || 0]! += 1;
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    expect(rest).toBe('');
    return { times, bytes, peak };
  };
  const ONCE = new Uint8Array(SCALE_ROWS + 1).fill(1);

  it('B346: hold every machine once, with flat memory', async () => {
    await readFileThrough(await open());
    const before = process.memoryUsage().rss;
    const started = performance.now();
    const { times, bytes, peak } = await numbersIn(await open());
    const seconds = (performance.now() - started) / 1_000;
    const growth = Math.max(0, peak - before);
    process.stdout.write(
      `${SCALE_ROWS} machines, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s; memory grew by ` +
        `${(growth / 1e6).toFixed(0)} MB.\n`,
    );
    // The row of headings counts as number 0.
    expect(Buffer.compare(times, ONCE)).toBe(0);
    expect(growth).toBeLessThan(120_000_000);
  }, 120_000);

  it('hold every machine once even when all of them change meanwhile', async () => {
    const answer = await open();
    await database.dataSource.query(`update device set name = reverse(name), last_seen_at = now()`);
    const { times } = await numbersIn(answer);
    expect(Buffer.compare(times, ONCE)).toBe(0);
  }, 120_000);

  it('cost no connection while readers read nothing', async () => {
    const counted = await countDevicesRead(database.dataSource);
    const stalled = await Promise.all(Array.from({ length: CONNECTIONS * 3 }, open));
    try {
      await quiet();
      expect(await counted.reads()).toBeLessThan(stalled.length * SCALE_ROWS);
      const started = performance.now();
      expect((await fetch(`${web.url}/api/v1/devices?limit=1`)).status).toBe(200);
      expect(performance.now() - started).toBeLessThan(1_000);
    } finally {
      for (const answer of stalled) answer.destroy();
      await quiet();
      await counted.stop();
    }
  }, 60_000);

  it('B347: end when the reader leaves', async () => {
    const READERS = CONNECTIONS * 3;
    const counted = await countDevicesRead(database.dataSource);
    try {
      for (let reader = 0; reader < READERS; reader++) {
        const answer = await open();
        await new Promise((resolve) => answer.once('data', resolve));
        answer.destroy();
      }
      await quiet();
      expect(await counted.reads()).toBeLessThan((READERS * SCALE_ROWS) / 2);
    } finally {
      await counted.stop();
    }
    // Whoever comes next gets all of it.
    expect(await readFileThrough(await open())).toMatchObject({ whole: true });
  }, 60_000);

  it('are cut off when they fail midway, and the log says so', async () => {
    let counted = await countDevicesRead(database.dataSource, 2_500);
    try {
      const answer = await open();
      const { bytes, whole } = await readFileThrough(answer);
      expect([answer.statusCode, bytes > 30_000, whole]).toEqual([200, true, false]);
      const lines = web.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines).toContainEqual(
        expect.objectContaining({ level: 'error', name: 'Exports', request: answer.headers['x-request-id'] }),
      );
      await counted.stop();
      // What the failed file still had under way would be counted for the next.
      await quiet();
      counted = await countDevicesRead(database.dataSource, 2_500);
      // HTTP/1.0 has no last chunk that could be missing; there the connection is reset.
      expect(await readPlainly()).toBe('ECONNRESET');
    } finally {
      await counted.stop();
    }
    expect(await readPlainly()).toBe('ended');
    expect(await readFileThrough(await open())).toMatchObject({ whole: true });
  });
});
