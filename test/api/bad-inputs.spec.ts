import { existsSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { insertEstate } from '../support/estate-rows.js';
import type { TestSession } from '../support/sign-in.js';
import { apiHeaders } from '../support/signed-in-fetch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

/** What is sent to the server, to the byte. */
interface BadInput {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Sent by nobody; everything else is sent by somebody who may do everything. */
  readonly isAnonymous?: boolean;
  /** Statuses that are right. */
  readonly allowed: readonly number[];
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly milliseconds: number;
}

const get = (id: string, address: string, allowed: readonly number[]): BadInput => ({
  id,
  method: 'GET',
  path: address,
  headers: {},
  body: null,
  allowed,
});
const list = (id: string, query: string, allowed: readonly number[]): BadInput =>
  get(id, `/api/v1/devices?${query}`, allowed);

/** The project's own cases; they run everywhere. */
const OWN: readonly BadInput[] = [
  ...[
    '0',
    '-1',
    '1e3',
    '1.0',
    '01',
    '+1',
    '1%20',
    '%201',
    '0x1',
    '1%00',
    '1%0a',
    '%ef%bc%91',
    'NaN',
    'null',
    'true',
  ].map((id, index) => get(`id-${index}`, `/api/v1/devices/${id}`, [400])),
  get('id-largest', '/api/v1/devices/2147483647', [404]),
  get('id-too-large', '/api/v1/devices/2147483648', [400]),
  get('id-huge', '/api/v1/devices/99999999999999999999', [400]),
  get('id-long', `/api/v1/devices/${'9'.repeat(5_000)}`, [414]),
  get('id-encoded', '/api/v1/devices/%31', [200]),
  get('id-traversal', '/api/v1/devices/..%2f..%2fetc%2fpasswd', [400, 404]),
  get('id-bad-escape', '/api/v1/devices/%zz', [400]),
  get('id-bad-utf8', '/api/v1/devices/%ff', [400]),
  get('id-array', '/api/v1/people/1,2', [400]),
  get('sku-braces', '/api/v1/licences/%7B05e9a617-0261-4cee-bb44-138d3ef5d965%7D/holders', [400]),
  get('sku-undashed', '/api/v1/licences/05e9a61702614ceebb44138d3ef5d965/holders', [400]),
  get('asset-traversal', '/assets/0000000000000000/..%2f..%2fpackage.json', [404]),
  get('page-traversal', '/../../package.json', [404]),
  list('sort-sql', 'sort=name;drop%20table%20device', [400]),
  list('sort-function', 'sort=pg_sleep(3)', [400]),
  list('sort-property', 'sort=constructor', [400]),
  list('sort-twice', 'sort=name&sort=id', [400]),
  list('name-constructor', 'constructor=x', [400]),
  list('name-proto', '__proto__=x', [400]),
  list('name-nested', 'search[$ne]=x', [400]),
  list('name-array', 'search[]=x', [400]),
  list('name-unknown', 'offset=5', [400]),
  list('name-case', 'Limit=5', [400]),
  ...['0', '201', '-5', '1e2', '1.5', '', '%2050', '0x10', '99999999999999999999', 'ten', '%D9%A1'].map(
    (limit, index) => list(`limit-${index}`, `limit=${limit}`, [400]),
  ),
  ...[
    'not-a-cursor',
    'e30',
    'W10',
    'bnVsbA',
    '%00',
    'a'.repeat(5_000),
    cursor(['name', 5, 1]),
    cursor(['id', 'x', 1]),
  ].map((value, index) => list(`cursor-${index}`, `cursor=${value}`, [400])),
  list('cursor-no-number', `sort=id&cursor=${cursor(['id', "1'; select 1", 1])}`, [400]),
  list('cursor-no-date', `sort=lastSeen&cursor=${cursor(['lastSeen', '2026-02-30T00:00:00.000000Z', 1])}`, [400]),
  list('cursor-infinity', `sort=lastSeen&cursor=${cursor(['lastSeen', 'infinity', 1])}`, [400]),
  list('cursor-nul', `cursor=${cursor(['name', 'a\0', 1])}`, [400]),
  list('cursor-surrogate', `cursor=${cursor(['name', '\ud800', 1])}`, [200, 400]),
  list('cursor-id', `cursor=${cursor(['name', 'a', 1e300])}`, [400]),
  list('cursor-sql', `cursor=${cursor(['name', "' or 1=1 --", 1])}`, [200]),
  ...['%', '_', '\\', "'", '"', '(a%2B)%2B$', '%E2%80%AEgnp', '%3Cscript%3E', '${7*7}', '{{7*7}}', '%FF%FE', '%25'].map(
    (text, index) => list(`search-${index}`, `search=${text}`, [200]),
  ),
  list('search-nul', 'search=a%00b', [400]),
  list('search-newline', 'search=a%0d%0ab', [400]),
  list('search-blank', 'search=%20%20', [400]),
  list('search-long', `search=${'a'.repeat(201)}`, [400]),
  list('search-emoji', `search=${encodeURIComponent('😀'.repeat(100))}`, [200]),
  ...[
    '2026-02-30',
    '2026-13-01',
    'infinity',
    'now',
    '0',
    '2026-03-29T01:30:00',
    '%2B275760-09-13T00:00:00.001Z',
    '20261123',
  ].map((date, index) => list(`date-${index}`, `lastSeenBefore=${date}`, [400])),
  list('date-good', 'lastSeenBefore=2026-11-23', [200]),
  list('flag', 'presence=PRESENT', [400]),
  get('flag-number', '/api/v1/people?enabled=1', [400]),
  get('flag-word', '/api/v1/people?enabled=yes', [400]),
  get('none-taken', '/api/v1/licences?limit=5', [400]),
  get('record-takes-none', '/api/v1/devices/1?limit=5', [400]),
  list('many', 'a[]=1&'.repeat(5_000), [400, 414, 431]),
  get('page-search-array', '/search?q[]=%3Cscript%3Ealert(1)%3C/script%3E', [400]),
  get('page-search-nul', '/search?q=%00', [200]),
  get('page-search-twice', '/search?q=a&q=b', [400]),
  get('page-cursor', '/sync?cursor=nonsense', [400]),
  get('page-run', '/sync/runs/0', [400]),
  get('page-run-none', '/sync/runs/1', [404]),
  { ...get('id-header', '/api/v1/devices/1', [200]), headers: { 'x-request-id': 'a b"<script>' } },
  { ...get('host', '/api/v1/devices/1', [421]), headers: { host: 'untether.example' } },
  { ...get('host-rebinding', '/', [421]), headers: { host: '127.0.0.1.untether.example:3000' } },
  { ...get('host-name', '/health/live', [200]), headers: { host: 'localhost' } },
  { ...get('host-six', '/health/live', [200]), headers: { host: '[::1]:3000' } },
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'].map((method) => ({
    ...get(`method-${method}`, '/api/v1/devices/1', [404, 405, 501]),
    method,
  })),
  ...['{"a":', '[', '', 'null', '"x"', '[['.repeat(15_000)].map((body, index) => ({
    ...get(`body-${index}`, '/api/v1/devices', [400, 404, 405, 413, 415]),
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })),
  {
    ...get('body-large', '/api/v1/devices', [404, 405, 413]),
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify('a'.repeat(200_000)),
  },
  // A cookie of this size is refused by every kind of route, before anything is looked at (B266).
  ...[
    'GET /',
    'GET /devices',
    'GET /api/v1/devices',
    'POST /api/v1/devices/1/custody/note',
    'POST /sign-out',
    'GET /sign-in',
    'GET /health/live',
    'GET /assets/0000000000000000/untether.css',
    'GET /nothing',
  ].map((route, index): BadInput => {
    const [method = '', address = ''] = route.split(' ');
    return { ...get(`cookie-${index}`, address, [431]), method, headers: { cookie: 'a'.repeat(16_000) } };
  }),
  { ...get('cookie-usual', '/health/live', [200]), headers: { cookie: 'a'.repeat(8_000) } },
];

