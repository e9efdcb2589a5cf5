import type { Browser } from 'playwright-core';
import { CheckedPage, describeInBrowser, startBrowser } from '../support/browser.js';
import { insertMachines, insertPeople, personId, place, upn } from '../support/custody-fixture.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const FORM = 'application/x-www-form-urlencoded';

describe('pages of custody', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let keeper: TestSession;
  let desk: TestSession;
  let reviewer: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertPeople(database.dataSource, 12, [7]);
    web = await startTestWeb(database);
    keeper = await web.signIn({ roles: ['stock-holder', 'engineer'] });
    desk = await web.signIn('service-desk');
    reviewer = await web.signIn('reviewer');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const one = async (): Promise<number> =>
    (await insertMachines(database.dataSource, 1, `P${Math.random().toString(36).slice(2, 7)}`))[0] ?? 0;
  const get = (address: string, session = keeper): Promise<Response> =>
    fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
  /** The hidden fields of the form on a page that is sent to this address. */
  async function hidden(address: string, action = address, session = keeper): Promise<Record<string, string>> {
    const page = await (await get(address, session)).text();
    const form =
      page.split('<form ').find((part) => part.startsWith(`action="${action.replaceAll('&', '&amp;')}"`)) ?? '';
    return Object.fromEntries(
      [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;
  }
  async function post(address: string, fields: Record<string, string>, session = keeper): Promise<Response> {
    return fetch(web.url + address, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...session.headers, 'content-type': FORM },
      body: new URLSearchParams(fields).toString(),
    });
  }
  const holderOf = async (id: number): Promise<unknown> =>
    (
      await rows<{ holder_entra_id: unknown }>('select holder_entra_id from device_custody where device_id = $1', [id])
    )[0]?.holder_entra_id;

  it('hand a machine over, once, however often the button is pressed or the form sent again (B208, B209)', async () => {
    const id = await one();
    const address = `/devices/${id}/hand-over`;
    const fields = { ...(await hidden(address)), holder: upn(1), place: 'Desk 5', accessories: 'charger' };
    const answers = await Promise.all([1, 2, 3].map(() => post(address, fields)));
    answers.push(await post(address, fields));
    for (const answer of answers)
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `/devices/${id}`]);
    expect(await rows('select details from custody_event where device_id = $1', [id])).toEqual([
      { details: { accessories: ['charger'] } },
    ]);
    expect(await holderOf(id)).toBe(personId(1));
  });

  it('keep what was typed and name what is wrong, beside the field and in the summary', async () => {
    const id = await one();
    const address = `/devices/${id}/hand-over`;
    const answer = await post(address, { ...(await hidden(address)), holder: upn(7), place: '<b>Desk</b>' });
    const page = await answer.text();
    expect(answer.status).toBe(422);
    expect(page).toMatch(/<title>Error: /);
    expect(page).toContain('The account of the person is disabled');
    expect(page).toContain('href="#holder"');
    expect(page).toContain('value="&lt;b&gt;Desk&lt;/b&gt;"');
    expect(await holderOf(id)).toBeUndefined();
    const wipe = await one();
    await place(database.dataSource, [wipe], 'recovered');
    const wiped = `/devices/${wipe}/wipe`;
    const typed = {
      method: 'disk-erasure',
      reference: 'C-1',
      performedBy: 'Us',
      'performedOn-day': '30',
      'performedOn-month': '2',
      'performedOn-year': '2026',
    };
    expect((await post(wiped, { ...(await hidden(wiped)), ...typed })).status).toBe(422);
    const good = { ...typed, 'performedOn-day': '7' };
    expect((await post(wiped, { ...(await hidden(wiped)), ...good })).status).toBe(303);
    expect(await rows('select details from custody_event where device_id = $1', [wipe])).toMatchObject([
      { details: { performedOn: '2026-02-07' } },
    ]);
  });

  it('show both sides when somebody else was quicker, and keep what was typed', async () => {
    const id = await one();
    await place(database.dataSource, [id], 'in_use', personId(1));
    const address = `/devices/${id}/transfer`;
    const mine = { ...(await hidden(address)), holder: upn(2), reason: 'Swapped desks' };
    const theirs = { ...(await hidden(address, address, desk)), holder: upn(3), reason: 'Moved' };
    expect((await post(address, theirs, desk)).status).toBe(303);
    const answer = await post(address, mine);
    const page = await answer.text();
    expect(answer.status).toBe(409);
    expect(page).toContain('Somebody changed its custody meanwhile.');
    expect(page).toContain(personId(3));
    expect(page).toContain('Swapped desks');
    expect(await holderOf(id)).toBe(personId(3));
  });

  it('offer only what the state and the role allow', async () => {
    const id = await one();
    await place(database.dataSource, [id], 'in_use', personId(1));
    const wrong = await (await get(`/devices/${id}/wipe`)).text();
    expect(wrong).toContain('not possible while the machine is in this state');
    expect(wrong).toContain(`/devices/${id}/take-back`);
    expect(wrong).not.toContain('name="performedBy"');
    const stock = await (await get(`/devices/${id}/allocate`, desk)).text();
    expect(stock).toContain('Your role does not allow this');
    expect((await get(`/devices/${id}/hand-over`, reviewer)).status).toBe(403);
    expect((await get(`/devices/${id}/custody`, reviewer)).status).toBe(200);
    expect((await get('/stock/receive', desk)).status).toBe(403);
    expect((await get(`/devices/${id}/juggle`)).status).toBe(404);
    expect((await get('/devices/2000000000/hand-over')).status).toBe(404);
    const forged = await post(
      `/devices/${id}/allocate`,
      { ...(await hidden(`/devices/${id}/take-back`, `/devices/${id}/take-back`, desk)), holder: upn(2) },
      desk,
    );
    expect(forged.status).toBe(403);
  });

  it('check many machines, say which cannot be done, and do the rest', async () => {
    const ids = await insertMachines(database.dataSource, 6, 'MANY');
    await place(database.dataSource, ids.slice(0, 1), 'wiped');
    const query = new URLSearchParams(ids.map((id) => ['device', String(id)]));
    const choose = await (await get(`/devices/bulk?${query.toString()}`)).text();
    expect(choose.match(/type="hidden" name="device"/g)).toHaveLength(6);
    const address = '/devices/bulk?command=take-back';
    const page = await (await get(`${address}&${query.toString()}`)).text();
    expect(page).toContain(ids.map((id) => `#${id}`).join('\n'));
    const token = await hidden(address);
    const missing = await post(address, { ...token, machines: '', condition: 'good', place: 'Stores' });
    expect(missing.status).toBe(422);
    const machines = [...ids.map((id) => `#${id}`), 'NOWHERE'].join('\r\n');
    const checked = await post(address, { ...(await hidden(address)), machines, condition: 'good', place: 'Stores' });
    const bulk = checked.headers.get('location') ?? '';
    expect([checked.status, /^\/devices\/bulk\/\d+$/.test(bulk)]).toEqual([303, true]);
    const shown = await (await get(bulk)).text();
    expect(shown).toContain('5 can be done, 2 cannot');
    expect(shown).toContain('the machine is wiped');
    expect((await get(bulk, desk)).status).toBe(404);
    expect((await post(bulk, { ...(await hidden(bulk)) })).status).toBe(422);
    expect((await post(bulk, { ...(await hidden(bulk)), mode: 'rest' })).status).toBe(303);
    const done = await (await get(bulk)).text();
    expect(done).toContain('5 done, 2 refused');
    expect(done).toMatch(/\/api\/v1\/custody\/bulk\/\d+\/lines\.csv/);
  });

  it('receive a delivery, all or none, naming each line that is wrong', async () => {
    const address = '/stock/receive';
    const wrong = { machines: 'PAGE0001, PT-1\nDefault string\nPAGE0001', manufacturer: 'HP', place: 'Stores' };
    const refused = await post(address, { ...(await hidden(address)), ...wrong });
    const page = await refused.text();
    expect(refused.status).toBe(422);
    expect(page).toContain('Line 2: ');
    expect(page).toContain('Line 3: Line 1 has the same serial number');
    expect(await rows(`select from device_register where serial_key = 'PAGE0001'`)).toEqual([]);
    const good = {
      ...(await hidden(address)),
      machines: 'PAGE0001, PT-1\r\nPAGE0002',
      manufacturer: 'HP',
      place: 'Stores',
    };
    for (const answer of [await post(address, good), await post(address, good)]) expect(answer.status).toBe(303);
    expect(
      await rows(`select asset_tag from device_register where serial_key like 'PAGE000%' order by serial_key`),
    ).toEqual([{ asset_tag: 'PT-1' }, { asset_tag: null }]);
  });

  it('take a file of evidence from a form, and give it back only to be saved (V-40)', async () => {
    const id = await one();
    const address = `/devices/${id}/evidence`;
    const send = async (file: Blob, name: string, fields?: Record<string, string>): Promise<Response> => {
      const form = new FormData();
      for (const [key, value] of Object.entries(fields ?? (await hidden(address)))) form.set(key, value);
      form.set('file', file, name);
      return fetch(web.url + address, { method: 'POST', redirect: 'manual', headers: keeper.headers, body: form });
    };
    expect(
      (await send(new Blob(['%PDF-1.7 certificate'], { type: 'application/pdf' }), 'certificate.pdf')).status,
    ).toBe(303);
    expect((await send(new Blob(['<html>'], { type: 'text/html' }), 'x.html')).status).toBe(422);
    expect((await send(new Blob(['<html>'], { type: 'application/pdf' }), 'x.pdf')).status).toBe(422);
    expect((await send(new Blob([''], { type: 'text/plain' }), '')).status).toBe(422);
    expect((await send(new Blob(['text'], { type: 'text/plain' }), 'x.txt', {})).status).toBe(403);
    expect((await post(address, await hidden(address))).status).toBe(422);
    const elsewhere = new FormData();
    elsewhere.set('holder', upn(1));
    const other = await fetch(`${web.url}/devices/${id}/hand-over`, {
      method: 'POST',
      headers: keeper.headers,
      body: elsewhere,
    });
    expect(other.status).toBe(415);
    const [kept, ...more] = await rows<{ id: number }>('select id from custody_evidence where device_id = $1', [id]);
    expect(more).toEqual([]);
    const file = await get(`${address}/${kept?.id}`, reviewer);
    expect(file.headers.get('content-disposition')).toBe(
      `attachment; filename="certificate.pdf"; filename*=UTF-8''certificate.pdf`,
    );
    expect(file.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(await file.text()).toBe('%PDF-1.7 certificate');
  });

  describeInBrowser('in a browser', () => {
    it('show all of it to everybody in a browser, without anything that WCAG 2.2 AA forbids', async () => {
      const [used = 0, stock = 0, merged = 0, recovered = 0] = await insertMachines(database.dataSource, 4, 'LOOK');
      await place(database.dataSource, [used], 'in_use', personId(7));
      await place(database.dataSource, [stock], 'in_stock:available');
      await place(database.dataSource, [recovered], 'recovered');
      await database.dataSource.query(
        `insert into device_custody (device_id, recorded_for, state, holder_entra_id, set_aside_at, contested)
       values ($1, $2, 'in_use', $3, now(), true)`,
        [stock, merged, personId(2)],
      );
      const address = '/devices/bulk?command=take-back';
      const typed = { machines: `#${used}\nNOWHERE`, condition: 'good', place: 'Stores' };
      const bulk = (await post(address, { ...(await hidden(address)), ...typed })).headers.get('location') ?? '';
      const browser: Browser = await startBrowser();
      try {
        // What every-page.ts does not come to: a possible step, two custodies, and a bulk action with a refusal.
        for (const page of [`/devices/${recovered}/wipe`, `/devices/${stock}/settle`, address, bulk]) {
          const opened = await CheckedPage.open(browser, web.url + page, {
            ...keeper.browser,
            viewport: { width: 375, height: 800 },
          });
          expect([page, opened.status, opened.violations, opened.complaints, opened.overflows]).toEqual([
            page,
            200,
            [],
            [],
            false,
          ]);
          await opened.close();
        }
        const settle = await CheckedPage.open(browser, `${web.url}/devices/${stock}/settle`, keeper.browser);
        await settle.page.getByLabel(/In use, Person 2/).check();
        await settle.page.getByLabel('Reason').fill('Person 2 showed it to me');
        await settle.page.getByRole('button', { name: 'Settle' }).click();
        await settle.page.waitForURL(`${web.url}/devices/${stock}`);
        await settle.close();
        expect(
          await rows(
            'select from device_custody where device_id = $1 and set_aside_at is null and holder_entra_id = $2',
            [stock, personId(2)],
          ),
        ).toHaveLength(1);
      } finally {
        await browser.close();
      }
    }, 180_000);
  });
});
