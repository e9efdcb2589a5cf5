import { existsSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { jest } from '@jest/globals';
import { GOOD_VALUES, insertMachines, insertPeople, personId } from '../support/custody-fixture.js';
import { apiHeaders } from '../support/signed-in-fetch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

jest.setTimeout(60_000);

const SHARED = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'bad-inputs.json');

/** What a field is given, in the shorthand of the shared list: a value, or text that is repeated. */
type Given = unknown;
/** `taken` by the command; `refused` with 400, or 422 where the value is the right kind of thing; or `either`. */
type Verdict = 'taken' | 'refused' | 'either';

/** A command that takes a field of this kind. */
interface Door {
  readonly address: (device: number) => string;
  readonly body: (value: unknown) => object;
}

const command = (word: string, field: string, others: readonly string[] = []): Door => ({
  address: (device) => `devices/${device}/custody/${word}`,
  body: (value) => ({ ...Object.fromEntries(others.map((name) => [name, GOOD_VALUES[name]])), [field]: value }),
});
const token = (value: unknown): object => ({ name: 'A', service: 'nightly', scopes: ['estate:read'], days: value });

/** Where each field of the shared list has its like here. */
const DOORS: Readonly<Record<string, readonly Door[]>> = {
  reason: [
    command('note', 'reason'),
    { address: () => 'sync/sources/users/pause', body: (reason) => ({ reason }) },
    { address: (device) => `devices/${device}/form-factor`, body: (reason) => ({ class: 'laptop', reason }) },
  ],
  quantity: [{ address: () => 'tokens', body: token }],
  urgent: [{ address: () => 'sync/runs', body: (full) => ({ source: 'users', full }) }],
  neededBy: [command('wipe', 'performedOn', ['method', 'reference', 'performedBy'])],
  modelId: [command('note', 'evidence', ['reason']), command('hand-over', 'holder')],
  beneficiaryEmail: [command('hand-over', 'holder')],
  deliveryUrl: [command('note', 'deliveryUrl', ['reason'])],
};

const repeated = (text: string, times: number): Given => ({ $repeat: text, times });

/** The project's own cases; with the shared list absent they stand for it. */
const OWN: readonly (readonly [field: string, value: Given, verdict: Verdict])[] = [
  ...[null, '', '  ', '\u200b\u2060', 'a\0b', '\ud800', 7, true, ['x'], { $ne: null }].map(
    (value) => ['reason', value, 'refused'] as const,
  ),
  ['reason', repeated('a\ufe0f', 5_000), 'refused'],
  ['reason', repeated('😀', 2_001), 'refused'],
  ['reason', repeated('😀', 2_000), 'taken'],
  ['reason', '{{7*7}} <b>%s</b> ${x} ../../etc', 'taken'],
  ...[0, -1, 1.5, '1', '0x10', true, null, [1], 1e9].map((value) => ['quantity', value, 'refused'] as const),
  ...['false', 'true', 0, 1, []].map((value) => ['urgent', value, 'refused'] as const),
  ...['2026-02-30', '9999-12-31', '31/12/2026', 'now', 20261123].map((day) => ['neededBy', day, 'refused'] as const),
  ...['not-a-uuid', { id: 1 }, 999_999].map((value) => ['modelId', value, 'refused'] as const),
  ['beneficiaryEmail', 'a@council.gov.uk\r\nBcc: x@evil', 'refused'],
  ['beneficiaryEmail', 'A@COUNCIL.GOV.UK', 'taken'],
  ['deliveryUrl', 'http://[::ffff:169.254.169.254]/', 'refused'],
];

interface SharedCase {
  readonly id: string;
  readonly area: string;
  readonly expected: string;
  readonly input: {
    readonly body?: Readonly<Record<string, unknown>>;
    readonly rawBody?: unknown;
    readonly method?: string;
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
}

const shared: readonly SharedCase[] = existsSync(SHARED)
  ? (JSON.parse(readFileSync(SHARED, 'utf8')) as readonly SharedCase[])
  : [];
if (shared.length === 0) process.stderr.write('The shared bad inputs are not here; only the project’s own were run.\n');

function verdictOf(expected: string): Verdict {
  const [refused, taken] = [/\b4\d\d\b/.test(expected), /\b20[01]\b|same person|U\+FFFD|NEVER true/.test(expected)];
  return refused && taken ? 'either' : taken ? 'taken' : 'refused';
}

/** Writes out the shorthand for text that repeats. */
function unpack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { $repeat, $nest, close = '', $repeatItem, times = 0 } = value as Record<string, string> & { times?: number };
  if ($nest !== undefined) return $nest.repeat(times) + close.repeat(times);
  if ($repeatItem !== undefined) return Array.from({ length: times }, () => $repeatItem);
  return $repeat === undefined ? value : $repeat.repeat(times);
}

const FIELDS = [
  ...OWN.map(([field, value, verdict], index) => [`own-${index} ${field}`, field, unpack(value), verdict] as const),
  ...shared
    .filter(({ area }) => area === 'api.field')
    .flatMap(({ id, input, expected }) =>
      Object.entries(input.body ?? {}).map(([field, value]) => {
        return [`${id} ${field}`, field, unpack(value), verdictOf(expected)] as const;
      }),
    ),
];

/** Bodies as they are sent, to the byte. */
interface RawBody {
  readonly body: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly right: readonly number[];
}

