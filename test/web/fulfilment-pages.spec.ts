import { personId } from '../support/custody-fixture.js';
import {
  approveRequest,
  draftRequest,
  stockEquipment,
  submitRequest,
  type AskedLine,
  type Equipment,
  type StoredRequest,
} from '../support/request-fixture.js';
import { sendForm, type FormAnswer } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';
import { Transactor } from '../../src/database/transactor.js';
import { reserveApproved } from '../../src/requests/fulfilment/reserving.js';

/** A page with a form of which only the marks are taken. */
const ANOTHER_FORM = '/requests/new';

describe('fulfilment over HTTP', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let all: Equipment;
  let holder: TestSession;
  let engineer: TestSession;
  let ann: TestSession;
  let bob: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    all = await stockEquipment(database.dataSource, { laptops: 3 });
    web = await startTestWeb(database);
    holder = await web.signIn('stock-holder');
    engineer = await web.signIn('engineer');
    ann = await web.signIn({ person: personId(4) });
    bob = await web.signIn({ person: personId(5) });
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const page = async (address: string, session = holder): Promise<{ status: number; html: string }> => {
    const answer = await fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
    return { status: answer.status, html: await answer.text() };
  };
  const send = (
    address: string,
    fields: Record<string, string>,
    session = holder,
    more: Parameters<typeof sendForm>[4] = {},
  ): Promise<FormAnswer> => sendForm(web.url, session, address, fields, more);
  /** Sends one of the forms of a pick's page; one that is not on it any more with the marks of any other form. */
  const act = async (
    id: number,
    what: string,
    fields: Record<string, string>,
    session = holder,
  ): Promise<FormAnswer> => {
    const action = `/stock/picks/${id}/${what}`;
    const { html } = await page(`/stock/picks/${id}`, session);
    if (html.includes(action)) return send(`/stock/picks/${id}`, fields, session, { action });
    return sendForm(web.url, session, ANOTHER_FORM, fields, { action, token: 'of another form' });
  };
  const api = async (
    method: string,
    address: string,
    token: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; headers: Headers; text: string; json: Record<string, unknown> }> => {
    const answer = await fetch(`${web.url}/api/v1${address}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: answer.status, headers: answer.headers, text, json };
  };
  async function approved(lines: readonly AskedLine[]): Promise<StoredRequest> {
    const request = await draftRequest(database.dataSource, all.manager, lines);
    await submitRequest(database.dataSource, request);
    await new Transactor(database.dataSource).run(async (tx) => {
      await approveRequest(tx, request);
      await reserveApproved(tx, { requestId: request.id, revision: 1 }, 'system:test');
    });
    return request;
  }
  const reservationOf = async (lineId: number | undefined): Promise<number> =>
    (await rows<{ id: number }>('select id from reservation where request_line_id = $1', [lineId]))[0]?.id ?? 0;
  const lastPick = async (): Promise<{ id: number; state: string; version: string }> =>
    (
      await rows<{ id: number; state: string; version: string }>(
        'select id, state, version::text from pick order by id desc limit 1',
      )
    )[0] ?? {
      id: 0,
      state: '',
      version: '',
    };

  it('leads the stock holder from the list by the scanned serial number to the hand-over', async () => {
    const request = await approved([
      { for: personId(4), product: all.products.laptop },
      { for: personId(4), product: all.products.dock, quantity: 2 },
    ]);
    const list = await page('/stock/picking');
    for (const words of ['EliteBook 840', 'USB-C dock', 'Person 4', 'Stores', 'Civic Centre'])
      expect(list.html).toContain(words);
    const sheet = await page(`/stock/picking/places/${all.places.stores}?neededUntil=2026-12-31`);
    expect([sheet.status, sheet.html.includes('2 × USB-C dock')]).toEqual([200, true]);
    expect((await page(`/stock/picking/places/${all.places.stores}?neededUntil=2026-12-01`)).html).toContain(
      'Nothing is to be picked here',
    );

    const laptop = await reservationOf(request.lines[0]);
    const empty = await send(`/stock/picking/${laptop}`, { serial: '', quantity: '' });
    expect([empty.status, empty.html.includes('Scan or enter the serial number')]).toEqual([422, true]);
    const wrong = await send(`/stock/picking/${laptop}`, { serial: 'NOSUCH77' });
    expect([wrong.status, wrong.html.includes('No machine has this serial number')]).toEqual([422, true]);
    const picked = await send(`/stock/picking/${laptop}`, { serial: all.serials[0] ?? '' }, holder, { again: 3 });
    expect([picked.status, picked.location]).toEqual([303, `/stock/picking/places/${all.places.stores}`]);
    expect(await rows('select 1 from pick')).toHaveLength(1);
    expect((await page(`/stock/picking/${laptop}`)).status).toBe(404);

    const { id, version } = await lastPick();
    const shown = await page(`/stock/picks/${id}`, engineer);
    expect(shown.html).toContain('Hand over');
    expect(shown.html).not.toContain('Carrier’s number');
    expect((await page('/requests/to-confirm', ann)).html).toContain('There is nothing for you to confirm');
    expect((await act(id, 'hand-over', { version }, engineer)).status).toBe(303);
    const stale = await act(id, 'put-back', { version });
    expect(stale.status).toBe(409);
    expect((await page('/stock/picks?state=handed_over')).html).toContain(all.serials[0] ?? 'none');

    const mine = await page('/requests/to-confirm', ann);
    expect(mine.html).toContain('I have it');
    expect((await page('/requests/to-confirm', bob)).html).toContain('There is nothing for you to confirm');
    const now = (await lastPick()).version;
    const notTheirs = { action: '/requests/to-confirm', token: 'of another form' } as const;
    const foreign = await send(ANOTHER_FORM, { pickId: String(id), version: now }, bob, notTheirs);
    expect(foreign.status).toBe(404);
    expect((await send('/requests/to-confirm', { pickId: String(id), version: now }, ann)).status).toBe(303);
    expect((await lastPick()).state).toBe('received');
  });

  it('sends what goes home with the carrier’s number, and takes it back', async () => {
    const request = await approved([{ for: personId(5), product: all.products.headset, quantity: 3 }]);
    const reservation = await reservationOf(request.lines[0]);
    expect((await send(`/stock/picking/${reservation}`, { quantity: '51' })).status).toBe(422);
    expect((await send(`/stock/picking/${reservation}`, { quantity: '4' })).status).toBe(409);
    const more = await send(`/stock/picking/${reservation}`, { quantity: '2' });
    expect(more.location).toBe(`/stock/picking/${reservation}`);
    const { id, version } = await lastPick();
    expect((await act(id, 'dispatch', { version, tracking: '' })).status).toBe(422);
    expect((await act(id, 'dispatch', { version, tracking: 'RM 12 345' })).status).toBe(303);
    expect((await page('/requests/to-confirm', bob)).html).toContain('RM 12 345');
    expect((await act(id, 'hand-over', { version: (await lastPick()).version }, engineer)).status).toBe(303);
    const back = { version: (await lastPick()).version, condition: 'good', placeId: String(all.places.annexe) };
    expect((await act(id, 'bring-back', { ...back, condition: 'lovely' }, engineer)).status).toBe(422);
    expect((await act(id, 'bring-back', back, engineer)).status).toBe(303);
    expect(await rows('select on_hand from stock_level where place_id = $1', [all.places.annexe])).toEqual([
      { on_hand: 2 },
    ]);
  });

  it('answers programs with the same rules, once for a key and only for the version that was looked at', async () => {
    const [stock, desk, plain] = [
      await web.tokenFor('stock-holder'),
      await web.tokenFor('service-desk'),
      await web.tokenFor({ person: personId(6) }),
    ];
    const request = await approved([{ for: personId(6), product: all.products.laptop }]);
    const reservation = await reservationOf(request.lines[0]);
    const listed = await api('GET', `/stock/picking?requestId=${request.id}`, desk);
    expect(listed.json).toMatchObject({
      items: [{ id: reservation, quantity: 1, product: { serialised: true } }],
      next: null,
    });
    expect((await api('GET', '/stock/picking', plain)).status).toBe(403);
    expect((await api('GET', '/stock/picking.csv', desk)).text).toContain('EliteBook 840');
    const pick = (token: string, body: object, key = 'k1') =>
      api('POST', `/stock/picking/${reservation}/pick`, token, { body, headers: { 'idempotency-key': key } });
    expect((await pick(desk, { serial: all.serials[1] })).status).toBe(403);
    expect((await pick(stock, { serial: 7 })).status).toBe(400);
    expect((await pick(stock, { serial: all.serials[1], surprise: 1 })).status).toBe(400);
    const [one, two] = await Promise.all([
      pick(stock, { serial: all.serials[1] }),
      pick(stock, { serial: all.serials[1] }),
    ]);
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.json).toEqual(two.json);
    expect((await pick(stock, { serial: all.serials[2] })).status).toBe(422);
    expect((await pick(stock, { serial: all.serials[2] }, 'k2')).status).toBe(409);
    const id = Number(one.json['pickId']);
    const shown = await api('GET', `/stock/picks/${id}`, desk);
    expect(shown.json).toMatchObject({ state: 'picked', machine: { serialNumber: all.serials[1] } });
    const etag = shown.headers.get('etag') ?? '';
    expect((await api('POST', `/stock/picks/${id}/hand-over`, desk, { headers: { 'if-match': '"1"' } })).status).toBe(
      412,
    );
    expect((await api('POST', `/stock/picks/${id}/hand-over`, desk, { headers: { 'if-match': etag } })).status).toBe(
      200,
    );
    expect((await api('POST', `/stock/picks/${id}/hand-over`, desk, { headers: { 'if-match': etag } })).status).toBe(
      412,
    );
    expect((await api('POST', `/stock/picks/${id}/put-back`, stock)).status).toBe(409);
    const own = await fetch(`${web.url}/api/v1/requests/to-confirm`, { headers: { authorization: `Bearer ${plain}` } });
    expect(await own.json()).toMatchObject([{ id, state: 'handed_over' }]);
    expect((await api('POST', `/requests/to-confirm/${id}`, desk)).status).toBe(404);
    expect((await api('POST', `/requests/to-confirm/${id}`, plain)).json).toMatchObject({ state: 'received' });
    const back = { condition: 'damaged', placeId: all.places.stores };
    expect(
      (await api('POST', `/stock/picks/${id}/bring-back`, desk, { body: { ...back, placeId: 4711 } })).status,
    ).toBe(422);
    expect((await api('POST', `/stock/picks/${id}/bring-back`, desk, { body: back })).json).toMatchObject({
      state: 'returned',
    });
    expect((await api('GET', `/stock/picks?requestId=${request.id}`, desk)).json).toMatchObject({
      items: [{ state: 'returned' }],
    });
    expect((await api('GET', '/stock/picks.csv?state=returned', desk)).text).toContain(all.serials[1] ?? 'none');
  });
});
