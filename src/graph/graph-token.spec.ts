import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FakeTime } from '../../test/support/fake-time.js';
import {
  failed,
  json,
  makeToken,
  refusedToken,
  ScriptedGraph,
  send,
  silence,
  token,
  type Answer,
} from '../../test/support/scripted-graph.js';
import { makeSelfSigned } from '../../test/support/self-signed.js';
import type { GraphCredential } from '../config/config.types.js';
import { GraphClient, type GraphClientOptions } from './graph-client.js';
import { GraphMeter } from './graph-meter.js';
import { graphResource } from './graph-token-request.js';

const TOKEN = '/tenant/oauth2/v2.0/token';

describe('the access token', () => {
  let time: FakeTime;
  let graph: ScriptedGraph;
  let client: GraphClient;

  beforeEach(async () => {
    time = new FakeTime();
    graph = await ScriptedGraph.start(() => time.now());
    graph.on('/me', json({ id: 1 }));
    client = makeClient();
  });

  afterEach(async () => {
    await client.onModuleDestroy();
    await graph.stop();
  });

  function makeClient(credential?: GraphCredential, options: GraphClientOptions = {}): GraphClient {
    const settings = graph.settings(credential === undefined ? {} : { credential });
    return new GraphClient(() => settings, { timings: time, log: () => undefined, ...options });
  }
  const get = (requestPath = '/me'): Promise<unknown> =>
    client.get(requestPath, { permission: 'User.Read.All', lane: 'directory', meter: new GraphMeter() });
  const form = (n = 0): URLSearchParams => new URLSearchParams(graph.tokenRequests[n]?.body);
  const bearer = (name: string): string => `Bearer ${makeToken(name)}`;

  it('is asked for once by many callers, without any discovery, and sent with every request', async () => {
    await Promise.all(Array.from({ length: 10 }, () => get()));

    expect(graph.tokenRequests).toHaveLength(1);
    expect(graph.requests).toHaveLength(11);
    expect(graph.tokenRequests[0]?.path).toMatch(/^\/tenant\/oauth2\/v2\.0\/token/);
    expect(Object.fromEntries(form())).toMatchObject({
      grant_type: 'client_credentials',
      client_id: '11111111-2222-3333-4444-555555555555',
      client_secret: 'not-a-real-credential',
      scope: 'https://graph.microsoft.com/.default',
    });
    expect(graph.reads.every(({ headers }) => headers.authorization === bearer('first'))).toBe(true);
  });

  it('is renewed shortly before it ends', async () => {
    graph.on(TOKEN, token('first'), token('second'));

    await get();
    time.advance(3_299_000 - 5_000);
    await get();
    time.advance(10_000);
    await get();

    expect(graph.reads.map(({ headers }) => headers.authorization)).toEqual([
      bearer('first'),
      bearer('first'),
      bearer('second'),
    ]);
  });

  it('F-29 tokens of two seconds are renewed as a long read goes on', async () => {
    graph.on(TOKEN, token('a', 2), token('b', 2), token('c', 2));

    for (let n = 0; n < 3; n += 1) {
      await get();
      time.advance(2_000);
    }

    expect(graph.reads.map(({ headers }) => headers.authorization)).toEqual(['a', 'b', 'c'].map(bearer));
  });

  it('F-29 a 401 in the middle renews the token once and repeats the page once', async () => {
    const link = (n: number): object => ({ '@odata.nextLink': `${graph.origin}/v1.0/p${n}` });
    const refused = failed(401, 'InvalidAuthenticationToken');
    graph.on(TOKEN, token('first'), token('second'));
    graph.on('/p1', json({ value: [1], ...link(2) })).on('/p2', json({ value: [2], ...link(3) }));
    graph.on('/p3', refused, json({ value: [3] }));

    const items: unknown[] = [];
    const pages = client.pages({ path: '/p1', permission: 'x', lane: 'directory', meter: new GraphMeter() });
    for await (const page of pages) items.push(...page.items);

    expect(items).toEqual([1, 2, 3]);
    expect(graph.tokenRequests).toHaveLength(2);
    expect(graph.reads.at(-1)?.headers.authorization).toBe(bearer('second'));
  });

  it('F-29 a second 401 ends the read', async () => {
    graph.on('/never', failed(401, 'InvalidAuthenticationToken'));

    await expect(get('/never')).rejects.toMatchObject({ code: 'unauthorised', status: 401 });
    expect(graph.reads).toHaveLength(2);
    expect(graph.tokenRequests).toHaveLength(2);
  });

  it.each<[string, Answer]>([
    ['down', send(503, '')],
    ['answering HTML', send(200, '<html>Proxy</html>', { 'content-type': 'text/html' })],
    ['refused by the page of a proxy', send(403, '<html>Blocked</html>', { 'content-type': 'text/html' })],
    ['breaking the connection', (_request, response) => void response.socket?.destroy()],
  ])('F-30 a sign-in service that is %s is retried, then temporary', async (_words, answer) => {
    client = makeClient(undefined, { policy: { maximumAttempts: 3 } });
    graph.on(TOKEN, answer);

    await expect(get()).rejects.toMatchObject({ code: 'temporary' });
    expect(graph.tokenRequests).toHaveLength(3);
    expect(graph.reads).toHaveLength(0);
  });

  it('F-30 a sign-in service that never answers is retried, then temporary', async () => {
    const log: string[] = [];
    client = makeClient(undefined, {
      policy: { maximumAttempts: 3 },
      tokenMilliseconds: 200,
      log: (line) => log.push(line),
    });
    graph.on(TOKEN, silence());

    await expect(get()).rejects.toMatchObject({ code: 'temporary' });
    expect(log).toHaveLength(2);
    expect(graph.reads).toHaveLength(0);
  });

  it('F-30 a sign-in service that comes back is used', async () => {
    graph.on(TOKEN, send(502, ''), json({ error: 'temporarily_unavailable' }, {}, 400), token('first'));

    expect(await get()).toEqual({ id: 1 });
  });

  it.each<[number, number, RegExp]>([
    [7000222, 401, /new client secret/],
    [7000215, 401, /value, not its id/],
    [90002, 400, /tenant id/],
    [700016, 400, /client\) id/],
    [700027, 401, /certificate/],
    [999999, 400, /AADSTS|login\.microsoftonline\.com\/error/],
  ])('F-33 AADSTS%i is unauthorised, asked once, with the fix in words', async (code, status, fix) => {
    graph.on(TOKEN, refusedToken(status, 'invalid_client', code));

    const failure: unknown = await get().catch((error: unknown) => error);

    expect(failure).toMatchObject({
      code: 'unauthorised',
      graphCode: `AADSTS${code}`,
      fix: expect.stringMatching(fix) as unknown,
    });
    expect(String(failure)).not.toMatch(/Contoso|not-a-real-credential/);
    expect(graph.tokenRequests).toHaveLength(1);
    expect(graph.reads).toHaveLength(0);
  });

  it('tells the permissions in the token and when it ends', async () => {
    graph.on(TOKEN, token('first', 3600, ['User.Read.All', 'Device.Read.All']));

    const facts = await client.tokenFacts();

    expect(facts.roles).toEqual(['User.Read.All', 'Device.Read.All']);
    expect(Math.abs(facts.expiresAt.getTime() - time.now() - 3_600_000)).toBeLessThan(3_000);
  });

  it('finds no permissions in a token that cannot be read', async () => {
    graph.on(TOKEN, json({ token_type: 'Bearer', expires_in: 3600, access_token: 'opaque' }));

    expect((await client.tokenFacts()).roles).toEqual([]);
  });

  it('asks each Microsoft cloud for its own tokens, and the global one for any stand-in', () => {
    expect(graphResource('https://graph.microsoft.us')).toBe('https://graph.microsoft.us');
    expect(graphResource('https://127.0.0.1:8443')).toBe('https://graph.microsoft.com');
  });

  it('V-77 a certificate signs an assertion whose header carries nothing but its public half', async () => {
    const notAfter = new Date(Math.floor(Date.now() / 1000) * 1000 + 86_400_000);
    const { certificate, privateKey } = await makeSelfSigned('rsa', notAfter);
    client = makeClient({ kind: 'certificate', pem: `${privateKey}\n${certificate}` });

    await get();

    const [header = '', payload = ''] = (form().get('client_assertion') ?? '').split('.');
    const decode = (part: string): Record<string, unknown> =>
      JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
    const allowed = ['alg', 'typ', 'kid', 'x5t', 'x5t#S256', 'x5c'];
    expect(Object.keys(decode(header)).filter((name) => !allowed.includes(name))).toEqual([]);
    expect(decode(header)['x5t#S256']).toEqual(expect.any(String));
    expect(decode(payload).aud).toBe(`${graph.origin}/tenant/oauth2/v2.0/token`);
    expect(graph.tokenRequests[0]?.body).not.toContain('PRIVATE');
    const secretHalf = privateKey.split('\n').slice(1, 3).join('');
    expect(graph.tokenRequests[0]?.body).not.toContain(secretHalf.slice(0, 40));
    expect(client.credentialExpiresAt()).toEqual(notAfter);
  });

  it.each<[string, string]>([
    ['half a PEM', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    ['nonsense', 'nonsense'],
  ])('F-33 %s is unauthorised with the fix in words, before any request', async (_words, pem) => {
    client = makeClient({ kind: 'certificate', pem });

    await expect(get()).rejects.toMatchObject({ code: 'unauthorised', fix: expect.stringContaining('PEM') as unknown });
    expect(graph.requests).toHaveLength(0);
    expect(client.credentialExpiresAt()).toBeNull();
  });

  it('reads the federated token file afresh for every token', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'federated-'));
    const tokenFile = path.join(folder, 'token');
    graph.on(TOKEN, token('first', 2), token('second', 2));
    client = makeClient({ kind: 'federated-token', tokenFile });

    await expect(get()).rejects.toMatchObject({ code: 'unauthorised' });
    writeFileSync(tokenFile, 'one\n');
    await get();
    time.advance(5_000);
    writeFileSync(tokenFile, 'two\n');
    await get();

    expect([form(0), form(1)].map((one) => one.get('client_assertion'))).toEqual(['one', 'two']);
    rmSync(folder, { recursive: true });
  });

  it('comes from the managed identity endpoint of the machine, round the proxy', async () => {
    const asked: string[] = [];
    const endpoint = createServer((request, response) => {
      asked.push(`${request.url} ${String(request.headers['x-identity-header'])}`);
      const expiresOn = Math.floor(Date.now() / 1000) + 3600;
      const body = { access_token: makeToken('managed'), expires_on: expiresOn, token_type: 'Bearer', resource: 'x' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
    process.env.IDENTITY_ENDPOINT = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/token`;
    process.env.IDENTITY_HEADER = 'challenge';
    const settings = graph.settings({
      credential: { kind: 'managed-identity', clientId: 'aaaaaaaa-1111-2222-3333-444444444444' },
      httpsProxy: 'http://127.0.0.1:9',
    });
    client = new GraphClient(() => settings, { timings: time, log: () => undefined });
    try {
      expect((await client.tokenFacts()).roles).toEqual(['User.Read.All']);
    } finally {
      delete process.env.IDENTITY_ENDPOINT;
      delete process.env.IDENTITY_HEADER;
      await new Promise((resolve) => endpoint.close(resolve));
    }
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain(`resource=${encodeURIComponent('https://graph.microsoft.com')}`);
    expect(asked[0]).toContain('aaaaaaaa-1111-2222-3333-444444444444');
    expect(asked[0]).toContain(' challenge');
  });
});
