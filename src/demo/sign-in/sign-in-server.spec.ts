import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

import * as client from 'openid-client';

import { createTenant, type DemonstrationTenant } from '../tenant/demonstration-tenant.js';
import { choosePersonas, type Persona } from './personas.js';
import { type SignInServer, startSignInServer } from './sign-in-server.js';

const TENANT_ID = '11111111-1111-4111-8111-111111111111';
const CLIENT_ID = '22222222-2222-4222-8222-222222222222';
const SECRET = 'a secret of this start';
const CALLBACK = 'http://127.0.0.1:3999/sign-in/callback';

let tenant: DemonstrationTenant;
let personas: Persona[];
let server: SignInServer;
let configuration: client.Configuration;
beforeAll(async () => {
  tenant = createTenant({ seed: 1, people: 400 });
  personas = choosePersonas(tenant);
  server = await startSignInServer({
    tenant,
    personas,
    tenantId: TENANT_ID,
    clientId: CLIENT_ID,
    clientSecret: SECRET,
  });
  configuration = await client.discovery(
    new URL(server.issuer),
    CLIENT_ID,
    { id_token_signed_response_alg: 'RS256' },
    client.ClientSecretPost(SECRET),
    { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
  );
});
afterAll(() => server.stop());

/** A browser as far as a sign-in needs one: it keeps cookies and follows nothing by itself. */
class Browser {
  private readonly cookies = new Map<string, string>();

  async send(url: string | URL, form?: URLSearchParams, headers: Record<string, string> = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie, accept: 'text/html', ...headers },
      ...(form ? { method: 'POST', body: form } : {}),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      this.cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return answer;
  }
}

const locationOf = (answer: Response): URL => new URL(answer.headers.get('location') ?? '', server.issuer);

/** The page on which somebody is chosen, in a new browser. */
async function openChoice(
  change: Record<string, string> = {},
): Promise<{ browser: Browser; url: URL; html: string; headers: Headers; verifier: string }> {
  const verifier = client.randomPKCECodeVerifier();
  const authorization = client.buildAuthorizationUrl(configuration, {
    redirect_uri: CALLBACK,
    scope: 'openid profile',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...change,
  });
  const browser = new Browser();
  const url = locationOf(await browser.send(authorization));
  const page = await browser.send(url);
  return { browser, url, html: await page.text(), headers: page.headers, verifier };
}

async function signIn(key: string, change: Record<string, string> = {}): Promise<client.IDToken | undefined> {
  const { browser, url, verifier } = await openChoice(change);
  const form = new URLSearchParams({ persona: key });
  const chosen = await browser.send(url, form, { origin: new URL(server.issuer).origin });
  const answer = locationOf(await browser.send(locationOf(chosen)));
  const tokens = await client.authorizationCodeGrant(configuration, answer, {
    expectedState: 'the-state',
    expectedNonce: 'the-nonce',
    pkceCodeVerifier: verifier,
  });
  return tokens.claims();
}

describe('people as whom visitors can sign in', () => {
  it('are one for each role, a line manager, a member of staff, a stranger and a leaver', () => {
    expect(personas.map(({ key, roles }) => [key, ...roles])).toEqual([
      ['service-desk', 'service-desk'],
      ['stock-holder', 'stock-holder'],
      ['engineer', 'engineer'],
      ['rollout-manager', 'rollout-manager'],
      ['approver', 'approver'],
      ['reviewer', 'reviewer'],
      ['administrator', 'administrator'],
      ['line-manager'],
      ['staff'],
      ['unknown'],
      ['leaver', 'service-desk'],
    ]);
    expect(new Set(personas.map(({ userId }) => userId)).size).toBe(personas.length);
  });

  it('are people of the tenant with a machine; those who lead have reports, the stranger is nobody there', () => {
    const holders = new Set(tenant.list('managedDevices').map((machine) => machine['userId']));
    for (const { key, userId } of personas) {
      const user = tenant.get('users', userId);
      if (key === 'unknown') expect(user).toBeUndefined();
      else expect([key, user?.['accountEnabled']]).toEqual([key, key !== 'leaver']);
      if (key !== 'unknown' && key !== 'leaver') expect([key, holders.has(userId)]).toEqual([key, true]);
    }
    const leader = personas.find(({ key }) => key === 'line-manager')?.userId;
    expect(tenant.list('users').filter(({ id }) => tenant.managerOf(id) === leader).length).toBeGreaterThan(2);
  });

  it('are the same for the same tenant, and there in the smallest one', () => {
    expect(choosePersonas(createTenant({ seed: 1, people: 400 }))).toEqual(personas);
    const few = choosePersonas(createTenant({ seed: 3, people: 1 }));
    expect(few.map(({ key }) => key)).toContain('administrator');
  });
});

