import { jest } from '@jest/globals';
import { CLIENT_ID, ScriptedProvider, TENANT_ID } from '../../../test/support/scripted-provider.js';
import { ProviderConnection } from './provider-connection.js';

let provider: ScriptedProvider;
let connection: ProviderConnection;
let keys: string;
beforeEach(async () => {
  provider = await new ScriptedProvider().start();
  connection = new ProviderConnection({
    kind: 'tenant',
    tenantId: TENANT_ID,
    issuer: provider.issuer,
    clientId: CLIENT_ID,
    credential: { kind: 'secret', secret: 'x' },
    caFile: provider.caFile,
    httpsProxy: null,
  });
  keys = `${provider.origin}/${TENANT_ID}/discovery/v2.0/keys`;
});
afterEach(async () => {
  jest.useRealTimers();
  await connection.close();
  await provider.stop();
});

const get = (url: string): Promise<Response> =>
  connection.fetch(url, { method: 'GET', headers: {}, body: null, redirect: 'manual' });

describe('requests to the sign-in service', () => {
  it('B217: 200 at once for the same document are one, and no more within the cool-down', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => get(keys)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(texts).size).toBe(1);
    await get(keys);
    expect(provider.keysFetched).toBe(1);
  });

  it('are made again after the cool-down', async () => {
    await get(keys);
    jest.useFakeTimers({ doNotFake: ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask'] });
    jest.setSystemTime(Date.now() + 61_000);
    await get(keys);
    expect(provider.keysFetched).toBe(2);
  });

  it('do not remember an answer that was none', async () => {
    expect((await get(`${provider.origin}/nowhere`)).status).toBe(404);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await get(`${provider.origin}/nowhere`)).status).toBe(404);
    expect(provider.asked.filter((path) => path === '/nowhere')).toHaveLength(2);
  });

  it('go nowhere else, and follow no redirect', async () => {
    await expect(get('https://evil.example/keys')).rejects.toThrow('another address');
    await expect(get(provider.origin.replace('127.0.0.1', 'localhost'))).rejects.toThrow('another address');
    const query = new URLSearchParams({ redirect_uri: `${provider.origin}/nowhere`, state: 's' });
    const answer = await get(`${provider.origin}/${TENANT_ID}/oauth2/v2.0/authorize?${query.toString()}`);
    expect(answer.status).toBe(302);
    expect(provider.asked).not.toContain('/nowhere');
  });
});