const JSON_TYPE = { 'content-type': 'application/json' };
const OWN_BODIES: readonly (readonly [string, RawBody])[] = [
  ...['', '[]', '5', 'null', '"x"', '{"reason":"x",}', '{"reason":NaN}', '[['.repeat(9_000)].map(
    (body, index) => [`own-${index}`, { body, headers: JSON_TYPE, right: [400, 422] }] as const,
  ),
  ['V-36 own-prototype', { body: '{"__proto__":{"isAdmin":true},"reason":"x"}', headers: JSON_TYPE, right: [400] }],
  [
    'V-36 own-constructor',
    { body: '{"constructor":{"prototype":{"isAdmin":true}},"reason":"x"}', headers: JSON_TYPE, right: [400] },
  ],
  [
    'own-charset',
    { body: '{"reason":"x"}', headers: { 'content-type': 'application/json;charset=utf-16' }, right: [415] },
  ],
  ['own-text', { body: '{"reason":"x"}', headers: { 'content-type': 'text/plain' }, right: [415] }],
  ['V-48 own-gzip', { body: 'not unpacked', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, right: [400, 415] }],
];
const BODIES = [
  ...OWN_BODIES,
  ...shared
    .filter(({ area }) => area === 'api.json')
    .map(({ id, input, expected }) => {
      const { method, rawBody, contentType, headers } = input;
      const body = rawBody === undefined ? JSON.stringify(listWrittenOut(input.body)) : String(unpack(rawBody));
      const right = [...expected.matchAll(/\b[45]\d\d\b/g)].map(([status]) => Number(status));
      // What the command does with a good body is a right answer to one that means the same.
      if (/same as without|ignored/.test(expected)) right.push(200);
      // Text that is JSON, but not what the command takes.
      if (right.includes(400)) right.push(422);
      return [
        id,
        {
          body: method === 'TRACE' ? '' : body,
          ...(method ? { method } : {}),
          headers: { 'content-type': contentType ?? 'application/json', ...headers },
          right,
        } satisfies RawBody,
      ] as const;
    }),
];

function listWrittenOut(body: Readonly<Record<string, unknown>> = {}): object {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, unpack(value)]));
}

describe('V-35, V-50: bad inputs in what commands are given', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let devices: number[];
  let sender: { readonly authorization: string };
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertPeople(database.dataSource, 3);
    await database.dataSource.query(`update person set user_principal_name = 'a@council.gov.uk' where entra_id = $1`, [
      personId(2),
    ]);
    // The shared list takes this id for one that nobody has.
    await database.dataSource.query('delete from person where entra_id = $1', [personId(1)]);
    devices = await insertMachines(database.dataSource, FIELDS.length * 3 + 1);
    web = await startTestWeb(database);
    sender = await apiHeaders(web.url);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const stored = async (): Promise<string> =>
    JSON.stringify(
      await database.dataSource.query(
        `select (select count(*) from custody_event) as events, (select count(*) from device_custody) as custody,
                (select count(*) from api_token where issued_by <> 'system:test') as tokens,
                (select count(*) from device_form_factor_override) as overrides,
                (select count(*) from sync_source where paused_at is not null) as paused,
                (select count(*) from audit_event where event not like 'access.%') as trail`,
      ),
    );

  it.each(FIELDS)('%s', async (_id, field, value, verdict) => {
    const doors = DOORS[field];
    if (!doors) throw new Error(`Nothing here takes the like of ${field}.`);
    for (const { address, body } of doors) {
      const before = await stored();
      const device = devices.pop() ?? 0;
      const answer = await fetch(`${web.url}/api/v1/${address(device)}`, {
        method: 'POST',
        headers: { ...JSON_TYPE, 'if-match': '"0"' },
        body: JSON.stringify(body(value)),
      });
      const text = await answer.text();
      const outcome = answer.status < 300 ? 'taken' : [400, 422].includes(answer.status) ? 'refused' : answer.status;
      expect([address(0), verdict === 'either' ? outcome : verdict]).toEqual([address(0), outcome]);
      expect(['taken', 'refused']).toContain(outcome);
      expect(text).not.toMatch(/node_modules|QueryFailed|syntax error|violates/);
      if (outcome === 'refused') expect(await stored()).toBe(before);
      if (field === 'beneficiaryEmail' && outcome === 'taken') {
        expect(JSON.parse(text)).toMatchObject({ holderEntraId: personId(2) });
      }
    }
    await database.dataSource.query(`update sync_source set paused_at = null, pause_reason = null, paused_by = null`);
  });

  it.each(BODIES)('%s', async (_id, { body, method = 'POST', headers, right }) => {
    const before = await stored();
    const started = performance.now();
    const status = await new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(web.url);
      const options = { hostname, port, agent: false, method, path: `/api/v1/devices/${devices[0]}/custody/note` };
      const outgoing = httpRequest({ ...options, headers: { ...sender, 'if-match': '"0"', ...headers } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
    expect(right).toContain(status);
    expect(performance.now() - started).toBeLessThan(2_000);
    if (status !== 200) expect(await stored()).toBe(before);
    expect(({} as Record<string, unknown>)['isAdmin'] ?? ({} as Record<string, unknown>)['role']).toBeUndefined();
  });

  it('V-80: leave the process as it was, and a log of one JSON object a line without any of them', async () => {
    expect(((await (await fetch(`${web.url}/health/live`)).json()) as { pid: number }).pid).toBe(process.pid);
    for (const line of web.logLines) {
      expect(() => JSON.parse(line) as unknown).not.toThrow();
      expect(line).not.toMatch(/Subject: x|jndi|evil|HYPERLINK|passwd/);
    }
  });
});
