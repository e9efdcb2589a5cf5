import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Agent, request } from 'undici';

import { startDemonstration } from './demonstration.js';
import {
  addDemonstrationFault,
  advanceDemonstration,
  changeDemonstration,
  clearDemonstrationFaults,
  demonstrationFaults,
  demonstrationEquipmentRequests,
  demonstrationNetworks,
  demonstrationProgrammeHistory,
  DemonstrationRefusal,
  demonstrationRequests,
  demonstrationStatus,
} from './demonstration-client.js';
import { type DemonstrationEndpoint, endpointFile, readEndpoint } from './demonstration-endpoint.js';

interface DeltaBody {
  readonly value: readonly { readonly id: string; readonly displayName?: string; readonly '@removed'?: unknown }[];
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'untether-demonstration-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function token(endpoint: DemonstrationEndpoint, agent: Agent): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: endpoint.clientId, client_secret: endpoint.clientSecret };
  const { body } = await request(`${endpoint.authority}/${endpoint.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...form, scope: 'https://graph.microsoft.com/.default' }).toString(),
  });
  return ((await body.json()) as { readonly access_token: string }).access_token;
}

/** Reads a delta round to its end. */
async function round(
  endpoint: DemonstrationEndpoint,
  start: string,
): Promise<{ rows: DeltaBody['value']; deltaLink: string }> {
  const agent = new Agent({ connect: { ca: await readFile(endpoint.caFile, 'utf8') } });
  const authorization = `Bearer ${await token(endpoint, agent)}`;
  const rows: DeltaBody['value'][number][] = [];
  for (let link: string | undefined = start, pages = 0; pages < 100; pages += 1) {
    const { statusCode, body } = await request(link, { dispatcher: agent, headers: { authorization } });
    const page = (await body.json()) as DeltaBody;
    if (statusCode !== 200) throw new Error(JSON.stringify(page));
    rows.push(...page.value);
    link = page['@odata.nextLink'];
    if (link === undefined) {
      await agent.destroy();
      return { rows, deltaLink: page['@odata.deltaLink'] ?? '' };
    }
  }
  throw new Error('The round does not end.');
}

test('writes an endpoint file only its owner can read, and removes it on stop', async () => {
  const demonstration = await startDemonstration({ folder, people: 60, seed: 5 });
  try {
    const endpoint = await readEndpoint(folder);
    expect(endpoint).toEqual(demonstration.endpoint);
    expect(endpoint).toMatchObject({ pid: process.pid, seed: 5, people: 60 });
    expect(endpoint?.baseUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    for (const file of [endpointFile(folder), join(folder, 'server-key.pem'), join(folder, 'tenant.json')]) {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
  } finally {
    await demonstration.stop();
  }
  expect(await readEndpoint(folder)).toBeUndefined();
});

test('resumes the tenant on the same port, and delta links from before the restart stay valid', async () => {
  const first = await startDemonstration({ folder, people: 60, seed: 5 });
  const { endpoint } = first;
  await advanceDemonstration(endpoint, 2);
  const before = await round(endpoint, `${endpoint.baseUrl}/v1.0/users/delta?$select=id,displayName`);
  expect(before.rows.length).toBeGreaterThanOrEqual(60);
  const [user] = before.rows;
  await changeDemonstration(endpoint, {
    kind: 'put',
    collection: 'users',
    record: { id: user?.id ?? '', displayName: 'Changed before the restart' },
  });
  await first.stop();

  const second = await startDemonstration({ folder });
  try {
    expect(second.endpoint.baseUrl).toBe(endpoint.baseUrl);
    expect(second.endpoint.caFile).toBe(endpoint.caFile);
    expect(await demonstrationStatus(second.endpoint)).toMatchObject({ seed: 5, day: 2 });
    const after = await round(second.endpoint, before.deltaLink);
    expect(after.rows).toEqual([{ id: user?.id, displayName: 'Changed before the restart' }]);
    const again = await round(second.endpoint, `${endpoint.baseUrl}/v1.0/users/delta?$select=id,displayName`);
    expect(again.rows.map(({ id }) => id)).toEqual(before.rows.map(({ id }) => id));
  } finally {
    await second.stop();
  }
});

test('refuses a second start in the folder, but not after a killed process left its endpoint file', async () => {
  const first = await startDemonstration({ folder, people: 60 });
  const content = await readFile(endpointFile(folder), 'utf8');
  await expect(startDemonstration({ folder })).rejects.toThrow(/already runs/);
  await first.stop();
  await writeFile(endpointFile(folder), content);
  const second = await startDemonstration({ folder });
  await second.stop();
});

test('refuses to resume a demonstration as a different one', async () => {
  await (await startDemonstration({ folder, people: 60, seed: 5 })).stop();
  await expect(startDemonstration({ folder, seed: 6 })).rejects.toThrow(/seed 5, not 6/);
});

test('the client drives faults and days, and shows what was asked', async () => {
  const demonstration = await startDemonstration({ folder, people: 60 });
  const { endpoint } = demonstration;
  try {
    const id = await addDemonstrationFault(endpoint, { name: 'throttled', path: '/users', first: 1, seconds: 1 });
    const { active, catalogue } = await demonstrationFaults(endpoint);
    expect(active).toMatchObject([{ id, fault: { name: 'throttled', first: 1 } }]);
    expect(catalogue['throttled']?.description).toMatch(/429/);
    await clearDemonstrationFaults(endpoint, id);
    expect((await demonstrationFaults(endpoint)).active).toEqual([]);
    const { day, days } = await advanceDemonstration(endpoint, 3);
    expect(day).toBe(3);
    expect(days).toHaveLength(3);
    expect((await demonstrationRequests(endpoint)).latest.length).toBeGreaterThan(0);
    await expect(advanceDemonstration(endpoint, 0)).rejects.toThrow(DemonstrationRefusal);
    await expect(addDemonstrationFault({ ...endpoint, adminKey: 'wrong' }, { name: 'shuffle' })).rejects.toThrow(/key/);
  } finally {
    await demonstration.stop();
  }
});

test('tells the same stories of its rollout, its networks and its stores on every day, to whoever has the key', async () => {
  const demonstration = await startDemonstration({ folder, people: 60 });
  const { endpoint } = demonstration;
  try {
    const story = await demonstrationProgrammeHistory(endpoint);
    expect(story).toMatchObject({ format: 'untether-programme-history/1', until: expect.any(String) as unknown });
    const networks = await demonstrationNetworks(endpoint);
    expect(networks).toMatchObject({ sites: expect.any(Array) as unknown, checks: expect.any(Array) as unknown });
    const requests = await demonstrationEquipmentRequests(endpoint);
    expect(requests).toMatchObject({ past: expect.any(Array) as unknown, present: expect.any(Array) as unknown });
    await advanceDemonstration(endpoint, 2);
    expect(await demonstrationEquipmentRequests(endpoint)).toEqual(requests);
    expect(await demonstrationProgrammeHistory(endpoint)).toEqual(story);
    expect(await demonstrationNetworks(endpoint)).toEqual(networks);
    await expect(demonstrationProgrammeHistory({ ...endpoint, adminKey: 'wrong' })).rejects.toThrow(/key/);
    await expect(demonstrationNetworks({ ...endpoint, adminKey: 'wrong' })).rejects.toThrow(/key/);
  } finally {
    await demonstration.stop();
  }
});
