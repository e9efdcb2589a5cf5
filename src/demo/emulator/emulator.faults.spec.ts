import { EmulatorFixture, guid, smallTenant } from '../../../test/support/emulator-fixture.js';
import { FAULT_CATALOGUE, type FaultName } from './faults/catalogue.js';
import type { Fault } from './faults/fault.js';

const fixture = new EmulatorFixture();
beforeAll(() => fixture.start(smallTenant(25), { pageSizeLimit: 10, deltaPageSize: 10 }));
afterAll(() => fixture.stop());
beforeEach(async () => {
  await fixture.accessToken();
});
afterEach(() => {
  fixture.emulator.faults.clear();
});

const METRIC_DEVICES = "/deviceManagement/userExperienceAnalyticsWorkFromAnywhereMetrics('allDevices')/metricDevices";
const MANAGED_DEVICES = '/deviceManagement/managedDevices';

function fault(name: FaultName, more: Partial<Fault> = {}): void {
  fixture.emulator.faults.add({ name, ...more });
}

/** Status, error code and some headers of one answer under a fault. */
async function answered(name: FaultName, more: Partial<Fault> = {}, path = '/users') {
  fault(name, more);
  const { status, headers, json, text } = await fixture.get(path);
  return { status, code: json.error?.code, message: json.error?.message, headers, json, text };
}

