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
    const receive = `/stock/order-lines/${stored?.id}/receive`;
    expect((await send(receive, {})).html).toContain('Enter how many came');
    expect((await send(receive, { quantity: '3', deliveryNote: 'DN-9' }, { again: 2 })).status).toBe(303);
    expect(await levelOf(database.dataSource, dock, stores)).toEqual({ onHand: 3, reserved: 0 });
    expect((await send(receive, { quantity: '2' })).status).toBe(409);
    expect(await page(order)).toContain('DN-9');
    expect((await send(`${order}/end`, { reason: 'The last one is broken' })).status).toBe(303);
    expect(await page(order)).toContain('The last one is broken');
    expect((await send('/stock/orders/new', fields)).status).toBe(409);
  });

  it('name the machines that cannot be received, and keep what was typed', async () => {
    const receive = `/stock/order-lines/${records.machineOrderLine}/receive`;
    const fields = {
      machines: 'ORD0000001, T-1\nORD0000001\nORD0000002',
      manufacturer: 'Ordered',
      model: 'Notebook 1',
    };
    const refused = await send(receive, fields);
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('Line 2: Line 1 has the same serial number');
    expect(refused.html).toContain('ORD0000002');
    const wrong = await send(receive, { ...fields, model: 'Notebook 2' });
    expect(wrong.html).toContain('This is not a model of the product');
    expect((await send(receive, { ...fields, rest: 'yes' })).status).toBe(303);
    expect(await rows(`select received from purchase_order_line where id = $1`, [records.machineOrderLine])).toEqual([
      { received: 2 },
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

  it('give files of orders, cost centres, teams and requests', async () => {
    for (const [path, header] of [
      ['stock/orders.csv', 'Total in pounds'],
      ['budgets/cost-centres.csv', 'Forecast'],
      ['budgets/teams.csv', 'Team'],
      ['budgets/requests.csv', 'Committed'],
    ] as const) {
      expect(await page(`/api/v1/${path}`)).toContain(header);
    }
  });
});
