import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { ConfidentialClientApplication } from '@azure/msal-node';
import { decodeJwt, SignJWT } from 'jose';

import { CREDENTIALS, EmulatorFixture, guid, smallTenant } from '../../../test/support/emulator-fixture.js';
import { loadOrCreateServerCertificate } from './certificates.js';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const fixture = new EmulatorFixture();
beforeAll(() => fixture.start(smallTenant(), { credentials: { ...CREDENTIALS, certificate: publicKey } }));
afterAll(() => fixture.stop());
beforeEach(() => fixture.forgetToken());

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('HTTPS with an authority that the client is told to trust', () => {
  test('a client without the authority refuses the connection', async () => {
    const failure = await new Promise<NodeJS.ErrnoException>((resolve) => {
      httpsRequest(`${fixture.emulator.origin}/v1.0/users`).on('error', resolve).end();
    });
    expect(failure.code).toMatch(/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/);
  });

  test('the certificate also names localhost', async () => {
    const origin = fixture.emulator.origin.replace('127.0.0.1', 'localhost');
    expect((await fixture.get(`${origin}/v1.0/users?$top=1`)).status).toBe(200);
  });

  test('restarts reuse the certificate; its private key is for the owner only', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'untether-certificate-'));
    try {
      const now = new Date();
      const first = await loadOrCreateServerCertificate(folder, now);
      expect(await loadOrCreateServerCertificate(folder, now)).toEqual(first);
      expect((await stat(join(folder, 'server-key.pem'))).mode & 0o777).toBe(0o600);
      expect(await readFile(first.authorityFile, 'utf8')).toBe(first.authorityPem);
      const nearTheEnd = new Date(now.getTime() + 800 * 86_400_000);
      expect((await loadOrCreateServerCertificate(folder, nearTheEnd)).certificatePem).not.toBe(first.certificatePem);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('token endpoint', () => {
  test('gives a token for the registered secret, valid for 60 to 90 minutes', async () => {
    const lifetimes = new Set<number>();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const { status, json } = await fixture.askToken();
      expect(status).toBe(200);
      expect(json).toMatchObject({ token_type: 'Bearer' });
      expect(json.expires_in).toBeGreaterThanOrEqual(3600);
      expect(json.expires_in).toBeLessThanOrEqual(5400);
      lifetimes.add(json.expires_in ?? 0);
      const claims = decodeJwt(json.access_token ?? '');
      expect(claims).toMatchObject({
        aud: 'https://graph.microsoft.com',
        tid: CREDENTIALS.tenantId,
        appid: CREDENTIALS.clientId,
      });
      expect(claims.roles).toContain('User.Read.All');
      expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(json.expires_in);
    }
    expect(lifetimes.size).toBeGreaterThan(1);
  });

  test.each([
    [{ client_secret: 'wrong' }, undefined, 401, 'invalid_client', 7000215],
    [{ client_id: guid(99) }, undefined, 400, 'unauthorized_client', 700016],
    [{}, guid(98), 400, 'invalid_request', 90002],
    [{ grant_type: 'password' }, undefined, 400, 'unsupported_grant_type', 70003],
    [{ client_id: null }, undefined, 400, 'invalid_request', 900144],
    [{ client_secret: null }, undefined, 401, 'invalid_client', 7000218],
    [{ scope: 'User.Read' }, undefined, 400, 'invalid_scope', 1002012],
  ])('refuses %j in Microsoft’s shape', async (change, tenant, status, error, code) => {
    const answer = await fixture.askToken(change, tenant);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ error, error_codes: [code], trace_id: expect.stringMatching(GUID) as string });
    expect(answer.json['error_description']).toMatch(
      new RegExp(`^AADSTS${code}: .*Trace ID: .*Correlation ID: .*Timestamp: `),
    );
  });

  test('takes an assertion signed with the registered key, and no other', async () => {
    const assertion = (key: typeof keys.privateKey, audience: string): Promise<string> =>
      new SignJWT({ jti: '1' })
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer(CREDENTIALS.clientId)
        .setSubject(CREDENTIALS.clientId)
        .setAudience(audience)
        .setExpirationTime(Math.floor(fixture.now / 1000) + 300)
        .sign(key);
    const ask = async (text: string): Promise<number> =>
      (
        await fixture.askToken({
          client_secret: null,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: text,
        })
      ).status;
    const endpoint = `${fixture.emulator.origin}/${CREDENTIALS.tenantId}/oauth2/v2.0/token`;
    expect(await ask(await assertion(keys.privateKey, endpoint))).toBe(200);
    expect(await ask(await assertion(keys.privateKey, 'https://elsewhere.example'))).toBe(401);
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(await ask(await assertion(other, endpoint))).toBe(401);
    expect(await ask('not a token')).toBe(401);
  });

  test('serves the discovery documents that Microsoft’s own library reads before it asks', async () => {
    const { emulator } = fixture;
    const fetched: string[] = [];
    const client = new ConfidentialClientApplication({
      auth: {
        clientId: CREDENTIALS.clientId,
        clientSecret: CREDENTIALS.clientSecret,
        authority: `${emulator.origin}/${CREDENTIALS.tenantId}`,
        knownAuthorities: [new URL(emulator.origin).host],
      },
      system: {
        networkClient: {
          sendGetRequestAsync: async (url: string) => ask(url, 'GET'),
          sendPostRequestAsync: async (url: string, options?: { body?: string; headers?: Record<string, string> }) =>
            ask(url, 'POST', options),
        },
      },
    });
    async function ask<T>(
      url: string,
      method: 'GET' | 'POST',
      options: { body?: string; headers?: Record<string, string> } = {},
    ) {
      fetched.push(new URL(url).pathname);
      const answer = await fixture.send(url, { method, body: options.body, headers: options.headers });
      return { headers: {}, body: answer.json as T, status: answer.status };
    }
    const result = await client.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });
    expect(decodeJwt(result?.accessToken ?? '')).toMatchObject({ appid: CREDENTIALS.clientId });
    expect(fetched).toContain(`/${CREDENTIALS.tenantId}/oauth2/v2.0/token`);
  });
});

