import type { Page } from '../../src/common/paging.js';
import type { DecisionView } from '../../src/devices/identity.queries.js';
import { emptyEstate } from '../support/identity-fixture.js';
import { IdentityWeb, type Problem } from './identity-web.js';

const REASON = 'Checked the label on both.';
const NO_ID = 2_147_483_647;

describe('the API of identity, given what is not right,', () => {
  let api: IdentityWeb;
  beforeAll(async () => {
    api = await IdentityWeb.start();
  });
  afterAll(() => api.stop());
  beforeEach(() => emptyEstate(api.database.dataSource));

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
    'decisions?kind=fusion',
    'decisions?cursor=W10',
    'devices/1/identity?limit=1',
    'devices/01/identity',
  ])('refuses GET %s', async (address) => {
    expect((await api.get<Problem>(address, 400)).errors).not.toEqual([]);
  });

  it('says that a device to list the decisions of does not exist', () => api.get(`decisions?deviceId=${NO_ID}`, 404));

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
      const { errors } = await api.post<Problem>(address, body, 400);
      expect(errors.map((error) => error.field)).toEqual([field]);
      expect(errors[0]?.message).toMatch(/\w/);
    },
  );

  const posts = ['reviews/1/settlement', 'devices/merges', 'devices/1/splits', 'decisions/1/undo', 'classifications'];
  it.each(posts)('refuses what is no object at %s, parameters and other types', async (address) => {
    for (const body of [[], [{ reason: REASON }], 'text', 5, null, true]) {
      const { detail } = await api.post<Problem>(address, body, 400);
      expect(detail).not.toContain('undefined');
    }
    const nothing = await fetch(`${api.web.url}/api/v1/${address}`, { method: 'POST' });
    expect([address, nothing.status]).toEqual([address, 400]);
    expect((await api.send(`${address}?dryRun=true`, { reason: REASON })).status).toBe(400);
    // Forms of other sites can send this type without asking first.
    expect((await api.send(address, { reason: REASON }, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await api.send(address, { reason: REASON }, { 'content-type': 'application/xml' })).status).toBe(415);
    expect((await fetch(`${api.web.url}/api/v1/${address}`, { method: 'PUT' })).status).toBe(405);
  });

  it.each(['0', '1e0', '2147483648', '-1', 'abc'])('refuses the id %s of what is to be changed', async (id) => {
    for (const address of [`reviews/${id}/settlement`, `devices/${id}/splits`, `decisions/${id}/undo`]) {
      await api.post(address, { decision: 'same', recordIds: [1], reason: REASON }, 400);
    }
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ origin: 'https://elsewhere.example' }],
    [{ origin: 'null' }],
  ])('lets no page of another site change anything: %j', async (headers) => {
    const { review, devices } = await api.twins();
    for (const [address, body] of [
      [`reviews/${review}/settlement`, { decision: 'same', reason: REASON }],
      ['devices/merges', { deviceIds: devices, reason: REASON }],
      [`devices/${devices[0]}/splits`, { recordIds: [1], reason: REASON }],
      ['decisions/1/undo', { reason: REASON }],
    ] as const) {
      expect([address, (await api.send(address, body, headers)).status]).toEqual([address, 403]);
    }
    expect((await api.read<Page<DecisionView>>('decisions')).items).toEqual([]);
  });
});
