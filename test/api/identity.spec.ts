import type { Page } from '../../src/common/paging.js';
import type { DecisionView, RecordView, ReviewView } from '../../src/devices/identity.queries.js';
import { RecordCountsQueries } from '../../src/sync/record-counts.queries.js';
import { deviceOf, emptyEstate, machinesOf, say } from '../support/identity-fixture.js';
import { IdentityWeb, type Problem } from './identity-web.js';

const REASON = 'Checked the label on both.';
const NO_ID = 2_147_483_647;

describe('the API of identity', () => {
  let api: IdentityWeb;
  beforeAll(async () => {
    api = await IdentityWeb.start();
  });
  afterAll(() => api.stop());
  beforeEach(() => emptyEstate(api.database.dataSource));

  it('lists open reviews by kind and page, and shows one with its evidence side by side', async () => {
    const { review, devices } = await api.twins();
    for (const copy of ['a', 'b'])
      await say(api.database.dataSource, 'managed-devices', copy, { serial_number: '5CG7XYZ' });
    await api.identity.resolvePending();
    const first = await api.read<Page<ReviewView>>('reviews', 'reviews?limit=1&kind=same_serial');
    expect(first.items.map(({ id }) => id)).toEqual([review]);
    const second = await api.read<Page<ReviewView>>('reviews', `reviews?limit=1&kind=same_serial&cursor=${first.next}`);
    expect([second.items.length, second.next]).toEqual([1, null]);
    expect((await api.read<Page<ReviewView>>('reviews', 'reviews?kind=conflicting_identity')).items).toEqual([]);
    expect(await api.read<ReviewView>('reviews/{id}', `reviews/${review}`)).toMatchObject({
      kind: 'same_serial',
      shared: { key: 'serial', value: '5CG7ABC' },
      machines: [
        { deviceId: devices[0], records: [{ externalId: 'm1', name: 'PC-1' }, { externalId: 'e1' }] },
        { deviceId: devices[1], records: [{ externalId: 'm2', name: 'PC-2' }, { externalId: 'e2' }] },
      ],
    });
    expect((await api.get<Problem>(`reviews/${NO_ID}`, 404)).detail).toContain('no review');
  });

  it('settles a review once, takes it back, and tells of both', async () => {
    const { review, devices } = await api.twins();
    const outcome = await api.post(`reviews/${review}/settlement`, { decision: 'same', reason: `  ${REASON}\n` });
    expect(outcome).toEqual({ decisionId: 1, deviceIds: [devices[0]] });
    expect(await api.read('reviews/{id}', `reviews/${review}`)).toMatchObject({
      state: 'settled',
      settledBy: 'token:1',
    });
    const again = await api.post<Problem>(
      `reviews/${review}/settlement`,
      { decision: 'different', reason: REASON },
      409,
    );
    expect(again.detail).toContain('settled');

    const about = (device: number) => api.read<Page<DecisionView>>('decisions', `decisions?deviceId=${device}`);
    // Whoever knows only the number of the device that is no more finds the decision too.
    for (const device of devices) {
      expect((await about(device)).items).toMatchObject([{ id: 1, kind: 'merge', reason: REASON, reviewId: review }]);
    }
    expect(await api.post('decisions/1/undo', { reason: 'They are two.' })).toEqual({
      decisionId: 1,
      deviceIds: devices,
    });
    expect((await api.post<Problem>('decisions/1/undo', { reason: 'They are two.' }, 409)).detail).toContain('undone');
    expect((await about(devices[1])).items).toMatchObject([{ undoneBy: 'token:1', undoReason: 'They are two.' }]);
    expect(await api.read('reviews/{id}', `reviews/${review}`)).toMatchObject({ state: 'open', decisionId: null });
  });

  it.each([1, 2, 3])('lets one of two settlements at once win (%s)', async () => {
    const { review } = await api.twins();
    const answers = await Promise.all(
      ['same', 'different'].map((decision) => api.send(`reviews/${review}/settlement`, { decision, reason: REASON })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const won = answers[0]?.status === 200 ? 'same' : 'different';
    expect(await api.read('reviews/{id}', `reviews/${review}`)).toMatchObject({ state: 'settled', decision: won });
    expect((await api.read<Page<DecisionView>>('decisions')).items).toHaveLength(1);
    expect(await machinesOf(api.database.dataSource)).toEqual(won === 'same' ? ['e1 e2 m1 m2'] : ['e1 m1', 'e2 m2']);
  });

  it('merges devices; the one that is no more names the other, and lists leave it out', async () => {
    const { devices } = await api.twins();
    const [kept, merged] = devices;
    const { decisionId } = await api.post('devices/merges', { deviceIds: [merged, kept, kept], reason: REASON });
    for (const address of [`devices/${merged}`, `devices/${merged}/identity`]) {
      expect((await api.get<Problem>(address, 404)).detail).toContain(`/api/v1/devices/${kept}`);
    }
    const conflict = await api.post<Problem>('devices/merges', { deviceIds: devices, reason: REASON }, 409);
    expect(conflict.detail).toContain(`merged into device ${kept}`);
    await api.post(`devices/${merged}/splits`, { recordIds: [1], reason: REASON }, 409);
    const ids = async (query: string) =>
      (await api.get<Page<{ id: number }>>(`devices${query}`)).items.map(({ id }) => id);
    for (const query of ['', '?sort=-id', '?search=5CG7ABC', '?presence=present', '?manufacturer=hp']) {
      expect([query, await ids(query)]).toEqual([query, [kept]]);
    }
    const search = await (await fetch(`${api.web.url}/search?q=5CG7ABC&list=1`)).text();
    expect(search.match(/<bdi>serial number 5CG7ABC/g)).toHaveLength(1);
    const file = await (await fetch(`${api.web.url}/api/v1/devices.csv`)).text();
    expect(file.trim().split('\r\n')).toHaveLength(2);
    expect((await new RecordCountsQueries(api.database.dataSource, 0).read()).devices).toBe(1);
    // The one that is no more still says who used it.
    const [person] = await api.database.dataSource.query<{ id: number }[]>(
      `with user_of as (update device set user_entra_id = 'u1')
       insert into person (entra_id) values ('u1') returning id`,
    );
    expect(await ids(`?userId=${person?.id}`)).toEqual([kept]);
    expect(await api.get(`people/${person?.id}`)).toMatchObject({ devices: [{ id: kept }] });
    await api.post(`decisions/${decisionId}/undo`, { reason: REASON });
    expect(await ids('?sort=id')).toEqual(devices);
    expect(await api.get(`devices/${merged}`)).toMatchObject({ id: merged, records: [{}, {}] });
  });

  it('names the last of several devices that one was merged into', async () => {
    const { devices } = await api.twins();
    await say(api.database.dataSource, 'autopilot', 'z0', { serial_number: 'ABCDE12' });
    await api.identity.resolvePending();
    const third = await deviceOf(api.database.dataSource, 'z0');
    await api.database.dataSource.query('update device set merged_into_id = $1 where id = $2', [third, devices[0]]);
    await api.database.dataSource.query('update device set merged_into_id = $1 where id = $2', [
      devices[0],
      devices[1],
    ]);
    expect((await api.get<Problem>(`devices/${devices[1]}`, 404)).detail).toContain(`/api/v1/devices/${third}`);
  });

  it('splits records off by the numbers that the identity of the device gives', async () => {
    const { dataSource } = api.database;
    for (const [source, name] of [
      ['autopilot', 'OLD'],
      ['managed-devices', 'NEW'],
    ] as const) {
      await say(dataSource, source, `${source}-1`, { entra_device_id: 'd1', serial_number: '5CG7ABC', name });
    }
    await api.identity.resolvePending();
    const device = await deviceOf(dataSource, 'autopilot-1');
    type Answer = { records: RecordView[]; aliases: { name: string }[]; reviews: unknown[] };
    const before = await api.read<Answer>('devices/{id}/identity', `devices/${device}/identity`);
    expect(before).toMatchObject({ deviceId: device, records: [{ source: 'autopilot' }, {}], reviews: [] });
    expect(before.aliases.map(({ name }) => name).sort()).toEqual(['NEW', 'OLD']);
    const [apart, stays] = before.records.map(({ id }) => id);
    const all = await api.post<Problem>(`devices/${device}/splits`, { recordIds: [apart, stays], reason: REASON }, 422);
    expect(all.errors[0]?.field).toBe('recordIds');
    const { deviceIds } = await api.post(`devices/${device}/splits`, { recordIds: [apart], reason: REASON });
    expect(deviceIds).toHaveLength(2);
    expect(await machinesOf(dataSource)).toEqual(['autopilot-1', 'managed-devices-1']);
    expect(
      (await api.post<Problem>(`devices/${device}/splits`, { recordIds: [NO_ID], reason: REASON }, 409)).detail,
    ).toContain('no longer on device');
  });

  it('shows the open questions about a device with its identity', async () => {
    const { review, devices } = await api.twins();
    expect(await api.read('devices/{id}/identity', `devices/${devices[1]}/identity`)).toMatchObject({
      reviews: [{ id: review }],
    });
  });

  it('pages through decisions, the latest first', async () => {
    const { devices } = await api.twins();
    for (let round = 0; round < 3; round++) {
      const { decisionId } = await api.post('devices/merges', { deviceIds: devices, reason: REASON });
      await api.post(`decisions/${decisionId}/undo`, { reason: REASON });
    }
    const first = await api.read<Page<DecisionView>>('decisions', 'decisions?limit=2');
    const second = await api.read<Page<DecisionView>>('decisions', `decisions?limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(second.next).toBeNull();
  });

  it.each([
    ['devices/merges', { deviceIds: [1, NO_ID], reason: REASON }],
    [`devices/${NO_ID}/splits`, { recordIds: [1], reason: REASON }],
    [`reviews/${NO_ID}/settlement`, { decision: 'same', reason: REASON }],
    [`decisions/${NO_ID}/undo`, { reason: REASON }],
  ])('says that there is nothing at %s', async (address, body) => {
    await api.twins();
    expect((await api.post<Problem>(address, body, 404)).detail).toMatch(
      /^There is no (device|review|decision) 2147483647/,
    );
  });

  it('classifies by the catalogue, storing nothing', async () => {
    const classify = (manufacturer: string, model: string) =>
      api.post<Record<string, unknown>>('classifications', { manufacturer, model });
    const laptop = await classify('LENOVO', '20XW00AAUK');
    expect(laptop).toMatchObject({ superclass: 'portable', evidence: [{ kind: 'catalogue' }] });
    expect(Object.keys(laptop)).toEqual(['class', 'superclass', 'rule', 'reason', 'confidence', 'evidence']);
    const schema = api.document.paths['/api/v1/classifications']?.post?.responses['200'];
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
    expect(api.web.logLines.length).toBeGreaterThan(50);
    for (const line of api.web.logLines) expect(line).not.toMatch(/5CG7ABC|PC-1|label on both|20XW00AAUK/);
  });
});
