import { jest } from '@jest/globals';
import { SESSION_COOKIE, SITE, SignInSite } from '../support/sign-in-site.js';

jest.setTimeout(30_000);

const OID = 'cccccccc-1111-4222-8333-444444444444';

let site: SignInSite;
beforeAll(async () => {
  site = await SignInSite.start();
  await site.addPerson(OID, 'pat@council.example');
});
afterAll(() => site.stop());
beforeEach(async () => {
  site.provider.script = {};
  await site.database.dataSource.query('delete from sign_in_session');
});

describe('signing in', () => {
  it('asks the one sign-in service for a code, with PKCE, state and nonce', async () => {
    const begun = await site.browser().send('/sign-in');
    expect(begun.status).toBe(303);
    const url = new URL(begun.location ?? '');
    expect(`${url.origin}${url.pathname}`).toBe(`${site.provider.issuer.replace('/v2.0', '')}/oauth2/v2.0/authorize`);
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      scope: 'openid profile',
      code_challenge_method: 'S256',
      redirect_uri: `${SITE}/sign-in/callback`,
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{43}$/);
    expect([begun.headers['set-cookie']].flat()).toEqual([
      expect.stringMatching(/^__Host-untether-sign-in=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
    ]);
  });

  it('ends with a session cookie and the page that was asked for', async () => {
    const browser = site.browser();
    const answer = await site.signIn(browser, { claims: { roles: ['reviewer'] } }, '/devices?state=in-use');
    expect([answer.status, answer.location]).toEqual([303, '/devices?state=in-use']);
    expect([answer.headers['set-cookie']].flat()).toEqual([
      expect.stringMatching(new RegExp(`^${SESSION_COOKIE}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Lax; Secure$`)),
    ]);
    expect((await browser.send('/me')).status).not.toBe(303);
    const [account] = await site.database.dataSource.query<{ roles: string[]; object_id: string }[]>(
      'select roles, object_id from account',
    );
    expect(account).toEqual({ roles: ['reviewer'], object_id: OID });
  });

  it('V-69: gives a new session and ends the one that the browser came with', async () => {
    const browser = site.browser();
    await site.signIn(browser);
    const old = browser.cookies.get(SESSION_COOKIE) ?? '';
    await site.signIn(browser);
    expect(browser.cookies.get(SESSION_COOKIE)).not.toBe(old);
    expect(await site.count('sign_in_session')).toBe(1);
    const stale = site.browser();
    stale.cookies.set(SESSION_COOKIE, old);
    expect((await stale.send('/me')).location).toContain('/sign-in');
  });

  it('V-69: takes no session id that somebody planted', async () => {
    const browser = site.browser();
    browser.cookies.set(SESSION_COOKIE, 'a'.repeat(43));
    await site.signIn(browser);
    expect(browser.cookies.get(SESSION_COOKIE)).not.toBe('a'.repeat(43));
  });

  it('works in several tabs at once', async () => {
    const browser = site.browser();
    const first = await site.callback(browser, {}, '/people');
    const second = await site.callback(browser, {}, '/devices');
    expect((await browser.send(second)).location).toBe('/devices');
    expect((await browser.send(first)).location).toBe('/people');
    expect(await site.count('sign_in_session')).toBe(1);
  });

  it('is answered at one address only', async () => {
    const browser = site.browser();
    const callback = await site.callback(browser);
    for (const path of ['/sign-in/callback/', '//sign-in/callback', '/SIGN-IN/callback']) {
      const answer = await browser.send(callback.replace('/sign-in/callback', path).replace(SITE, ''));
      expect([path, answer.status]).toEqual([path, 404]);
    }
    expect(await site.count('sign_in_session')).toBe(0);
  });

  it('stays quiet about people: the log has ids and reasons only', async () => {
    await site.signIn(site.browser());
    await site.signIn(site.browser(), { claims: { aud: 'somebody-else' } });
    const log = site.web.logLines.join('\n');
    expect(log).toContain('"reason":"unproven"');
    for (const secret of ['Pat Example', 'pat@council', 'eyJ', 'code=', 'the secret of'])
      expect(log).not.toContain(secret);
  });
});

