import type { Browser, Page } from 'playwright-core';
import { CheckedPage, describeInBrowser, collectComplaints, startBrowser, violationsOf } from '../support/browser.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

/** Answers that come in another order than they were asked for. */
const SLOW = 400;

describe('the box', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.dataSource.query(`
      insert into person (entra_id, display_name, user_principal_name, department, office_location, account_enabled)
      values ('p-1', 'Asha Smith', 'asha.smith@council.example', 'Housing', 'Wexcombe', true),
             ('p-2', 'Ben Smith', 'ben.smith@council.example', 'Parks', 'Depot', true);
      insert into device (name, serial_number, manufacturer, model, user_entra_id)
      values ('WX-1', '5CGAAA1111', 'Dell Inc.', 'Latitude 5540', 'p-1'), ('WX-2', '5CGBBB2222', 'HP', 'EliteBook', 'p-2')`);
    await database.dataSource.query(`
      insert into device_register (device_id, asset_tag, asset_tag_key, changed_by) values (1, 'WC-0001', 'WC0001', 'test')`);
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const locationOf = async (query: string): Promise<[number, string | null]> => {
    const answer = await fetch(`${web.url}/search?${query}`, { redirect: 'manual' });
    return [answer.status, answer.headers.get('location')];
  };

  it('leads a scanner straight to what it scanned, and nobody to what only begins so', async () => {
    expect(await locationOf('q=5CGAAA1111%0D%0A')).toEqual([303, '/devices/1']);
    expect(await locationOf('q=wc+0001')).toEqual([303, '/devices/1']);
    expect(await locationOf('q=ASHA.SMITH%40council.example')).toEqual([303, '/people/1']);
    expect(await locationOf('q=5CGAAA1111&list=1')).toEqual([200, null]);
    for (const text of ['5CGAAA', 'WX-1', 'smith', 'asha', 'latitude', '5CGAAA11l1']) {
      expect([text, await locationOf(`q=${text}`)]).toEqual([text, [200, null]]);
    }
  });

  it('says why each result is there', async () => {
    const page = async (text: string): Promise<string> =>
      (await (await fetch(`${web.url}/search?list=1&q=${encodeURIComponent(text)}`)).text())
        .replace(/<[^>]+>|\s+/g, ' ')
        .replace(/ +/g, ' ');
    expect(await page('5cgaaai111')).toMatch(
      /Found by: serial number 5CGAAA1111 , if O is taken for 0, and I and l for 1/,
    );
    expect(await page('smiht')).toMatch(/Found by: name Asha Smith , spelled nearly like what you typed \(smith\)/);
    expect(await page('wexcombe smith latitude')).toMatch(
      /Devices \(1\).*Found by: has all the words, in different places/,
    );
    expect(await page('asha')).toMatch(/Found by: primary user Asha Smith/);
    expect(await page('zzzzzz')).toMatch(/Nothing found/);
    expect(await page('!')).toMatch(/There is a problem/);
    expect(await page('x'.repeat(201))).toMatch(/Type at most 200 characters/);
  });

  it('answers programs, and refuses what says nothing', async () => {
    const answer = await fetch(`${web.url}/api/v1/search?q=smith&limit=1`);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('etag')).not.toBeNull();
    expect(await answer.json()).toMatchObject({
      devices: { count: 2, more: false, items: [{ id: 1 }] },
      people: { count: 2, more: false, items: [{ displayName: 'Asha Smith', match: { how: 'exact', field: 'name' } }] },
    });
    for (const query of ['', 'q=', 'q=a', 'q=%00', `q=${'x'.repeat(201)}`, 'q=ab&limit=0', 'q=ab&x=1', 'q=a&q=b']) {
      expect([query, (await fetch(`${web.url}/api/v1/search?${query}`)).status]).toEqual([query, 400]);
    }
    expect(await (await fetch(`${web.url}/search/suggestions?q=a`)).json()).toEqual({ items: [] });
  });

  describeInBrowser('in a browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await startBrowser();
    });
    afterAll(() => browser?.close());

    const open = async (address: string): Promise<CheckedPage> => {
      const checked = await CheckedPage.open(browser, web.url + address);
      // A browser complains of every answer that is an error, as the page for a text that is too short is.
      const complaints = checked.complaints.filter((complaint) => !complaint.includes('status of 400'));
      expect([checked.violations, complaints, checked.overflows]).toEqual([[], [], false]);
      return checked;
    };
    const suggested = (page: Page) => page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');

    it.each([
      ['the start page', '/'],
      ['any page', '/people/2'],
    ])('suggests on %s, and is worked with the keyboard alone', async (_name, address) => {
      const { page } = await open(address);
      const box = page.getByRole('combobox');
      await box.focus();
      await page.keyboard.type('smith', { delay: 10 });
      await suggested(page).first().waitFor();
      expect(await suggested(page).count()).toBe(4);
      expect(await box.getAttribute('aria-expanded')).toBe('true');
      expect(await page.getByRole('status').textContent()).toMatch(/^4 suggestions/);
      expect(await violationsOf(page)).toEqual([]);

      await page.keyboard.press('ArrowDown');
      const first = suggested(page).first();
      expect(await first.getAttribute('aria-selected')).toBe('true');
      expect(await box.getAttribute('aria-activedescendant')).toBe(await first.getAttribute('id'));
      expect(await violationsOf(page)).toEqual([]);
      await page.keyboard.press('ArrowUp');
      expect(await box.getAttribute('aria-activedescendant')).toBeNull();
      await page.keyboard.press('ArrowUp');
      expect(await suggested(page).last().getAttribute('aria-selected')).toBe('true');
      await page.keyboard.press('Escape');
      expect(await box.getAttribute('aria-expanded')).toBe('false');
      expect(await box.inputValue()).toBe('smith');
      await page.keyboard.press('ArrowDown');
      await suggested(page).first().waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/devices/1');
      await page.context().close();
    });

    it('sends what a scanner types and ends with Enter, whatever is suggested', async () => {
      const { page } = await open('/');
      await page.getByRole('combobox').focus();
      await page.keyboard.type('5CGBBB2222', { delay: 1 });
      await page.keyboard.press('Enter');
      await page.waitForURL('**/devices/2');
      await page.context().close();
    });

    it('shows the suggestions of what stands in the box, also when an earlier answer is late', async () => {
      const { page } = await open('/');
      const complaints = collectComplaints(page);
      await page.route('**/search/suggestions?q=as*', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, SLOW));
        await route.continue().catch(() => undefined);
      });
      const box = page.getByRole('combobox');
      await box.fill('asha');
      await page.waitForTimeout(250);
      await box.fill('ben smith');
      await suggested(page).first().waitFor();
      await page.waitForTimeout(SLOW + 200);
      expect((await suggested(page).allTextContents()).every((text) => !text.includes('asha.smith'))).toBe(true);
      await box.fill('');
      await page.waitForTimeout(300);
      expect(await box.getAttribute('aria-expanded')).toBe('false');
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('goes to a suggestion that is clicked, and closes when the focus leaves', async () => {
      const { page } = await open('/');
      await page.getByRole('combobox').fill('elitebook');
      await suggested(page).first().click();
      await page.waitForURL('**/devices/2');
      await page.goBack();
      await page.getByRole('combobox').fill('smith');
      await suggested(page).first().waitFor();
      await page.keyboard.press('Tab');
      expect(await page.getByRole('listbox', { includeHidden: true }).isHidden()).toBe(true);
      await page.context().close();
    });

    it.each(['/search?q=smith', '/search?q=zzzz', '/search?q=a', '/search'])(
      'has nothing against %s',
      async (address) => {
        const { page } = await open(address);
        await page.context().close();
      },
    );
  });
});
