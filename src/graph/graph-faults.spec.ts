import { FakeTime } from '../../test/support/fake-time.js';
import {
  drip,
  endless,
  failed,
  json,
  page,
  raw,
  ScriptedGraph,
  send,
  silence,
  type Answer,
} from '../../test/support/scripted-graph.js';
import { GraphClient, type GraphClientOptions } from './graph-client.js';
import { GraphFailure } from './graph-errors.js';
import type { GraphLaneName } from './graph-lane.js';
import { GraphMeter } from './graph-meter.js';

const CONTENT = 'Content-Type: application/json\r\n';

describe('faults of the network and the service', () => {
  let time: FakeTime;
  let graph: ScriptedGraph;
  let client: GraphClient;
  let meter: GraphMeter;
  let log: string[];

  beforeEach(async () => {
    time = new FakeTime();
    meter = new GraphMeter();
    log = [];
    graph = await ScriptedGraph.start(() => time.now());
    client = makeClient();
  });

  afterEach(async () => {
    await client.onModuleDestroy();
    await graph.stop();
  });

  function makeClient(options: GraphClientOptions = {}): GraphClient {
    return new GraphClient(() => graph.settings(), { timings: time, log: (line) => log.push(line), ...options });
  }

  const get = (path = '/me', more: { lane?: GraphLaneName; deadline?: number } = {}): Promise<unknown> =>
    client.get(path, { permission: 'User.Read.All', lane: 'directory', meter, ...more });

  async function failureOf(work: Promise<unknown>): Promise<GraphFailure> {
    const failure = await work.then(
      () => null,
      (error: unknown) => error,
    );
    if (!(failure instanceof GraphFailure)) throw new Error(`not a GraphFailure: ${String(failure)}`);
    return failure;
  }

  async function until(condition: () => boolean): Promise<void> {
    for (let n = 0; n < 500 && !condition(); n += 1) await new Promise((resolve) => setTimeout(resolve, 4));
  }

  const waits = (): number[] => graph.reads.slice(1).map(({ at }, n) => at - (graph.reads[n]?.at ?? 0));
  const throttled = (headers: Record<string, string> = {}): Answer => failed(429, 'TooManyRequests', headers);
  const fine = json({ id: 1 });

  it('F-01 429 with Retry-After: 30 stops every reader of the same service, and only that one', async () => {
    graph.on('/me', throttled({ 'retry-after': '30' }), fine);
    graph.on('/other', fine).on('/deviceManagement', fine);
    const started = time.now();

    const wake = time.hold();
    const first = get('/me');
    await until(() => log.length > 0);
    const others = get('/other');
    await get('/deviceManagement', { lane: 'intune' });
    wake();
    await Promise.all([first, others]);

    const at = (path: string): number[] => graph.reads.filter((r) => r.path.endsWith(path)).map((r) => r.at - started);
    expect(at('/me')[1]).toBeGreaterThanOrEqual(30_000);
    expect(at('/other')[0]).toBeGreaterThanOrEqual(30_000);
    expect(at('/deviceManagement')).toEqual([0]);
    expect(meter).toMatchObject({ requests: 4, retries: 1 });
    expect(meter.throttledMilliseconds).toBeGreaterThanOrEqual(30_000);
  });

  it('F-02 429 with an HTTP date counts from the Date of the answer, not from the local clock', async () => {
    const theirs = Date.parse('2026-11-23T09:10:00Z');
    graph.on(
      '/me',
      throttled({
        date: new Date(theirs).toUTCString(),
        'retry-after': new Date(theirs + 45_000).toUTCString(),
      }),
      fine,
    );

    await get();

    expect(waits()).toEqual([45_000]);
  });

  it.each([
    ['in the past', 'Mon, 23 Nov 2020 08:59:00 GMT'],
    ['negative', '-1'],
    ['zero', '0'],
    ['empty', ''],
    ['garbage', 'garbage'],
    ['under a second', '0.001'],
  ])('F-03 Retry-After %s never retries at once', async (_words, value) => {
    graph.on('/me', throttled({ 'retry-after': value }), fine);

    await get();

    expect(waits()[0]).toBeGreaterThanOrEqual(1_000);
    expect(waits()[0]).toBeLessThanOrEqual(2_000);
  });

  it.each(['1e9', '1000000000'])('F-03 a huge Retry-After (%s) gives up instead', async (value) => {
    graph.on('/me', throttled({ 'retry-after': value }), fine);

    expect(await failureOf(get())).toMatchObject({ code: 'throttled', retryAfterSeconds: 1e9, status: 429 });
    expect(graph.reads).toHaveLength(1);
  });

  it('F-04 Retry-After: 600 is waited out in full, decimals included', async () => {
    graph.on('/me', throttled({ 'retry-after': '600' }), throttled({ 'retry-after': '2.128' }), fine);

    await get();

    expect(waits()).toEqual([600_000, 2_128]);
  });

  it('F-04 Retry-After beyond the deadline of the run ends the read at once, for everybody on the service', async () => {
    graph.on('/me', throttled({ 'retry-after': '600' })).on('/other', fine);
    const deadline = time.now() + 300_000;

    expect(await failureOf(get('/me', { deadline }))).toMatchObject({ code: 'throttled', retryAfterSeconds: 600 });
    expect(time.sleeps).toEqual([]);
    expect(graph.reads).toHaveLength(1);
  });

  it('F-04 a reader that joins a pause longer than its own time is told so without asking', async () => {
    graph.on('/me', throttled({ 'retry-after': '600' }), fine).on('/other', fine);
    const wake = time.hold();
    const first = get('/me');
    await until(() => log.length > 0);

    expect(await failureOf(get('/other', { deadline: time.now() + 1_000 }))).toMatchObject({ code: 'throttled' });
    wake();
    await first;
    expect(graph.reads.filter(({ path }) => path.endsWith('/other'))).toHaveLength(0);
  });

  it('F-05 429 without Retry-After backs off in growing steps', async () => {
    const intune: Answer = json({ error: { code: 'TooManyRequests', message: 'An error.', details: [] } }, {}, 429);
    graph.on('/me', ...Array.from({ length: 10 }, () => intune), fine);

    await get();

    expect(waits()).toEqual([1_500, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 150_000, 150_000]);
  });

  it('F-06 throttling without end gives up within the window and says how long was asked for', async () => {
    graph.on('/me', throttled({ 'retry-after': '120' }));

    expect(await failureOf(get())).toMatchObject({ code: 'throttled', retryAfterSeconds: 120 });
    expect(graph.reads.length).toBeLessThanOrEqual(25);
  });

  it('F-07 twenty gateway failures in a row are waited out', async () => {
    const html = send(504, '<html>Gateway timeout</html>', { 'content-type': 'text/html' });
    const kinds = [failed(500, 'UnknownError'), send(502, ''), failed(503, 'Busy', { 'retry-after': '7' }), html];
    graph.on('/me', ...Array.from({ length: 20 }, (_, n) => kinds[n % 4] as Answer), fine);

    expect(await get()).toEqual({ id: 1 });
    expect(graph.reads).toHaveLength(21);
    expect(waits().filter((wait) => wait === 7_000)).toHaveLength(5);
    expect(Math.min(...waits())).toBeGreaterThanOrEqual(1_000);
  });

  it('F-07 gateway failures without end give up', async () => {
    graph.on('/me', send(502, ''));

    expect(await failureOf(get())).toMatchObject({ code: 'temporary', status: 502 });
    expect(graph.reads).toHaveLength(25);
  });

  it.each([501, 400, 404])('F-08 %i is asked once and not retried', async (status) => {
    graph.on('/me', failed(status, 'Request_BadRequest'));

    expect(await failureOf(get())).toMatchObject({ code: 'contract_broken', status, graphCode: 'Request_BadRequest' });
    expect(graph.reads).toHaveLength(1);
  });

  it.each([
    [
      'F-09 a connection reset in the middle of the body',
      `HTTP/1.1 200 OK\r\n${CONTENT}Content-Length: 99\r\n\r\n{"id"`,
      'reset',
    ],
    ['F-09 a connection reset before any answer', '', 'reset'],
    [
      'F-10 a body shorter than its Content-Length',
      `HTTP/1.1 200 OK\r\n${CONTENT}Content-Length: 100\r\n\r\n{"value":[]}`,
      'end',
    ],
    [
      'F-10 a chunked body without its last chunk',
      `HTTP/1.1 200 OK\r\n${CONTENT}Transfer-Encoding: chunked\r\n\r\n8\r\n{"id":1}\r\n`,
      'end',
    ],
    [
      'F-11 JSON cut short where the connection ends',
      `HTTP/1.1 200 OK\r\n${CONTENT}Connection: close\r\n\r\n{"value":[{"id":`,
      'end',
    ],
    ['F-11 no body where the connection ends', `HTTP/1.1 200 OK\r\n${CONTENT}Connection: close\r\n\r\n`, 'end'],
  ] as const)('%s is read again', async (_words, bytes, then) => {
    graph.on('/me', raw(bytes, then), raw(bytes, then), fine);

    expect(await get()).toEqual({ id: 1 });
    expect(graph.reads).toHaveLength(3);
    expect(Math.min(...waits())).toBeGreaterThanOrEqual(1_000);
  });

  it('F-11 JSON that stays cut short ends as temporary', async () => {
    graph.on('/me', raw(`HTTP/1.1 200 OK\r\n${CONTENT}Connection: close\r\n\r\n{"value":[`, 'end'));

    expect(await failureOf(get())).toMatchObject({ code: 'temporary', status: 200 });
  });

  it.each<[string, Answer, RegExp]>([
    ['HTML with 200', send(200, '<html>Sign in</html>', { 'content-type': 'text/html; charset=utf-8' }), /text\/html/],
    ['204 without a body', (_request, response) => response.writeHead(204).end(), /no content type/],
    [
      'another content type',
      send(200, '{"value":[]}', { 'content-type': 'application/octet-stream' }),
      /application\/octet-stream/,
    ],
    ['an error with 200', json({ error: { code: 'InternalError', message: 'x' } }), /InternalError/],
    ['a list instead of an object', json([1]), /not a JSON object/],
  ])('F-13 %s fails once, naming it', async (_words, answer, named) => {
    graph.on('/me', answer);

    const failure = await failureOf(get());

    expect(failure.code).toBe('contract_broken');
    expect(failure.message).toMatch(named);
    expect(graph.reads).toHaveLength(1);
  });

  it('F-14 an answer that drips is ended by the time for the whole call', async () => {
    client = makeClient({ policy: { transferMilliseconds: 700 } });
    graph.on('/me', drip(20));
    const started = performance.now();

    expect(await failureOf(get())).toMatchObject({ code: 'temporary' });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(graph.reads).toHaveLength(1);
  });

  it('F-14 a drip is ended by the deadline of the run too', async () => {
    graph.on('/me', drip(20));

    expect(await failureOf(get('/me', { deadline: time.now() + 200 }))).toMatchObject({ code: 'temporary' });
  });

  it('sends nothing once the time for the run is over', async () => {
    graph.on('/me', fine);

    expect(await failureOf(get('/me', { deadline: time.now() }))).toMatchObject({ code: 'temporary' });
    expect(graph.reads).toHaveLength(0);
  });

  it('logs each repeated attempt with both request ids', async () => {
    graph.on('/me', failed(503, 'Busy', { 'request-id': 'theirs' }), fine);

    await get();

    expect(log).toHaveLength(1);
    expect(log[0]).toContain('theirs');
    expect(log[0]).toContain(String(graph.reads[0]?.headers['client-request-id']));
  });

  it('F-15 no answer at all is ended', async () => {
    client = makeClient({ policy: { transferMilliseconds: 700 } });
    graph.on('/me', silence());

    expect(await failureOf(get())).toMatchObject({ code: 'temporary' });
  });

  it('F-15 a connection that falls silent is given up and tried anew', async () => {
    client = makeClient({ limits: { headersMilliseconds: 800, bodyMilliseconds: 800 } });
    graph.on('/me', silence(), raw(`HTTP/1.1 200 OK\r\n${CONTENT}Content-Length: 99\r\n\r\n{`, 'hold'), fine);

    expect(await get()).toEqual({ id: 1 });
    expect(graph.reads).toHaveLength(3);
  });

  it('an endless answer is cut off and not asked for again', async () => {
    client = makeClient({ limits: { maximumBytes: 1_000_000 } });
    graph.on('/me', endless());

    expect(await failureOf(get())).toMatchObject({ code: 'contract_broken' });
    expect(graph.reads).toHaveLength(1);
  });

  it('a refused connection is retried, then temporary', async () => {
    const { origin } = graph;
    await get().catch(() => undefined);
    await graph.stop();

    const failure = await failureOf(client.get('/me', { permission: 'x', lane: 'directory', meter }));

    expect(failure.code).toBe('temporary');
    expect(failure.message).toContain('ECONNREFUSED');
    expect(failure.message).not.toContain(origin.replace('https://', ''));
    graph = await ScriptedGraph.start();
  });

  it('no failure and no log line carries a token, a secret, an address or what Microsoft says about people', async () => {
    const answers = [401, 403, 404, 410, 429, 500].map((status) =>
      failed(status, 'Some_Code', {}, 'alex@contoso.example'),
    );
    client = makeClient({ policy: { maximumAttempts: 2 } });
    for (const [n, answer] of answers.entries()) graph.on(`/e${n}?secret=query`, answer);

    for (const n of answers.keys()) {
      const failure = await failureOf(get(`/e${n}?secret=query`));
      const shown = JSON.stringify([failure.message, failure.fix, failure.stack, { ...failure }]);
      expect(shown).not.toMatch(/signature|eyJ|not-a-real-credential|secret=query|127\.0\.0\.1|contoso/);
      expect(failure.fix).not.toBe('');
    }
    expect(log.length).toBeGreaterThan(0);
    expect(log.join()).not.toMatch(/signature|eyJ|not-a-real-credential|secret=query|127\.0\.0\.1|contoso/);
  });

  it('counts what a read has cost', async () => {
    graph.on('/users?$top=5', json({ value: [] }, { 'x-ms-throttle-limit-percentage': '0.9' }));
    graph.on('/devices', json({ value: [] }, { 'x-ms-resource-unit': '7' }));

    await get('/users?$top=5');
    await get('/devices');

    expect(meter).toMatchObject({
      requests: 2,
      retries: 0,
      resourceUnits: 1 + 7,
      bytes: 24,
      throttleLimitPercentage: 0.9,
    });
  });

  it('reads a count in plain text', async () => {
    graph.on('/users/$count', send(200, '\uFEFF3500', { 'content-type': 'text/plain' }), page([]));
    const options = { permission: 'User.Read.All', lane: 'directory', meter } as const;

    expect(await client.count('/users/$count', options)).toBe(3500);
    expect(graph.reads[0]?.headers.consistencylevel).toBe('eventual');
    expect(await failureOf(client.count('/users/$count', options))).toMatchObject({ code: 'contract_broken' });
  });
});
