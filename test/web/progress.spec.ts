import http from 'node:http';
import { insertRuns } from '../support/estate-rows.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

/** One open answer and all that has come of it. */
class Listener {
  text = '';
  status = 0;
  headers: http.IncomingHttpHeaders = {};
  readonly ended: Promise<void>;
  private readonly request: http.ClientRequest;

  constructor(url: string, session: Pick<TestSession, 'headers'>) {
    this.request = http.get(`${url}/sync/progress`, { headers: session.headers });
    this.ended = new Promise((resolve) => {
      this.request.on('error', () => resolve());
      this.request.on('response', (answer) => {
        this.status = answer.statusCode ?? 0;
        this.headers = answer.headers;
        answer.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
        answer.on('close', resolve);
      });
    });
  }

  get events(): { runs: { id: number; rowsRead: number; stage: string }[] }[] {
    return [...this.text.matchAll(/event: progress\ndata: (.*)\n\n/g)].map(
      ([, data = '']) => JSON.parse(data) as Listener['events'][number],
    );
  }

  async until(condition: (listener: this) => boolean, milliseconds = 10_000): Promise<void> {
    const deadline = Date.now() + milliseconds;
    while (!condition(this)) {
      if (Date.now() > deadline) throw new Error(`Not within ${milliseconds} ms: ${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  leave(): void {
    this.request.destroy();
  }
}

describe('the progress of runs', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertRuns(database.dataSource);
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });
  const readTo = (rows: number): Promise<unknown> =>
    database.dataSource.query(`update sync_run set rows_read = $1 where status = 'running'`, [rows]);

  it('comes as it happens, and only what is new', async () => {
    const listener = new Listener(web.url, await web.signIn('reviewer'));
    await listener.until(({ events }) => events.length === 1);
    expect([listener.status, listener.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(listener.headers['cache-control']).toBe('no-store');
    expect(listener.events[0]).toMatchObject({
      runs: [{ source: 'managed-devices', rowsRead: 1400, stage: 'reading' }],
    });
    await readTo(1500);
    await listener.until(({ events }) => events.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(listener.events.map(({ runs }) => runs[0]?.rowsRead)).toEqual([1400, 1500]);
    listener.leave();
  });

  it('is for those who may read the synchronisation', async () => {
    const ask = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${web.url}/sync/progress`, { headers, redirect: 'manual' })).status;
    expect(await ask({ ...(await web.signIn('engineer')).headers })).toBe(403);
    expect(await ask({ ...(await web.signIn(null)).headers })).toBe(403);
    expect([302, 303, 401]).toContain(await ask({ cookie: 'none=none' }));
  });

  it('ends for whoever loses the right to it, and goes on for the others', async () => {
    const [leaving, staying] = [await web.signIn('reviewer'), await web.signIn('service-desk')];
    const listeners = [leaving, staying].map((session) => new Listener(web.url, session));
    const [gone, kept] = listeners as [Listener, Listener];
    for (const listener of listeners) await listener.until(({ events }) => events.length > 0);
    await database.dataSource.query('update person set account_enabled = false where entra_id = $1', [leaving.entraId]);
    let isGone = false;
    void gone.ended.then(() => (isGone = true));
    await gone.until(() => isGone, 9_000);
    await readTo(1700);
    await kept.until(({ events }) => events.at(-1)?.runs[0]?.rowsRead === 1700);
    kept.leave();
  }, 30_000);

  it('ends when the process stops, which it does not hold up', async () => {
    const other = await startTestWeb(database);
    const listener = new Listener(other.url, await other.signIn('reviewer'));
    await listener.until(({ events }) => events.length > 0);
    const begun = Date.now();
    await Promise.all([other.close(), listener.ended]);
    expect(Date.now() - begun).toBeLessThan(3_000);
  });
});
