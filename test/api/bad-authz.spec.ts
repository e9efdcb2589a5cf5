import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { jest } from '@jest/globals';
import type { Role } from '../../src/auth/permissions.js';
import { entraIdOf, insertEstate } from '../support/estate-rows.js';
import { anonymously } from '../support/signed-in-fetch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

jest.setTimeout(120_000);

const CATALOGUE = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'bad-inputs.json');

/** Cases about requests and their approval, which test/requests/bad-inputs.spec.ts tries. */
const OF_REQUESTS = new Set('B163 B164 B166 B167 B169 B170 B175 B176 B178 B179 B181 B182'.split(' '));

/** A case: who asks for what, and which answers are right. */
interface Case {
  readonly id: string;
  readonly role: Role | null | 'nobody' | 'manager';
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT';
  readonly address: string;
  readonly body?: object;
  readonly right: readonly number[];
}

const CASES: readonly Case[] = [
  // No route of the API takes a device as a whole; custody has commands of its own.
  {
    id: 'B172',
    role: 'service-desk',
    method: 'PATCH',
    address: '/api/v1/devices/1',
    body: { assignedTo: 7 },
    right: [405],
  },
  { id: 'B172', role: 'reviewer', method: 'PUT', address: '/api/v1/devices/1', body: { holder: 7 }, right: [405] },
  {
    id: 'B173',
    role: 'service-desk',
    method: 'PATCH',
    address: '/api/v1/devices/1',
    body: { source: 'graph' },
    right: [405],
  },
  {
    id: 'B173',
    role: 'service-desk',
    method: 'POST',
    address: '/api/v1/devices/1/form-factor',
    body: { class: 'laptop', reason: 'Seen it.', serialNumber: 'X', source: 'graph', decidedBy: 'person:x' },
    right: [400],
  },
  { id: 'B184', role: 'manager', address: '/api/v1/audit', right: [403] },
  { id: 'B184', role: 'manager', address: '/audit', right: [403] },
  { id: 'B187', role: 'manager', address: '/api/v1/devices.csv', right: [403] },
  { id: 'B187', role: 'approver', address: '/api/v1/people.csv', right: [403] },
  { id: 'B188', role: 'engineer', address: '/api/v1/licences.csv', right: [403] },
  // The desk may; that its file has the columns of its page and no other is V-15 in vulnerabilities.spec.ts.
  { id: 'B188', role: 'service-desk', address: '/api/v1/licences.csv', right: [200] },
  { id: 'B188', role: 'service-desk', address: '/api/v1/licences.csv?columns=key', right: [400] },
  // Evidence is reached through its machine only.
  { id: 'B185', role: 'reviewer', address: '/api/v1/evidence/1', right: [404] },
  {
    id: 'B190',
    role: 'service-desk',
    method: 'POST',
    address: '/api/v1/sync/runs',
    body: { source: 'users' },
    right: [403],
  },
  { id: 'B191', role: 'nobody', address: '/metrics', right: [404] },
  { id: 'B193', role: 'nobody', address: '/.env', right: [404] },
  { id: 'B194', role: 'nobody', address: '/.git/HEAD', right: [404] },
];

describe('bad inputs about who may do what', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 40, devices: 60 });
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });

  const headersOf = async (role: Case['role']): Promise<Record<string, string>> => {
    if (role === 'nobody') return {};
    const { headers } = await web.signIn(role === 'manager' ? { person: entraIdOf(2) } : role);
    return { ...headers };
  };
  /** What no refused request may touch. */
  const stored = (): Promise<unknown> =>
    database.dataSource.query(
      `select (select md5(string_agg(d::text, '|' order by id)) from device d) as devices,
              (select count(*) from device_custody) as custody, (select count(*) from sync_run) as runs,
              (select count(*) from device_form_factor_override) as overrides`,
    );

  it.each(CASES.map((each) => [`${each.id} ${each.role} ${each.method ?? 'GET'} ${each.address}`, each] as const))(
    '%s',
    async (_name, { role, method = 'GET', address, body, right }) => {
      const before = await stored();
      const answer = await anonymously(web.url + address, {
        method,
        redirect: 'manual',
        headers: { ...(await headersOf(role)), ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await answer.text();
      expect(right).toContain(answer.status);
      expect(text).not.toMatch(/\bat \w+ \(|node_modules|select |\/src\//);
      expect(await stored()).toEqual(before);
    },
  );

  const shared = existsSync(CATALOGUE)
    ? (JSON.parse(readFileSync(CATALOGUE, 'utf8')) as { id: string; area: string }[]).filter(
        ({ area }) => area === 'authz',
      )
    : [];
  it(
    shared.length === 0
      ? 'the shared list is not here; the cases above stand for it'
      : 'the shared list has no other case',
    () => {
      const tried = new Set([...CASES.map(({ id }) => id), ...OF_REQUESTS]);
      expect(shared.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
    },
  );
});
