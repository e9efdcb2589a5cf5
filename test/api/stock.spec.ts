import type { OpenAPIObject } from '@nestjs/swagger';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { insertPlace, insertProduct, levelOf, stockUp } from '../support/stock-fixture.js';
import { insertStock, type StockPageRecords } from '../support/stock-pages.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

describe('the API of stock', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let records: StockPageRecords;
  let holder: string;
  let administrator: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    records = await insertStock(database.dataSource);
    web = await startTestWeb(database);
    holder = await web.tokenFor('stock-holder');
    administrator = await web.tokenFor('administrator');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  interface Reply {
    readonly status: number;
    readonly etag: string;
    readonly json: Record<string, unknown>;
  }
  const call = async (
    method: string,
    address: string,
    options: { token?: string; body?: object; headers?: Record<string, string> } = {},
  ): Promise<Reply> => {
    const { token = holder, body, headers = {} } = options;
    const answer = await fetch(`${web.url}/api/v1/stock${address}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      etag: answer.headers.get('etag') ?? '',
      json: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  };

  it('answers exactly what the document says', async () => {
    const document = (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;
    const ids: readonly (readonly [string, number])[] = [
      ['products', records.product],
      ['bundles', records.bundle],
      ['places', records.stockPlace],
      ['levels', records.stockLevel],
      ['transfers', records.machineTransfer],
      ['counts', records.stockCount],
    ];
    const routes = Object.keys(document.paths).filter(
      (route) =>
        document.paths[route]?.get !== undefined &&
        /^\/api\/v1\/stock\/(products|bundles|places|levels|movements|transfers|counts)(?!.*[.]csv$)/.test(route),
    );
    expect(routes).toHaveLength(15);
    for (const route of routes) {
      const id = ids.find(([name]) => route.includes(`/${name}/`))?.[1] ?? 0;
      const answer = await fetch(web.url + route.replace('{id}', String(id)), {
        headers: { authorization: `Bearer ${holder}` },
      });
      expect([route, answer.status]).toEqual([route, 200]);
      const body = (await answer.json()) as Record<string, unknown>;
      expect([route, schemaViolations(body, answerSchema(document, route))]).toEqual([route, []]);
      const list = Array.isArray(body) ? body : body['items'];
      expect([route, Array.isArray(list) && list.length === 0]).toEqual([route, false]);
    }
  });

  it('issues each thing once: thirty at the same moment take five of five', async () => {
    const { dataSource } = database;
    const [from, to] = [await insertPlace(dataSource, 'Issuing'), await insertPlace(dataSource, 'Elsewhere')];
    const productId = await insertProduct(dataSource, 'Issued once');
    await stockUp(dataSource, productId, from, 5);
    const issue = (quantity: number): Promise<Reply> =>
      call('POST', '/transfers', { body: { productId, fromPlaceId: from, toPlaceId: to, quantity } });
    expect((await issue(6)).status).toBe(409);
    expect(await levelOf(dataSource, productId, from)).toEqual({ onHand: 5, reserved: 0 });
    const statuses = (await Promise.all(Array.from({ length: 30 }, () => issue(1)))).map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(5).fill(201), ...Array<number>(25).fill(409)]);
    expect(await levelOf(dataSource, productId, from)).toEqual({ onHand: 0, reserved: 0 });
  });

  it('does a command once for its key, and changes under the version that was looked at', async () => {
    const send = { name: 'Keyed place' };
    const headers = { 'idempotency-key': 'place-once' };
    const first = await call('POST', '/places', { body: send, headers });
    expect(first.status).toBe(201);
    expect((await call('POST', '/places', { body: send, headers })).json).toEqual(first.json);
    expect((await call('POST', '/places', { body: send })).status).toBe(409);
    const address = `/places/${String(first.json['id'])}`;
    const { etag } = await call('GET', address);
    const rename = (name: string, ifMatch?: string): Promise<Reply> =>
      call('PUT', address, { body: { name }, headers: ifMatch === undefined ? {} : { 'if-match': ifMatch } });
    expect((await rename('A')).status).toBe(428);
    for (const wrong of ['*', `W/${etag}`, '"1"']) expect((await rename('B', wrong)).status).toBe(412);
    expect(await rename('Renamed', etag)).toMatchObject({ status: 200, json: { name: 'Renamed' } });
    expect((await rename('C', etag)).status).toBe(412);
  });

  it('lets stock holders keep stock, and administrators the catalogue', async () => {
    const product = {
      name: 'By the API',
      kind: 'headset',
      serialised: false,
      pricePence: 100,
      reasonNeeded: false,
      replacesKind: false,
      offered: true,
      models: [],
      alternatives: [{ productId: records.product, note: 'Louder' }],
    };
    expect((await call('POST', '/products', { body: product })).status).toBe(403);
    const { status, json } = await call('POST', '/products', { body: product, token: administrator });
    expect(status).toBe(201);
    const { id } = json as { id: number };
    expect((await call('GET', `/products/${id}`)).json).toMatchObject({
      name: 'By the API',
      alternatives: [{ productId: records.product, name: 'Counted dock', note: 'Louder' }],
    });
    const bundle = { name: 'By the API', workStyle: 'home', offered: true, lines: [{ productId: id, quantity: 2 }] };
    expect((await call('POST', '/bundles', { body: bundle, token: administrator })).status).toBe(201);
    const lines = [{ productId: id, quantity: 0 }];
    expect((await call('POST', '/bundles', { body: { ...bundle, lines }, token: administrator })).status).toBe(400);
    const reader = await web.tokenFor('reviewer');
    expect((await call('POST', '/counts', { body: { placeId: records.stockPlace }, token: reader })).status).toBe(403);
    expect((await call('GET', '/levels', { token: reader })).status).toBe(200);
    const file = async (address: string): Promise<string> =>
      (
        await fetch(`${web.url}/api/v1/stock${address}`, { headers: { authorization: `Bearer ${administrator}` } })
      ).text();
    expect(await file('/bundles.csv?columns=name,lines')).toContain('Counted bundle,2 × Counted dock');
    expect(await file('/places.csv?columns=name,machines')).toContain('Counted stores,3');
  });

  it('counts a place from opening to closing', async () => {
    const { dataSource } = database;
    const placeId = await insertPlace(dataSource, 'Counted by the API');
    const productId = await insertProduct(dataSource, 'Counted by the API');
    await stockUp(dataSource, productId, placeId, 4);
    const { json } = await call('POST', '/counts', { body: { placeId } });
    const address = `/counts/${String(json['id'])}`;
    expect((await call('POST', '/counts', { body: { placeId } })).status).toBe(409);
    const seen = (await call('GET', address)).etag;
    const figures = { lines: [{ productId, counted: 5, reason: 'One behind the shelf' }] };
    const entered = await call('POST', `${address}/figures`, { body: figures, headers: { 'if-match': seen } });
    expect(entered).toMatchObject({ status: 200, json: { counted: 1, differences: 1 } });
    expect((await call('POST', `${address}/reconcile`, { headers: { 'if-match': seen } })).status).toBe(412);
    const closed = await call('POST', `${address}/reconcile`, { headers: { 'if-match': entered.etag } });
    expect(closed).toMatchObject({ status: 200, json: { corrected: 1 } });
    expect(await levelOf(dataSource, productId, placeId)).toEqual({ onHand: 5, reserved: 0 });
  });
});
