import { existsSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { jest } from '@jest/globals';
import { stockEquipment, type Equipment } from '../support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

jest.setTimeout(180_000);

const SHARED = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'bad-inputs.json');

interface Case {
  readonly id: string;
  readonly area: string;
  readonly expected: string;
  readonly input: {
    readonly body?: Readonly<Record<string, unknown>>;
    readonly rawBody?: unknown;
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly method?: string;
    readonly path?: { readonly id: unknown };
    readonly query?: Readonly<Record<string, unknown>>;
    readonly rawQuery?: unknown;
  };
}

/** The project's own cases; with the shared list absent they stand for it. */
const OWN: readonly Case[] = [
  ...[null, '  ', 'a\0b', '\ud800', 7, ['x'], { $ne: null }].map((reason, index): Case => ({
    id: `own-reason-${index}`,
    area: 'api.field',
    expected: reason === null ? '400 or 201' : '400',
    input: { body: { reason } },
  })),
  ...[0, -1, 1.5, '1', true, null, 1e9].map((quantity, index): Case => ({
    id: `own-quantity-${index}`,
    area: 'api.field',
    expected: '400',
    input: { body: { quantity } },
  })),
  ...['2026-02-30', '31/12/2026', 'now', 20261123].map((neededBy, index): Case => ({
    id: `own-day-${index}`,
    area: 'api.field',
    expected: '400',
    input: { body: { neededBy } },
  })),
  ...['', '[]', '5', 'null', '{"reason":"x",}', '{"__proto__":{"isAdmin":true}}', '[['.repeat(9_000)].map(
    (rawBody, index): Case => ({ id: `own-json-${index}`, area: 'api.json', expected: '400', input: { rawBody } }),
  ),
  ...['0', '-1', '1e3', '99999999999999999999', 'NaN', '1;drop table pick'].map((id, index): Case => ({
    id: `own-id-${index}`,
    area: 'api.id',
    expected: '400 or 404',
    input: { path: { id } },
  })),
  ...['sort=pg_sleep(3)', 'limit=1e3', 'offset=5', 'cursor=e30', '__proto__=x', 'sort=id&sort=id'].map(
    (rawQuery, index): Case => ({ id: `own-list-${index}`, area: 'api.list', expected: '400', input: { rawQuery } }),
  ),
];
const shared: readonly Case[] = existsSync(SHARED) ? (JSON.parse(readFileSync(SHARED, 'utf8')) as readonly Case[]) : [];
if (shared.length === 0) process.stderr.write('The shared bad inputs are not here; only the project’s own were run.\n');
const CASES = [...OWN, ...shared];

/** Addresses of this part of the API that are read. */
const OF_REQUESTS = /^\/api\/v1\/((?:requests|approvals|stock|budgets)(?:\/.*)?)$/;