describe('every answer', () => {
  test('carries the standard headers', async () => {
    const { headers } = await fixture.get('/users?$top=1');
    expect(headers['request-id']).toMatch(GUID);
    expect(headers['client-request-id']).toBe(headers['request-id']);
    expect(headers['date']).toBe(new Date(fixture.now).toUTCString());
    expect(JSON.parse(String(headers['x-ms-ags-diagnostic']))).toHaveProperty('ServerInfo');
    expect(headers['cache-control']).toMatch(/no-cache|no-store/);
    expect(headers['odata-version']).toBe('4.0');
    expect(headers['content-type']).toBe(
      'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    );
  });

  test('echoes the client’s own request id, also in errors', async () => {
    const { headers, json } = await fixture.get('/users?$skip=1', { 'client-request-id': guid(5) });
    expect(headers['client-request-id']).toBe(guid(5));
    expect(json.error?.innerError).toMatchObject({ 'client-request-id': guid(5), 'request-id': headers['request-id'] });
    expect(json.error?.innerError['date']).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/);
  });

  test('is compressed when the client accepts gzip, and only then', async () => {
    const plain = await fixture.get('/users');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(
      (await fixture.get('/users', { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding'],
    ).toBeUndefined();
    const authorization = `Bearer ${await fixture.accessToken()}`;
    const ca = await readFile(fixture.authorityFile);
    const compressed = await new Promise<Buffer>((resolve, reject) => {
      const headers = { authorization, 'accept-encoding': 'deflate, gzip;q=0.8' };
      httpsRequest(`${fixture.emulator.origin}/v1.0/users`, { ca, headers, agent: false }, (response) => {
        expect(response.headers['content-encoding']).toBe('gzip');
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)));
      })
        .on('error', reject)
        .end();
    });
    expect(JSON.parse(gunzipSync(compressed).toString('utf8'))).toEqual(plain.json);
  });

  test.each([
    ['/users', 2],
    ['/users?$select=id', 1],
    ['/users?$select=id&$expand=manager($select=id)', 2],
    ['/users?$top=5', 1],
    ['/subscribedSkus', 3],
    ['/subscribedSkus?$select=skuId', 2],
    ['/devices', 1],
    ['/users/delta?$select=id', 1],
  ])('x-ms-resource-unit of %s is %i', async (path, units) => {
    expect((await fixture.get(path)).headers['x-ms-resource-unit']).toBe(String(units));
  });

  test('Intune does not count resource units', async () => {
    expect((await fixture.get('/deviceManagement/managedDevices')).headers['x-ms-resource-unit']).toBeUndefined();
  });

  test('is in the request log with its status, duration and cost', async () => {
    await fixture.get('/users?$top=3');
    expect(fixture.emulator.requests.latest().at(-1)).toMatchObject({
      method: 'GET',
      path: '/v1.0/users?$top=3',
      status: 200,
      resourceUnits: 1,
      faults: [],
    });
    expect(fixture.emulator.requests.counters().requests).toBeGreaterThan(1);
  });
});

