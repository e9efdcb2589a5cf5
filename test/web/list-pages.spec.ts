import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { CheckedPage, describeInBrowser, startBrowser } from '../support/browser.js';
import { HELD_SKU, insertEstate, insertRuns } from '../support/estate-rows.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

/** Folder for pictures of the pages, for whoever wants to look at them. */
const PICTURES = process.env['UNTETHER_PAGE_PICTURES'];

const LISTS: readonly (readonly [name: string, address: string, status: number, says: readonly RegExp[]])[] = [
  ['devices', '/devices', 200, [/150 devices/, /LT-0000001/, /aria-sort="ascending"/, /Next page/]],
  [
    'devices-filtered',
    '/devices?superclass=unknown&manufacturer=hp&seenFrom=1/10/2026&sort=-lastSeen&columns=name,model,lastSeenAt,user',
    200,
    [/Portable or fixed: <bdi>Unknown/, /Manufacturer: <bdi>hp/, /aria-sort="descending"/],
  ],
  ['devices-wrong', '/devices?seenTo=yesterday', 400, [/Error: Devices/, /There is a problem/, /Give a day such as/]],
  ['devices-none', '/devices?model=none', 200, [/No devices match/, /0 devices/]],
  ['people', '/people', 200, [/Department \d/, /Microsoft 365 E3/]],
  ['leavers', '/leavers', 200, [/Account disabled/, /Primary user in Intune/]],
  ['licences', '/licences', 200, [/Microsoft 365 E3/, /Over-assigned/]],
  ['licence', `/licences/${HELD_SKU}`, 200, [/Who has one/, /20 people/]],
  ['models', '/models', 200, [/There are no models yet/]],
  ['reviews', '/reviews', 200, [/No question about the identity/]],
  ['decisions', '/decisions', 200, [/Nobody has decided/]],
  ['runs', '/sync', 200, [/4 runs/, /changes only/, /Newest first/]],
  ['runs-filtered', '/sync?source=users&status=held', 200, [/1 run/, /Result: <bdi>Held/]],
  ['held', '/held', 200, [/1 hold\b/, /more than 2 %/, /Waiting for a person/]],
  ['hold', '/held/1', 200, [/3 records/, /Not stored here/, /Release the hold/]],
  ['saved-views', '/saved-views', 200, [/You have no saved views/]],
  ['saved-view-new', '/saved-views/new?list=devices&query=superclass%3Dfixed', 200, [/Name of the view/]],
];

describe('list pages', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let desk: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 60, devices: 150 });
    await insertRuns(database.dataSource);
    web = await startTestWeb(database);
    desk = await web.signIn({ roles: ['service-desk', 'administrator'] });
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  it.each(LISTS)('%s says what it should without scripts', async (_name, address, status, says) => {
    const answer = await fetch(web.url + address, { headers: desk.headers, redirect: 'manual' });
    const page = await answer.text();
    expect([address, answer.status]).toEqual([address, status]);
    for (const text of says) expect(page).toMatch(text);
  });

  describeInBrowser('in a browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await startBrowser();
    });
    afterAll(() => browser?.close());

    // The plain lists are looked at with all the other pages, see every-page.ts.
    const narrowed = LISTS.filter(([name]) => /-(filtered|wrong|none)$/.test(name));
    for (const width of [1280, 390]) {
      it.each(narrowed)(`%s is accessible and fits ${width} pixels`, async (name, address, status) => {
        const page = await CheckedPage.open(browser, web.url + address, {
          ...desk.browser,
          viewport: { width, height: 900 },
        });
        if (PICTURES) {
          mkdirSync(PICTURES, { recursive: true });
          await page.page.screenshot({ path: path.join(PICTURES, `list-${name}-${width}.png`), fullPage: true });
        }
        expect({
          status: page.status,
          violations: page.violations,
          complaints: page.complaints.filter((text) => !text.includes('400')),
          overflows: page.overflows,
        }).toEqual({ status, violations: [], complaints: [], overflows: false });
        await page.close();
      });
    }
  });
});
