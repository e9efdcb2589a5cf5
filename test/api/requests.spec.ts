import { insertCatalogue, workingDay, type SmallCatalogue } from '../support/asking-fixture.js';
import { personId } from '../support/custody-fixture.js';
import { startRollout } from '../support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

describe('the API of requests', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let catalogue: SmallCatalogue;
  let manager: string;
  let otherManager: string;
  let member: string;
  let desk: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    // Number 1 leads everybody else; number 2 leads number 3.
    await startRollout(database.dataSource, { people: 6 });
    await rows('update person set manager_entra_id = $1 where entra_id = $2', [personId(2), personId(3)]);
    catalogue = await insertCatalogue(database.dataSource);
    web = await startTestWeb(database);
    manager = await web.tokenFor({ person: personId(1) });
    otherManager = await web.tokenFor({ person: personId(2) });
    member = await web.tokenFor({ person: personId(4) });
    desk = await web.tokenFor('service-desk');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const call = async (
    method: string,
    address: string,
    { token = manager, body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; headers: Headers; json: Record<string, unknown> }> => {
    const answer = await fetch(`${web.url}/api/v1/requests${address}`, {
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
      headers: answer.headers,
      json: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  };
  const valid = (more: object = {}): object => ({
    people: [personId(4)],
    items: [{ productId: catalogue.screen, quantity: 1 }],
    neededBy: workingDay(10),
    delivery: 'site',
    site: 'Library',
    ...more,
  });
  const begin = async (more: object = {}, token = manager): Promise<number> => {
    const { status, json } = await call('POST', '', { body: valid(more), token });
    expect(status).toBe(201);
    return json['id'] as number;
  };
  const count = async (): Promise<number> => (await rows('select 1 from equipment_request')).length;
  const key = (value: string): Record<string, string> => ({ 'idempotency-key': value });

  it('shows the catalogue to everybody who is signed in', async () => {
    const { status, json } = await call('GET', '/catalogue', { token: member });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      products: [{ name: 'Standard laptop', available: 0 }, {}, {}],
      bundles: [{ name: 'Office' }],
    });
  });

  it('begins, changes, submits, reopens, cancels and copies', async () => {
    const id = await begin();
    const shown = await call('GET', `/${id}`);
    expect(shown.json).toMatchObject({ state: 'draft', lines: [{ quantity: 1, pricePence: 15_000 }] });
    const etag = shown.headers.get('etag') ?? '';
    const changed = await call('PATCH', `/${id}`, { body: { site: 'Civic Centre' }, headers: { 'if-match': etag } });
    expect([changed.status, changed.json['state']]).toEqual([200, 'draft']);
    expect((await call('POST', `/${id}/submit`, { body: {} })).json).toMatchObject({ state: 'submitted', revision: 1 });
    expect((await call('POST', `/${id}/submit`, { body: {} })).status).toBe(409);
    expect((await call('GET', '', { token: desk })).json).toMatchObject({
      items: [{ id, people: 1, totalPence: 15_000 }],
    });
    expect((await call('GET', '/mine?whose=for-me', { token: member })).json).toMatchObject({
      items: [{ id, totalPence: null }],
    });
    expect((await call('GET', '/mine?whose=for-me&state=rejected', { token: member })).json).toMatchObject({
      items: [],
    });
    expect((await call('GET', `/${id}`, { token: member })).json).toMatchObject({ lines: [{ quantity: 1 }] });
    expect((await call('POST', `/${id}/reopen`)).json).toMatchObject({ state: 'draft', revision: 2 });
    expect((await call('POST', `/${id}/cancel`, { body: { reason: 'Not needed' } })).json).toMatchObject({
      state: 'cancelled',
    });
    expect((await call('POST', `/${id}/copy`)).json).toMatchObject({ state: 'draft', revision: 1 });
    const byStyle = await call('POST', '', { body: { people: [personId(4)], byWorkStyle: true } });
    expect(byStyle.status).toBe(422);
  });

  it('takes nothing that is the server’s to say (B163 to B170)', async () => {
    const before = await rows('select id, state, version from equipment_request order by id');
    for (const more of [
      { id: '00000000-0000-4000-8000-000000000001' },
      { status: 'approved' },
      { state: 'approved' },
      { approverId: personId(1) },
      { createdAt: '2001-01-01' },
      { version: 999 },
      { isAdmin: true, roles: ['admin'] },
      { requesterEntraId: personId(2) },
      { items: [{ productId: catalogue.screen, quantity: 1, pricePence: 1 }] },
    ]) {
      expect([more, (await call('POST', '', { body: valid(more) })).status]).toEqual([more, 400]);
    }
    expect(await rows('select id, state, version from equipment_request order by id')).toEqual(before);
  });

  it.each([
    ['people', { people: ['not a guid'] }, 400],
    ['nobody known', { people: ['00000000-0000-4000-8000-0000000000ff'] }, 422],
    ['quantity 0', { items: [{ productId: 1, quantity: 0 }] }, 400],
    ['quantity 1e3', { items: [{ productId: 1, quantity: '1e3' }] }, 400],
    ['quantity 51', { items: [{ productId: 1, quantity: 51 }] }, 400],
    ['an unknown product', { items: [{ productId: 2_000_000_000, quantity: 1 }] }, 422],
    ['an unknown bundle', { bundleId: 2_000_000_000 }, 422],
    ['an unknown cost centre', { costCentreCode: 'X' }, 422],
    ['a day that is none', { neededBy: '2026-02-30' }, 400],
    ['a control character', { reason: 'a\u0000b' }, 400],
    ['a list for a text', { site: ['Library'] }, 400],
    ['101 people', { people: Array.from({ length: 101 }, (_, place) => personId(place + 1)) }, 400],
    [
      'an unknown machine',
      { lines: [{ beneficiaryEntraId: personId(4), productId: 1, quantity: 1, replacesDeviceId: 2_000_000_000 }] },
      422,
    ],
  ])('refuses %s', async (_what, more, status) => {
    const before = await count();
    const answer = await call('POST', '', { body: valid(more) });
    expect(answer.status).toBe(status);
    expect(await count()).toBe(before);
  });

  it('keeps requests of others out of reach (B175, B176)', async () => {
    const id = await begin();
    for (const token of [otherManager, member, desk]) {
      for (const address of [`/${id}/cancel`, `/${id}/cancel?asAdmin=1`]) {
        const { status } = await call('POST', address, { token, body: { reason: 'Mine' } });
        expect([400, 403, 404]).toContain(status);
      }
      for (const command of ['submit', 'reopen', 'copy']) {
        const answer = await call('POST', `/${id}/${command}`, {
          token,
          ...(command === 'submit' ? { body: {} } : {}),
        });
        expect([command, answer.status]).toEqual([command, 404]);
      }
      const patched = await call('PATCH', `/${id}`, { token, body: { site: 'x' }, headers: { 'if-match': '"1"' } });
      expect(patched.status).toBe(404);
      expect((await call('GET', `/${id}`, { token })).status).toBe(404);
    }
    expect((await call('POST', '', { token: otherManager, body: valid({ people: [personId(4)] }) })).status).toBe(422);
    expect((await call('GET', '', { token: member })).status).toBe(403);
    const [row] = await rows('select state from equipment_request where id = $1', [id]);
    expect(row).toEqual({ state: 'draft' });
  });

  it('does the same key once, for each caller (B196, B197, B199)', async () => {
    const before = await count();
    const sent = await Promise.all(
      Array.from({ length: 5 }, () => call('POST', '', { body: valid(), headers: key('k1') })),
    );
    expect(sent.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(sent.map(({ json }) => json['id'])).size).toBe(1);
    expect(await count()).toBe(before + 1);
    expect((await call('POST', '', { body: valid({ reason: 'different' }), headers: key('k1') })).status).toBe(422);
    const other = await call('POST', '', {
      token: otherManager,
      body: valid({ people: [personId(3)] }),
      headers: key('k1'),
    });
    expect([other.status, other.json['id'] === sent[0]?.json['id']]).toEqual([201, false]);
    const id = sent[0]?.json['id'] as number;
    for (const [command, body] of [
      ['submit', {}],
      ['reopen', undefined],
      ['copy', undefined],
      ['cancel', { reason: 'Not needed' }],
    ] as const) {
      const twice = [1, 2].map(() => call('POST', `/${id}/${command}`, { body, headers: key(`k-${command}`) }));
      const [one, again] = await Promise.all(twice);
      expect([command, one?.status]).toEqual([command, command === 'copy' ? 201 : 200]);
      expect(again?.json).toEqual(one?.json);
    }
    expect(await count()).toBe(before + 3);
    expect((await call('POST', '', { body: valid(), headers: key('\u00e9') })).status).toBe(400);
    expect((await call('POST', '', { body: valid(), headers: key('k'.repeat(201)) })).status).toBe(400);
    expect(await count()).toBe(before + 3);
  });

  it('changes only the version that was looked at (B200 to B203)', async () => {
    const id = await begin();
    const change = async (headers: Record<string, string>): Promise<number> =>
      (await call('PATCH', `/${id}`, { body: { site: 'Elsewhere' }, headers })).status;
    expect(await change({})).toBe(428);
    for (const tag of ['"stale"', '"1"', '*', 'W/"1"', '1'])
      expect([tag, await change({ 'if-match': tag })]).toEqual([tag, 412]);
    expect((await call('GET', `/${id}`)).json).toMatchObject({ revisions: [{ site: 'Library' }] });
    const submit = async (tag: string): Promise<number> =>
      (await call('POST', `/${id}/submit`, { body: {}, headers: { 'if-match': tag } })).status;
    expect([await submit('"1"'), await submit('*')]).toEqual([412, 412]);
    const { headers } = await call('GET', `/${id}`);
    expect(await submit(headers.get('etag') ?? '')).toBe(200);
    for (const [command, body] of [
      ['reopen', undefined],
      ['cancel', { reason: 'x' }],
    ] as const) {
      expect((await call('POST', `/${id}/${command}`, { body, headers: { 'if-match': '"1"' } })).status).toBe(412);
    }
  });

  it('is written down as a file, formulas harmless', async () => {
    const id = await begin({ site: '=HYPERLINK("x")' });
    await call('POST', `/${id}/submit`, { body: {} });
    for (const [address, token] of [
      ['.csv', desk],
      ['/mine.csv', manager],
    ] as const) {
      const answer = await fetch(`${web.url}/api/v1/requests${address}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const file = await answer.text();
      expect(answer.headers.get('content-type')).toContain('text/csv');
      expect(file).toContain('Person 4');
      expect(file).toMatch(/'=HYPERLINK/);
    }
  });
});