/** The code of the connection's failure under a fault. */
async function failure(name: FaultName): Promise<string> {
  fault(name);
  return fixture.get('/users').then(
    ({ status }) => `answered ${status}`,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}

async function ids(path: string): Promise<unknown[]> {
  return (await fixture.rows(path)).map(({ id }) => id);
}

/** One demonstration for every fault in the catalogue; the compiler misses none. */
const DEMONSTRATIONS: Readonly<Record<FaultName, () => Promise<void>>> = {
  'token-lifetime': async () => {
    fault('token-lifetime', { seconds: 2 });
    expect((await fixture.askToken()).json.expires_in).toBe(2);
  },
  'token-refused': async () => {
    fault('token-refused');
    expect((await fixture.askToken()).json).toMatchObject({ error: 'invalid_client', error_codes: [7000222] });
  },
  throttled: async () => {
    const answer = await answered('throttled', { seconds: 600 });
    expect(answer).toMatchObject({ status: 429, code: 'TooManyRequests' });
    expect(answer.headers).toMatchObject({
      'retry-after': '600',
      'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
    });
    expect(answer.headers['x-ms-throttle-scope']).toMatch(/^Tenant_Application\/ReadWrite\//);
  },
  'throttled-documented': async () => {
    const answer = await answered('throttled-documented');
    expect(answer.headers['retry-after']).toBe('2.128');
    expect(answer.json.error?.innerError).toMatchObject({ code: '429', status: '429' });
  },
  'throttled-intune': async () => {
    const answer = await answered('throttled-intune', {}, MANAGED_DEVICES);
    expect(answer).toMatchObject({ status: 429, message: 'An error has occurred.' });
    expect(answer.headers['retry-after']).toBeUndefined();
    expect(answer.json.error).toHaveProperty('details', []);
  },
  'throttled-date': async () => {
    const answer = await answered('throttled-date', { seconds: 45 });
    expect(answer.headers['retry-after']).toBe(new Date(fixture.now + 45_000).toUTCString());
  },
  unavailable: async () => {
    expect(await answered('unavailable')).toMatchObject({
      status: 503,
      code: 'ServiceUnavailable',
      headers: { 'retry-after': '5' },
    });
  },
  'gateway-timeout': async () => {
    const answer = await answered('gateway-timeout');
    expect(answer).toMatchObject({ status: 504, code: 'UnknownError' });
    expect(answer.headers['retry-after']).toBeUndefined();
  },
  'gateway-timeout-html': async () => {
    expect(await answered('gateway-timeout-html')).toMatchObject({
      status: 504,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
  },
  'bad-gateway': async () => {
    expect(await answered('bad-gateway')).toMatchObject({ status: 502, text: '' });
  },
  'server-error': async () => {
    expect(await answered('server-error')).toMatchObject({ status: 500, code: 'UnknownError' });
  },
  'html-page': async () => {
    const answer = await answered('html-page');
    expect([answer.status, answer.text.startsWith('<!doctype html>')]).toEqual([200, true]);
  },
  'no-content': async () => {
    expect(await answered('no-content')).toMatchObject({ status: 204, text: '' });
  },
  status: async () => {
    expect(await answered('status', { status: 404, value: 'itemNotFound' })).toMatchObject({
      status: 404,
      code: 'itemNotFound',
    });
    fixture.emulator.faults.clear();
    expect(await answered('status', { value: '' })).toMatchObject({ status: 400, code: '' });
  },
  unauthorised: async () => {
    fault('unauthorised', { after: 2, first: 1 });
    const statuses: number[] = [];
    for (let request = 0; request < 4; request += 1) statuses.push((await fixture.get('/users')).status);
    expect(statuses).toEqual([200, 200, 401, 200]);
  },
  forbidden: async () => {
    expect(await answered('forbidden', { path: '/devices' })).toMatchObject({ status: 200 });
    expect((await fixture.get('/devices')).json.error?.code).toBe('Authorization_RequestDenied');
  },
  'forbidden-intune': async () => {
    const answer = await answered('forbidden-intune', {}, MANAGED_DEVICES);
    expect([answer.status, answer.code]).toEqual([403, 'Forbidden']);
    expect(JSON.parse(answer.message ?? '')).toHaveProperty('Message');
  },
  'unlicensed-premium': async () => {
    expect(await answered('unlicensed-premium')).toMatchObject({
      status: 403,
      code: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    });
  },
  'unlicensed-intune': async () => {
    expect((await answered('unlicensed-intune', {}, MANAGED_DEVICES)).message).toContain(
      'Request not applicable to target tenant',
    );
  },
  'expired-page-token': async () => {
    fault('expired-page-token');
    const { json } = await fixture.get('/users');
    expect(json.value).toHaveLength(10);
    expect((await fixture.get(json['@odata.nextLink'] ?? '')).json.error?.code).toBe('Directory_ExpiredPageToken');
  },
  gone: async () => {
    const deltaLink = (await fixture.pages('/devices/delta')).at(-1)?.['@odata.deltaLink'] ?? '';
    const answer = await answered('gone', {}, deltaLink);
    expect([answer.status, answer.headers['location']]).toEqual([
      410,
      `${fixture.emulator.origin}/v1.0/devices/delta?$deltatoken=`,
    ]);
  },
  'sync-state-not-found': async () => {
    const deltaLink = (await fixture.pages('/devices/delta')).at(-1)?.['@odata.deltaLink'] ?? '';
    expect(await answered('sync-state-not-found', { status: 404 }, deltaLink)).toMatchObject({
      status: 404,
      code: 'syncStateNotFound',
    });
  },
  'batch-envelope-424': async () => {
    fault('batch-envelope-424');
    fault('throttled', { path: '/devices' });
    const body = JSON.stringify({ requests: [{ id: '1', method: 'GET', url: '/devices' }] });
    const headers = { authorization: `Bearer ${await fixture.accessToken()}` };
    expect((await fixture.send('/$batch', { method: 'POST', headers, body })).status).toBe(424);
  },
  'empty-tenant': async () => {
    const answer = await answered('empty-tenant', {}, MANAGED_DEVICES);
    expect(answer.json).toMatchObject({ '@odata.count': 0, value: [] });
    expect((await fixture.pages('/devices/delta')).at(-1)).toMatchObject({
      value: [],
      '@odata.deltaLink': expect.any(String) as string,
    });
  },
  'missing-records': async () => {
    fault('missing-records', { share: 0.5 });
    const kept = await ids(MANAGED_DEVICES);
    expect(kept.length).toBeGreaterThan(4);
    expect(kept.length).toBeLessThan(21);
    expect(await ids(MANAGED_DEVICES)).toEqual(kept);
    expect((await fixture.get(MANAGED_DEVICES)).json['@odata.count']).toBe(kept.length);
  },
  'not-onboarded': async () => {
    fault('not-onboarded');
    expect((await fixture.get(METRIC_DEVICES)).json.value).toEqual([]);
    expect((await fixture.get(MANAGED_DEVICES)).json.value).toHaveLength(10);
  },
  'new-ids': async () => {
    const before = await ids('/devices');
    fault('new-ids');
    const after = await ids('/devices');
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(await ids('/devices')).toEqual(after);
  },
  shuffle: async () => {
    const before = await ids('/devices');
    fault('shuffle');
    const after = await ids('/devices');
    expect(after).not.toEqual(before);
    expect([...after].sort()).toEqual([...before].sort());
  },
  'short-pages': async () => {
    fault('short-pages', { count: 3 });
    expect((await fixture.pages('/users?$top=9')).map((page) => page.value?.length)).toEqual([
      3, 3, 3, 3, 3, 3, 3, 3, 1,
    ]);
  },
  'empty-pages': async () => {
    fault('empty-pages', { page: 2, rate: 1 });
    const pages = await fixture.pages('/users');
    expect(pages.map((page) => page.value?.length)).toEqual([10, 0, 10, 5]);
  },
  duplicates: async () => {
    fault('duplicates', { share: 0.5 });
    const [, second] = await fixture.pages('/users');
    expect(second?.value?.[0]?.['id']).toBe(guid(10));
    const all = await ids('/users');
    expect(all.length).toBeGreaterThan(27);
    expect(new Set(all).size).toBe(25);
  },
  replay: async () => {
    fault('replay', { page: 2 });
    expect((await fixture.pages('/users')).map((page) => page.value?.length)).toEqual([10, 20, 5]);
  },
  'next-link-loop': async () => {
    fault('next-link-loop', { count: 1 });
    const [page] = await fixture.pages('/users?$top=5', {}, 1);
    expect(page?.['@odata.nextLink']).toBe(`${fixture.emulator.origin}/v1.0/users?$top=5`);
    fixture.emulator.faults.clear();
    fault('next-link-loop', { count: 3 });
    const links = (await fixture.pages('/users?$top=5', {}, 9)).map((each) => each['@odata.nextLink']);
    expect(new Set(links).size).toBe(3);
  },
  'next-link-elsewhere': async () => {
    fault('next-link-elsewhere', { value: 'http://user@localhost:1' });
    expect((await fixture.get('/users')).json['@odata.nextLink']).toMatch(
      /^http:\/\/user@localhost:1\/v1\.0\/users\?\$skiptoken=/,
    );
  },
  'endless-paging': async () => {
    fault('endless-paging');
    const links = (await fixture.pages('/users', {}, 12)).map((page) => page['@odata.nextLink']);
    expect(new Set(links).size).toBe(12);
  },
  'early-end': async () => {
    fault('early-end', { page: 2 });
    expect(await fixture.pages(MANAGED_DEVICES)).toHaveLength(2);
  },
  'both-links': async () => {
    fault('both-links');
    const pages = await fixture.pages('/devices/delta');
    expect(pages.map((page) => [page.value?.length, '@odata.nextLink' in page, '@odata.deltaLink' in page])).toEqual([
      [10, true, false],
      [10, true, false],
      [5, true, true],
      [0, false, true],
    ]);
  },
  'no-links': async () => {
    fault('no-links');
    expect((await fixture.pages('/devices/delta')).at(-1)).not.toHaveProperty('@odata.deltaLink');
  },
  'value-missing': async () => {
    expect((await answered('value-missing')).json).not.toHaveProperty('value');
  },
  'duplicate-value': async () => {
    expect((await answered('duplicate-value')).text.match(/"value":\[/g)).toHaveLength(2);
  },
  'count-mismatch': async () => {
    fault('count-mismatch', { count: 7 });
    expect((await fixture.get(MANAGED_DEVICES)).json['@odata.count']).toBe(32);
    expect(await ids(MANAGED_DEVICES)).toHaveLength(25);
  },
  'broken-records': async () => {
    const forms: Readonly<Record<string, RegExp>> = {
      'missing-id': /"value":\[\{(?!"id")/,
      'wrong-type': /\{"unexpected":\[1,true\]\}/,
      null: /"value":\[null,/,
      'huge-string': /x{1000000}/,
      'nul-character': /before\\u0000after/,
      'lone-surrogate': /before\\ud800after/,
      'duplicate-key': /"deviceName":"PC-1".*"deviceName":"the second of two values"/,
      'large-integer': /"totalStorageSpaceInBytes":9223372036854775807/,
      'unknown-property': /"propertyOfTheFuture":/,
    };
    for (const [value, pattern] of Object.entries(forms)) {
      const { text } = await answered('broken-records', { value, page: 1 }, MANAGED_DEVICES);
      expect([value, pattern.test(text)]).toEqual([value, true]);
      fixture.emulator.faults.clear();
    }
  },
  'propagation-delay': async () => {
    fault('propagation-delay', { seconds: 60, path: '/devices' });
    const deltaLink = (await fixture.pages('/devices/delta?$select=id')).at(-1)?.['@odata.deltaLink'] ?? '';
    await fixture.emulator.write({
      kind: 'put',
      collection: 'devices',
      record: { id: guid(1999), displayName: 'New' },
    });
    await fixture.emulator.write({ kind: 'put', collection: 'users', record: { id: guid(999), displayName: 'New' } });
    const seen = async (): Promise<boolean[]> => [
      (await ids('/devices?$select=id')).includes(guid(1999)),
      (await fixture.rows(deltaLink)).length === 1,
      (await ids('/users?$select=id')).includes(guid(999)),
    ];
    expect(await seen()).toEqual([false, false, true]);
    fixture.now += 61_000;
    expect(await seen()).toEqual([true, true, true]);
    await fixture.emulator.write({ kind: 'remove', collection: 'devices', id: guid(1999), reason: 'deleted' });
    await fixture.emulator.write({ kind: 'remove', collection: 'users', id: guid(999), reason: 'deleted' });
    expect((await fixture.get(`/devices/${guid(1999)}`)).status).toBe(200);
    fixture.now += 61_000;
    expect((await fixture.get(`/devices/${guid(1999)}`)).status).toBe(404);
  },
  'connection-reset': async () => {
    expect(await failure('connection-reset')).toBe('ECONNRESET');
  },
  'truncated-json': async () => {
    const answer = await answered('truncated-json');
    expect([answer.status, answer.headers['connection']]).toEqual([200, 'close']);
    expect(() => JSON.parse(answer.text) as unknown).toThrow(SyntaxError);
  },
  'short-body': async () => {
    expect(await failure('short-body')).toMatch(/UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH/);
  },
  'missing-last-chunk': async () => {
    expect(await failure('missing-last-chunk')).toMatch(/UND_ERR_SOCKET/);
  },
  'slow-body': async () => {
    fault('slow-body');
    const headers = { authorization: `Bearer ${await fixture.accessToken()}` };
    await expect(fixture.send('/users', { headers, signal: AbortSignal.timeout(400) })).rejects.toThrow(/aborted/);
  },
  'no-answer': async () => {
    fault('no-answer');
    const headers = { authorization: `Bearer ${await fixture.accessToken()}` };
    await expect(fixture.send('/users', { headers, headersTimeout: 300 })).rejects.toMatchObject({
      code: 'UND_ERR_HEADERS_TIMEOUT',
    });
  },
  latency: async () => {
    fault('latency', { seconds: 0.3 });
    const started = performance.now();
    await fixture.get('/users');
    expect(performance.now() - started).toBeGreaterThan(250);
  },
  'wrong-content-type': async () => {
    expect((await answered('wrong-content-type')).headers['content-type']).toBe('text/plain');
  },
  'clock-skew': async () => {
    const answer = await answered('clock-skew', { seconds: 600 });
    expect(answer.headers['date']).toBe(new Date(fixture.now + 600_000).toUTCString());
  },
};

test.each(Object.keys(FAULT_CATALOGUE) as FaultName[])('%s does what the catalogue says', async (name) => {
  await DEMONSTRATIONS[name]();
});
