import { sendForm, type FormAnswer } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { insertPlace, insertProduct, levelOf, stockUp } from '../support/stock-fixture.js';
import { insertStock } from '../support/stock-pages.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

describe('pages of stock', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let holder: TestSession;
  let administrator: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    web = await startTestWeb(database);
    holder = await web.signIn('stock-holder');
    administrator = await web.signIn('administrator');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const page = async (address: string, session = holder): Promise<string> => {
    const answer = await fetch(web.url + address, { headers: session.headers });
    expect([address, answer.status]).toEqual([address, 200]);
    return answer.text();
  };
  const send = (
    session: TestSession,
    address: string,
    fields: Readonly<Record<string, string>>,
    options: Parameters<typeof sendForm>[4] = {},
  ): Promise<FormAnswer> => sendForm(web.url, session, address, fields, options);
  const levelId = async (productId: number, placeId: number): Promise<number> => {
    const [row] = await database.dataSource.query<{ id: number }[]>(
      'select id::integer from stock_level where product_id = $1 and place_id = $2',
      [productId, placeId],
    );
    return row?.id ?? 0;
  };

  it('enter a product with its price and alternatives, once for a double click', async () => {
    const other = await insertProduct(database.dataSource, 'Quiet keyboard');
    const fields = {
      name: 'Loud keyboard',
      kind: 'keyboard',
      price: '£12.50',
      counting: 'number',
      offered: 'yes',
      alternatives: 'quiet keyboard: for shared rooms',
    };
    const added = await send(administrator, '/stock/products/new', fields, { again: 2 });
    expect(added.status).toBe(303);
    const rows = await database.dataSource.query<unknown[]>(
      `select price_pence, alternative_id, note from product join product_alternative on product_id = id where name = 'Loud keyboard'`,
    );
    expect(rows).toEqual([{ price_pence: 1250, alternative_id: other, note: 'for shared rooms' }]);
    expect(await page(added.location ?? '')).toContain('Quiet keyboard (for shared rooms)');

    const wrong = await send(administrator, '/stock/products/new', {
      ...fields,
      price: 'cheap',
      alternatives: 'Nothing',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('Enter an amount in pounds');
    const unknown = await send(administrator, '/stock/products/new', { ...fields, alternatives: 'Nothing' });
    expect(unknown.html).toContain('There is no product called “Nothing”');
    expect((await send(administrator, '/stock/products/new', fields)).status).toBe(409);
  });

  it('say what is too low first, and take a threshold', async () => {
    const { dataSource } = database;
    const place = await insertPlace(dataSource, 'Threshold stores');
    const product = await insertProduct(dataSource, 'Watched dock');
    await stockUp(dataSource, product, place, 2);
    const address = `/stock/levels/${await levelId(product, place)}`;
    expect((await send(holder, address, { threshold: '5' })).status).toBe(303);
    const html = await page('/stock');
    expect(html).toContain('1 level too low');
    expect(html).toContain('1 place not counted for a year');
    expect(await page('/stock?low=true')).toContain('Watched dock');
    expect((await send(holder, address, { threshold: 'five' })).html).toContain(
      'Enter a whole number from 0 to 100000',
    );
  });

  it('send accessories, which arrive in parts, and say when somebody else was quicker', async () => {
    const { dataSource } = database;
    const [from, to] = [await insertPlace(dataSource, 'Sender'), await insertPlace(dataSource, 'Receiver')];
    const product = await insertProduct(dataSource, 'Sent dock');
    await stockUp(dataSource, product, from, 5);
    const fields = { productId: String(product), fromPlaceId: String(from), toPlaceId: String(to), quantity: '4' };
    const tooMany = await send(holder, '/stock/transfers/new', { ...fields, quantity: '6' });
    expect([tooMany.status, tooMany.html.includes('There are not so many on hand')]).toEqual([409, true]);
    const { location } = await send(holder, '/stock/transfers/new', fields, { again: 1 });
    expect(await levelOf(dataSource, product, from)).toEqual({ onHand: 1, reserved: 0 });
    const transfer = location ?? '';
    const arrived = await send(holder, transfer, { arrived: '3' }, { action: `${transfer}/arrival`, again: 1 });
    expect([303, 409]).toContain(arrived.status);
    expect(await levelOf(dataSource, product, to)).toEqual({ onHand: 3, reserved: 0 });
    const lost = await send(holder, transfer, { lost: '1', reason: 'Fell off' }, { action: `${transfer}/loss` });
    expect(lost.status).toBe(303);
    expect(await page(transfer)).toContain('Fell off');
  });

  it('count a place: figures by row, serial numbers, and what to do about machines', async () => {
    const { dataSource } = database;
    const { stockPlace, stockCount, product } = await insertStock(dataSource);
    const address = `/stock/counts/${stockCount}`;
    const before = await page(address);
    expect(before).toContain('In stock here, and not scanned');
    expect(before).toContain('Report it missing');
    const scanned = await send(
      holder,
      address,
      { serials: 'STOCKED002\nSTOCKED003\nSTOCKED004\nx' },
      { action: `${address}/serials` },
    );
    expect(scanned.status).toBe(303);
    const figures = await send(holder, address, { counted: '8', reason: '' }, { action: `${address}/figures` });
    expect(figures.status).toBe(303);
    const without = await send(holder, address, {}, { action: `${address}/reconcile` });
    expect(without.html).toContain('Say why there are not as many as expected: Counted dock');
    const figuresAt = { action: `${address}/figures` };
    const pasted = await send(holder, address, { pasted: 'Counted dock\t9\nNothing\t1' }, figuresAt);
    expect([pasted.status, pasted.html.includes('Line 2: there is no accessory called “Nothing”')]).toEqual([
      422,
      true,
    ]);
    expect((await send(holder, address, { pasted: 'counted dock; 9; One broke' }, figuresAt)).status).toBe(303);
    expect(await page(address)).toContain('value="One broke"');
    const wrong = await send(holder, address, { counted: 'eight', reason: 'x' }, { action: `${address}/figures` });
    expect([wrong.status, wrong.html.includes('Row 1: enter a whole number')]).toEqual([422, true]);
    await send(holder, address, { counted: '8', reason: 'One broke' }, { action: `${address}/figures` });
    expect((await send(holder, address, {}, { action: `${address}/reconcile` })).status).toBe(303);
    expect(await levelOf(dataSource, product, stockPlace)).toEqual({ onHand: 8, reserved: 0 });
    const closed = await page(address);
    expect(closed).toContain('What it corrected');
    expect(closed).not.toContain('Report it missing');
  });

  it('send machines by their serial numbers, and name those that cannot go', async () => {
    const place = await insertPlace(database.dataSource, 'Far away');
    const form = '/stock/transfers/machines';
    const fields = { toPlaceId: String(place) };
    const unknown = await send(holder, form, { ...fields, serials: 'STOCKED002\nNOBODYHASIT1' });
    expect([unknown.status, unknown.html.includes('No machine has this serial number: NOBODYHASIT1')]).toEqual([
      422,
      true,
    ]);
    const held = await send(holder, form, { ...fields, serials: 'STOCKED001' });
    expect([held.status, held.html.includes('Not available in stock')]).toEqual([422, true]);
    const sent = await send(holder, form, { ...fields, serials: 'stocked002\nSTOCKED003' });
    expect(sent.status).toBe(303);
    expect(await page(sent.location ?? '')).toContain('STOCKED002');
  });
});
