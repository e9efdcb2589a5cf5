import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { PlainBrowser } from '../support/plain-browser.js';
import { SESSION_COOKIE, SITE, SignInSite } from '../support/sign-in-site.js';
import { startTestWeb } from '../support/web.js';

jest.setTimeout(30_000);

const OID = 'cccccccc-1111-4222-8333-444444444444';

let site: SignInSite;
beforeAll(async () => {
  site = await SignInSite.start();
  await site.addPerson(OID, 'pat@council.example');
});
afterAll(() => site.stop());
beforeEach(() => {
  site.provider.script = {};
});

/** The token in the hidden fields of a page's form. */
function hiddenFields(html: string): Record<string, string> {
  const fields = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
}

describe('a refusal of the sign-in service', () => {
  it.each([
    ['access_denied', 'AADSTS50105: not assigned', 403, 'You have not been given access to Untether'],
    ['access_denied', undefined, 403, 'You have not signed in'],
    ['consent_required', 'AADSTS65001: no consent', 403, 'Untether is not approved for your organisation yet'],
    ['temporarily_unavailable', undefined, 503, 'The sign-in service does not answer'],
  ])('%s (%s) is a calm page', async (error, description, status, title) => {
    const browser = site.browser();
    const answer = await site.signIn(browser, {
      error: { error, ...(description === undefined ? {} : { error_description: description }) },
    });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`<h1 class="govuk-heading-l">${title}</h1>`);
    expect(answer.text).toContain(`<title>\n  ${title} – Untether`.replace('\n  ', ''));
    expect(answer.text).toContain('href="/sign-in"');
    expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
  });

  it('says when the application’s own secret has expired', async () => {
    const body = { error: 'invalid_client', error_description: 'AADSTS7000222: The provided keys are expired.' };
    const answer = await site.signIn(site.browser(), { tokenError: { status: 401, body } });
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('AADSTS7000222');
    expect(site.web.logLines.join('\n')).toContain('"code":"AADSTS7000222"');
  });

  it('a token endpoint that is a web page is "does not answer", not a fault of ours', async () => {
    const answer = await site.signIn(site.browser(), { tokenError: { status: 500, body: '<html>' } });
    expect(answer.status).toBe(503);
  });
});

describe('the description of the sign-in service', () => {
  it('signs nobody in when it names another issuer or address; the next attempt asks again', async () => {
    const other = await SignInSite.start();
    const wrong: readonly Record<string, string>[] = [
      { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' },
      { jwks_uri: 'https://evil.example/keys' },
      { token_endpoint: 'https://evil.example/token' },
      { authorization_endpoint: 'https://evil.example/authorize' },
    ];
    try {
      for (const description of wrong) {
        other.provider.script = { description };
        const begun = await other.browser().send('/sign-in');
        expect([description, begun.status, begun.location]).toEqual([description, 403, null]);
      }
      other.provider.script = {};
      expect((await other.browser().send('/sign-in')).status).toBe(303);
    } finally {
      await other.stop();
    }
  });

  it('that cannot be had leaves the rest of the site as it is', async () => {
    const deaf = await SignInSite.start({ GRAPH_AUTHORITY: 'https://127.0.0.1:9' });
    try {
      const begun = await deaf.browser().send('/sign-in');
      expect(begun.status).toBe(503);
      expect(begun.text).toContain('The sign-in service does not answer');
      expect((await deaf.browser().send('/health/ready')).status).toBe(200);
      expect((await deaf.browser().send('/sign-out')).status).toBe(200);
    } finally {
      await deaf.stop();
    }
  });

  it('is looked for anew when the demonstration, which has its own, does not run', async () => {
    const home = mkdtempSync(path.join(os.tmpdir(), 'untether-sign-in-'));
    const web = await startTestWeb(site.database, { environment: { UNTETHER_HOME: home } });
    try {
      const begun = await new PlainBrowser(web.url, web.url).send('/sign-in');
      expect(begun.status).toBe(503);
      expect(begun.text).toContain('The sign-in service does not answer');
    } finally {
      await web.close();
      rmSync(home, { recursive: true });
    }
  });

  it('is asked for through the proxy', async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as { port: number };
    const proxied = await SignInSite.start({
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      GRAPH_AUTHORITY: 'https://login.example',
    });
    try {
      expect((await proxied.browser().send('/sign-in')).status).toBe(503);
      expect(asked).toEqual(['login.example:443']);
    } finally {
      await proxied.stop();
      await new Promise((resolve) => proxy.close(resolve));
    }
  });
});

