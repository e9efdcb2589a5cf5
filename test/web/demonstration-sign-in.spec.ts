import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startDemonstration, type Demonstration } from '../../src/demo/demonstration.js';
import { changeDemonstration } from '../../src/demo/demonstration-client.js';
import { choosePersonas, type Persona } from '../../src/demo/sign-in/personas.js';
import { createTenant, type DemonstrationTenant } from '../../src/demo/tenant/demonstration-tenant.js';
import {
  describeInBrowser,
  checkedContext,
  collectComplaints,
  overflowsOf,
  startBrowser,
  violationsOf,
} from '../support/browser.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

jest.setTimeout(120_000);

const PEOPLE = 150;
const SEED = 5;
const START = '2026-11-02';

describeInBrowser('signing in to the demonstration, in a browser', () => {
  let home: string;
  let demonstration: Demonstration;
  let bench: SyncBench;
  let web: TestWeb;
  let browser: Browser;
  let tenant: DemonstrationTenant;
  let personas: Persona[];
  beforeAll(async () => {
    home = mkdtempSync(path.join(os.tmpdir(), 'untether-sign-in-'));
    const folder = path.join(home, 'demo');
    demonstration = await startDemonstration({ folder, people: PEOPLE, seed: SEED, startDate: START, port: 0 });
    tenant = createTenant({ seed: SEED, people: PEOPLE, startDate: START });
    personas = choosePersonas(tenant);
    const { tenantId, clientId, clientSecret, baseUrl, authority, caFile } = demonstration.endpoint;
    bench = await createSyncBench({
      people: 1,
      settings: {
        tenantId,
        clientId,
        credential: { kind: 'secret', secret: clientSecret },
        baseUrl,
        authority,
        caFile,
      },
    });
    for (const source of ['users', 'entra-devices', 'managed-devices'] as const) await bench.run(source);
    web = await startTestWeb(bench.database, { environment: { UNTETHER_HOME: home } });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await web?.close();
    await bench?.close();
    await demonstration?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** Opens the sign-in and chooses somebody; the page is where that led. */
  async function signIn(page: Page, persona: Persona, site: string, returnTo = '/me'): Promise<number> {
    await page.goto(`${site}/sign-in?returnTo=${encodeURIComponent(returnTo)}`);
    expect(page.url()).toContain(new URL(demonstration.endpoint.signInIssuer).origin);
    const item = page.getByRole('listitem').filter({ has: page.getByText(`${persona.title}: ${persona.name}`) });
    const landed = page.waitForResponse(
      (response) => response.url() === `${site}${returnTo}` && response.request().isNavigationRequest(),
    );
    await item.getByRole('button').click();
    const status = (await landed).status();
    await page.waitForLoadState('load');
    return status;
  }

  it('the choice is accessible, fits a telephone and says what it is', async () => {
    for (const width of [1280, 390]) {
      const context = await checkedContext(browser, { viewport: { width, height: 900 } });
      const page = await context.newPage();
      const complaints = collectComplaints(page);
      await page.goto(`${web.url}/sign-in`);
      expect(await page.getByText('everybody here is invented').isVisible()).toBe(true);
      expect(await page.getByRole('button', { name: /^Sign in as / }).count()).toBe(personas.length);
      expect(await violationsOf(page)).toEqual([]);
      expect(await overflowsOf(page)).toBe(false);
      expect(complaints).toEqual([]);
      await context.close();
    }
  });

  it.each([
    ['service-desk', 200],
    ['stock-holder', 200],
    ['engineer', 200],
    ['rollout-manager', 200],
    ['approver', 200],
    ['reviewer', 200],
    ['administrator', 200],
    ['line-manager', 200],
    ['staff', 200],
    ['unknown', 403],
    ['leaver', 403],
  ])('%s goes in, looks round (%d) and signs out', async (key, status) => {
    const persona = personas.find((one) => one.key === key) as Persona;
    const context = await checkedContext(browser, {});
    const page = await context.newPage();
    const complaints = collectComplaints(page);
    expect(await signIn(page, persona, web.url)).toBe(status);
    expect(page.url()).toBe(`${web.url}/me`);
    expect(await page.getByText('Signed in as').textContent()).toBeTruthy();
    expect(await page.locator('.untether-person').textContent()).toContain(persona.name);
    const [account] = await bench.query<{ roles: string[] }>('select roles from account where object_id = $1', [
      persona.userId,
    ]);
    expect(account?.roles).toEqual(persona.roles);
    const [session] = (await context.cookies(web.url)).filter(({ name }) => name === 'untether-session');
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect((await context.cookies(web.url)).filter(({ name }) => name === 'untether-session')).toEqual([]);
    await page.goto(`${web.url}/me`);
    expect(page.url()).toContain('/choose/');
    // A page that is refused is reported by the browser; nothing else is.
    expect(complaints.filter((text) => !text.includes('403'))).toEqual([]);
    await context.close();
  });

  it('works without scripts, and under the machine’s other name', async () => {
    const persona = personas.find(({ key }) => key === 'staff') as Persona;
    const site = web.url.replace('127.0.0.1', 'localhost');
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    expect(await signIn(page, persona, site)).toBe(200);
    expect(page.url()).toBe(`${site}/me`);
    await context.close();
  });

  it('a page that needs a sign-in leads there and back', async () => {
    const persona = personas.find(({ key }) => key === 'reviewer') as Persona;
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${web.url}/devices?q=nothing`);
    await page.getByRole('button', { name: `Sign in as ${persona.name}` }).click();
    await page.waitForURL(`${web.url}/devices?q=nothing`);
    await context.close();
  });

  it('a forgotten sign-in says so on an accessible page', async () => {
    const context = await checkedContext(browser, {});
    const page = await context.newPage();
    const answer = await page.goto(`${web.url}/sign-in/callback?state=forgotten&code=x`);
    expect(answer?.status()).toBe(400);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('This sign-in was not begun here');
    expect(await violationsOf(page)).toEqual([]);
    await context.close();
  });

  it('somebody who is disabled in the tenant has no access after the next synchronisation', async () => {
    const persona = personas.find(({ key }) => key === 'stock-holder') as Persona;
    const context = await browser.newContext();
    const page = await context.newPage();
    expect(await signIn(page, persona, web.url)).toBe(200);
    const user = tenant.get('users', persona.userId);
    await changeDemonstration(demonstration.endpoint, {
      kind: 'put',
      collection: 'users',
      record: { ...user, id: persona.userId, accountEnabled: false },
    });
    expect((await page.reload())?.status()).toBe(200);
    await bench.run('users');
    expect((await page.reload())?.status()).toBe(403);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('no access');
    await context.close();
  });
});
