import type { OpenAPIObject } from '@nestjs/swagger';
import { DEFAULT_NETWORK_SETTINGS } from '../../src/network/domain/default-settings.js';
import { DECIDING } from '../../src/network/domain/thresholds/thresholds.js';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { auditEntries } from '../support/audit.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const PAGE = '/network/settings';
const API = '/api/v1/network/settings';
const FORM = 'application/x-www-form-urlencoded';
const { assumptions } = DEFAULT_NETWORK_SETTINGS;
const BODY = {
  thresholds: { 'media-client-jitter': 20 },
  assumptions,
  ...{ neededAtSite: 'video_safe', neededAtHome: 'video_safe', reason: 'Jitter was heard at 25' },
};

let database: TestDatabase;
let web: TestWeb;
let manager: TestSession;
let reviewer: TestSession;

beforeAll(async () => {
  database = await createTestDatabase();
  web = await startTestWeb(database);
  manager = await web.signIn('rollout-manager');
  reviewer = await web.signIn('reviewer');
});
afterAll(async () => {
  await web?.close();
  await database?.drop();
});
beforeEach(() => database.dataSource.query('delete from network_settings'));

const text = async (session: TestSession): Promise<string> =>
  (await fetch(web.url + PAGE, { headers: session.headers })).text();

async function post(fields: Readonly<Record<string, string>>, session = manager): Promise<Response> {
  const page = await text(session);
  const form = page.split('<form ').find((part) => part.startsWith(`action="${PAGE}" method="post"`)) ?? '';
  const body = new URLSearchParams();
  for (const [, name = '', value = ''] of form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)) {
    body.append(name, value);
  }
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const headers = { ...session.headers, 'content-type': FORM };
  return fetch(web.url + PAGE, { method: 'POST', redirect: 'manual', headers, body: body.toString() });
}

const FIELDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...DECIDING.keys()].map((id) => [`thresholds.${id}`, ''])),
  ...Object.fromEntries(Object.entries(assumptions).map(([id, value]) => [`assumptions.${id}`, String(value)])),
  ...{ neededAtSite: 'audio_safe', neededAtHome: 'audio_safe', reason: 'Counted in autumn' },
};

async function api(method: 'GET' | 'PUT', options: { body?: unknown; version?: string; path?: string } = {}) {
  const token = await web.tokenFor('rollout-manager');
  const answer = await fetch(web.url + API + (options.path ?? ''), {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(options.version === undefined ? {} : { 'if-match': options.version }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  return {
    status: answer.status,
    etag: answer.headers.get('etag'),
    body: (await answer.json()) as Record<string, unknown>,
  };
}

describe('the page of thresholds and assumptions', () => {
  it('shows every figure with its source, and assumptions as such', async () => {
    const page = await text(reviewer);
    for (const words of [
      'at least 2,500 kbit/s',
      'https://learn.microsoft.com/microsoftteams/prepare-network',
      'below 0.05 %',
      'https://www.legislation.gov.uk/uksi/2018/445',
      'Audio-safe and video-safe',
      'They are shown beside what is measured and decide nothing.',
      '22 January 2018',
      'Nobody publishes these figures',
      'At their desks at once: fixed desk',
      'Rollout managers change them.',
    ]) {
      expect(page).toContain(words);
    }
    expect(page).not.toContain('name="reason"');
  });

  it('changes them under the version that was looked at, with a reason', async () => {
    const saved = await post({ ...FIELDS, 'thresholds.teams-video-meeting-recommended-upload': '1,200.5' });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, PAGE]);
    const page = await text(manager);
    expect(page).toContain('at least 1,200.5 kbit/s');
    expect(page).toContain('in place of 2,500 kbit/s');
    expect(page).toContain('Version 1: <bdi>Counted in autumn</bdi>');
    const late = await post({ ...FIELDS, version: '0' });
    expect(late.status).toBe(409);
    expect(await late.text()).toContain('Somebody else has changed the settings');
    const entries = await auditEntries(database.dataSource);
    expect(entries.filter(({ event }) => event === 'network-settings.changed')).toHaveLength(1);
  });

  it.each<readonly [fields: Readonly<Record<string, string>>, words: string]>([
    [{ reason: ' ' }, 'Enter the reason'],
    [{ 'assumptions.in-video': 'many' }, 'Enter a number, such as 2500 or 0.5'],
    [{ 'assumptions.in-video': '101' }, 'Enter a number from 0 to 100'],
    [{ 'assumptions.smallest-streams': '0' }, 'Enter a whole number from 1 to 10000'],
    [{ 'thresholds.media-client-loss': '1e2' }, 'Enter a number, such as 2500 or 0.5'],
    [{ neededAtSite: 'unknown' }, 'Choose what is needed'],
    [{ stray: 'x' }, 'not of this page'],
  ])('refuses %j and keeps what was typed', async (fields, words) => {
    const refused = await post({ ...FIELDS, ...fields });
    const page = await refused.text();
    expect([refused.status, page.includes(words)]).toEqual([422, true]);
    expect((await api('GET')).body['version']).toBe(0);
  });

  it('is changed by nobody who may only read', async () => {
    expect((await post(FIELDS, reviewer)).status).toBe(403);
  });
});

describe('the API of thresholds and assumptions', () => {
  it('answers with all of them, and changes them under If-Match', async () => {
    const first = await api('GET');
    expect([first.status, first.body['version'], first.body['neededAtSite']]).toEqual([200, 0, 'video_safe']);
    const saved = await api('PUT', { body: BODY, version: first.etag ?? '' });
    expect([saved.status, saved.body]).toEqual([200, { version: 1 }]);
    const second = await api('GET');
    const thresholds = second.body['thresholds'] as readonly Record<string, unknown>[];
    expect(thresholds.find(({ id }) => id === 'media-client-jitter')).toMatchObject({
      ...{ value: 20, assumption: true, decides: 'audio_safe', source: { page: null } },
      published: { value: 30, source: { dated: '2018-01-22' } },
    });
    const versions = await api('GET', { path: '/versions' });
    expect(versions.body).toMatchObject([{ version: 1, reason: 'Jitter was heard at 25' }]);
    const document = (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;
    for (const [route, { body }] of [
      [API, second],
      [`${API}/versions`, versions],
    ] as const) {
      expect([route, schemaViolations(body, answerSchema(document, route))]).toEqual([route, []]);
    }
  });

  it.each<readonly [body: unknown, version: string | undefined, status: number]>([
    [BODY, undefined, 428],
    [BODY, '*', 412],
    [BODY, '"1"', 409],
    [BODY, '"999999999999999999"', 409],
    [{ ...BODY, reason: '' }, '"0"', 422],
    [{ ...BODY, reason: 'a\u0000b' }, '"0"', 422],
    [{ ...BODY, thresholds: { 'superfast-download': 1 } }, '"0"', 422],
    [{ ...BODY, thresholds: { 'media-client-jitter': '20' } }, '"0"', 422],
    [{ ...BODY, thresholds: [] }, '"0"', 400],
    [{ ...BODY, assumptions: {} }, '"0"', 422],
    [{ ...BODY, assumptions: { ...assumptions, constructor: 1 } }, '"0"', 422],
    [{ ...BODY, neededAtHome: null }, '"0"', 422],
    [{ ...BODY, more: 1 }, '"0"', 400],
    [[], '"0"', 400],
  ])('refuses %j under %s with %i', async (body, version, status) => {
    const refused = await api('PUT', { body, ...(version === undefined ? {} : { version }) });
    expect(refused.status).toBe(status);
    expect((await api('GET')).body['version']).toBe(0);
  });
});