function cursor(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

const SHARED = path.resolve(import.meta.dirname, '..', '..', '..', 'shared', 'bad-inputs.json');

interface SharedCase {
  readonly id: string;
  readonly area: string;
  readonly expected: string;
  readonly input: {
    readonly op?: string;
    readonly path?: { readonly id: unknown };
    readonly suffix?: string;
    readonly rawPath?: string;
    readonly query?: Readonly<Record<string, unknown>>;
    readonly rawQuery?: unknown;
    readonly auth?: string;
  };
}

/** The names that the shared cases use for parameters of ours. */
const PARAMETERS: Readonly<Record<string, string>> = {
  q: 'search',
  status: 'presence',
  updatedSince: 'lastSeenBefore',
};
/** Cases about things that this API does not have; what it must do with them is refuse them. */
const REFUSED: ReadonlySet<string> = new Set(['page']);

/** Shared cases that concern reading, put into our own addresses. */
function sharedCases(): readonly BadInput[] {
  if (!existsSync(SHARED)) return [];
  const cases = JSON.parse(readFileSync(SHARED, 'utf8')) as readonly SharedCase[];
  return cases.flatMap(({ id, area, input, expected }): BadInput[] => {
    const statuses = [...expected.matchAll(/\b[1-5]\d\d\b/g)].map(([status]) => Number(status));
    if (area === 'api.id') {
      const text = unpack(input.path?.id);
      // What is a percent escape already is sent as it is; the rest is escaped as a client would.
      const segment = /%[0-9a-f]{2}/i.test(text) ? text : encodeURIComponent(text);
      const address = (input.rawPath ?? '/api/v1/assets/{id}').replace('assets', 'devices').replace('{id}', segment);
      const isAnonymous = input.auth === 'none';
      return [{ ...get(id, address + (input.suffix ?? ''), isAnonymous ? statuses : [...statuses, 400]), isAnonymous }];
    }
    if (area === 'api.list') {
      const query =
        input.rawQuery === undefined
          ? Object.entries(input.query ?? {})
              .map(([name, value]) => `${PARAMETERS[name] ?? name}=${encodeURIComponent(unpack(value))}`)
              .join('&')
          : unpack(input.rawQuery).replace(/^q=/, 'search=');
      const refused = Object.keys(input.query ?? {}).some((name) => REFUSED.has(name));
      return [
        get(id, `/api/v1/devices?${query}`, refused ? [400] : [...statuses, ...(/^a\[/.test(query) ? [431] : [])]),
      ];
    }
    return [];
  });
}

/** Writes out the shared cases' shorthand for repeated text. */
function unpack(value: unknown): string {
  if (typeof value === 'string') return value;
  const { $repeat = '', times = 0 } = value as { $repeat?: string; times?: number };
  return $repeat.repeat(times);
}

/** Words that would tell an outsider what is inside. */
const INTERNALS =
  /\bat \w+ \(|node_modules|\.[jt]s:\d+|\/(?:home|root|work|usr|tmp|etc)\/|select .* from |syntax error at|pg_|QueryFailed|typeorm|nestjs|fastify|FST_ERR|class-validator|ECONN/i;

describe('bad inputs', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let before: string;
  let session: TestSession;
  let token: { readonly authorization: string };
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 20, devices: 50 });
    web = await startTestWeb(database, { environment: { LOG_LEVEL: 'debug' } });
    session = await web.signIn('administrator');
    token = await apiHeaders(web.url);
    before = await fingerprint();
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const fingerprint = async (): Promise<string> =>
    JSON.stringify(
      await database.dataSource.query(`
        select (select md5(string_agg(person::text, '' order by id)) from person),
               (select md5(string_agg(device::text, '' order by id)) from device),
               (select count(*) from information_schema.tables where table_schema = 'public')`),
    );

  /** Sends the bytes as they are; fetch would tidy the address up first. */
  const send = ({ method, path: address, headers, body, isAnonymous }: BadInput): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      const sender = isAnonymous ? {} : address.startsWith('/api/') ? token : session.headers;
      const { hostname, port } = new URL(web.url);
      const outgoing = httpRequest(
        { hostname, port, agent: false, method, path: address, headers: { ...sender, ...headers } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              type: answer.headers['content-type'] ?? '',
              body: Buffer.concat(chunks).toString(),
              milliseconds: performance.now() - started,
            }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body ?? undefined);
    });

  const check = async (input: BadInput): Promise<void> => {
    const answer = await send(input);
    expect([input.id, input.allowed.includes(answer.status), answer.status]).toEqual([input.id, true, answer.status]);
    expect(answer.milliseconds).toBeLessThan(2_000);
    if (answer.status < 400) return;
    expect(answer.body).not.toMatch(INTERNALS);
    if (answer.type.startsWith('text/html')) {
      expect(answer.body).toMatch(/<title>[^<]+ – Untether<\/title>[\s\S]*untether\.css/);
      expect(answer.body).not.toContain('<script>alert');
      return;
    }
    // A request that HTTP itself cannot read is answered by the connection, without a document.
    if (answer.body === '') return;
    expect(answer.type).toBe('application/problem+json; charset=utf-8');
    const problem = JSON.parse(answer.body) as Record<string, unknown>;
    expect(Object.keys(problem)).toEqual(['type', 'title', 'status', 'detail', 'instance', 'errors']);
    expect(problem['status']).toBe(answer.status);
  };

  it.each(OWN.map((input) => [input.id, input] as const))('%s', (_id, input) => check(input));

  const shared = sharedCases();
  if (shared.length === 0)
    process.stderr.write('The shared bad inputs are not here; only the project’s own were run.\n');
  else it.each(shared.map((input) => [input.id, input] as const))('shared %s', (_id, input) => check(input));

  it('names the parameter that is wrong and what would be right', async () => {
    const { body } = await send(list('', 'limit=1e3&sort=serial', [400]));
    expect((JSON.parse(body) as { errors: unknown }).errors).toEqual([
      { field: 'sort', message: 'give one of name, -name, lastSeen, -lastSeen, id, -id' },
      { field: 'limit', message: 'give a whole number from 1 to 200' },
    ]);
    const unknown = await send(list('', 'ofset=1', [400]));
    expect(unknown.body).toContain('is not known here; known are');
    expect(unknown.body).toContain('lastSeenBefore');
  });

  it('V-80: leave the process, the data and the log as they were', async () => {
    const live = (await (await fetch(`${web.url}/health/live`)).json()) as { pid: number };
    expect(live.pid).toBe(process.pid);
    expect(await fingerprint()).toBe(before);
    expect(web.logLines.length).toBeGreaterThan(OWN.length);
    for (const line of web.logLines) {
      const entry = JSON.parse(line) as Record<string, unknown>;
      expect(typeof entry['time']).toBe('string');
      // Neither what was asked for nor who asked is anybody's business later.
      expect(line).not.toMatch(/script|passwd|drop table|127\.0\.0\.1|untether\.example/);
    }
  });
});