describe('V-68: the way back', () => {
  it.each([
    ['B247', '//evil.com'],
    ['B248', '/\\evil.com'],
    ['B250', '/\t/evil.com'],
    ['B251', 'http:evil.com'],
    ['B253', '/requests\r\nSet-Cookie: a=b'],
  ])('%s: %j leads to the start page', async (_id, returnTo) => {
    const answer = await site.signIn(site.browser(), {}, returnTo);
    expect([answer.status, answer.location]).toEqual([303, '/']);
    expect([answer.headers['set-cookie']].flat()).toHaveLength(1);
  });

  it('B254: a far too long one leads to the start page, or is refused', async () => {
    const begun = await site.browser().send(`/sign-in?returnTo=${'/a'.repeat(20_000)}`);
    expect([303, 400, 414, 431]).toContain(begun.status);
    const shorter = await site.signIn(site.browser(), {}, '/a'.repeat(2_000));
    expect([shorter.status, shorter.location]).toEqual([303, '/']);
  });

  it('two of them lead to the start page', async () => {
    const browser = site.browser();
    const begun = await browser.send('/sign-in?returnTo=/devices&returnTo=//evil.com');
    expect(begun.status).toBe(303);
    const [row] = await site.database.dataSource.query<{ return_to: string }[]>(
      'select return_to from sign_in_attempt order by expires_at desc limit 1',
    );
    expect(row?.return_to).toBe('/');
  });

  it('V-70, B259, B260: no header of a request gets into the addresses that the service is given', async () => {
    const headers = { 'x-forwarded-host': 'evil.com', forwarded: 'host=evil.com', 'x-forwarded-proto': 'http' };
    const begun = await site.browser().send('/sign-in', { headers });
    expect(new URL(begun.location ?? '').searchParams.get('redirect_uri')).toBe(`${SITE}/sign-in/callback`);
    expect((await site.browser().send('/sign-in', { headers: { host: 'evil.com' } })).status).toBe(421);
  });
});

describe('signing out', () => {
  it('V-71, B265: does nothing by GET, however it is asked for', async () => {
    const browser = site.browser();
    await site.signIn(browser);
    for (const path of ['/sign-out', '/sign-out?confirm=yes', '/sign-out?_method=POST']) {
      const page = await browser.send(path);
      expect([page.status, page.text.includes('You are signed in as')]).toEqual([200, true]);
    }
    expect((await browser.send('/sign-out', { method: 'HEAD' })).status).toBe(200);
    expect(browser.cookies.has(SESSION_COOKIE)).toBe(true);
    expect((await browser.send('/sign-out')).text).toContain('Pat Example');
  });

  it('B262, B263: does nothing for a form without the token, with another session’s, or from another site', async () => {
    const [browser, other] = [site.browser(), site.browser()];
    await site.signIn(browser);
    await site.signIn(other);
    const mine = hiddenFields((await browser.send('/sign-out')).text);
    const theirs = hiddenFields((await other.send('/sign-out')).text);
    expect((await browser.send('/sign-out', { form: {} })).status).toBe(403);
    expect((await browser.send('/sign-out', { form: theirs })).status).toBe(403);
    const headers = { origin: 'https://evil.com', 'sec-fetch-site': 'cross-site' };
    expect((await browser.send('/sign-out', { form: mine, headers })).status).toBe(403);
    expect((await browser.send('/sign-out')).text).toContain('You are signed in as');
  });

  it('V-69, B256: ends the session, has the browser forget everything, and offers to sign out of the service', async () => {
    const browser = site.browser();
    await site.signIn(browser);
    const kept = browser.cookies.get(SESSION_COOKIE) ?? '';
    const form = hiddenFields((await browser.send('/sign-out')).text);
    const answer = await browser.send('/sign-out', { form });
    expect([answer.status, answer.location]).toEqual([303, '/sign-out']);
    expect(answer.headers['clear-site-data']).toBe('"cache", "cookies", "storage"');
    expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);

    const page = await browser.send('/sign-out');
    expect(page.text).toContain('You are signed out');
    expect(page.text).toContain(`${site.provider.origin}/`);
    expect(page.text).toContain('href="/sign-in?account=another"');

    const replayed = site.browser();
    replayed.cookies.set(SESSION_COOKIE, kept);
    expect((await replayed.send('/me')).location).toContain('/sign-in');
    const events = await site.database.dataSource.query<{ event: string }[]>(
      `select event from audit_event where event like 'session.%' order by id desc limit 1`,
    );
    expect(events).toEqual([{ event: 'session.ended' }]);
  });

  it('asks who it is when somebody else wants to sign in afterwards', async () => {
    const begun = await site.browser().send('/sign-in?account=another');
    expect(new URL(begun.location ?? '').searchParams.get('prompt')).toBe('select_account');
    const plain = await site.browser().send('/sign-in');
    expect(new URL(plain.location ?? '').searchParams.has('prompt')).toBe(false);
  });

  it('is harmless without a session', async () => {
    expect((await site.browser().send('/sign-out', { form: {} })).status).toBe(303);
  });
});

describe('B257: somebody who was disabled', () => {
  it('has lost the session with the next request, and can still sign out', async () => {
    const browser = site.browser();
    await site.signIn(browser, { claims: { roles: ['reviewer'] } });
    await site.database.dataSource.query('update person set account_enabled = false where entra_id = $1', [OID]);
    try {
      const page = await browser.send('/me');
      expect(page.status).toBe(403);
      const again = site.browser();
      expect((await site.signIn(again, {})).status).toBe(303);
      expect((await again.send('/me')).status).toBe(403);
      const form = hiddenFields((await browser.send('/sign-out')).text);
      expect((await browser.send('/sign-out', { form })).status).toBe(303);
    } finally {
      await site.database.dataSource.query('update person set account_enabled = true where entra_id = $1', [OID]);
    }
  });
});
