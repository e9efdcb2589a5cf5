import { EmulatorFixture, guid, smallTenant } from '../../../test/support/emulator-fixture.js';

const fixture = new EmulatorFixture();
beforeAll(() => fixture.start(smallTenant(25), { pageSizeLimit: 10 }));
afterAll(() => fixture.stop());

const EVENTUAL = { ConsistencyLevel: 'eventual' };
const METRIC_DEVICES = "/deviceManagement/userExperienceAnalyticsWorkFromAnywhereMetrics('allDevices')/metricDevices";

async function refusal(path: string, headers: Record<string, string> = {}): Promise<[number, string | undefined]> {
  const { status, json } = await fixture.get(path, headers);
  return [status, json.error?.code];
}

describe('projection', () => {
  test('without $select a user has the eleven default properties', async () => {
    const { value, ...rest } = (await fixture.get('/users?$top=1')).json;
    expect(rest['@odata.context']).toBe(`${fixture.emulator.origin}/v1.0/$metadata#users`);
    expect(Object.keys(value?.[0] ?? {}).sort()).toEqual(
      [
        'businessPhones',
        'displayName',
        'givenName',
        'id',
        'jobTitle',
        'mail',
        'mobilePhone',
        'officeLocation',
        'preferredLanguage',
        'surname',
        'userPrincipalName',
      ].sort(),
    );
    expect(value?.[0]).toMatchObject({ businessPhones: [], jobTitle: null });
  });

  test('$select shows what was asked, always with id, and is named in the context', async () => {
    const { json } = await fixture.get('/users?$top=1&$select=department,userType');
    expect(json['@odata.context']).toMatch(/\$metadata#users\(department,userType\)$/);
    expect(json.value).toEqual([{ department: 'Libraries & Museums', userType: 'Member', id: guid(1) }]);
  });

  test('an unknown property is 400, a property outside the store 501', async () => {
    expect(await refusal('/users?$select=noSuchProperty')).toEqual([400, 'Request_BadRequest']);
    for (const property of ['skills', 'hireDate', 'mailboxSettings', 'aboutMe']) {
      expect(await refusal(`/users?$select=id,${property}`)).toEqual([501, 'NotImplemented']);
    }
    expect((await fixture.get('/users?$top=1&$select=employeeHireDate')).status).toBe(200);
  });

  test('$expand=manager($select=...) is named in the context and left out where there is no manager', async () => {
    const { json } = await fixture.get('/users?$top=2&$select=displayName&$expand=manager($select=id,displayName)');
    expect(json['@odata.context']).toMatch(/#users\(displayName,manager\(id,displayName\)\)$/);
    expect(json.value).toEqual([
      { displayName: 'Person 1', id: guid(1) },
      {
        displayName: 'Person 2',
        id: guid(2),
        manager: { '@odata.type': '#microsoft.graph.user', id: guid(1), displayName: 'Person 1' },
      },
    ]);
    expect(await refusal('/users?$expand=directReports')).toEqual([501, 'EmulatorNotSupported']);
    expect((await fixture.get('/users?$count=true&$expand=manager', EVENTUAL)).status).toBe(400);
  });

  test('beta-only properties and paths are refused in v1.0', async () => {
    expect(await refusal('/deviceManagement/managedDevices?$select=chassisType')).toEqual([400, 'BadRequest']);
    expect(await refusal('/deviceManagement/userExperienceAnalyticsBatteryHealthDevicePerformance')).toEqual([
      400,
      'BadRequest',
    ]);
    expect(await refusal('/beta/users')).toEqual([501, 'EmulatorNotSupported']);
  });
});

describe('paging', () => {
  const sizes = new EmulatorFixture();
  beforeAll(() => sizes.start(smallTenant(1100)));
  afterAll(() => sizes.stop());

  test.each([
    ['/users', 100],
    ['/users?$top=999', 999],
    ['/users?$top=7', 7],
    ['/devices', 100],
    ['/devices?$top=999', 999],
    ['/deviceManagement/managedDevices', 1000],
    ['/deviceManagement/managedDevices?$top=999', 999],
  ])('%s has a first page of %i', async (path, size) => {
    expect((await sizes.get(path)).json.value).toHaveLength(size);
  });

  test.each([
    '/users?$top=1000',
    '/devices?$top=1000',
    '/deviceManagement/managedDevices?$top=1001',
    '/users?$top=0',
    '/users?$top=x',
  ])('%s is 400', async (path) => expect((await sizes.get(path)).status).toBe(400));

  test('signInActivity allows 500 at most', async () => {
    const granted = await new EmulatorFixture().start(smallTenant(3), {
      roles: ['User.Read.All', 'AuditLog.Read.All'],
    });
    try {
      expect((await granted.get('/users?$select=signInActivity&$top=501')).status).toBe(400);
      expect((await granted.get('/users?$select=signInActivity&$top=500')).status).toBe(200);
    } finally {
      await granted.stop();
    }
  });

  test.each(['/users?$select=id', '/devices?$select=id&$top=4', '/deviceManagement/managedDevices'])(
    'following the links of %s shows every record once',
    async (path) => {
      const ids = (await fixture.rows(path)).map(({ id }) => id);
      expect(ids).toHaveLength(25);
      expect(new Set(ids).size).toBe(25);
    },
  );

  test('the next link is absolute on the host called and carries the query and URL-encoded characters', async () => {
    const origin = fixture.emulator.origin.replace('127.0.0.1', 'localhost');
    const { json } = await fixture.get(`${origin}/v1.0/users?$select=id&$top=5`);
    expect(json['@odata.nextLink']).toMatch(
      new RegExp(`^${origin}/v1\\.0/users\\?\\$select=id&\\$top=5&\\$skiptoken=[^&]*%2B[^&]*%3D%3D$`),
    );
  });

  test('a token is bound to its query, not to the order of its options', async () => {
    const link = (await fixture.get('/users?$select=id&$top=5')).json['@odata.nextLink'] ?? '';
    const reordered = link.replace('?$select=id&$top=5&', '?$top=5&') + '&$select=id';
    expect((await fixture.get(reordered)).json.value?.[0]).toEqual({ id: guid(6) });
    expect((await fixture.get(link.replace('$select=id', '$select=mail'))).status).toBe(400);
    expect((await fixture.get(link.replace('/users?', '/devices?'))).status).toBe(400);
    expect((await fixture.get(link.replaceAll('%2B', '%20'))).status).toBe(400);
  });

  test('a token expires', async () => {
    const link = (await fixture.get('/users?$top=5')).json['@odata.nextLink'] ?? '';
    fixture.now += 32 * 60_000;
    expect(await refusal(link)).toEqual([400, 'Directory_ExpiredPageToken']);
  });

  test('a listing goes on at its place when records vanish in front of it', async () => {
    const moving = await new EmulatorFixture().start(smallTenant(25), { pageSizeLimit: 10 });
    try {
      const link = (await moving.get('/users?$select=id')).json['@odata.nextLink'] ?? '';
      moving.tenant.remove('users', guid(3), 'deleted');
      expect((await moving.get(link)).json.value?.[0]).toEqual({ id: guid(11) });
    } finally {
      await moving.stop();
    }
  });

  test('$skip is refused by the directory and answered with an empty page by Intune', async () => {
    const { status, json } = await fixture.get('/users?$skip=10');
    expect([status, json.error?.code, json.error?.message]).toEqual([
      400,
      'Request_BadRequest',
      "'$skip' is not supported by the service.",
    ]);
    expect((await fixture.get('/deviceManagement/managedDevices?$skip=10')).json).toMatchObject({
      '@odata.count': 25,
      value: [],
    });
  });

  test.each(['$format=json', '$apply=x', '$unknown=1'])('the unknown option %s is 400', async (option) => {
    expect((await fixture.get(`/users?${option}`)).status).toBe(400);
  });

  test('a repeated option is 400; an option without its dollar sign counts', async () => {
    expect((await fixture.get('/users?$top=1&$top=2')).status).toBe(400);
    expect((await fixture.get('/users?top=1')).json.value).toHaveLength(1);
  });
});

describe('advanced queries', () => {
  test.each([
    "$filter=userType ne 'Guest'",
    "$filter=endsWith(mail,'x')",
    "$filter=not(userType eq 'Guest')",
    '$count=true',
    '$search="x"',
  ])('%s needs ConsistencyLevel and $count', async (query) => {
    expect(await refusal(`/users?${query}`)).toEqual([400, 'Request_UnsupportedQuery']);
  });

  test('with header and $count it is answered with a count', async () => {
    const { json } = await fixture.get("/users?$count=true&$filter=department ne 'Housing'&$select=id", EVENTUAL);
    expect(json['@odata.count']).toBe(13);
  });

  test('the header must come again with every page', async () => {
    const { json } = await fixture.get("/users?$count=true&$filter=userType ne 'Guest'&$select=id", EVENTUAL);
    expect(await refusal(json['@odata.nextLink'] ?? '')).toEqual([400, 'Directory_ExpiredPageToken']);
    expect((await fixture.get(json['@odata.nextLink'] ?? '', EVENTUAL)).status).toBe(200);
  });

  test('assignedLicenses/any works on page 1 and expires on page 2 without the header', async () => {
    const { status, json } = await fixture.get(
      `/users?$filter=assignedLicenses/any(a:a/skuId eq ${guid(9001)})&$select=id`,
    );
    expect([status, json.value?.length]).toEqual([200, 10]);
    expect(await refusal(json['@odata.nextLink'] ?? '')).toEqual([400, 'Directory_ExpiredPageToken']);
    expect((await fixture.get(json['@odata.nextLink'] ?? '', EVENTUAL)).json.value).toHaveLength(10);
  });

  test('the $count segment answers plain text', async () => {
    const { headers, text } = await fixture.get("/users/$count?$filter=department eq 'Housing'", EVENTUAL);
    expect([headers['content-type'], text]).toEqual(['text/plain', '12']);
    expect((await fixture.get('/devices/$count', EVENTUAL)).text).toBe('25');
    expect(await refusal('/users/$count')).toEqual([400, 'Request_UnsupportedQuery']);
  });
});

describe('filters', () => {
  test.each([
    [`/users?$filter=department eq 'Libraries %26 Museums'`, 13],
    ["/users?$filter=startswith(displayName,'Person 1')", 11],
    ["/users?$filter=userPrincipalName in ('person1@council.example','PERSON2@council.example')", 2],
    ["/users?$filter=(department eq 'Housing' and accountEnabled eq true) or displayName eq 'Person 1'", 13],
    ["/deviceManagement/managedDevices?$filter=contains(deviceName,'PC-1') and complianceState eq 'compliant'", 11],
    ['/deviceManagement/managedDevices?$filter=lastSyncDateTime gt 2026-11-01T09:00:00Z', 0],
    ['/deviceManagement/managedDevices?$filter=lastSyncDateTime gt 2026-10-01T09:00:00Z', 25],
  ])('%s finds %i', async (path, count) => {
    expect(await fixture.rows(path)).toHaveLength(count);
  });

  test.each([
    ["/deviceManagement/managedDevices?$filter=serialNumber eq 'SN1'", 400, 'BadRequest'],
    ["/deviceManagement/managedDevices?$filter=deviceName ne 'x'", 400, 'BadRequest'],
    ['/users?$filter=displayName eq', 400, 'Request_BadRequest'],
    ["/users?$filter=noSuchProperty eq 'x'", 400, 'Request_BadRequest'],
    ["/users?$filter=employeeOrgData/costCenter eq 'x'", 501, 'EmulatorNotSupported'],
    ["/users?$filter=companyName eq 'x'", 501, 'EmulatorNotSupported'],
    [`${METRIC_DEVICES}?$filter=deviceName eq 'x'`, 501, 'EmulatorNotSupported'],
  ])('%s is refused rather than answered wrongly', async (path, status, code) => {
    expect(await refusal(path)).toEqual([status, code]);
  });
});

describe('single records', () => {
  test('a user by id and by name, a device by id', async () => {
    const { json } = await fixture.get(`/users/${guid(2)}?$select=displayName&$expand=manager($select=id)`);
    expect(json).toMatchObject({ displayName: 'Person 2', manager: { id: guid(1) } });
    expect(json['@odata.context']).toMatch(/#users\(displayName\)\/\$entity$/);
    expect((await fixture.get('/users/PERSON2@council.example')).json['id']).toBe(guid(2));
    expect((await fixture.get(`/devices('${guid(1001)}')`)).json['displayName']).toBe('PC-1');
  });

  test('the manager of a user, and 404 for one without', async () => {
    expect((await fixture.get(`/users/${guid(2)}/manager?$select=displayName`)).json).toMatchObject({
      '@odata.type': '#microsoft.graph.user',
      displayName: 'Person 1',
    });
    expect(await refusal(`/users/${guid(1)}/manager`)).toEqual([404, 'Request_ResourceNotFound']);
    expect(await refusal(`/users/${guid(777)}`)).toEqual([404, 'Request_ResourceNotFound']);
  });

  test('the organisation', async () => {
    const { json } = await fixture.get('/organization?$select=displayName,verifiedDomains');
    expect(json.value).toHaveLength(1);
    expect(json.value?.[0]).toMatchObject({ verifiedDomains: [{ name: 'council.example', isDefault: true }] });
  });
});

describe('Intune', () => {
  test('lists carry @odata.count', async () => {
    for (const path of [
      '/deviceManagement/managedDevices',
      '/deviceManagement/windowsAutopilotDeviceIdentities',
      METRIC_DEVICES,
    ]) {
      expect((await fixture.get(path)).json['@odata.count']).toBeGreaterThanOrEqual(3);
    }
  });

  test('a list shows defaults for what only a read by id with $select shows', async () => {
    const [listed] = (await fixture.get('/deviceManagement/managedDevices?$top=1')).json.value ?? [];
    expect(listed).toMatchObject({
      physicalMemoryInBytes: 0,
      ethernetMacAddress: null,
      enrolledDateTime: '0001-01-01T00:00:00Z',
    });
    const path = `/deviceManagement/managedDevices/${guid(3001)}`;
    expect((await fixture.get(path)).json).toMatchObject({ physicalMemoryInBytes: 0 });
    const selected = await fixture.get(`${path}?$select=physicalMemoryInBytes,ethernetMacAddress`);
    expect(selected.json).toMatchObject({ physicalMemoryInBytes: 17_179_869_184, ethernetMacAddress: '0A0B0C0D0E0F' });
    const inList = await fixture.get('/deviceManagement/managedDevices?$top=1&$select=physicalMemoryInBytes');
    expect(inList.json.value?.[0]).toMatchObject({ physicalMemoryInBytes: 0 });
  });

  test('there is no delta of managed devices', async () => {
    expect((await fixture.get('/deviceManagement/managedDevices/delta')).status).toBe(404);
  });

  test('endpoint analytics: nulls stay null, the portal’s options are taken', async () => {
    const { status, json } = await fixture.get(`${METRIC_DEVICES}?dtFilter=all&$orderBy=osVersion asc&$top=999`);
    expect(status).toBe(200);
    expect(json.value?.[0]).toMatchObject({ upgradeEligibility: 'capable', ramCheckFailed: null });
    expect(await refusal(METRIC_DEVICES.replace('allDevices', 'devicePerformance'))).toEqual([
      501,
      'EmulatorNotSupported',
    ]);
  });
});

test.each([
  '/groups',
  '/me',
  '/communications/callRecords',
  '/users/x/licenseDetails',
  '/subscribedSkus/x',
  '/auditLogs/signIns',
  '/users/x/y/z',
])('%s answers 501 and says that the emulator does not support it', async (path) => {
  const { status, json } = await fixture.get(path);
  expect([status, json.error?.code]).toEqual([501, 'EmulatorNotSupported']);
  expect(json.error?.message).toMatch(/emulator/);
});

describe('$batch', () => {
  async function batch(requests: unknown): Promise<{ status: number; responses: readonly Record<string, unknown>[] }> {
    const headers = { authorization: `Bearer ${await fixture.accessToken()}`, 'content-type': 'application/json' };
    const { status, json } = await fixture.send('/$batch', {
      method: 'POST',
      headers,
      body: JSON.stringify({ requests }),
    });
    return { status, responses: (json['responses'] ?? []) as readonly Record<string, unknown>[] };
  }
  const get = (id: string, url: string, more: object = {}): object => ({ id, method: 'GET', url, ...more });

  test('answers every item, in another order, with headers in their usual case', async () => {
    const requests = Array.from({ length: 20 }, (_, index) =>
      get(String(index), `/users/${guid(index + 1)}?$select=displayName`),
    );
    const { status, responses } = await batch(requests);
    expect(status).toBe(200);
    expect(responses.map(({ id }) => id)).not.toEqual(requests.map((_, index) => String(index)));
    expect(responses).toHaveLength(20);
    for (const { id, headers, body } of responses) {
      expect(headers).toHaveProperty('Content-Type');
      expect(body).toMatchObject({ displayName: `Person ${Number(id) + 1}` });
    }
  });

  test.each([
    ['21 items', Array.from({ length: 21 }, (_, index) => get(String(index), '/users'))],
    ['the same id twice', [get('1', '/users'), get('1', '/devices')]],
    ['an unknown dependency', [get('1', '/users', { dependsOn: ['2'] })]],
    ['a circle of dependencies', [get('1', '/users', { dependsOn: ['2'] }), get('2', '/users', { dependsOn: ['1'] })]],
    ['no items', []],
  ])('%s is 400', async (_, requests) => {
    expect((await batch(requests)).status).toBe(400);
  });

  test('items keep their own status, and dependents of a failed one get 424', async () => {
    const { responses } = await batch([
      get('count', '/users/$count', { headers: { ConsistencyLevel: 'eventual' } }),
      get('after', '/devices', { dependsOn: ['missing'] }),
      get('missing', `/users/${guid(777)}`),
      { id: 'write', method: 'POST', url: '/users', body: {} },
    ]);
    const status = Object.fromEntries(responses.map((response) => [String(response['id']), response['status']]));
    expect(status).toEqual({ count: 200, after: 424, missing: 404, write: 405 });
  });

  test('a throttled item has its own Retry-After; the envelope is 200 or, at times, 424', async () => {
    const id = fixture.emulator.faults.add({ name: 'throttled', path: '/devices', seconds: 17 });
    try {
      const { status, responses } = await batch([get('1', '/devices'), get('2', '/users?$top=1')]);
      expect(status).toBe(200);
      expect(responses.find((response) => response['id'] === '1')).toMatchObject({
        status: 429,
        headers: { 'Retry-After': '17' },
      });
      expect(responses.find((response) => response['id'] === '2')).toMatchObject({ status: 200 });
      fixture.emulator.faults.add({ name: 'batch-envelope-424' });
      expect((await batch([get('1', '/devices')])).status).toBe(424);
      fixture.emulator.faults.add({ name: 'no-content', path: '/subscribedSkus' });
      const [empty] = (await batch([get('1', '/subscribedSkus')])).responses;
      expect(empty).toMatchObject({ status: 204 });
      expect(empty).not.toHaveProperty('body');
    } finally {
      fixture.emulator.faults.clear();
      expect(id).toBe('fault-1');
    }
  });
});
