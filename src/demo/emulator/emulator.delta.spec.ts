import { EmulatorFixture, guid, type JsonBody, smallTenant } from '../../../test/support/emulator-fixture.js';

let fixture: EmulatorFixture;
beforeEach(async () => {
  fixture = await new EmulatorFixture().start(smallTenant(25), { deltaPageSize: 10 });
});
afterEach(() => fixture.stop());

interface Round {
  readonly pages: readonly JsonBody[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly deltaLink: string;
}

async function readRound(start: string, headers: Record<string, string> = {}): Promise<Round> {
  const pages = await fixture.pages(start, headers);
  const deltaLink = pages.at(-1)?.['@odata.deltaLink'];
  if (deltaLink === undefined) throw new Error('The round ends without a delta link.');
  return { pages, rows: pages.flatMap((page) => page.value ?? []), deltaLink };
}

test('the first round shows every record over pages and ends in a delta link', async () => {
  const { pages, rows, deltaLink } = await readRound('/users/delta?$select=id,displayName,jobTitle');
  expect(pages.map((page) => page.value?.length)).toEqual([10, 10, 5]);
  expect(pages.slice(0, -1).every((page) => page['@odata.deltaLink'] === undefined)).toBe(true);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(25);
  expect(deltaLink).toMatch(/\/v1\.0\/users\/delta\?\$deltatoken=[^&]*%2B[^&]*%3D%3D$/);
  // A property that was never set is left out.
  expect(rows[0]).toEqual({ id: guid(1), displayName: 'Person 1' });
  expect((await readRound(deltaLink)).rows).toEqual([]);
});

test('only changes of selected properties surface', async () => {
  const { deltaLink } = await readRound('/users/delta?$select=id,displayName');
  fixture.tenant.put('users', { ...fixture.tenant.get('users', guid(1)), id: guid(1), department: 'Finance' });
  expect((await readRound(deltaLink)).rows).toEqual([]);
  fixture.tenant.put('users', { ...fixture.tenant.get('users', guid(1)), id: guid(1), displayName: 'Another name' });
  expect((await readRound(deltaLink)).rows).toEqual([{ id: guid(1), displayName: 'Another name' }]);
});

test('@removed carries its reason, also for a record that came and went; a restored record comes back whole', async () => {
  const { deltaLink } = await readRound('/users/delta?$select=id,displayName,userType');
  fixture.tenant.remove('users', guid(1), 'changed');
  fixture.tenant.remove('users', guid(2), 'deleted');
  fixture.tenant.put('users', { id: guid(500), displayName: 'Briefly' });
  fixture.tenant.remove('users', guid(500), 'changed');
  const second = await readRound(deltaLink);
  expect(second.rows).toEqual([
    { id: guid(1), '@removed': { reason: 'changed' } },
    { id: guid(2), '@removed': { reason: 'deleted' } },
    { id: guid(500), '@removed': { reason: 'changed' } },
  ]);
  fixture.tenant.restore('users', guid(1));
  expect((await readRound(second.deltaLink)).rows).toEqual([
    { id: guid(1), displayName: 'Person 1', userType: 'Member' },
  ]);
});

test('return=minimal shows only what changed; otherwise every selected property that is set; cleared ones are null', async () => {
  const { deltaLink } = await readRound('/users/delta?$select=id,displayName,department,jobTitle');
  fixture.tenant.put('users', { ...fixture.tenant.get('users', guid(1)), id: guid(1), department: null });
  const full = await fixture.get(deltaLink);
  expect(full.json.value).toEqual([{ id: guid(1), displayName: 'Person 1', department: null }]);
  const minimal = await fixture.get(deltaLink, { Prefer: 'return=minimal' });
  expect(minimal.json.value).toEqual([{ id: guid(1), department: null }]);
  expect(minimal.headers['preference-applied']).toBe('return=minimal');
});

test('$select=manager gives manager@delta', async () => {
  const { rows, deltaLink } = await readRound('/users/delta?$select=id,manager');
  expect(rows[0]).toEqual({ id: guid(1) });
  expect(rows[1]).toEqual({ id: guid(2), 'manager@delta': [{ '@odata.type': '#microsoft.graph.user', id: guid(1) }] });
  fixture.tenant.setManager(guid(2), guid(9));
  fixture.tenant.setManager(guid(3), null);
  const second = await readRound(deltaLink);
  expect(second.rows).toEqual([
    {
      id: guid(2),
      'manager@delta': [
        { '@odata.type': '#microsoft.graph.user', id: guid(1), '@removed': { reason: 'deleted' } },
        { '@odata.type': '#microsoft.graph.user', id: guid(9) },
      ],
    },
    {
      id: guid(3),
      'manager@delta': [{ '@odata.type': '#microsoft.graph.user', id: guid(2), '@removed': { reason: 'deleted' } }],
    },
  ]);
  const withoutManager = await readRound('/users/delta?$select=id,displayName');
  fixture.tenant.setManager(guid(4), guid(8));
  expect((await readRound(withoutManager.deltaLink)).rows).toEqual([]);
});

test('$deltatoken=latest starts from now without showing anything', async () => {
  const { rows, deltaLink } = await readRound('/devices/delta?$select=displayName&$deltatoken=latest');
  expect(rows).toEqual([]);
  fixture.tenant.put('devices', {
    ...fixture.tenant.get('devices', guid(1001)),
    id: guid(1001),
    displayName: 'Renamed',
  });
  expect((await readRound(deltaLink)).rows).toEqual([{ displayName: 'Renamed', id: guid(1001) }]);
});

test('an answer longer than a page goes on, and changes made meanwhile wait for the next round', async () => {
  const { deltaLink } = await readRound('/users/delta?$select=id,displayName');
  for (let number = 1; number <= 25; number += 1) {
    fixture.tenant.put('users', {
      ...fixture.tenant.get('users', guid(number)),
      id: guid(number),
      displayName: `New ${number}`,
    });
  }
  const first = (await fixture.get(deltaLink)).json;
  expect(first.value).toHaveLength(10);
  fixture.tenant.put('users', { id: guid(600), displayName: 'Latecomer' });
  const rest = await readRound(first['@odata.nextLink'] ?? '');
  expect(rest.rows).toHaveLength(15);
  expect((await readRound(rest.deltaLink)).rows).toEqual([{ id: guid(600), displayName: 'Latecomer' }]);
});

test.each([
  "$filter=userType eq 'Member'",
  '$expand=manager',
  '$top=5',
  '$orderby=displayName',
  '$skip=1',
  '$count=true',
])('%s is 400 in a delta query', async (option) => {
  expect((await fixture.get(`/users/delta?${option}`)).status).toBe(400);
});

test('options cannot be added to a link, and unknown or unstored properties cannot be tracked', async () => {
  const { deltaLink } = await readRound('/users/delta?$select=id');
  expect((await fixture.get(`${deltaLink}&$select=id,mail`)).status).toBe(400);
  expect((await fixture.get('/users/delta?$select=noSuchProperty')).status).toBe(400);
  expect((await fixture.get('/users/delta?$select=skills')).status).toBe(501);
  expect((await fixture.get('/users/delta?$deltatoken=invented')).status).toBe(400);
  expect((await fixture.get(deltaLink.replace('/users/', '/devices/'))).status).toBe(400);
});

test('a token lives for seven simulated days; then the answer is syncStateNotFound', async () => {
  const { deltaLink } = await readRound('/users/delta?$select=id');
  fixture.tenant.advance(7);
  expect((await fixture.get(deltaLink)).status).toBe(200);
  fixture.tenant.advance(1);
  const { status, json } = await fixture.get(deltaLink);
  expect([status, json.error?.code]).toEqual([400, 'syncStateNotFound']);
});

test('a forced 410 names a Location with an empty token from which everything is read again', async () => {
  const { deltaLink } = await readRound('/users/delta?$select=id,displayName');
  fixture.emulator.faults.add({ name: 'gone' });
  const gone = await fixture.get(deltaLink);
  expect([gone.status, gone.json.error?.code]).toEqual([410, 'syncStateNotFound']);
  const location = String(gone.headers['location']);
  expect(location).toMatch(/\/users\/delta\?\$select=id%2CdisplayName&\$deltatoken=$/);
  expect((await readRound(location)).rows).toHaveLength(25);
});

test('faults: shuffled, repeated and replayed rows', async () => {
  const { rows, deltaLink } = await readRound('/users/delta?$select=id,displayName');
  fixture.emulator.faults.add({ name: 'shuffle' });
  fixture.emulator.faults.add({ name: 'duplicates', share: 0.5 });
  const shuffled = await readRound('/users/delta?$select=id,displayName');
  expect(shuffled.rows.length).toBeGreaterThan(25);
  expect(new Set(shuffled.rows.map(({ id }) => id))).toEqual(new Set(rows.map(({ id }) => id)));
  expect(shuffled.rows[0]).not.toEqual(rows[0]);
  fixture.emulator.faults.clear();

  fixture.tenant.put('users', { id: guid(700), displayName: 'New' });
  const second = await readRound(deltaLink);
  expect(second.rows).toHaveLength(1);
  expect((await readRound(second.deltaLink)).rows).toEqual([]);
  fixture.emulator.faults.add({ name: 'replay', first: 1 });
  expect((await readRound(second.deltaLink)).rows).toEqual(second.rows);
});

test('faults: both links, neither link, and a loop that a client can recognise', async () => {
  const last = async (): Promise<JsonBody> => (await fixture.pages('/devices/delta?$select=id', {}, 3)).at(-1) ?? {};
  fixture.emulator.faults.add({ name: 'both-links' });
  expect(await last()).toMatchObject({
    '@odata.nextLink': expect.any(String) as string,
    '@odata.deltaLink': expect.any(String) as string,
  });
  fixture.emulator.faults.clear();
  fixture.emulator.faults.add({ name: 'no-links' });
  const neither = await last();
  expect([neither['@odata.nextLink'], neither['@odata.deltaLink']]).toEqual([undefined, undefined]);
  fixture.emulator.faults.clear();
  fixture.emulator.faults.add({ name: 'next-link-loop', count: 3 });
  const links = (await fixture.pages('/devices/delta?$select=id', {}, 9)).map((page) => page['@odata.nextLink']);
  expect(new Set(links).size).toBe(3);
});
