import { presentYear } from '../../src/requests/budget/present-year.js';
import { ORDER_PAGES, insertOrders, type OrderPageRecords } from '../support/order-pages.js';
import { sendForm, type FormAnswer } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { insertPlace, insertProduct, levelOf } from '../support/stock-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

describe('pages of orders and budgets', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let holder: TestSession;
  let administrator: TestSession;
  let records: OrderPageRecords;
  let stores: number;
  beforeAll(async () => {
    database = await createTestDatabase();
    web = await startTestWeb(database);
    holder = await web.signIn('stock-holder');
    administrator = await web.signIn('administrator');
    records = await insertOrders(database.dataSource);
    stores = await insertPlace(database.dataSource, 'Stores');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const page = async (address: string, session = holder, status = 200): Promise<string> => {
    const answer = await fetch(web.url + address, { headers: session.headers });
    expect([address, answer.status]).toEqual([address, status]);
    return answer.text();
  };
  const send = (
    address: string,
    fields: Readonly<Record<string, string>>,
    options: Parameters<typeof sendForm>[4] = {},
    session = holder,
  ): Promise<FormAnswer> => sendForm(web.url, session, address, fields, options);
  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);

  const api = async (
    method: string,
    address: string,
    token: string,
    { body, key, version }: { readonly body?: object; readonly key?: string; readonly version?: string } = {},
  ): Promise<{ status: number; etag: string; json: Record<string, unknown> }> => {
    const answer = await fetch(`${web.url}/api/v1${address}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(version === undefined ? {} : { 'if-match': version }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, etag: answer.headers.get('etag') ?? '', json };
  };

  it('are all there', async () => {
    for (const addresses of Object.values(ORDER_PAGES)) {
      const [first] = addresses;
      const address = first?.(records) ?? '';
      const session = address.startsWith('/budgets') ? administrator : holder;
      expect(await page(address, session)).toContain('<h1');
    }
    expect(await page('/stock/orders/2000000', holder, 404)).toContain('There is no such order');
  });

  it('take an order, its lines, and what comes of it, once for a double click', async () => {
    const dock = await insertProduct(database.dataSource, 'Docking station');
    const day = { 'orderedOn-day': '2', 'orderedOn-month': '11', 'orderedOn-year': '2026' };
    const fields = { number: 'PO-77', supplier: 'Supplier Ltd', ...day };
    const entered = await send('/stock/orders/new', fields, { again: 2 });
    expect(entered.status).toBe(303);
    const order = entered.location ?? '';
    const line = { productId: String(dock), placeId: String(stores), quantity: '4', price: '£1,084.50' };
    expect((await send(`${order}/lines/new`, line, { again: 2 })).status).toBe(303);
    const [stored] = await rows<{ id: number; price: number; lines: number }>(
      `select min(line.id) as id, min(price_pence) as price, count(*)::integer as lines from purchase_order_line as line
       join purchase_order on purchase_order.id = order_id where number = 'PO-77'`,
    );
    expect(stored).toMatchObject({ price: 108_450, lines: 1 });
    const receive = `${order}/receive`;
    const quantity = `quantity-${stored?.id}`;
    expect((await send(receive, {})).html).toContain('Enter what came of at least one line');
    expect((await send(receive, { [quantity]: 'three' })).html).toContain('Enter a whole number from 1');
    expect((await send(receive, { [quantity]: '3', deliveryNote: 'DN-9' }, { again: 2 })).status).toBe(303);
    expect(await levelOf(database.dataSource, dock, stores)).toEqual({ onHand: 3, reserved: 0 });
    const tooMany = await send(receive, { [quantity]: '2' });
    expect([tooMany.status, tooMany.html.includes('than the 1 still to come')]).toEqual([409, true]);
    expect(await page(order)).toContain('DN-9');
    expect(await page(`/stock/products/${dock}`)).toContain('1 by order PO-77');
    expect((await send(`${order}/end`, { reason: 'The last one is broken' })).status).toBe(303);
    expect(await page(order)).toContain('The last one is broken');
    expect((await send('/stock/orders/new', fields)).status).toBe(409);
  });

  it('receive a delivery in one form, name the machines that cannot be received, and keep what was typed', async () => {
    const { order, orderLine, machineOrderLine } = records;
    const fields = {
      [`quantity-${orderLine}`]: '1',
      [`machines-${machineOrderLine}`]: 'ORD0000001, T-1\nORD0000001\nORD0000002',
      [`manufacturer-${machineOrderLine}`]: 'Ordered',
      [`model-${machineOrderLine}`]: 'Notebook 1',
    };
    const receive = `/stock/orders/${order}/receive`;
    const refused = await send(receive, fields);
    expect(refused.status).toBe(422);
    expect(refused.html).toContain(`href="#machines-${machineOrderLine}"`);
    expect(refused.html).toContain('Line 2: Line 1 has the same serial number');
    expect(refused.html).toContain('ORD0000002');
    const wrong = await send(receive, { ...fields, [`model-${machineOrderLine}`]: 'Notebook 2' });
    expect(wrong.html).toContain('This is not a model of the product');
    const without = await send(receive, { ...fields, [`model-${machineOrderLine}`]: '' });
    expect(without.html).toContain('Enter the model');
    const received = `select id, received from purchase_order_line where order_id = $1 order by id`;
    expect(await rows(received, [order])).toMatchObject([{ received: 2 }, { received: 0 }]);
    expect((await send(receive, { ...fields, rest: 'yes' }, { again: 2 })).status).toBe(303);
    expect(await rows(received, [order])).toEqual([
      { id: orderLine, received: 3 },
      { id: machineOrderLine, received: 2 },
    ]);
  });

  it('warn where more is committed than the budget, and lead to the requests behind it', async () => {
    const centre = `/budgets/cost-centres/${records.costCentre}`;
    const shown = await page(centre, administrator);
    expect(shown).toContain('exceeds the budget by £1,547.63');
    expect(await page('/budgets')).toContain('Over budget');
    expect(await page(`/budgets/requests?costCentreId=${records.costCentre}`)).toContain('£2,547.63');
    const set = await send(`${centre}/budget`, { year: '2026', amount: '25,000' }, {}, administrator);
    expect(set.status).toBe(303);
    expect(await page(centre, administrator)).not.toContain('exceeds the budget');
    expect(await page(`${centre}/budget`, holder, 403)).toContain('<h1');
  });

  it('set, change and remove the budget of a team, and warn where it is exceeded', async () => {
    expect(await page(`/budgets/teams?year=${presentYear()}`)).toContain('Over budget');
    const year = String(presentYear() + 1);
    const add = '/budgets/teams/new';
    const missing = await send(add, { year, amount: '500' }, {}, administrator);
    expect(missing.html).toContain('Choose the team');
    const fields = { team: 'Page team', year, amount: '500' };
    const set = await send(add, fields, { again: 2 }, administrator);
    expect([set.status, set.location]).toEqual([303, `/budgets/teams?year=${year}`]);
    expect((await send(add, fields, {}, administrator)).status).toBe(409);
    const [stored] = await rows<{ id: number }>(`select id from team_budget where team = 'Page team' and year = $1`, [
      year,
    ]);
    const budget = `/budgets/teams/${stored?.id}`;
    expect(await page(set.location ?? '')).not.toContain(`href="${budget}"`);
    const listed = await page(set.location ?? '', administrator);
    for (const text of [`href="${budget}"`, '£500', 'Page team']) expect(listed).toContain(text);
    expect((await send(budget, { amount: '£25,000' }, {}, administrator)).status).toBe(303);
    expect(await page(budget, administrator)).toContain('25000.00');
    expect(await page(budget, holder, 403)).toContain('<h1');
    expect((await send(`${budget}/remove`, {}, {}, administrator)).status).toBe(303);
    expect(await page(budget, administrator, 404)).toContain('There is no such budget');
  });

  it('give files of orders, cost centres, teams and requests', async () => {
    for (const [path, header] of [
      ['stock/orders.csv', 'Total in pounds'],
      ['budgets/cost-centres.csv', 'Forecast'],
      ['budgets/teams.csv', 'Budget id'],
      ['budgets/requests.csv', 'Committed'],
    ] as const) {
      expect(await page(`/api/v1/${path}`)).toContain(header);
    }
  });

  it('answer programs with the same rules, once for a key and only for the version that was looked at', async () => {
    const [stock, reader] = [await web.tokenFor('stock-holder'), await web.tokenFor('service-desk')];
    const headset = await insertProduct(database.dataSource, 'Wireless headset');
    const laptop = await insertProduct(database.dataSource, 'Sent laptop', { model: 'Sent Notebook 1' });
    const lines = [headset, laptop].map((productId) => ({
      productId,
      placeId: stores,
      quantity: 2,
      pricePence: 5_000,
    }));
    const details = { number: 'PO-API', supplier: 'Supplier Ltd', orderedOn: '2026-11-02', expectedOn: '2026-11-30' };
    const body = { ...details, lines };
    expect((await api('POST', '/stock/orders', reader, { body })).status).toBe(403);
    expect((await api('POST', '/stock/orders', stock, { body: { ...body, expectedOn: '2026-10-01' } })).status).toBe(
      422,
    );
    expect(
      (await api('POST', '/stock/orders', stock, { body: { ...body, lines: [{ ...lines[0], quantity: 0 }] } })).json,
    ).toMatchObject({ errors: [{ field: 'lines' }] });
    const entered = await api('POST', '/stock/orders', stock, { body, key: 'order' });
    expect(entered.status).toBe(201);
    expect((await api('POST', '/stock/orders', stock, { body, key: 'order' })).json).toEqual(entered.json);
    expect((await api('POST', '/stock/orders', stock, { body })).status).toBe(409);
    const order = `/stock/orders/${String(entered.json['id'])}`;
    const shown = await api('GET', order, reader);
    const [headsets, laptops] = (shown.json['orderLines'] as { id: number }[]).map(({ id }) => id);
    expect((await api('POST', order, stock, { body: details })).status).toBe(428);
    const changed = await api('POST', order, stock, { body: { ...details, expectedOn: null }, version: shown.etag });
    expect([changed.status, changed.json['expectedOn']]).toEqual([200, null]);
    expect((await api('POST', order, stock, { body: details, version: shown.etag })).status).toBe(412);
    const more = await api('POST', `${order}/lines`, stock, { body: { ...lines[0], quantity: 7 }, key: 'line' });
    const terms = { placeId: stores, quantity: 9, pricePence: 1 };
    const line = `/stock/order-lines/${String(more.json['id'])}`;
    const { etag } = await api('GET', order, stock);
    const raised = await api('POST', line, stock, { body: terms, version: etag });
    expect(raised.json).toMatchObject({ lines: 3, quantity: 13 });
    expect((await api('POST', `${line}/remove`, stock, { version: etag })).status).toBe(412);
    expect((await api('POST', `${line}/remove`, stock, { version: raised.etag })).json).toMatchObject({ lines: 2 });

    const receipts = `${order}/receipts`;
    const machines = { machines: [{ serialNumber: 'API0000001' }], manufacturer: 'Sent', model: 'Notebook 1' };
    for (const wrong of [{}, { quantity: 1, ...machines }, { machines: machines.machines }]) {
      expect((await api('POST', receipts, stock, { body: { lines: [{ lineId: laptops, ...wrong }] } })).status).toBe(
        400,
      );
    }
    const refused = await api('POST', receipts, stock, { body: { lines: [{ lineId: laptops, quantity: 1 }] } });
    expect([refused.status, refused.json]).toMatchObject([422, { errors: [{ field: 'lines.0.machines' }] }]);
    const delivery = {
      lines: [
        { lineId: headsets, quantity: 2 },
        { lineId: laptops, ...machines },
      ],
      deliveryNote: 'DN-API',
    };
    const [one, two] = await Promise.all(
      [1, 2].map(() => api('POST', receipts, stock, { body: delivery, key: 'came' })),
    );
    expect([one?.status, one?.json]).toEqual([201, two?.json]);
    expect(one?.json).toMatchObject({ closed: false, lines: [{ lineId: headsets, quantity: 2 }, { quantity: 1 }] });
    expect((await api('POST', receipts, stock, { body: delivery })).status).toBe(409);
    expect((await api('GET', '/stock/expected', reader)).json).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ orderNumber: 'PO-API', productId: laptop, quantity: 1 }),
      ]) as unknown,
    });
    const end = { body: { reason: 'The last one is not made any more' } };
    const now = await api('GET', order, stock);
    expect((await api('POST', `${order}/end`, stock, { ...end, version: now.etag })).json).toMatchObject({
      state: 'closed',
    });
    expect((await api('POST', `${order}/end`, stock, { ...end, version: now.etag })).status).toBe(412);
    expect((await api('GET', '/stock/orders?state=closed&search=po-api', reader)).json).toMatchObject({
      items: [{ received: 3 }],
    });
  });

  it('let programs enter cost centres and budgets, with the same rules', async () => {
    const [administers, reader] = [await web.tokenFor('administrator'), await web.tokenFor('service-desk')];
    const body = { code: 'CC-API', name: 'Highways' };
    const centres = '/budgets/cost-centres';
    expect((await api('POST', centres, reader, { body })).status).toBe(403);
    expect((await api('POST', centres, administers, { body: { ...body, budgetHolder: 'nobody' } })).status).toBe(422);
    const added = await api('POST', centres, administers, { body, key: 'centre' });
    expect([added.status, (await api('POST', centres, administers, { body, key: 'centre' })).json]).toEqual([
      201,
      added.json,
    ]);
    expect((await api('POST', centres, administers, { body })).status).toBe(409);
    const centre = `${centres}/${String(added.json['id'])}`;
    const shown = await api('GET', `${centre}?year=2026`, reader);
    expect(shown.json).toMatchObject({ code: 'CC-API', year: 2026, amount: null, left: null });
    const budget = { year: 2026, amountPence: 2_500_000 };
    expect((await api('POST', `${centre}/budget`, administers, { body: budget })).status).toBe(428);
    expect(
      (
        await api('POST', `${centre}/budget`, administers, {
          body: { ...budget, amountPence: -1 },
          version: shown.etag,
        })
      ).status,
    ).toBe(400);
    const set = await api('POST', `${centre}/budget`, administers, { body: budget, version: shown.etag });
    expect(set.json).toMatchObject({ amount: 2_500_000, left: 2_500_000, spent: 0, committed: 0, forecast: 0 });
    expect((await api('POST', centre, administers, { body: { name: 'Roads' }, version: shown.etag })).status).toBe(412);
    expect((await api('POST', centre, administers, { body: { name: 'Roads' }, version: set.etag })).json).toMatchObject(
      { name: 'Roads' },
    );
    expect((await api('GET', `${centres}?search=cc-a`, reader)).json).toMatchObject({ items: [{ name: 'Roads' }] });
    expect((await api('GET', '/budgets/teams', reader)).json).toMatchObject({ items: [{ committed: 254_763 }] });
    const behind = await api('GET', `/budgets/requests?costCentreId=${records.costCentre}`, reader);
    expect(behind.json).toMatchObject({
      items: [{ committed: 254_763, costCentre: 'CC-PAGES' }],
    });
  });

  it('let programs set budgets of teams, with the same rules', async () => {
    const [administers, reader] = [await web.tokenFor('administrator'), await web.tokenFor('service-desk')];
    const body = { team: 'page TEAM', year: 2040, amountPence: 5_000_000 };
    const teams = '/budgets/teams';
    expect((await api('POST', teams, reader, { body })).status).toBe(403);
    expect((await api('POST', teams, administers, { body: { ...body, team: 'Nobody' } })).status).toBe(422);
    const added = await api('POST', teams, administers, { body, key: 'team' });
    expect([added.status, (await api('POST', teams, administers, { body, key: 'team' })).json]).toEqual([
      201,
      added.json,
    ]);
    expect((await api('POST', teams, administers, { body })).status).toBe(409);
    const budget = `${teams}/${String(added.json['id'])}`;
    const shown = await api('GET', budget, reader);
    expect(shown.json).toMatchObject({ team: 'Page team', year: 2040, amount: 5_000_000 });
    expect((await api('GET', `${teams}?year=2040`, reader)).json).toMatchObject({
      items: [{ team: 'Page team', amount: 5_000_000, left: 5_000_000, forecast: 0, requests: 0 }],
    });
    const more = { amountPence: 6_000_000 };
    expect((await api('POST', budget, administers, { body: more })).status).toBe(428);
    const changed = await api('POST', budget, administers, { body: more, version: shown.etag });
    expect(changed.json).toMatchObject({ amount: 6_000_000 });
    expect((await api('POST', `${budget}/remove`, administers, { version: shown.etag })).status).toBe(412);
    expect((await api('POST', `${budget}/remove`, reader, { version: changed.etag })).status).toBe(403);
    const removed = await api('POST', `${budget}/remove`, administers, { version: changed.etag });
    expect([removed.status, removed.json]).toEqual([200, { removed: added.json['id'] }]);
    expect((await api('GET', budget, reader)).status).toBe(404);
  });
});
