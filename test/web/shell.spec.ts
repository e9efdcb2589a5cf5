import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { entraIdOf, insertEstate, insertRuns } from '../support/estate-rows.js';
import { apiHeaders, pageSession } from '../support/signed-in-fetch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

describe('the web shell', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 30, devices: 60 });
    await insertRuns(database.dataSource);
    web = await startTestWeb(database, { environment: { LOG_LEVEL: 'debug' } });
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  /** Sends these bytes and returns all that comes back. */
  const raw = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(web.url);
      const socket = net.connect(Number(port), hostname, () => socket.write(bytes));
      let received = '';
      socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
      socket.on('close', () => resolve(received));
      socket.on('error', reject);
    });
  /** The same bytes from somebody who may do everything. */
  const signedIn = async (bytes: string): Promise<string> => {
    const { authorization } = await apiHeaders(web.url);
    const cookie = (await pageSession(web.url))?.cookie ?? '';
    const credentials = `authorization: ${authorization}\r\ncookie: ${cookie}\r\n`;
    return bytes.replace('connection: close\r\n', `connection: close\r\n${credentials}`);
  };
  const plain = (path: string, host = '127.0.0.1'): string =>
    `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;

  it('listens on this machine only', () => expect(web.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/));

  it.each([
    ['a page', plain('/status'), 200],
    ['an answer', plain('/api/v1/people'), 200],
    ['a file', plain('/health/live'), 200],
    ['an unknown address', plain('/nothing'), 404],
    ['a wrong parameter', plain('/api/v1/people?x=1'), 400],
    ['an unreadable address', plain('/%zz'), 400],
    ['too long a parameter', plain(`/api/v1/people/${'1'.repeat(200)}`), 414],
    ['another host', plain('/', 'evil.example'), 421],
    ['no host', 'GET / HTTP/1.0\r\n\r\n', 421],
    ['two hosts', 'GET / HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\nconnection: close\r\n\r\n', 421],
    ['no HTTP', 'HELLO\r\n\r\n', 400],
    ['too many headers', `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['an address of another site', plain('http://evil.example/'), 421],
  ])('protects the answer to %s', async (_what, bytes, status) => {
    const answer = await raw(await signedIn(bytes));
    const [head = ''] = answer.toLowerCase().split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^http/1\\.1 ${status} `));
    expect(head).toContain("content-security-policy: default-src 'none'");
    expect(head).toContain('x-content-type-options: nosniff');
    expect(head).toContain('x-frame-options: deny');
    expect(head).toContain('cache-control: no-store');
    expect(head).toMatch(/x-request-id: [a-z0-9-]{36}/);
    expect(head).not.toMatch(/x-powered-by|^server:/m);
  });

  it('carries a harmless request id through, and makes one instead of a harmful one', async () => {
    const ask = async (id: string): Promise<string | null> =>
      (await fetch(`${web.url}/api/v1/people/0`, { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await ask('Abc-123')).toBe('Abc-123');
    for (const harmful of ['a b', 'a"b', 'ä', 'a'.repeat(65), '{}', 'a;b']) {
      expect(await ask(harmful)).toMatch(/^[0-9a-f-]{36}$/);
    }
    const problem = await fetch(`${web.url}/api/v1/people/0`, { headers: { 'x-request-id': 'Trace-1' } });
    expect(await problem.json()).toMatchObject({ instance: 'Trace-1' });
  });

  it('logs a line for each request, with the pattern of the route and nothing about who asked for what', async () => {
    const before = web.logLines.length;
    await fetch(`${web.url}/api/v1/devices/7`, { headers: { 'x-request-id': 'Logged-1' } });
    await fetch(`${web.url}/search?q=Shah`);
    await fetch(`${web.url}/secret-path`);
    await delay(50);
    const lines = web.logLines.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = lines.filter(({ msg }) => msg === 'request');
    expect(requests).toMatchObject([
      { method: 'GET', route: '/api/v1/devices/:id', status: 200, request: 'Logged-1' },
      { route: '/search', status: 200 },
      { route: 'unmatched', status: 404 },
    ]);
    for (const { milliseconds } of requests) expect(typeof milliseconds).toBe('number');
    expect(JSON.stringify(lines)).not.toMatch(/Shah|secret-path|devices\/7|127\.0\.0\.1|user-agent/i);
  });

  it('tells monitoring how fresh the data is, without calling itself broken', async () => {
    const answer = await fetch(`${web.url}/health/sync`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      status: 'needs attention',
      sources: {
        users: { state: 'held', held: 3 },
        'entra-devices': { state: 'current', held: 0 },
        'managed-devices': { state: 'running' },
        'windows-readiness': { state: 'not-allowed' },
        autopilot: { state: 'paused' },
      },
    });
  });

  it('shows what the directory says as text, whatever it says', async () => {
    const attack = `<img src=x onerror="alert(1)">{{7*7}}\u202e`;
    await database.dataSource.query(
      'update person set display_name = $1, job_title = $1, department = $1 where id = 3',
      [attack],
    );
    await database.dataSource.query(
      `update device set name = $1, model = $1, serial_number = $1, user_entra_id = '${entraIdOf(3)}' where id = 3`,
      [attack],
    );
    await database.dataSource.query(`update sync_hold set reason = $1`, [attack]);
    await database.dataSource.query(`update sync_run set error_message = $1, error_fix = $1, note = $1`, [attack]);
    await database.dataSource.query(`update sync_quarantine set reason = $1, field = $1, external_id = $1`, [attack]);
    for (const path of [
      '/status',
      `/search?q=${encodeURIComponent(attack)}`,
      '/search?q=%3Cimg',
      '/sync',
      '/sync/runs/2',
      '/sync/runs/3',
    ]) {
      const page = await (await fetch(web.url + path)).text();
      expect([path, page.includes('<img'), page.includes('49\u202e')]).toEqual([path, false, false]);
      // A character that turns the writing direction around stays inside its own element.
      for (const [, after] of page.matchAll(/>[^<]*\u202e([^<]*<\/?\w+)/g)) {
        expect([path, after]).toEqual([path, expect.stringMatching(/^[\s\S]{0,40}<\/(bdi|title|code|strong)$/)]);
      }
    }
  });
});
