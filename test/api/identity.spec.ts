import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Page } from '../../src/common/paging.js';
import { Transactor } from '../../src/database/transactor.js';
import type { DecisionView, RecordView, ReviewView } from '../../src/devices/identity.queries.js';
import { IdentityService } from '../../src/devices/identity.service.js';
import type { DecisionOutcome } from '../../src/devices/review.service.js';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { deviceOf, emptyEstate, machinesOf, say } from '../support/identity-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const SNAPSHOT = path.join(import.meta.dirname, '..', 'snapshots', 'openapi.json');
const REASON = 'Checked the label on both.';
const NO_ID = 2_147_483_647;

interface Problem {
  readonly detail: string;
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}

describe('the API of identity', () => {
  const document = JSON.parse(readFileSync(SNAPSHOT, 'utf8')) as OpenAPIObject;
  let database: TestDatabase;
  let identity: IdentityService;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    identity = new IdentityService(new Transactor(database.dataSource));
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });
  beforeEach(() => emptyEstate(database.dataSource));

  const get = async <T>(address: string, status = 200): Promise<T> => {
    const answer = await fetch(`${web.url}/api/v1/${address}`);
    expect([address, answer.status]).toEqual([address, status]);
    return (await answer.json()) as T;
  };
  /** What an address says, checked against the API's description. */
  const read = async <T>(route: string, address = route): Promise<T> => {
    const answer = await get<T>(address);
    expect([address, schemaViolations(answer, answerSchema(document, `/api/v1/${route}`))]).toEqual([address, []]);
    return answer;
  };
  const send = (address: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${web.url}/api/v1/${address}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const post = async <T = DecisionOutcome>(address: string, body: unknown, status = 200): Promise<T> => {
    const answer = await send(address, body);
    expect([address, body, answer.status]).toEqual([address, body, status]);
    expect(answer.headers.get('content-type')).toMatch(status === 200 ? /^application\/json/ : /^application\/problem/);
    return (await answer.json()) as T;
  };

  /** Two enrolments alive together with one serial number, each with its Entra device: one open review. */
  async function twins(): Promise<{ review: number; devices: [number, number] }> {
    const { dataSource } = database;
    for (const number of [1, 2]) {
      const facts = { entra_device_id: `d${number}`, name: `PC-${number}` };
      await say(dataSource, 'managed-devices', `m${number}`, { ...facts, serial_number: '5CG7ABC' });
      await say(dataSource, 'entra-devices', `e${number}`, facts);
    }
    await identity.resolvePending();
    const [review] = await dataSource.query<{ id: number }[]>('select id from device_review');
    return { review: review?.id ?? 0, devices: [await deviceOf(dataSource, 'm1'), await deviceOf(dataSource, 'm2')] };
  }

  it('lists open reviews by kind and page, and shows one with its evidence side by side', async () => {
    const { review, devices } = await twins();
    for (const copy of ['a', 'b'])
      await say(database.dataSource, 'managed-devices', copy, { serial_number: '5CG7XYZ' });
    await identity.resolvePending();
    const first = await read<Page<ReviewView>>('reviews', 'reviews?limit=1&kind=same_serial');
    expect(first.items.map(({ id }) => id)).toEqual([review]);
    const second = await read<Page<ReviewView>>('reviews', `reviews?limit=1&kind=same_serial&cursor=${first.next}`);
    expect([second.items.length, second.next]).toEqual([1, null]);
    expect((await read<Page<ReviewView>>('reviews', 'reviews?kind=conflicting_identity')).items).toEqual([]);
    expect(await read<ReviewView>('reviews/{id}', `reviews/${review}`)).toMatchObject({
      kind: 'same_serial',
      shared: { key: 'serial', value: '5CG7ABC' },
      machines: [
        { deviceId: devices[0], records: [{ externalId: 'm1', name: 'PC-1' }, { externalId: 'e1' }] },
        { deviceId: devices[1], records: [{ externalId: 'm2', name: 'PC-2' }, { externalId: 'e2' }] },
      ],
    });
    expect((await get<Problem>(`reviews/${NO_ID}`, 404)).detail).toContain('no review');
  });

  it('settles a review once, takes it back, and tells of both', async () => {
    const { review, devices } = await twins();
    const outcome = await post(`reviews/${review}/settlement`, { decision: 'same', reason: `  ${REASON}\n` });
    expect(outcome).toEqual({ decisionId: 1, deviceIds: [devices[0]] });
    expect(await read('reviews/{id}', `reviews/${review}`)).toMatchObject({ state: 'settled', settledBy: 'local' });
    const again = await post<Problem>(`reviews/${review}/settlement`, { decision: 'different', reason: REASON }, 409);
    expect(again.detail).toContain('settled');

    const about = (device: number) => read<Page<DecisionView>>('decisions', `decisions?deviceId=${device}`);
    // Whoever knows only the number of the device that is no more finds the decision too.
    for (const device of devices) {
      expect((await about(device)).items).toMatchObject([{ id: 1, kind: 'merge', reason: REASON, reviewId: review }]);
    }
    expect(await post('decisions/1/undo', { reason: 'They are two.' })).toEqual({ decisionId: 1, deviceIds: devices });
    expect((await post<Problem>('decisions/1/undo', { reason: 'They are two.' }, 409)).detail).toContain('undone');
    expect((await about(devices[1])).items).toMatchObject([{ undoneBy: 'local', undoReason: 'They are two.' }]);
    expect(await read('reviews/{id}', `reviews/${review}`)).toMatchObject({ state: 'open', decisionId: null });
  });

  it.each([1, 2, 3])('lets one of two settlements at once win (%s)', async () => {
    const { review } = await twins();
    const answers = await Promise.all(
      ['same', 'different'].map((decision) => send(`reviews/${review}/settlement`, { decision, reason: REASON })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const won = answers[0]?.status === 200 ? 'same' : 'different';
    expect(await read('reviews/{id}', `reviews/${review}`)).toMatchObject({ state: 'settled', decision: won });
    expect((await read<Page<DecisionView>>('decisions')).items).toHaveLength(1);
    expect(await machinesOf(database.dataSource)).toEqual(won === 'same' ? ['e1 e2 m1 m2'] : ['e1 m1', 'e2 m2']);
  });

  it('merges devices; the one that is no more names the other, and lists leave it out', async () => {
    const { devices } = await twins();
    const [kept, merged] = devices;
    const { decisionId } = await post('devices/merges', { deviceIds: [merged, kept, kept], reason: REASON });
    for (const address of [`devices/${merged}`, `devices/${merged}/identity`]) {
      expect((await get<Problem>(address, 404)).detail).toContain(`/api/v1/devices/${kept}`);
    }
    const conflict = await post<Problem>('devices/merges', { deviceIds: devices, reason: REASON }, 409);
    expect(conflict.detail).toContain(`merged into device ${kept}`);
    await post(`devices/${merged}/splits`, { recordIds: [1], reason: REASON }, 409);
    const ids = async (query: string) => (await get<Page<{ id: number }>>(`devices${query}`)).items.map(({ id }) => id);
    for (const query of ['', '?sort=-id', '?search=5CG7ABC', '?presence=present', '?manufacturer=hp']) {
      expect([query, await ids(query)]).toEqual([query, [kept]]);
    }
    const search = await (await fetch(`${web.url}/search?q=5CG7ABC`)).text();
    expect(search.match(/serial number <bdi>5CG7ABC/g)).toHaveLength(1);
    await post(`decisions/${decisionId}/undo`, { reason: REASON });
    expect(await ids('?sort=id')).toEqual(devices);
    expect(await get(`devices/${merged}`)).toMatchObject({ id: merged, records: [{}, {}] });
  });

  it('names the last of several devices that one was merged into', async () => {
    const { devices } = await twins();
    await say(database.dataSource, 'autopilot', 'z0', { serial_number: 'ABCDE12' });
    await identity.resolvePending();
    const third = await deviceOf(database.dataSource, 'z0');
    await database.dataSource.query('update device set merged_into_id = $1 where id = $2', [third, devices[0]]);
    await database.dataSource.query('update device set merged_into_id = $1 where id = $2', [devices[0], devices[1]]);
    expect((await get<Problem>(`devices/${devices[1]}`, 404)).detail).toContain(`/api/v1/devices/${third}`);
  });

  it('splits records off by the numbers that the identity of the device gives', async () => {
    const { dataSource } = database;
    for (const [source, name] of [
      ['autopilot', 'OLD'],
      ['managed-devices', 'NEW'],
    ] as const) {
      await say(dataSource, source, `${source}-1`, { entra_device_id: 'd1', serial_number: '5CG7ABC', name });
    }
    await identity.resolvePending();
    const device = await deviceOf(dataSource, 'autopilot-1');
    type Answer = { records: RecordView[]; aliases: { name: string }[]; reviews: unknown[] };
    const before = await read<Answer>('devices/{id}/identity', `devices/${device}/identity`);
    expect(before).toMatchObject({ deviceId: device, records: [{ source: 'autopilot' }, {}], reviews: [] });
    expect(before.aliases.map(({ name }) => name).sort()).toEqual(['NEW', 'OLD']);
    const [apart, stays] = before.records.map(({ id }) => id);
    const all = await post<Problem>(`devices/${device}/splits`, { recordIds: [apart, stays], reason: REASON }, 422);
    expect(all.errors[0]?.field).toBe('recordIds');
    const { deviceIds } = await post(`devices/${device}/splits`, { recordIds: [apart], reason: REASON });
    expect(deviceIds).toHaveLength(2);
    expect(await machinesOf(dataSource)).toEqual(['autopilot-1', 'managed-devices-1']);
    expect(
      (await post<Problem>(`devices/${device}/splits`, { recordIds: [NO_ID], reason: REASON }, 409)).detail,
    ).toContain('no longer on device');
  });

  it('shows the open questions about a device with its identity', async () => {
    const { review, devices } = await twins();
    expect(await read('devices/{id}/identity', `devices/${devices[1]}/identity`)).toMatchObject({
      reviews: [{ id: review }],
    });
  });

  it('pages through decisions, the latest first', async () => {
    const { devices } = await twins();
    for (let round = 0; round < 3; round++) {
      const { decisionId } = await post('devices/merges', { deviceIds: devices, reason: REASON });
      await post(`decisions/${decisionId}/undo`, { reason: REASON });
    }
    const first = await read<Page<DecisionView>>('decisions', 'decisions?limit=2');
    const second = await read<Page<DecisionView>>('decisions', `decisions?limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(second.next).toBeNull();
  });

  it.each([
    ['devices/merges', { deviceIds: [1, NO_ID], reason: REASON }],
    [`devices/${NO_ID}/splits`, { recordIds: [1], reason: REASON }],
    [`reviews/${NO_ID}/settlement`, { decision: 'same', reason: REASON }],
    [`decisions/${NO_ID}/undo`, { reason: REASON }],
  ])('says that there is nothing at %s', async (address, body) => {
    await twins();
    expect((await post<Problem>(address, body, 404)).detail).toMatch(
      /^There is no (device|review|decision) 2147483647/,
    );
  });

  it.each([
    'reviews?kind=SAME_SERIAL',
    'reviews?kind[]=same_serial',
    'reviews?kind=same_serial&kind=re_enrolled',
    'reviews?state=open',
    'reviews?limit=0',
    'reviews?limit=1e1',
    'reviews?cursor=e30',
    'reviews/0',
    'reviews/1e0',
    'reviews/2147483648',
    'reviews/1?limit=1',
    'decisions?deviceId=0',
    'decisions?deviceId=2147483648',
    'decisions?deviceId=abc',
    'decisions?deviceId=1&deviceId=2',
    'decisions?kind=merge',
    'decisions?cursor=W10',
    'devices/1/identity?limit=1',
    'devices/01/identity',
  ])('refuses GET %s', async (address) => {
    expect((await get<Problem>(address, 400)).errors).not.toEqual([]);
  });

  it('says that a device to list the decisions of does not exist', () => get(`decisions?deviceId=${NO_ID}`, 404));

  const bad: Record<string, unknown> = {
    number: 5,
    none: null,
    empty: '',
    blank: ' \n ',
    list: ['x'],
    object: { x: 1 },
  };
  const reasons = Object.values({
    ...bad,
    nul: 'a\0b',
    escape: '\u001b[31m',
    surrogate: '\ud800',
    long: 'x'.repeat(2_001),
  });
  const ids = [
    undefined,
    null,
    5,
    '12',
    {},
    [],
    [0, 1],
    [-1, 1],
    [1.5, 1],
    ['1', '2'],
    [[1], [2]],
    [null, 1],
    [1, 2_147_483_648],
    [true, 1],
    [1, 1e300],
  ];
  const bodies: readonly (readonly [string, string, unknown])[] = [
    ...[undefined, ...reasons].flatMap((reason) => [
      ['reviews/1/settlement', 'reason', { decision: 'same', reason }] as const,
      ['devices/merges', 'reason', { deviceIds: [1, 2], reason }] as const,
      ['devices/1/splits', 'reason', { recordIds: [1], reason }] as const,
      ['decisions/1/undo', 'reason', { reason }] as const,
    ]),
    ...[undefined, null, 'SAME', 'both', true, ['same'], { same: 1 }, 'constructor'].map(
      (decision) => ['reviews/1/settlement', 'decision', { decision, reason: REASON }] as const,
    ),
    ...ids.map((deviceIds) => ['devices/merges', 'deviceIds', { deviceIds, reason: REASON }] as const),
    ['devices/merges', 'deviceIds', { deviceIds: [1], reason: REASON }],
    ['devices/merges', 'deviceIds', { deviceIds: Array.from({ length: 1_001 }, (_, id) => id + 1), reason: REASON }],
    ...ids.map((recordIds) => ['devices/1/splits', 'recordIds', { recordIds, reason: REASON }] as const),
    ['reviews/1/settlement', 'actor', { decision: 'same', reason: REASON, actor: 'somebody else' }],
    ['devices/merges', 'force', { deviceIds: [1, 2], reason: REASON, force: true }],
    ['devices/1/splits', 'deviceId', { recordIds: [1], reason: REASON, deviceId: 2 }],
    ['decisions/1/undo', 'undoneBy', { reason: REASON, undoneBy: 'somebody else' }],
    ...[undefined, null, 5, true, ['HP'], { name: 'HP' }, 'x'.repeat(501)].flatMap((name) => [
      ['classifications', 'manufacturer', { manufacturer: name, model: 'EliteBook' }] as const,
      ['classifications', 'model', { manufacturer: 'HP', model: name }] as const,
    ]),
    ['classifications', 'chassisType', { manufacturer: 'HP', model: 'EliteBook', chassisType: 'laptop' }],
  ];
  it.each(bodies.map(([address, field, body]) => [address, field, JSON.stringify(body).slice(0, 80), body] as const))(
    'refuses POST %s for %s: %s',
    async (address, field, _shown, body) => {
      const { errors } = await post<Problem>(address, body, 400);
      expect(errors.map((error) => error.field)).toEqual([field]);
      expect(errors[0]?.message).toMatch(/\w/);
    },
  );

  const posts = ['reviews/1/settlement', 'devices/merges', 'devices/1/splits', 'decisions/1/undo', 'classifications'];
  it.each(posts)('refuses what is no object at %s, parameters and other types', async (address) => {
    for (const body of [[], [{ reason: REASON }], 'text', 5, null, true]) {
      const { detail } = await post<Problem>(address, body, 400);
      expect(detail).not.toContain('undefined');
    }
    const nothing = await fetch(`${web.url}/api/v1/${address}`, { method: 'POST' });
    expect([address, nothing.status]).toEqual([address, 400]);
    expect((await send(`${address}?dryRun=true`, { reason: REASON })).status).toBe(400);
    // Forms of other sites can send this type without asking first.
    expect((await send(address, { reason: REASON }, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await send(address, { reason: REASON }, { 'content-type': 'application/xml' })).status).toBe(415);
    expect((await fetch(`${web.url}/api/v1/${address}`, { method: 'PUT' })).status).toBe(405);
  });

  it.each(['0', '1e0', '2147483648', '-1', 'abc'])('refuses the id %s of what is to be changed', async (id) => {
    for (const address of [`reviews/${id}/settlement`, `devices/${id}/splits`, `decisions/${id}/undo`]) {
      await post(address, { decision: 'same', recordIds: [1], reason: REASON }, 400);
    }
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ origin: 'https://elsewhere.example' }],
    [{ origin: 'null' }],
  ])('lets no page of another site change anything: %j', async (headers) => {
    const { review, devices } = await twins();
    for (const [address, body] of [
      [`reviews/${review}/settlement`, { decision: 'same', reason: REASON }],
      ['devices/merges', { deviceIds: devices, reason: REASON }],
      [`devices/${devices[0]}/splits`, { recordIds: [1], reason: REASON }],
      ['decisions/1/undo', { reason: REASON }],
    ] as const) {
      expect([address, (await send(address, body, headers)).status]).toEqual([address, 403]);
    }
    expect((await read<Page<DecisionView>>('decisions')).items).toEqual([]);
  });

  it('classifies by the catalogue, storing nothing', async () => {
    const classify = (manufacturer: string, model: string) =>
      post<Record<string, unknown>>('classifications', { manufacturer, model });
    const laptop = await classify('LENOVO', '20XW00AAUK');
    expect(laptop).toMatchObject({ superclass: 'portable', evidence: [{ kind: 'catalogue' }] });
    expect(Object.keys(laptop)).toEqual(['class', 'superclass', 'rule', 'reason', 'confidence', 'evidence']);
    const schema = document.paths['/api/v1/classifications']?.post?.responses['200'];
    expect(schema).toMatchObject({ content: { 'application/json': { schema: { additionalProperties: false } } } });
    expect(await classify('Dell Inc.', 'OptiPlex 7090')).toMatchObject({ superclass: 'fixed' });
    for (const [manufacturer, model] of [
      ['', ''],
      ['To Be Filled By O.E.M.', 'Default string'],
      ['Nobody', 'x'.repeat(500)],
      ['(a+)+$', '\u0000\ud800'],
    ] as const) {
      expect(await classify(manufacturer, model)).toMatchObject({ class: 'unknown', confidence: 0 });
    }
  });

  it('logs neither reasons nor serial numbers', () => {
    expect(web.logLines.length).toBeGreaterThan(100);
    for (const line of web.logLines) expect(line).not.toMatch(/5CG7ABC|PC-1|label on both|20XW00AAUK/);
  });
});
