import type { OpenAPIObject } from '@nestjs/swagger';
import { unescapeCsvText } from '../../src/common/csv.js';
import type { Page } from '../../src/common/paging.js';
import { countDevicesRead } from '../support/counted-devices.js';
import { rowsOfCsv } from '../support/csv-file.js';
import { HELD_SKU, insertEstate, insertRuns } from '../support/estate-rows.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

type Item = Readonly<Record<string, unknown>>;

/** How a value of the list is written, before a spreadsheet could take it for a formula. */
const written = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);

describe('exports', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 2_300, devices: 4_500 });
    await insertRuns(database.dataSource);
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const file = async (address: string): Promise<Record<string, string>[]> => {
    const answer = await fetch(web.url + address);
    expect([address, answer.status]).toEqual([address, 200]);
    return rowsOfCsv(await answer.arrayBuffer());
  };
  const list = async (address: string): Promise<{ items: Item[]; asOf: string | null }> => {
    const items: Item[] = [];
    const join = address.includes('?') ? '&' : '?';
    const isOnePage = address === '/api/v1/licences';
    for (let cursor: string | null = ''; cursor !== null;) {
      const paging = isOnePage ? '' : `${join}limit=200${cursor && `&cursor=${cursor}`}`;
      const answer = await fetch(web.url + address + paging);
      expect([address, answer.status]).toEqual([address, 200]);
      const page = (await answer.json()) as Page<Item>;
      items.push(...page.items);
      if (page.next === null) return { items, asOf: page.asOf };
      cursor = page.next;
    }
    throw new Error('A list has a last page.');
  };

  const LISTS = [
    ['people', '/api/v1/people', '?sort=id'],
    ['devices', '/api/v1/devices', '?sort=id'],
    ['licences', '/api/v1/licences', ''],
    ['sync-runs', '/api/v1/sync/runs', ''],
  ] as const;

  it.each(LISTS)('of %s has all rows of its list, value for value', async (name, route, order) => {
    const answer = await fetch(`${web.url}${route}.csv`);
    const today = new Date().toISOString().slice(0, 10);
    expect([answer.status, Object.fromEntries(answer.headers)]).toEqual([
      200,
      expect.objectContaining({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="untether-${name}-${today}.csv"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      }),
    ]);
    const rows = rowsOfCsv(await answer.arrayBuffer());
    const { items, asOf } = await list(route + order);
    const age = answer.headers.get('x-data-as-of') ?? '';
    // Runs are our own record, which is as old as the answer.
    if (route.includes('runs')) expect(Date.parse(asOf ?? '') - Date.parse(age)).toBeLessThan(5_000);
    else expect(age).toBe(asOf);
    expect(rows.map((row) => Object.values(row).map(unescapeCsvText).sort())).toEqual(
      items.map((item) =>
        Object.entries(item)
          .flatMap(([member, value]) => {
            // No custody is recorded of these machines: its six columns are empty.
            if (member === 'custody' && value === null) return Array<string>(6).fill('');
            if (member !== 'user') return [written(value)];
            const user = value as { id: number; displayName: string; entraId: string } | null;
            return [written(user?.id), written(user?.displayName), written(user?.entraId)];
          })
          .sort(),
      ),
    );
  });

  it('of the people with a licence say how each came to it', async () => {
    const route = `/api/v1/licences/${HELD_SKU}/holders`;
    const rows = await file(`${route}.csv`);
    const { items } = await list(`${route}?`);
    expect(rows).toHaveLength(766);
    expect(rows.map((row) => Number(row['Number']))).toEqual(
      items.map(({ id }) => Number(id)).sort((one, other) => one - other),
    );
    expect(rows.slice(0, 2)).toMatchObject([
      {
        'User principal name': 'p3@council.example',
        'Assigned directly': 'true',
        'Through groups': '',
        States: 'Active',
      },
      { 'User principal name': 'p6@council.example', 'Assigned directly': 'false', 'Through groups': 'group-1' },
    ]);
    const unknown = await fetch(`${web.url}/api/v1/licences/${'0'.repeat(8)}-0000-0000-0000-00000000dead/holders.csv`);
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it.each([
    '/api/v1/people?search=sm',
    '/api/v1/people?department=department 3&enabled=true',
    '/api/v1/people?userType=Guest&officeLocation=OFFICE 0',
    '/api/v1/people?presence=missing',
    '/api/v1/people?managerId=2',
    `/api/v1/people?skuId=${HELD_SKU}`,
    '/api/v1/devices?search=lt-00001',
    '/api/v1/devices?operatingSystem=ios',
    '/api/v1/devices?manufacturer=hp&model=Model 1',
    '/api/v1/devices?complianceState=noncompliant',
    '/api/v1/devices?ownership=personal&presence=missing',
    '/api/v1/devices?upgradeEligibility=notCapable',
    '/api/v1/devices?userId=12',
    '/api/v1/devices?lastSeenBefore=2026-10-30',
    '/api/v1/devices?search=nothing at all like it',
    '/api/v1/sync/runs?source=users',
    '/api/v1/sync/runs?status=failed',
    '/api/v1/sync/runs?dryRun=false',
  ])('finds what %s finds', async (address) => {
    const rows = await file(address.replace('?', '.csv?'));
    const { items } = await list(address + (address.includes('runs') ? '' : '&sort=id'));
    expect(rows.map((row) => Number(row['Number']))).toEqual(items.map(({ id }) => id));
    expect(items.length > 0).toBe(!address.includes('nothing'));
  });

  it('take exactly the filters of their lists', async () => {
    const document = (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;
    const filters = (route: string): unknown[] =>
      (document.paths[route]?.get?.parameters ?? []).filter(
        (parameter) => !['limit', 'cursor', 'sort'].includes((parameter as { name: string }).name),
      );
    for (const [, route] of LISTS) {
      const taken = (document.paths[`${route}.csv`]?.get?.parameters ?? []) as { name: string }[];
      expect(taken.map(({ name }) => name)).toContain('columns');
      expect([route, taken.filter(({ name }) => name !== 'columns')]).toEqual([route, filters(route)]);
      for (const query of ['limit=5', 'cursor=x', 'sort=id', 'format=csv', 'search=a&search=b', 'dryRun=1']) {
        const answer = await fetch(`${web.url}${route}.csv?${query}`);
        expect([route, query, answer.status]).toEqual([route, query, 400]);
        expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
        expect(answer.headers.get('content-disposition')).toBeNull();
      }
    }
  });

  it('have a row of headings even when nothing matches', async () => {
    const answer = await fetch(`${web.url}/api/v1/people.csv?search=nobody`);
    const text = Buffer.from(await answer.arrayBuffer()).toString();
    expect(text).toMatch(/^\uFEFFNumber,Name,[\w ,]+\r\n$/);
  });

  it('answer HEAD like GET without reading the rows', async () => {
    const counted = await countDevicesRead(database.dataSource);
    try {
      const head = await fetch(`${web.url}/api/v1/devices.csv`, { method: 'HEAD' });
      expect([head.status, await head.text(), await counted.reads()]).toEqual([200, '', 1]);
      const answer = await fetch(`${web.url}/api/v1/devices.csv`);
      await answer.arrayBuffer();
      expect(await counted.reads()).toBe(4_501);
      for (const name of ['content-type', 'content-disposition', 'x-data-as-of', 'cache-control']) {
        expect([name, head.headers.get(name)]).toEqual([name, answer.headers.get(name)]);
      }
      expect((await fetch(`${web.url}/api/v1/devices.csv?limit=1`, { method: 'HEAD' })).status).toBe(400);
    } finally {
      await counted.stop();
    }
  });

  it('that fail before the first row are an error like any other', async () => {
    const counted = await countDevicesRead(database.dataSource, 10);
    try {
      const answer = await fetch(`${web.url}/api/v1/devices.csv`);
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
        500,
        'application/problem+json; charset=utf-8',
        null,
      ]);
      expect(await answer.json()).toMatchObject({ title: 'Something went wrong' });
    } finally {
      await counted.stop();
    }
  });
});
