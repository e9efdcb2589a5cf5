import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { describeInBrowser, startBrowser } from '../support/browser.js';
import { stockEquipment, type Equipment } from '../support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const PEOPLE = 40;
/** Seconds that the manager may take. */
const PATIENCE = 120;
/**
 * Seconds of a person that are added to those of the browser and the server. A click: thinking, pointing and pressing by the
 * keystroke-level model (Card, Moran and Newell, 1980: 1.35 + 1.1 + 0.2). A page: read at a glance; an assumption.
 */
const CLICK = 2.65;
const GLANCE = 10;

/** A person at a page: each click and each page costs what it costs people. */
class Hand {
  private clicks = 0;
  private pages = 0;
  private readonly begun = performance.now();

  private constructor(readonly page: Page) {}

  static async at(page: Page, address: string): Promise<Hand> {
    const hand = new Hand(page);
    await page.goto(address);
    hand.pages++;
    return hand;
  }

  async tick(box: Locator): Promise<void> {
    this.clicks++;
    await box.check();
  }

  async press(name: string): Promise<void> {
    this.clicks++;
    await Promise.all([this.page.waitForEvent('load'), this.page.getByRole('button', { name }).click()]);
    this.pages++;
  }

  /** Seconds until now, and what they are made of. */
  spent(): { readonly seconds: number; readonly words: string } {
    const machine = (performance.now() - this.begun) / 1000;
    const seconds = machine + this.clicks * CLICK + this.pages * GLANCE;
    return {
      seconds,
      words: `${seconds.toFixed(0)} s: ${machine.toFixed(1)} s of the machine, ${this.clicks} clicks, ${this.pages} pages read`,
    };
  }
}

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
  const states = (): Promise<unknown> =>
    database.dataSource.query('select state, count(*)::integer as lines from request_line group by 1 order by 1');

  it('asks for forty bundles in under two minutes, and each approver decides from one page', async () => {
    const context = await as(equipment.manager);
    const page = await context.newPage();
    const manager = await Hand.at(page, '/requests/new');
    await manager.tick(page.getByLabel(/Everybody below/));
    await manager.tick(page.getByLabel('Office', { exact: false }).first());
    await manager.press('Continue');
    expect(new URL(page.url()).pathname).toMatch(/\/check$/);
    await manager.press('Submit the request');
    expect(new URL(page.url()).pathname).toMatch(/^\/requests\/\d+$/);
    const { seconds, words } = manager.spent();
    expect(seconds).toBeLessThan(PATIENCE);
    process.stdout.write(`A manager asked for ${PEOPLE} bundles in ${words}.\n`);
    expect(await states()).toEqual([{ state: 'open', lines: 3 * PEOPLE }]);
    await context.close();

    for (const approver of [equipment.head, equipment.budgetHolder]) {
      const deciding = await as(approver);
      const queue = await Hand.at(await deciding.newPage(), '/approvals');
      await queue.tick(queue.page.getByRole('checkbox').first());
      await queue.press('Approve those ticked');
      process.stdout.write(`An approver decided in ${queue.spent().words}.\n`);
      await deciding.close();
    }
    expect(await states()).toEqual([
      { state: 'back_ordered', lines: 10 },
      { state: 'reserved', lines: 3 * PEOPLE - 10 },
    ]);
  }, 180_000);
});
