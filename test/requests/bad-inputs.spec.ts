import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { jest } from '@jest/globals';
import { personId } from '../support/custody-fixture.js';
import {
  approveRequest,
  draftRequest,
  receiveCounted,
  stockEquipment,
  submitRequest,
  type Equipment,
} from '../support/request-fixture.js';
import { sendForm } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { anonymously } from '../support/signed-in-fetch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

jest.setTimeout(120_000);

/** The cases are named as in the list of bad inputs that test/api tries at the other routes. */
describe('bad inputs about requests, approvals and stock', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let equipment: Equipment;
  let tokens: Record<'manager' | 'head' | 'colleague' | 'approver' | 'stock', string>;
  beforeAll(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource);
    web = await startTestWeb(database);
    const { manager, head, team } = equipment;
    tokens = {
      manager: await web.tokenFor({ person: manager }),
      head: await web.tokenFor({ person: head }),
      colleague: await web.tokenFor({ person: equipment.budgetHolder }),
      // Gets something, and has the role of who decides for the queue.
      approver: await web.tokenFor({ person: team[0] ?? '', roles: ['approver'] }),
      stock: await web.tokenFor('stock-holder'),
    };
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });

  interface Answer {
    readonly status: number;
    readonly body: { readonly id?: number; readonly [name: string]: unknown };
    readonly etag: string | null;
  }
  async function send(
    method: 'POST' | 'PATCH',
    address: string,
    body: unknown,
    who: keyof typeof tokens,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const answer = await anonymously(`${web.url}/api/v1/${address}`, {
      method,
      headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    expect(text).not.toMatch(/\bat \w+ \(|node_modules|QueryFailed|violates|select |\/src\//);
    return { status: answer.status, body: JSON.parse(text) as Answer['body'], etag: answer.headers.get('etag') };
  }
  const valid = (): Record<string, unknown> => ({
    site: 'Civic Centre',
    costCentreCode: equipment.costCentre,
    lines: [{ beneficiaryEntraId: equipment.team[0], productId: equipment.products.headset, quantity: 1 }],
  });
  /** What no refused request may touch. */
  const stored = (): Promise<unknown> =>
    database.dataSource.query(
      `select (select md5(string_agg(r::text, '|' order by id)) from equipment_request r) as requests,
              (select md5(string_agg(l::text, '|' order by id)) from request_line l) as lines,
              (select count(*) from decision) as decisions, (select count(*) from stock_movement) as movements,
              (select md5(string_agg(s::text, '|' order by id)) from stock_level s) as levels`,
    );
  async function waiting(): Promise<number> {
    const draft = await draftRequest(database.dataSource, equipment.manager, [
      { for: equipment.team[0] ?? '', product: equipment.products.headset },
    ]);
    await submitRequest(database.dataSource, draft);
    return draft.id;
  }

  it.each([
    ['B163', { id: '00000000-0000-4000-8000-000000000001' }],
    ['B163', { id: 1 }],
    ['B164', { status: 'approved' }],
    ['B164', { state: 'approved' }],
    ['B166', { approverId: personId(2) }],
    ['B166', { requesterEntraId: personId(1) }],
    ['B167', { createdAt: '2001-01-01' }],
    ['B169', { version: 999 }],
    ['B170', { isAdmin: true, roles: ['admin'] }],
  ])('%s: a request with %j is refused', async (_id, more) => {
    const before = await stored();
    expect((await send('POST', 'requests', { ...valid(), ...more }, 'manager')).status).toBe(400);
    expect(await stored()).toEqual(before);
  });

  it.each([
    ['B175', ''],
    ['B176', '?asAdmin=1'],
  ])('%s: a request of somebody else is not cancelled%s', async (_id, query) => {
    const id = await waiting();
    const before = await stored();
    for (const who of ['colleague', 'head', 'approver', 'stock'] as const) {
      const { status } = await send('POST', `requests/${id}/cancel${query}`, { reason: 'Mine now' }, who);
      expect([400, 403, 404]).toContain(status);
    }
    expect(await stored()).toEqual(before);
  });

  it.each([
    ['B178', 'approver', { outcome: 'approved' }, [403]],
    ['B179', 'colleague', { outcome: 'approved' }, [403]],
    ['B179', 'manager', { outcome: 'approved' }, [403]],
    ['B181', 'approver', { outcome: 'APPROVED ' }, [400]],
    ['B182', 'approver', { outcome: ['approved', 'rejected'] }, [400]],
  ] as const)('%s: %s does not decide with %j', async (_id, who, body, right) => {
    const id = await waiting();
    const before = await stored();
    const answer = await send('POST', `requests/${id}/decisions`, { step: 1, ...body }, who, { 'if-match': '"1"' });
    expect(right).toContain(answer.status);
    expect(await stored()).toEqual(before);
  });

  it('B196: a key that was used for something else', async () => {
    const key = { 'idempotency-key': randomUUID() };
    expect((await send('POST', 'requests', valid(), 'manager', key)).status).toBe(201);
    const before = await stored();
    expect((await send('POST', 'requests', { ...valid(), reason: 'different' }, 'manager', key)).status).toBe(422);
    expect(await stored()).toEqual(before);
  });

  it('B197: a key belongs to who sends it', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await send('POST', 'requests', valid(), 'manager', key);
    const other = await send('POST', 'requests', valid(), 'head', key);
    expect([first.status, other.status]).toEqual([201, 201]);
    expect(other.body.id).not.toBe(first.body.id);
    expect((await send('POST', 'requests', valid(), 'manager', key)).body.id).toBe(first.body.id);
  });

  it('B199: a key that is no text', async () => {
    const before = await stored();
    expect(await raw('\0')).toBe(400);
    expect((await send('POST', 'requests', valid(), 'manager', { 'idempotency-key': 'k'.repeat(201) })).status).toBe(
      400,
    );
    expect(await stored()).toEqual(before);
  });

  it.each([
    ['B200', '"stale"', [400, 412]],
    ['B200', '"1"', [412]],
    ['B202', '*', [400, 412, 428]],
    ['B203', 'W/"1"', [400, 412]],
    ['B202', undefined, [428]],
  ])('%s: a draft is not changed with If-Match %s', async (_id, ifMatch, right) => {
    const draft = await draftRequest(database.dataSource, equipment.manager, [
      { for: equipment.team[0] ?? '', product: equipment.products.headset },
    ]);
    const before = await stored();
    const headers = ifMatch === undefined ? undefined : { 'if-match': ifMatch };
    const { status } = await send('PATCH', `requests/${draft.id}`, { reason: 'x' }, 'manager', headers);
    expect(right).toContain(status);
    expect(await stored()).toEqual(before);
  });

  it('B205 and B206: thirty take one of five at once, and one takes six of none', async () => {
    const [row] = await database.dataSource.query<{ id: number }[]>(
      `insert into product (name, kind, serialised, price_pence, changed_by) values ('Scarce', 'bag', false, 1, 'system:test') returning id`,
    );
    const product = row?.id ?? 0;
    const { places } = equipment;
    await receiveCounted(database.dataSource, product, places.stores, 5);
    const take = (quantity: number): Promise<Answer> =>
      send(
        'POST',
        'stock/transfers',
        { productId: product, fromPlaceId: places.stores, toPlaceId: places.annexe, quantity },
        'stock',
      );
    expect((await take(6)).status).toBe(409);
    const answers = await Promise.all(Array.from({ length: 30 }, () => take(1)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(5).fill(201),
      ...Array<number>(25).fill(409),
    ]);
    expect(
      await database.dataSource.query('select on_hand from stock_level where product_id = $1 and place_id = $2', [
        product,
        places.stores,
      ]),
    ).toEqual([{ on_hand: 0 }]);
  });

  it('B205: thirty approvals at once of what there are five of reserve five', async () => {
    const [row] = await database.dataSource.query<{ id: number }[]>(
      `insert into product (name, kind, serialised, price_pence, changed_by) values ('Rare', 'bag', false, 1, 'system:test') returning id`,
    );
    const product = row?.id ?? 0;
    await receiveCounted(database.dataSource, product, equipment.places.stores, 5);
    const requests = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const draft = await draftRequest(database.dataSource, equipment.manager, [
          { for: equipment.team[1] ?? '', product },
        ]);
        await submitRequest(database.dataSource, draft, [{ approver: equipment.head }]);
        return draft;
      }),
    );
    const decide = ({ id }: { id: number }): Promise<Answer> =>
      send('POST', `requests/${id}/decisions`, { step: 1, outcome: 'approved' }, 'head', { 'if-match': '"1"' });
    const answers = await Promise.all(requests.map(decide));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(
      await database.dataSource.query(
        'select state, count(*)::integer as lines from request_line where product_id = $1 group by 1 order by 1',
        [product],
      ),
    ).toEqual([
      { state: 'back_ordered', lines: 25 },
      { state: 'reserved', lines: 5 },
    ]);
    await approveRequest(database.dataSource, { id: await waiting() }, personId(9_001));
  });

  describe('by forms', () => {
    let manager: TestSession;
    beforeAll(async () => {
      manager = await web.signIn({ person: equipment.manager });
    });

    it('B208 and B209: a form that is sent twice, at once and again later, is one request', async () => {
      const count = async (): Promise<number> => {
        const [row] = await database.dataSource.query<{ count: number }[]>(
          'select count(*)::integer from equipment_request',
        );
        return row?.count ?? 0;
      };
      const before = await count();
      const fields = {
        everybody: 'yes',
        bundle: String(equipment.bundle),
        'neededBy-day': '18',
        'neededBy-month': '12',
        'neededBy-year': '2026',
        delivery: 'site',
        site: 'Civic Centre',
        costCentreCode: equipment.costCentre,
      };
      const answer = await sendForm(web.url, manager, '/requests/new', fields, { again: 2 });
      expect(answer.status).toBe(303);
      expect(answer.location).toMatch(/^\/requests\/\d+\/check$/);
      expect(await count()).toBe(before + 1);
      const page = answer.location ?? '';
      const submitted = await sendForm(web.url, manager, page, {}, { again: 3 });
      expect(submitted).toMatchObject({ status: 303, location: page.replace('/check', '') });
      const [{ times } = { times: 0 }] = await database.dataSource.query<{ times: number }[]>(
        `select count(*)::integer as times from request_event where request_id = $1 and event = 'submitted'`,
        [Number(/\d+/.exec(page)?.[0])],
      );
      expect(times).toBe(1);
    });
  });

  /** Sends a request with a key that no HTTP client sends; the status of the answer. */
  async function raw(key: string): Promise<number> {
    const { hostname, port } = new URL(web.url);
    const body = JSON.stringify(valid());
    const text = [
      'POST /api/v1/requests HTTP/1.1',
      `Host: ${hostname}:${port}`,
      `Authorization: Bearer ${tokens.manager}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `Idempotency-Key: ${key}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n');
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => void socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])));
    });
  }
});
