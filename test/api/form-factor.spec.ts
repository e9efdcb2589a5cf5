import type { OpenAPIObject } from '@nestjs/swagger';
import type { Page } from '../../src/common/paging.js';
import { Transactor } from '../../src/database/transactor.js';
import { FormFactorService } from '../../src/devices/form-factor.service.js';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { insertEstate } from '../support/estate-rows.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const MODEL = { manufacturer: 'Dell Inc.', model: 'Model 8' };
const FOREIGN: readonly Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { origin: 'https://evil.example' },
];
const WHY = { reason: 'Data sheet' };

describe('the API about the form of machines', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 10, devices: 600 });
    await new FormFactorService(new Transactor(database.dataSource)).classifyPending();
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });

  const post = async (
    address: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; json: Record<string, unknown> }> => {
    const answer = await fetch(web.url + address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  };
  const get = async <T>(address: string): Promise<T> => (await fetch(web.url + address)).json() as Promise<T>;

  it('decides a model for all its machines, once, and takes it back', async () => {
    const decided = await post('/api/v1/models/override', { ...MODEL, ...WHY, class: 'mini_pc' });
    expect(decided).toMatchObject({ status: 200, json: { devices: 10, changed: 10 } });
    const machines = await get<Page<{ model: string; superclass: string }>>(
      '/api/v1/devices?formFactor=mini_pc&superclass=fixed',
    );
    expect(machines.items).toHaveLength(10);
    expect(new Set(machines.items.map(({ model }) => model))).toEqual(new Set(['Model 8']));
    expect(await post('/api/v1/models/override', { ...MODEL, ...WHY, class: 'laptop' })).toMatchObject({ status: 409 });
    const list = await get<Page<unknown>>('/api/v1/models?state=decided&manufacturer=Dell');
    expect(list.items[0]).toMatchObject({
      model: 'Model 8',
      override: { formFactor: 'mini_pc', decidedBy: 'token:1' },
    });
    expect(
      schemaViolations(list, answerSchema(await get<OpenAPIObject>('/api/openapi.json'), '/api/v1/models')),
    ).toEqual([]);
    expect(await post('/api/v1/models/override/withdraw', { ...MODEL, reason: 'Wrong' })).toMatchObject({
      status: 200,
      json: { overrideId: decided.json['overrideId'], devices: 10, changed: 10 },
    });
    expect(await post('/api/v1/models/override/withdraw', { ...MODEL, reason: 'Wrong' })).toMatchObject({
      status: 404,
    });
  });

  it('decides one device and shows how its class is known', async () => {
    expect(await post('/api/v1/devices/3/form-factor', { class: 'convertible', ...WHY })).toMatchObject({
      status: 200,
      json: { devices: 1, changed: 1 },
    });
    const device = await get<Record<string, unknown>>('/api/v1/devices/3');
    expect(device).toMatchObject({
      formFactor: 'convertible',
      superclass: 'portable',
      classification: { decidedBy: 'device_override', history: [{ to: 'convertible', by: 'token:1' }] },
    });
    const document = await get<OpenAPIObject>('/api/openapi.json');
    expect(schemaViolations(device, answerSchema(document, '/api/v1/devices/{id}'))).toEqual([]);
    expect(await post('/api/v1/devices/3/form-factor', { class: 'laptop', ...WHY })).toMatchObject({ status: 409 });
    expect(await post('/api/v1/devices/3/form-factor/withdraw', WHY)).toMatchObject({ status: 200 });
    expect(await post('/api/v1/devices/99999/form-factor', { class: 'laptop', ...WHY })).toMatchObject({ status: 404 });
  });

  it('pages through the models', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 50; pages++) {
      const page: Page<{ manufacturer: string; model: string }> = await get(
        `/api/v1/models?limit=7${cursor ? `&cursor=${cursor}` : ''}`,
      );
      seen.push(...page.items.map(({ manufacturer, model }) => `${manufacturer} ${model}`));
      cursor = page.next;
    }
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
  });

  it('names the field of a request that it refuses', async () => {
    const cases: [address: string, body: unknown, status: number][] = [
      ['/api/v1/models/override', { ...MODEL, ...WHY, class: 'toaster' }, 400],
      ['/api/v1/models/override', { ...MODEL, class: 'laptop' }, 400],
      ['/api/v1/models/override', { ...MODEL, ...WHY, class: 'laptop', also: 1 }, 400],
      ['/api/v1/models/override', { ...MODEL, model: 'x'.repeat(201), ...WHY, class: 'laptop' }, 400],
      ['/api/v1/models/override', { ...MODEL, model: 'a\0b', ...WHY, class: 'laptop' }, 400],
      ['/api/v1/models/override', { ...MODEL, model: 'To Be Filled By O.E.M.', ...WHY, class: 'laptop' }, 422],
      ['/api/v1/devices/3/form-factor', { class: 'laptop', reason: ' ' }, 400],
      ['/api/v1/devices/3/form-factor', { class: 'laptop', reason: 'x'.repeat(2_001) }, 400],
    ];
    for (const [address, body, status] of cases) {
      const answer = await post(address, body);
      expect([body, answer.status]).toEqual([body, status]);
      expect((answer.json['errors'] as unknown[]).length).toBeGreaterThan(0);
    }
    for (const query of ['state=perhaps', 'cursor=abc', 'limit=0', 'sort=name', 'manufacturer=%00']) {
      expect([query, (await fetch(`${web.url}/api/v1/models?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it('takes nothing from pages of other sites', async () => {
    for (const headers of FOREIGN) {
      const refused = [
        await post('/api/v1/models/override', { ...MODEL, ...WHY, class: 'laptop' }, headers),
        await post('/api/v1/models/override/withdraw', { ...MODEL, ...WHY }, headers),
        await post('/api/v1/devices/3/form-factor', { class: 'laptop', ...WHY }, headers),
        await post('/api/v1/devices/3/form-factor/withdraw', WHY, headers),
      ];
      expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    }
    expect(await database.dataSource.query('select from model_override where withdrawn_at is null')).toEqual([]);
  });
});
