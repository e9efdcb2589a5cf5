import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WEB_LIMITS } from '../../src/database/data-source.js';
import { countDevicesRead } from '../support/counted-devices.js';
import { openFile, readFileThrough } from '../support/csv-file.js';
import { insertEstate } from '../support/estate-rows.js';
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
    web = await startTestWeb(database, { limits: { ...WEB_LIMITS, connections: CONNECTIONS } });
  }, 120_000);
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  /** Reads a file as an older proxy would; says how the connection ended. */
  const readPlainly = (): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(Number(new URL(web.url).port), '127.0.0.1');
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      socket.on('end', () => resolve('ended')).resume();
      socket.write('GET /api/v1/devices.csv HTTP/1.0\r\nHost: localhost\r\n\r\n');
    });
  const open = () => openFile(`${web.url}/api/v1/devices.csv`);
  /** Statements of the web process that are at work or hold a connection, and when the last one began. */
  const activity = async (): Promise<{ busy: number; last: string | null }> => {
    const [row] = await database.dataSource.query<{ busy: number; last: string | null }[]>(
      `select (count(*) filter (where state <> 'idle'))::int as busy, max(query_start)::text as last from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and query like '%json_agg%'`,
    );
    return row ?? { busy: 0, last: null };
  };

  it('hold every machine once, with flat memory', async () => {
    await readFileThrough(await open());
    const before = process.memoryUsage().rss;
    const started = performance.now();
    let [peak, bytes, lines, rest] = [0, 0, 0, ''];
    const numbers = new Uint8Array(SCALE_ROWS + 1);
    for await (const chunk of await open()) {
      bytes += (chunk as Buffer).length;
      const parts = (rest + (chunk as Buffer).toString('latin1')).split('\r\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        if (lines++ > 0) numbers[Number(line.slice(0, line.indexOf(',')))]! += 1;
      }
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    const seconds = (performance.now() - started) / 1_000;
    const growth = Math.max(0, peak - before);
    process.stdout.write(
      `${lines - 1} machines, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s; memory grew by ` +
        `${(growth / 1e6).toFixed(0)} MB.\n`,
    );
    expect([lines - 1, rest, numbers[0], numbers.slice(1).every((times) => times === 1)]).toEqual([
      SCALE_ROWS,
      '',
      0,
      true,
    ]);
    expect(growth).toBeLessThan(120_000_000);
  }, 120_000);

  it('cost no connection while a reader reads nothing', async () => {
    const stalled = await Promise.all(Array.from({ length: CONNECTIONS * 3 }, open));
    try {
      const started = performance.now();
      expect((await fetch(`${web.url}/api/v1/devices?limit=1`)).status).toBe(200);
      expect(performance.now() - started).toBeLessThan(5_000);
    } finally {
      for (const answer of stalled) answer.destroy();
    }
  });

  it('end when the reader leaves', async () => {
    const READERS = CONNECTIONS * 3;
    const counted = await countDevicesRead(database.dataSource);
    try {
      for (let reader = 0; reader < READERS; reader++) {
        const answer = await open();
        await new Promise((resolve) => answer.once('data', resolve));
        answer.destroy();
      }
      await delay(1_000);
      const then = await activity();
      await delay(500);
      expect(await activity()).toEqual({ busy: 0, last: then.last });
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