describe('an answer that does not belong here', () => {
  it('B233: the state of another browser is 400 and signs nobody in', async () => {
    const attacker = site.browser();
    const callback = await site.callback(attacker);
    const victim = site.browser();
    await victim.send('/sign-in');
    const answer = await victim.send(callback);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('This sign-in was not begun here');
    expect(victim.cookies.has(SESSION_COOKIE)).toBe(false);
    expect(await site.count('sign_in_session')).toBe(0);
    // And it takes nothing away from whoever did begin it.
    expect((await attacker.send(callback)).status).toBe(303);
  });

  it.each(['', '?code=x', '?state=guessed&code=x', '?state=a&state=b&code=x'])(
    'an answer to nothing (%s) is 400',
    async (query) => {
      const browser = site.browser();
      await browser.send('/sign-in');
      expect((await browser.send(`/sign-in/callback${query}`)).status).toBe(400);
      expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
    },
  );

  it('B235: a code used twice makes no second session, one after the other or at once', async () => {
    const browser = site.browser();
    const callback = await site.callback(browser);
    const answers = await Promise.all([browser.send(callback), browser.send(callback), browser.send(callback)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400]);
    expect((await browser.send(callback)).status).toBe(400);
    expect(await site.count('sign_in_session')).toBe(1);
    expect(site.provider.redemptions.filter((form) => callback.includes(form.get('code') ?? '?'))).toHaveLength(1);
  });

  it('a code that the service has taken already is refused by it', async () => {
    const first = site.browser();
    const callback = new URL(await site.callback(first));
    await first.send(callback.href);
    const second = site.browser();
    const other = new URL(await site.callback(second));
    other.searchParams.set('code', callback.searchParams.get('code') ?? '');
    const answer = await second.send(other.href);
    expect([answer.status, second.cookies.has(SESSION_COOKIE)]).toEqual([400, false]);
    expect(answer.text).toContain('AADSTS54005');
  });

  it('V-67, B236: another issuer in the callback is 400, ours is fine', async () => {
    const browser = site.browser();
    const wrong = await site.signIn(browser, { callbackIssuer: 'https://evil.example' });
    expect([wrong.status, browser.cookies.has(SESSION_COOKIE)]).toEqual([400, false]);
    const right = await site.signIn(browser, { callbackIssuer: site.provider.issuer });
    expect(right.status).toBe(303);
  });

  it('too late is 400', async () => {
    const browser = site.browser();
    const callback = await site.callback(browser);
    await site.database.dataSource.query(`update sign_in_attempt set expires_at = now() - interval '1 second'`);
    expect((await browser.send(callback)).status).toBe(400);
  });
});

describe('V-63, V-64: the mail address is nobody', () => {
  const IMPOSTOR = 'dddddddd-1111-4222-8333-444444444444';

  it('B238, B239: the address of an administrator gives a new person without roles, and is noticed', async () => {
    const admin = site.browser();
    await site.signIn(admin, { claims: { roles: ['administrator'] } });
    const claims = {
      oid: IMPOSTOR,
      email: 'pat@council.example',
      preferred_username: 'PAT@council.example',
      xms_edov: false,
    };
    const browser = site.browser();
    expect((await site.signIn(browser, { claims })).status).toBe(303);
    const [account] = await site.database.dataSource.query<{ roles: string[] }[]>(
      'select roles from account where object_id = $1',
      [IMPOSTOR],
    );
    expect(account?.roles).toEqual([]);
    expect((await browser.send('/me')).status).toBe(403);
    const events = await site.database.dataSource.query<{ actor: string; details: unknown }[]>(
      `select actor, details from audit_event where event = 'account.address-shared'`,
    );
    expect(events).toEqual([{ actor: `person:${IMPOSTOR}`, details: { others: [OID] } }]);
    const line = site.web.logLines.find((text) => text.includes('address of somebody else')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', person: IMPOSTOR, others: OID });
  });
});
