import type { Browser } from 'playwright-core';
import { CheckedPage, describeInBrowser, startBrowser } from '../support/browser.js';
import { insertEstate, insertRuns } from '../support/estate-rows.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

/** Every page, with the status it has and what it must say. */
const PAGES: readonly (readonly [name: string, address: string, status: number, says: readonly RegExp[]])[] = [
  [
    'status',
    '/status',
    200,
    [/Status/, /1,400/, /Waiting for you/, /Grant DeviceManagementManagedDevices/, /3 days ago/],
  ],
  ['home', '/', 200, [/Find a device or a person/, /a hostname, also one that the device no longer has/]],
  ['search', '/search', 200, [/Serial number, asset tag, hostname/]],
  ['search-person', '/search?q=Shah', 200, [/Shah7/, /LT-\d{7}/, /Department/, /Found by: name/]],
  ['search-device', '/search?q=lt-00000', 200, [/Primary user/, /serial number/, /Found by: hostname/]],
  ['search-too-short', '/search?q=a', 400, [/There is a problem/, /Type at least two letters or digits/]],
  ['search-nothing', '/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E', 200, [/&lt;script&gt;alert/]],
  ['runs', '/sync', 200, [/Newest first/, /changes only/]],
  ['run-held', '/sync/runs/2', 200, [/Set aside/, /is not a text/]],
  ['run-failed', '/sync/runs/3', 200, [/What to do:/]],
  ['api', '/api/docs', 200, [/GET \/api\/v1\/devices/, /whole number/]],
  ['not-found', '/nothing', 404, [/There is nothing at this address/, /Request id/]],
  ['wrong', '/search?q=a&q=b', 400, [/The request is not valid/]],
];

describe('pages', () => {
  let database: TestDatabase;
  let empty: TestDatabase;
  let web: TestWeb;
  let emptyWeb: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 60, devices: 150 });
    await insertRuns(database.dataSource);
    web = await startTestWeb(database);
    empty = await createTestDatabase();
    emptyWeb = await startTestWeb(empty, {
      environment: {
        GRAPH_TENANT_ID: '00000000-0000-4000-8000-000000000001',
        GRAPH_CLIENT_ID: '00000000-0000-4000-8000-000000000002',
        GRAPH_CLIENT_SECRET: 'not-a-real-one',
      },
    });
  });
  afterAll(async () => {
    for (const process of [web, emptyWeb]) await process?.close();
    for (const used of [database, empty]) await used?.drop();
  });

  it.each(PAGES)('%s says what it should without scripts', async (_name, address, status, says) => {
    const answer = await fetch(web.url + address);
    const page = await answer.text();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page).toMatch(/<title>[^<]+ – Untether<\/title>/);
    expect(page).toContain('lang="en-GB"');
    expect(page).toContain('Demonstration tenant: all people and devices are invented.');
    for (const phrase of says) expect(page).toMatch(phrase);
    expect(page).not.toMatch(/<script>alert|style="|undefined|\[object|NaN/);
  });

  it('shows every time in UK time with UTC beside it', async () => {
    const whole = await (await fetch(`${web.url}/sync/runs/2`)).text();
    // The foot of the page tells an age.
    const [page = ''] = /<main[^]*<\/main>/.exec(whole) ?? [];
    const times = [...page.matchAll(/<time datetime="([^"]+)" title="[^"]+">([^<]+)<\/time>/g)];
    expect(times.length).toBeGreaterThan(1);
    for (const [, utc = '', shown = ''] of times) {
      expect(utc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(shown).toMatch(/^\d{1,2} [A-Z][a-z]+ \d{4} at \d{1,2}:\d\d[ap]m$/);
    }
  });

  it('says without scripts when a page about runs was made and how to get a newer one, and never reloads by itself', async () => {
    for (const site of [web, emptyWeb]) {
      const page = await (await fetch(`${site.url}/status`)).text();
      expect(page).toMatch(
        /This page was made on <time[^>]*>[^<]+<\/time>\.<\/span>\s*<a [^>]*href="\/status">Load it again/,
      );
      // A page that is loaded again without being asked breaks WCAG 2.2, success criterion 2.2.1 (failure F41).
      expect(page).not.toContain('http-equiv="refresh"');
    }
  });

  it('tells before the first run what will happen, and speaks of a demonstration only where there is one', async () => {
    const page = await (await fetch(`${emptyWeb.url}/status`)).text();
    expect(page).toContain('Nothing has been read from Microsoft Graph yet.');
    expect(page).not.toContain('Demonstration tenant');
    expect(await (await fetch(`${emptyWeb.url}/sync`)).text()).toContain('There are no runs yet.');
  });

  describeInBrowser('in a browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await startBrowser();
    }, 60_000);
    afterAll(() => browser?.close());

    it('follows a run without being asked', async () => {
      const opened = await CheckedPage.open(browser, `${web.url}/status`);
      const rows = opened.page.locator('[data-run="4"] [data-rows]');
      expect(await rows.textContent()).toBe('1,400');
      await database.dataSource.query(`update sync_run set rows_read = 2300 where status = 'running'`);
      await opened.page.waitForFunction(
        () => document.querySelector('[data-run="4"] [data-rows]')?.textContent === '2,300',
        null,
        { timeout: 10_000 },
      );
      await database.dataSource.query(
        `update sync_run set status = 'succeeded', stage = 'done', finished_at = now() where status = 'running'`,
      );
      await opened.page.waitForFunction(() => document.querySelector('[data-run]') === null, null, {
        timeout: 10_000,
      });
      await opened.close();
    }, 60_000);

    it('shows the content first to a keyboard: the skip link comes before everything', async () => {
      const opened = await CheckedPage.open(browser, `${web.url}/status`);
      await opened.page.keyboard.press('Tab');
      expect(await opened.page.evaluate(() => document.activeElement?.textContent?.trim())).toBe(
        'Skip to main content',
      );
      await opened.close();
    }, 60_000);
  });
});
