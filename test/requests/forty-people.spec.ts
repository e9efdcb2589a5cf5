import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, startBrowser } from '../support/browser.js';
import { stockEquipment, type Equipment } from '../support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const PEOPLE = 40;
/** Seconds that the manager may take, with time to read: each page and each click waits as long as a person would. */
const PATIENCE = 120;
const READING = 500;

describeInBrowser('a manager of forty people', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let browser: Browser;
  let equipment: Equipment;
  beforeAll(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource, { team: PEOPLE, laptops: 30, counted: PEOPLE });
    web = await startTestWeb(database);
    browser = await startBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await web.close();
    await database.drop();
  });

  const as = async (person: string): Promise<BrowserContext> =>
    browser.newContext({ ...(await web.signIn({ person })).browser, baseURL: web.url });
  const press = async (page: Page, name: string): Promise<void> => {
    await page.waitForTimeout(READING);
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name }).click()]);
  };
  const states = (): Promise<unknown> =>
    database.dataSource.query('select state, count(*)::integer as lines from request_line group by 1 order by 1');

  it('asks for forty bundles in under two minutes, and each approver decides from one page', async () => {
    const context = await as(equipment.manager);
    const page = await context.newPage();
    const begun = performance.now();
    await page.goto('/requests/new');
    await page.waitForTimeout(READING);
    await page.getByLabel(/Everybody below/).check();
    await page.getByLabel('Office', { exact: false }).first().check();
    await press(page, 'Continue');
    expect(new URL(page.url()).pathname).toMatch(/\/check$/);
    await press(page, 'Submit the request');
    const seconds = (performance.now() - begun) / 1000;
    expect(new URL(page.url()).pathname).toMatch(/^\/requests\/\d+$/);
    expect(seconds).toBeLessThan(PATIENCE);
    process.stdout.write(`A manager asked for ${PEOPLE} bundles in ${seconds.toFixed(1)} s, with time to read.\n`);
    expect(await states()).toEqual([{ state: 'open', lines: 3 * PEOPLE }]);
    await context.close();

    for (const approver of [equipment.head, equipment.budgetHolder]) {
      const deciding = await as(approver);
      const queue = await deciding.newPage();
      await queue.goto('/approvals');
      await queue.getByRole('checkbox').first().check();
      await press(queue, 'Approve those ticked');
      await deciding.close();
    }
    expect(await states()).toEqual([
      { state: 'back_ordered', lines: 10 },
      { state: 'reserved', lines: 3 * PEOPLE - 10 },
    ]);
  }, 180_000);
});
