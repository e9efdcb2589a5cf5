import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, startBrowser } from '../support/browser.js';
import type { TestSession } from '../support/sign-in.js';
import { slowLine } from '../support/slow-line.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const FIGURES = ['downloadKbps', 'uploadKbps', 'roundTripMs', 'jitterMs', 'lateRatio', 'samples'] as const;

describeInBrowser('the connection check', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let browser: Browser;
  let session: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    web = await startTestWeb(database);
    browser = await startBrowser();
    session = await web.signIn(null);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await web?.close();
    await database?.drop();
  });

  const open = async (origin: string): Promise<{ context: BrowserContext; page: Page; elsewhere: string[] }> => {
    const context = await browser.newContext(session.browser);
    const page = await context.newPage();
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(origin)) elsewhere.push(request.url());
    });
    await page.goto(`${origin}/me/connection`);
    return { context, page, elsewhere };
  };
  const finished = async (page: Page): Promise<Record<(typeof FIGURES)[number], number>> => {
    await page.getByLabel('By Wi-Fi').check();
    await page.getByRole('button', { name: 'Start the check' }).click();
    await page.waitForURL('**/me/connection/result', { timeout: 30_000 });
    const read = FIGURES.map(async (name) => [name, Number(await page.locator(`input[name=${name}]`).inputValue())]);
    return Object.fromEntries(await Promise.all(read)) as Record<(typeof FIGURES)[number], number>;
  };

  it.each([
    { down: 10_000, up: 1_000, roundTrip: 40, says: 'Audio-safe' },
    { down: 50_000, up: 10_000, roundTrip: 20, says: 'Video-safe' },
    { down: 2_000, up: 500, roundTrip: 120, says: 'Not ready' },
  ])(
    'measures a line of $down kbit/s down, $up up and $roundTrip ms within 15 %, asking nobody else',
    async ({ says, ...speed }) => {
      const { context, page, elsewhere } = await open(web.url);
      const tools = await context.newCDPSession(page);
      await tools.send('Network.enable');
      await tools.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: speed.roundTrip,
        downloadThroughput: (speed.down * 1000) / 8,
        uploadThroughput: (speed.up * 1000) / 8,
      });
      const at = Date.now();
      const figures = await finished(page);
      process.stderr.write(`${JSON.stringify(figures)} ${Date.now() - at} ms\n`);
      expect(figures.downloadKbps / speed.down).toBeGreaterThan(0.85);
      expect(figures.downloadKbps / speed.down).toBeLessThan(1.15);
      expect(figures.uploadKbps / speed.up).toBeGreaterThan(0.85);
      expect(figures.uploadKbps / speed.up).toBeLessThan(1.15);
      expect(figures.roundTripMs / speed.roundTrip).toBeGreaterThan(0.85);
      expect(figures.roundTripMs / speed.roundTrip).toBeLessThan(1.15);
      expect(figures).toMatchObject({ lateRatio: 0, samples: 30 });
      expect(await page.locator('h1').textContent()).toContain(says);
      expect(elsewhere).toEqual([]);
      await context.close();
    },
    40_000,
  );
});