const INTERNALS = /\bat \w+ \(|node_modules|select .* from |syntax error at|QueryFailed|typeorm|violates|\/src\//i;

describe('bad values at the routes of requests and stock', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let equipment: Equipment;
  let manager: string;
  let desk: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource);
    web = await startTestWeb(database);
    manager = await web.tokenFor({ person: equipment.manager });
    desk = await web.tokenFor({ roles: ['administrator', 'stock-holder', 'approver'] });
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });

  const stored = async (): Promise<string> =>
    JSON.stringify(
      await database.dataSource.query(
        `select (select count(*) from equipment_request) as requests, (select count(*) from request_line) as lines,
                (select md5(string_agg(level::text, '|' order by id)) from stock_level as level) as levels`,
      ),
    );
  /** Sends the bytes as they are. @returns the status, after what every answer must keep to was checked */
  async function send(
    method: string,
    address: string,
    token: string,
    body: string | null,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const begun = performance.now();
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const { hostname, port } = new URL(web.url);
      const outgoing = httpRequest(
        {
          hostname,
          port,
          agent: false,
          method,
          path: `/api/v1/${address}`,
          headers: { authorization: `Bearer ${token}`, ...headers },
        },
        (answer) => {
          let received = '';
          answer.on('data', (chunk: Buffer) => (received += chunk.toString()));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: received }));
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body ?? undefined);
    });
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(status).toBeLessThan(500);
    if (status >= 400) expect(text).not.toMatch(INTERNALS);
    return status;
  }
  /** Every list, and every address of one record, without what follows the number. */
  const readAddresses = (): { readonly lists: readonly string[]; readonly records: readonly string[] } => {
    const addresses = web.routes
      .filter(({ method, path: route }) => method === 'GET' && !route.endsWith('.csv'))
      .flatMap(({ path: route }) => OF_REQUESTS.exec(route)?.[1] ?? []);
    return {
      lists: addresses.filter((address) => !address.includes(':')),
      records: addresses.filter((address) => address.endsWith('/:id')).map((address) => address.replace('/:id', '')),
    };
  };
  it('knows the routes', () => {
    const { lists, records } = readAddresses();
    expect(lists).toEqual(expect.arrayContaining(['requests', 'approvals', 'stock/levels', 'budgets/cost-centres']));
    expect(records).toEqual(expect.arrayContaining(['requests', 'approvals', 'stock/picks', 'budgets/cost-centres']));
  });
  const of = (area: string): (readonly [string, Case])[] =>
    CASES.filter((each) => each.area === area).map((each) => [each.id, each] as const);

  it.each(of('api.field'))('%s: in a field of a request', async (_id, { input, expected }) => {
    for (const [field, value] of Object.entries(input.body ?? {})) {
      const before = await stored();
      const status = await send('POST', 'requests', manager, JSON.stringify(bodyWith(field, unpack(value))), {
        'content-type': 'application/json',
      });
      const mayBeTaken = /\b20[01]\b|same person|U\+FFFD|NEVER true|documented/.test(expected);
      expect({ field, status, isRight: (mayBeTaken && status === 201) || [400, 413, 422].includes(status) }).toEqual({
        field,
        status,
        isRight: true,
      });
      if (status >= 400) expect(await stored()).toBe(before);
    }
  });

  it.each(of('api.json'))('%s: as the body of a request', async (_id, { input, expected }) => {
    const before = await stored();
    const { method = 'POST', rawBody, contentType = 'application/json', headers } = input;
    const body =
      rawBody === undefined
        ? JSON.stringify(
            Object.fromEntries(Object.entries(input.body ?? {}).map(([name, value]) => [name, unpack(value)])),
          )
        : String(unpack(rawBody));
    const status = await send(method, 'requests', manager, method === 'TRACE' ? null : body, {
      'content-type': contentType,
      ...headers,
    });
    const right = [...expected.matchAll(/\b[45]\d\d\b/g)].map(([each]) => Number(each));
    // What a request with nothing but a reason is: a draft.
    const mayBeTaken = /same as without|ignored|last|20[01]/.test(expected);
    expect({
      status,
      isRight:
        right.includes(status) ||
        status === 422 ||
        (mayBeTaken && status === 201) ||
        (right.includes(400) && [404, 405].includes(status)),
    }).toEqual({ status, isRight: true });
    if (status >= 400) expect(await stored()).toBe(before);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it.each(of('api.id'))('%s: as the number of a record', async (_id, { input }) => {
    const text = String(unpack(input.path?.id ?? '0'));
    const segment = /%[0-9a-f]{2}/i.test(text) ? text : encodeURIComponent(text);
    for (const record of readAddresses().records) {
      const status = await send('GET', `${record}/${segment}`, desk, null);
      expect([record, status, [200, 400, 404, 405, 414].includes(status)]).toEqual([record, status, true]);
    }
  });

  it.each(of('api.list'))('%s: as the question of a list', async (_id, { input, expected }) => {
    const query =
      input.rawQuery === undefined
        ? Object.entries(input.query ?? {})
            .map(([name, value]) => `${name}=${encodeURIComponent(String(unpack(value)))}`)
            .join('&')
        : String(unpack(input.rawQuery));
    const refused = !/\b200\b/.test(expected);
    for (const list of readAddresses().lists) {
      const status = await send('GET', `${list}?${query}`, desk, null);
      const right = refused ? [400, 414, 431] : [200, 400, 414, 431];
      expect([list, status, right.includes(status)]).toEqual([list, status, true]);
    }
  });

  /** A valid request with one field replaced, by the names of the list of bad inputs. */
  function bodyWith(field: string, value: unknown): object {
    const line = { beneficiaryEntraId: equipment.team[0], productId: equipment.products.headset, quantity: 1 };
    const body = { site: 'Civic Centre', lines: [line] };
    if (field === 'quantity') return { ...body, lines: [{ ...line, quantity: value }] };
    if (field === 'modelId') return { ...body, lines: [{ ...line, productId: value }] };
    if (field === 'beneficiaryEmail') return { ...body, lines: [{ ...line, beneficiaryEntraId: value }] };
    if (field === 'urgent') return { ...body, byWorkStyle: value };
    return { ...body, [field]: value };
  }
});

/** Writes out the shorthand for text that repeats. */
function unpack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { $repeat, $nest, close = '', $repeatItem, times = 0 } = value as Record<string, string> & { times?: number };
  if ($nest !== undefined) return $nest.repeat(times) + close.repeat(times);
  if ($repeatItem !== undefined) return Array.from({ length: times }, () => $repeatItem);
  return $repeat === undefined ? value : $repeat.repeat(times);
}
