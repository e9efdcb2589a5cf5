import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { appendToAudit } from '../../src/audit/audit-trail.js';
import type { Page } from '../../src/common/paging.js';
import { Transactor } from '../../src/database/transactor.js';
import { FormFactorService } from '../../src/devices/form-factor.service.js';
import { enqueueMessages } from '../../src/notifications/outbox.service.js';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { HELD_SKU, insertEstate, insertRuns } from '../support/estate-rows.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const SNAPSHOT = path.join(import.meta.dirname, '..', 'snapshots', 'openapi.json');

describe('the API', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 300, devices: 700 });
    await insertRuns(database.dataSource);
    const transactor = new Transactor(database.dataSource);
    await new FormFactorService(transactor).classifyPending();
    await transactor.run((tx) =>
      appendToAudit(tx, { event: 'sync.paused', actor: 'command-line:root', subject: { kind: 'source', id: 'users' } }),
    );
    await transactor.run((tx) =>
      enqueueMessages(tx, [
        { event: 'test', recipient: 'nobody', template: 'booked', reference: {}, useBy: new Date() },
      ]),
    );
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });

  const get = (address: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(web.url + address, { headers });
  const read = async <T>(address: string): Promise<T> => {
    const answer = await get(address);
    expect([address, answer.status]).toEqual([address, 200]);
    return (await answer.json()) as T;
  };
  type Item = Record<string, unknown> & { id: number; name: string | null; displayName: string | null };
  const items = async (address: string): Promise<readonly Item[]> => (await read<Page<Item>>(address)).items;

  it('is described by the document that is kept as a snapshot', async () => {
    const document = await read<OpenAPIObject>('/api/openapi.json');
    if (process.env['UPDATE_SNAPSHOTS'] === '1') {
      writeFileSync(SNAPSHOT, `${JSON.stringify(document, null, 2)}\n`);
    }
    expect(document).toEqual(JSON.parse(readFileSync(SNAPSHOT, 'utf8')));
  });

  it('answers exactly what the document says', async () => {
    const document = await read<OpenAPIObject>('/api/openapi.json');
    const person = (await items('/api/v1/people?search=p30%40'))[0];
    const addresses: Record<string, string> = {
      '/api/v1/people': '/api/v1/people',
      '/api/v1/people/{id}': `/api/v1/people/${person?.id}`,
      '/api/v1/devices': '/api/v1/devices',
      '/api/v1/devices/{id}': '/api/v1/devices/1',
      '/api/v1/devices/{id}/identity': '/api/v1/devices/1/identity',
      '/api/v1/models': '/api/v1/models?state=unknown&limit=5',
      '/api/v1/leavers': '/api/v1/leavers',
      '/api/v1/search': '/api/v1/search?q=shah7&limit=5',
      '/api/v1/licences': '/api/v1/licences',
      '/api/v1/licences/{skuId}/holders': `/api/v1/licences/${HELD_SKU}/holders`,
      '/api/v1/audit': '/api/v1/audit',
      '/api/v1/sync/runs': '/api/v1/sync/runs',
      '/api/v1/sync/runs/{id}': '/api/v1/sync/runs/2',
      '/api/v1/sync/sources': '/api/v1/sync/sources',
      '/api/v1/sync/holds': '/api/v1/sync/holds',
      '/api/v1/sync/holds/{id}/items': '/api/v1/sync/holds/1/items',
      '/api/v1/sync/holds/{id}': '/api/v1/sync/holds/1',
      '/api/v1/tokens': '/api/v1/tokens',
      '/api/v1/messages': '/api/v1/messages?template=booked',
    };
    // Imports, exports, custody, decisions about identity, the rollout, networks, connection checks, requests, approvals, stock
    // and budgets have specs of their own.
    const reading = Object.keys(document.paths).filter(
      (route) =>
        document.paths[route]?.get !== undefined &&
        !/^\/api\/v1\/(import|reviews|decisions|custody|moves|rollout|network|requests|approvals|stock|budgets|me\/)|\/custody|[.]csv$/.test(
          route,
        ),
    );
    expect(reading.sort()).toEqual(Object.keys(addresses).sort());
    for (const [route, address] of Object.entries(addresses)) {
      const answer = await read<Record<string, unknown>>(address);
      expect([route, schemaViolations(answer, answerSchema(document, route))]).toEqual([route, []]);
      const found = (answer['people'] as { items?: unknown } | undefined)?.items;
      const list = found ?? answer['items'] ?? answer['records'] ?? answer['devices'] ?? answer['quarantine'];
      expect([route, (list as unknown[]).length > 0]).toEqual([route, true]);
    }
  });

  it.each(['/api/v1/people?sort=', '/api/v1/devices?sort='])('pages through every order of %s', async (list) => {
    const sorts = list.includes('people')
      ? ['name', '-name', 'id', '-id']
      : ['name', '-name', 'lastSeen', '-lastSeen', 'id', '-id'];
    const everything = list.includes('people') ? 300 : 700;
    for (const sort of sorts) {
      const seen: Item[] = [];
      let cursor: string | null = '';
      for (let pages = 0; cursor !== null && pages < 20; pages++) {
        const page: Page<Item> = await read(`${list}${sort}&limit=60${cursor ? `&cursor=${cursor}` : ''}`);
        seen.push(...page.items);
        cursor = page.next;
      }
      expect([sort, new Set(seen.map(({ id }) => id)).size, seen.length]).toEqual([sort, everything, everything]);
      const keys = seen.map((item) => keyOf(item, sort));
      const valued = keys.filter((key) => key !== null);
      const [direction] = sort.startsWith('-') ? [-1] : [1];
      expect(valued).toEqual(
        [...valued].sort((one, other) => (one < other ? -direction : one > other ? direction : 0)),
      );
      // Rows without a value come last, whichever way the list goes.
      expect(keys.slice(0, valued.length)).toEqual(valued);
    }
  });

  it('finds people by the beginning of each of their names', async () => {
    for (const search of ['asha', 'SMITH', 'p21@council', 'p21@mail']) {
      const found = await items(`/api/v1/people?search=${encodeURIComponent(search)}`);
      expect([search, found.length > 0]).toEqual([search, true]);
    }
    // Characters that LIKE would take for wildcards stand for themselves.
    for (const search of ['%', '_', '\\', "'", '(a+)+$']) {
      expect([search, await items(`/api/v1/people?search=${encodeURIComponent(search)}`)]).toEqual([search, []]);
    }
  });

  it('narrows people down by every filter', async () => {
    const all = (await items('/api/v1/people?limit=200')).length;
    expect(all).toBe(200);
    for (const [filter, fits] of [
      ['department=DEPARTMENT 3', (item) => item['department'] === 'Department 3'],
      ['officeLocation=office 4', (item) => item['officeLocation'] === 'Office 4'],
      ['enabled=false', (item) => item['accountEnabled'] === false],
      ['userType=Guest', (item) => item['userType'] === 'Guest'],
      ['presence=missing', (item) => item['presence'] === 'missing'],
      ['managerId=2', (item) => Math.floor(Number(String(item['entraId']).slice(-12)) / 10) === 2],
      [`skuId=${HELD_SKU.toUpperCase()}`, (item) => Number(String(item['entraId']).slice(-12)) % 3 === 0],
    ] as [string, (item: Item) => boolean][]) {
      const found = await items(`/api/v1/people?limit=200&${filter}`);
      expect([filter, found.length > 0, found.length < all, found.every(fits)]).toEqual([filter, true, true, true]);
    }
  });

  it('narrows devices down by every filter', async () => {
    for (const [filter, fits] of [
      ['search=lt-000000', (item) => item.name?.startsWith('LT-000000')],
      ['search=sn00000000791', (item) => String(item['serialNumber']).startsWith('SN00000000791')],
      ['search=model 1', (item) => String(item['model']).startsWith('Model 1')],
      ['operatingSystem=ios', (item) => item['operatingSystem'] === 'iOS'],
      ['manufacturer=hp', (item) => item['manufacturer'] === 'HP'],
      ['model=model 7', (item) => item['model'] === 'Model 7'],
      ['complianceState=NonCompliant', (item) => item['complianceState'] === 'noncompliant'],
      ['ownership=personal', (item) => item['ownership'] === 'personal'],
      ['upgradeEligibility=notcapable', (item) => item['upgradeEligibility'] === 'notCapable'],
      ['formFactor=phone', (item) => item['formFactor'] === 'phone' && item['superclass'] === 'other'],
      ['superclass=other', (item) => item['superclass'] === 'other'],
      ['presence=missing', (item) => item['presence'] === 'missing'],
      ['userId=12', (item) => (item['user'] as { id: number }).id === 12],
      ['lastSeenBefore=2026-10-31T18:00:00Z', (item) => String(item['lastSeenAt']) < '2026-10-31T18:00:00Z'],
    ] as [string, (item: Item) => boolean][]) {
      const found = await items(`/api/v1/devices?limit=200&${filter}`);
      expect([filter, found.length > 0, found.every(fits)]).toEqual([filter, true, true]);
    }
  });

  it('says how old a list is', async () => {
    const [user] = await database.dataSource.query<{ at: Date }[]>(
      `select last_success_at as at from sync_source where source = 'users'`,
    );
    expect((await read<Page<Item>>('/api/v1/people')).asOf).toBe(user?.at.toISOString());
    // Devices come from several sources; the oldest of them counts.
    const [oldest] = await database.dataSource.query<{ at: Date }[]>(
      `select min(last_success_at) as at from sync_source where source in ('entra-devices', 'managed-devices')`,
    );
    expect((await read<Page<Item>>('/api/v1/devices')).asOf).toBe(oldest?.at.toISOString());
  });

  it('shows a person with manager, reports, devices and licences', async () => {
    const person = await read<Record<string, unknown>>('/api/v1/people/12');
    expect(person).toMatchObject({ id: 12, manager: { id: 1 }, directReports: 10 });
    expect(person['licences']).toEqual([
      {
        skuId: HELD_SKU,
        productName: 'Microsoft 365 E3',
        direct: false,
        groupId: 'group-1',
        state: 'Active',
        error: null,
      },
    ]);
    expect((person['devices'] as Item[]).length).toBe((await items('/api/v1/devices?userId=12')).length);
  });

  it('says what is bought, used and over-assigned', async () => {
    expect(await items('/api/v1/licences')).toMatchObject([
      { productName: 'Microsoft 365 E3', bought: 100, used: 120, available: 0, overAssigned: true, ended: false },
      { productName: 'OWN_SKU', bought: 5, inGrace: 2, used: 0, available: 7, overAssigned: false, ended: true },
    ]);
  });

  it('answers 304 to a caller who has the record already', async () => {
    const first = await get('/api/v1/devices/1');
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]{27}"$/);
    const again = await get('/api/v1/devices/1', { 'if-none-match': `"other", W/${tag}` });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('/api/v1/devices/2', { 'if-none-match': tag })).status).toBe(200);
  });

  it('answers HEAD like GET without the content, and refuses to write', async () => {
    for (const address of ['/', '/api/v1/devices', '/api/v1/devices/1', '/health/live']) {
      const head = await fetch(web.url + address, { method: 'HEAD' });
      expect([address, head.status, await head.text()]).toEqual([address, 200, '']);
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await fetch(`${web.url}/api/v1/devices`, { method });
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD']);
      expect([method, (await fetch(`${web.url}/api/v1/nothing`, { method })).status]).toEqual([method, 404]);
    }
    const applied = await fetch(`${web.url}/api/v1/imports/1/apply`);
    expect([applied.status, applied.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('takes an address as it is written: no trailing or doubled slash, no other case', async () => {
    for (const address of [
      '/api/v1/devices/',
      '//api/v1/devices',
      '/api//v1/devices',
      '/API/v1/devices',
      '/api/v1/Devices',
    ]) {
      expect([address, (await get(address)).status]).toEqual([address, 404]);
    }
  });

  it('keeps nothing in caches but files whose address changes with their content', async () => {
    for (const address of ['/', '/search', '/api/v1/people', '/api/v1/devices/1', '/nothing', '/api/nothing']) {
      const cached = (await get(address)).headers.get('cache-control');
      expect([address, cached]).toEqual([address, 'no-store']);
    }
    const page = await (await get('/')).text();
    const style = /href="(\/assets\/[0-9a-f]{16}\/untether\.css)"/.exec(page)?.[1] ?? '';
    expect((await get(style)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });
});

function keyOf(item: Record<string, unknown>, sort: string): string | number | null {
  const name = sort.replace('-', '');
  if (name === 'id') return item['id'] as number;
  if (name === 'lastSeen') return item['lastSeenAt'] as string | null;
  // The test server sorts by bytes; so does the comparison of lower-cased ASCII in the generated names.
  const text = (item['displayName'] ?? item['name'] ?? null) as string | null;
  return text === null
    ? null
    : Buffer.from(text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())).toString('latin1');
}