describe('authorisation', () => {
  test('401 with WWW-Authenticate for a missing, malformed or expired token', async () => {
    const none = await fixture.send('/users');
    expect(none.status).toBe(401);
    expect(none.json.error?.code).toBe('InvalidAuthenticationToken');
    expect(none.headers['www-authenticate']).toMatch(/^Bearer /);
    expect((await fixture.send('/users', { headers: { authorization: 'Bearer x.y.z' } })).status).toBe(401);
    const token = await fixture.accessToken();
    const [head, body] = token.split('.');
    expect((await fixture.send('/users', { headers: { authorization: `Bearer ${head}.${body}.AAAA` } })).status).toBe(
      401,
    );
    expect((await fixture.get('/users?$top=1')).status).toBe(200);
    fixture.now += 5401_000;
    const expired = await fixture.get('/users?$top=1');
    expect([expired.status, expired.json.error?.message]).toEqual([
      401,
      'Lifetime validation failed, the token is expired.',
    ]);
  });

  test.each([
    [
      'User.Read.All',
      ['/users', '/users/delta', '/organization', `/users/${guid(2)}/manager`],
      ['/devices', '/subscribedSkus'],
    ],
    ['Device.Read.All', ['/devices', '/devices/delta'], ['/users', '/users/delta', '/deviceManagement/managedDevices']],
    ['LicenseAssignment.Read.All', ['/subscribedSkus'], ['/users', '/organization']],
    [
      'DeviceManagementManagedDevices.Read.All',
      [
        '/deviceManagement/managedDevices',
        "/deviceManagement/userExperienceAnalyticsWorkFromAnywhereMetrics('allDevices')/metricDevices",
      ],
      ['/deviceManagement/windowsAutopilotDeviceIdentities', '/users/delta'],
    ],
    [
      'DeviceManagementServiceConfig.Read.All',
      ['/deviceManagement/windowsAutopilotDeviceIdentities', '/organization'],
      ['/devices'],
    ],
    [
      'User.ReadBasic.All',
      ['/users?$select=id,displayName'],
      ['/users?$select=department', '/users/delta', `/users/${guid(2)}/manager`],
    ],
  ])('%s opens its paths and no others', async (role, open, closed) => {
    const narrow = await new EmulatorFixture().start(smallTenant(3), { roles: [role] });
    try {
      for (const path of open) expect([path, (await narrow.get(path)).status]).toEqual([path, 200]);
      for (const path of closed) {
        const { status, json } = await narrow.get(path);
        expect([path, status, json.error?.code]).toEqual([path, 403, 'Authorization_RequestDenied']);
      }
    } finally {
      await narrow.stop();
    }
  });

  test('signInActivity and employeeLeaveDateTime need permissions of their own', async () => {
    for (const property of ['signInActivity', 'employeeLeaveDateTime']) {
      expect((await fixture.get(`/users?$select=${property}`)).status).toBe(403);
    }
  });
});

test.each(['HEAD', 'POST', 'PATCH', 'DELETE'] as const)(
  '%s of a collection is refused, naming what is allowed',
  async (method) => {
    const authorization = `Bearer ${await fixture.accessToken()}`;
    const answer = await fixture.send('/users', { method, headers: { authorization } });
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET']);
  },
);
