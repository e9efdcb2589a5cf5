import { EmulatorFixture, guid, smallTenant } from '../../../test/support/emulator-fixture.js';
import { DemonstrationCalls } from '../tenant/calls.js';
import { SUPPORTED_PATHS } from './routes.js';
import type { TenantStep } from './tenant-step.js';

const steps: TenantStep[] = [];
const fixture = new EmulatorFixture();
const calls = new DemonstrationCalls(smallTenant(5), guid(1), 20);
beforeAll(() => fixture.start(smallTenant(5), { calls, onStep: (step) => void steps.push(step) }));
afterAll(() => fixture.stop());

async function administer(method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS', path: string, content?: unknown) {
  const body = content === undefined ? undefined : JSON.stringify(content);
  return fixture.send(`/__emulator${path}`, { method, body, headers: { 'x-emulator-key': fixture.emulator.adminKey } });
}

test('needs the key, also for reading, so that no web page can drive it', async () => {
  expect((await fixture.send('/__emulator')).status).toBe(403);
  expect((await fixture.send('/__emulator', { headers: { 'x-emulator-key': 'wrong' } })).status).toBe(403);
  const preflight = await fixture.send('/__emulator/advance', {
    method: 'OPTIONS',
    headers: { origin: 'https://page.example', 'access-control-request-headers': 'x-emulator-key' },
  });
  expect(preflight.status).toBe(403);
  expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
});

test('says that it is an emulator, what it holds and what it supports', async () => {
  const { status, json } = await administer('GET', '');
  expect(status).toBe(200);
  expect(json).toMatchObject({ seed: 7, day: 0, records: { users: 5, managedDevices: 5, subscribedSkus: 3 } });
  expect(json['banner']).toMatch(/emulator of Microsoft Graph/);
  expect(json['supportedPaths']).toHaveLength(SUPPORTED_PATHS.length);
  expect(json['unsupported']).toMatch(/501/);
});

test.each(SUPPORTED_PATHS.filter((path) => path !== '/$batch'))('%s, which it calls supported, is', async (path) => {
  const [call] = calls.between(fixture.now - 3 * 86_400_000, fixture.now, null);
  const known: Readonly<Record<string, string>> = {
    users: guid(2),
    devices: guid(1002),
    managedDevices: guid(3002),
    callRecords: call?.id ?? '',
  };
  const collection = /(\w+)\/\{id\}/.exec(path)?.[1] ?? '';
  const expand = path.endsWith('/sessions') ? '?$expand=segments' : '';
  const named = `${path.replace('{id}', known[collection] ?? '')}${expand}`;
  const answer = await fixture.get(named, { ConsistencyLevel: 'eventual' });
  expect(answer.status).toBe(200);
});

test('switches faults on and off', async () => {
  const { status, json } = await administer('POST', '/faults', { name: 'unavailable', first: 1 });
  expect(status).toBe(201);
  expect((await fixture.get('/users')).status).toBe(503);
  expect((await administer('GET', '/faults')).json['active']).toMatchObject([{ id: json['id'], tally: { hits: 1 } }]);
  expect((await administer('DELETE', '/faults?id=fault-99')).status).toBe(404);
  expect((await administer('DELETE', `/faults?id=${String(json['id'])}`)).status).toBe(204);
  await administer('POST', '/faults', { name: 'shuffle' });
  expect((await administer('DELETE', '/faults')).status).toBe(204);
  expect((await administer('GET', '/faults')).json['active']).toEqual([]);
  expect((await administer('POST', '/faults', { name: 'nonsense' })).status).toBe(400);
});

test('changes the tenant, and tells of every step', async () => {
  steps.length = 0;
  expect((await administer('POST', '/advance', { days: 2 })).json).toMatchObject({ day: 2 });
  await administer('POST', '/records', {
    kind: 'put',
    collection: 'users',
    record: { id: guid(50), displayName: 'New' },
  });
  await administer('POST', '/records', { kind: 'setManager', id: guid(50), managerId: guid(1) });
  expect((await fixture.get(`/users/${guid(50)}/manager?$select=id`)).json).toMatchObject({ id: guid(1) });
  await administer('POST', '/records', { kind: 'remove', collection: 'users', id: guid(50), reason: 'changed' });
  expect((await fixture.get(`/users/${guid(50)}`)).status).toBe(404);
  await administer('POST', '/records', { kind: 'restore', collection: 'users', id: guid(50) });
  expect((await fixture.get(`/users/${guid(50)}`)).status).toBe(200);
  expect(steps.map(({ kind }) => kind)).toEqual(['advance', 'put', 'setManager', 'remove', 'restore']);
});

test.each([
  ['/advance', { days: 0 }],
  ['/advance', { days: 1.5 }],
  ['/records', { kind: 'put', collection: 'nonsense', record: { id: 'x' } }],
  ['/records', { kind: 'put', collection: 'users', record: {} }],
  ['/records', { kind: 'restore', collection: 'users', id: 'never there' }],
  ['/records', { kind: 'nonsense' }],
])('%s with %j is 400 with a reason', async (path, content) => {
  const { status, json } = await administer('POST', path, content);
  expect([status, typeof json.error]).toEqual([400, 'string']);
});

test('shows the requests it answered', async () => {
  await fixture.get('/users?$top=1');
  const { json } = await administer('GET', '/requests');
  expect(json['counters']).toMatchObject({ requests: expect.any(Number) as number });
  expect(json['latest']).toContainEqual(expect.objectContaining({ path: '/v1.0/users?$top=1', status: 200 }));
});

test('a path that is neither Graph’s nor its own is refused', async () => {
  const token = await fixture.accessToken();
  const headers = { authorization: `Bearer ${token}` };
  expect((await fixture.send(`${fixture.emulator.origin}/v3/users`, { headers })).status).toBe(400);
  expect((await administer('GET', '/nonsense')).status).toBe(404);
});