describe('the sign-in server of the demonstration', () => {
  it('describes itself as Entra ID does: the issuer ends with the tenant and v2.0', async () => {
    expect(server.issuer).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/${TENANT_ID}/v2\\.0$`));
    const metadata = configuration.serverMetadata();
    expect(metadata.id_token_signing_alg_values_supported).toEqual(['RS256']);
    expect(metadata.response_types_supported).toEqual(['code']);
    const keys = (await (await fetch(metadata.jwks_uri ?? '')).json()) as { keys: Record<string, unknown>[] };
    expect(keys.keys).toHaveLength(1);
    expect(Object.keys(keys.keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it.each(['service-desk', 'staff', 'unknown', 'leaver'])('signs in as %s with the claims of Entra ID', async (key) => {
    const persona = personas.find((one) => one.key === key) as Persona;
    const claims = await signIn(key);
    expect(claims).toMatchObject({
      iss: server.issuer,
      aud: CLIENT_ID,
      tid: TENANT_ID,
      oid: persona.userId,
      ver: '2.0',
      name: persona.name,
      preferred_username: persona.userPrincipalName,
    });
    expect(claims?.['roles']).toEqual(persona.roles.length === 0 ? undefined : persona.roles);
  });

  it('asks every time, also in a browser that has just signed in, and when a choice is asked for', async () => {
    const { browser, url } = await openChoice({ prompt: 'select_account' });
    const form = new URLSearchParams({ persona: 'staff' });
    const chosen = await browser.send(url, form, { origin: new URL(server.issuer).origin });
    expect(locationOf(await browser.send(locationOf(chosen))).origin).toBe('http://127.0.0.1:3999');
    const again = await browser.send(
      client.buildAuthorizationUrl(configuration, {
        redirect_uri: CALLBACK,
        scope: 'openid profile',
        state: 's',
        nonce: 'n',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      }),
    );
    expect(locationOf(again).pathname).toContain('/choose/');
  });

  it('names everybody and what they are, escaped, on a page that says what it is', async () => {
    const { html, headers } = await openChoice();
    expect(html).toContain('everybody here is invented');
    for (const { title } of personas) expect(html).toContain(title);
    expect(html).not.toContain('<script');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1:3999");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('gives nothing to another site, without PKCE, with a wrong secret, or to a form from elsewhere', async () => {
    const elsewhere = await new Browser().send(
      client.buildAuthorizationUrl(configuration, { redirect_uri: 'https://evil.example/', scope: 'openid' }),
    );
    expect(elsewhere.status).toBe(400);
    expect(elsewhere.headers.get('location')).toBeNull();

    const unproven = await new Browser().send(
      client.buildAuthorizationUrl(configuration, { redirect_uri: CALLBACK, scope: 'openid', state: 's' }),
    );
    expect(locationOf(unproven).searchParams.get('error')).toBe('invalid_request');

    const { browser, url } = await openChoice();
    const form = new URLSearchParams({ persona: 'administrator' });
    expect((await browser.send(url, form, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await browser.send(url, form)).status).toBe(403);
    expect((await new Browser().send(url, form, { origin: new URL(server.issuer).origin })).status).toBe(400);

    const impostor = new client.Configuration(
      configuration.serverMetadata(),
      CLIENT_ID,
      {},
      client.ClientSecretPost('guessed'),
    );
    client.allowInsecureRequests(impostor);
    await expect(
      client.authorizationCodeGrant(impostor, new URL(`${CALLBACK}?code=guessed&iss=${server.issuer}`)),
    ).rejects.toMatchObject({ error: 'invalid_client' });
  });

  it('answers at its own address only, and listens on this machine only', async () => {
    const { port } = new URL(server.issuer);
    const status = await new Promise<number>((resolve, reject) => {
      httpRequest(
        `${server.issuer}/.well-known/openid-configuration`,
        { headers: { host: `evil.example:${port}` } },
        (response) => resolve(response.resume().statusCode ?? 0),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
    // Every address 127.x.y.z is this machine, and only the first one is listened on.
    const refused = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.2', port: Number(port) });
      socket.on('connect', () => resolve(socket.destroy() && false));
      socket.on('error', () => resolve(true));
    });
    expect(refused).toBe(true);
  });
});
