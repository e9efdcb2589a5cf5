import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import {
  checkedContext,
  collectComplaints,
  describeInBrowser,
  overflowsOf,
  startBrowser,
  violationsOf,
} from '../support/browser.js';
import { insertPeople, personId } from '../support/custody-fixture.js';
import { machines } from '../support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

/** Folder for pictures of the pages, for whoever wants to look at them. */
const PICTURES = process.env['UNTETHER_PAGE_PICTURES'];

describeInBrowser('a programme planned, started and worked on', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let browser: Browser;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertPeople(database.dataSource, 8);
    await database.dataSource.query(
      `update person set user_type = 'Member', employee_id = id::text, employee_type = 'Staff', manager_entra_id = $1,
         division = case when id <= 4 then 'Adults’ services' else 'Places' end, department = 'Planning and building control',
         office_location = case when id % 2 = 1 then 'Civic Centre' else 'Library' end`,
      [personId(1)],
    );
    await machines(database.dataSource, [1, 2, 3, 5, 6].map(personId), 'desktop', 'OptiPlex 7060');
    web = await startTestWeb(database);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await web?.close();
    await database?.drop();
  });

  async function tab(who: Parameters<TestWeb['signIn']>[0]) {
    const session = await web.signIn(who);
    const context = await checkedContext(browser, {
      ...session.browser,
      viewport: { width: 1280, height: 900 },
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const complaints = collectComplaints(page);
    return {
      page,
      go: (address: string) => page.goto(web.url + address),
      /** Looks at the page that is open, on a screen and on a phone. */
      look: (name: string): Promise<void> => look(page, complaints, name),
    };
  }
  async function look(page: Page, complaints: string[], name: string): Promise<void> {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      if (PICTURES) {
        mkdirSync(PICTURES, { recursive: true });
        await page.screenshot({ path: path.join(PICTURES, `${name}-${width}.png`), fullPage: true });
      }
      expect([name, width, await overflowsOf(page)]).toEqual([name, width, false]);
    }
    // A browser complains of a form that is shown again, which is as it should be.
    const others = complaints.filter((complaint) => !complaint.includes('status of 422'));
    expect([name, await violationsOf(page), others]).toEqual([name, [], []]);
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  it('is usable from the first form to the last table', async () => {
    const { page, go, look: looked } = await tab('rollout-manager');
    await go('/rollout/programme');
    await looked('programme-none');
    await page.getByRole('button', { name: 'Plan a programme' }).click();
    await page.getByText('Directorates that take part').first().click();
    await looked('programme-plan');
    await page.getByRole('button', { name: 'Store the plan' }).click();
    await looked('programme-plan-wrong');
    await page.getByLabel('Name', { exact: true }).fill('Desktops to laptops');
    const days = { 'startsOn-day': '1', 'startsOn-month': '12', 'startsOn-year': '2026' };
    const ends = { 'targetOn-day': '30', 'targetOn-month': '9', 'targetOn-year': '2027' };
    for (const [name, value] of Object.entries({ ...days, ...ends })) await page.locator(`[name=${name}]`).fill(value);
    await page.getByRole('button', { name: 'Store the plan' }).click();
    await looked('programme-draft');
    await page.getByRole('button', { name: 'Start the programme' }).click();
    await looked('programme-start');
    await page.getByRole('button', { name: 'Start and freeze the baseline' }).click();
    await looked('programme-running');
    await page.getByRole('link', { name: 'Close the programme' }).click();
    await looked('programme-close');

    await page.getByRole('link', { name: 'Moves', exact: true }).click();
    await looked('workbench');
    await page.getByRole('button', { name: 'Do something for all of this list' }).click();
    await looked('bulk');
    await page.getByLabel('What is to be said?').selectOption('confirm-work-style');
    await page.getByRole('button', { name: 'Continue' }).click();
    await looked('bulk-form');
    await page.getByLabel('At home').check();
    await page.getByRole('button', { name: 'Check' }).click();
    await looked('bulk-preview');
    await page.getByRole('button', { name: 'Confirm the work style' }).click();
    await looked('bulk-result');
    expect(await page.textContent('main')).toContain('8 done, 0 refused.');

    await go('/rollout/workbench');
    await page.getByRole('link', { name: 'Person 2' }).click();
    await looked('move');
    await page.getByRole('link', { name: 'Defer', exact: true }).click();
    await looked('statement');
    await go(`${new URL(page.url()).pathname.replace(/[^/]+$/, '')}retract`);
    await looked('retract');
  }, 60_000);

  it('asks people and their managers in one form', async () => {
    const own = await tab({ person: personId(2) });
    await own.go('/my-move');
    await own.look('my-move');
    await own.page.getByRole('link', { name: 'Answer the questions' }).click();
    await own.look('answers');
    await own.page.getByLabel('These').first().check();
    await own.page.getByRole('button', { name: 'Store the answers' }).click();
    await own.look('answers-wrong');
    const head = await tab({ person: personId(1) });
    await head.go('/my-team');
    await head.look('my-team');
  }, 60_000);
});
