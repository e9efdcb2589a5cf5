import { jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  checkedContext,
  collectComplaints,
  describeInBrowser,
  overflowsOf,
  startBrowser,
  violationsOf,
} from '../support/browser.js';
import { hiddenFieldsOf } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const PHONE = { width: 390, height: 844 };
const FIGURES = ['downloadKbps', 'uploadKbps', 'roundTripMs', 'jitterMs', 'lateRatio', 'samples'] as const;

// A browser that gets no time fills no line, and says less than the truth; it is asked again before that counts.
jest.retryTimes(2);

describeInBrowser('the connection check', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let browser: Browser;
  let session: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    web = await startTestWeb(database, {
      environment: { CONNECTION_CHECKS_AT_ONCE: '1', CONNECTION_CHECKS_MBPS: '100' },
    });
    browser = await startBrowser();
    session = await web.signIn(null);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await web?.close();
    await database?.drop();
  });

  const open = async (
    origin: string,
  ): Promise<{ context: BrowserContext; page: Page; elsewhere: string[]; complaints: string[] }> => {
    const context = await checkedContext(browser, { viewport: PHONE, ...session.browser });
    const page = await context.newPage();
    const complaints = collectComplaints(page);
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(origin)) elsewhere.push(request.url());
    });
    await page.goto(`${origin}/me/connection`);
    return { context, page, elsewhere, complaints };
  };
  const finished = async (page: Page): Promise<Record<(typeof FIGURES)[number], number>> => {
    await page.getByLabel('By Wi-Fi').check();
    await page.getByRole('button', { name: 'Start the check' }).click();
    await page.waitForURL('**/me/connection/result', { timeout: 30_000 });
    const read = FIGURES.map(async (name) => [name, Number(await page.locator(`input[name=${name}]`).inputValue())]);
    return Object.fromEntries(await Promise.all(read)) as Record<(typeof FIGURES)[number], number>;
  };

  /** Takes the one place that there is, as soon as whoever had it has left. @returns what leaves it again */
  const takePlace = async (): Promise<() => Promise<Response>> => {
    const other = await web.signIn(null);
    const html = await (await fetch(`${web.url}/me/connection`, { headers: other.headers })).text();
    const { token = '' } = hiddenFieldsOf(html, '/me/connection/result');
    const send = (address: string) =>
      fetch(`${web.url}/me/connection/${address}`, {
        method: 'POST',
        headers: other.headers,
        body: new URLSearchParams({ token }),
      });
    for (let tries = 0; tries < 40; tries++) {
      const answer = await send('begin');
      const { ticket } = (await answer.json()) as { ticket?: string };
      if (ticket !== undefined) return () => send(`transfers/${ticket}/end`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error('The place was not left.');
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
      expect(Date.now() - at).toBeLessThan(20_000);
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

  it('says what works on a phone too, and keeps the result when its person says so', async () => {
    const { context, page, complaints } = await open(web.url);
    await finished(page);
    expect(await page.getByRole('heading', { name: 'What works' }).isVisible()).toBe(true);
    expect([await violationsOf(page), await overflowsOf(page), complaints]).toEqual([[], false, []]);
    await page.getByRole('button', { name: 'Keep this result' }).click();
    await page.waitForURL('**/me/connection');
    expect(await page.getByText('The result is kept.').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Delete the result of' }).click();
    expect(await page.getByText('You keep none.').isVisible()).toBe(true);
    await context.close();
  }, 40_000);

  it('asks how one is connected, can be stopped, and says where it is in a polite way', async () => {
    const { context, page } = await open(web.url);
    const says = page.getByRole('status');
    await page.getByRole('button', { name: 'Start the check' }).click();
    expect(await says.textContent()).toContain('Choose how this machine is connected first.');
    await page.getByLabel('By cable').check();
    await page.keyboard.press('Enter');
    await page.getByText(/^Measuring how /).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stop' }).click();
    expect(await says.textContent()).toContain('You stopped the check. Nothing was stored.');
    expect(
      await page.getByRole('button', { name: 'Start the check' }).evaluate((it) => it === document.activeElement),
    ).toBe(true);
    // The place is left at once, not when the check would have been over.
    await (
      await takePlace()
    )();
    await context.close();
  });

  it('begins by itself when it is one’s turn', async () => {
    const leave = await takePlace();
    const { context, page } = await open(web.url);
    try {
      await page.getByLabel('By cable').check();
      await page.getByRole('button', { name: 'Start the check' }).click();
      await page.getByText(/^Many people are checking. Yours begins by itself in about \d+ seconds/).waitFor();
      expect(await page.getByText(/^About \d+ seconds? to go/).isVisible()).toBe(true);
      await leave();
      // Whoever went away while waiting is ahead until the queue has forgotten them.
      await page.getByText(/^Measuring how /).waitFor({ timeout: 40_000 });
    } finally {
      await leave();
      await context.close();
    }
  }, 60_000);

  it('says what else to do where there are no scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, ...session.browser });
    const page = await context.newPage();
    await page.goto(`${web.url}/me/connection`);
    expect(await page.getByText('The check needs JavaScript').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Start the check' }).isVisible()).toBe(false);
    expect(await page.getByRole('heading', { name: 'Results that you keep' }).isVisible()).toBe(true);
    await context.close();
  });
});
