import { EmulatorFixture, smallTenant } from '../../../test/support/emulator-fixture.js';
import type { FaultName } from './faults/catalogue.js';
import type { Fault } from './faults/fault.js';

const fixture = new EmulatorFixture();
beforeAll(() => fixture.start(smallTenant(25), { pageSizeLimit: 10 }));
afterAll(() => fixture.stop());
beforeEach(async () => {
  await fixture.accessToken();
});
afterEach(() => {
  fixture.emulator.faults.clear();
});

function fault(name: FaultName, more: Partial<Fault> = {}): string {
  return fixture.emulator.faults.add({ name, ...more });
}

describe('when a fault hits', () => {
  const statuses = async (count: number, path = '/users'): Promise<number[]> => {
    const seen: number[] = [];
    for (let request = 0; request < count; request += 1) seen.push((await fixture.get(path)).status);
    return seen;
  };

  test('only where its path says', async () => {
    fault('unavailable', { path: '^/v1\\.0/users/delta' });
    expect([await statuses(1), await statuses(1, '/users/delta')]).toEqual([[200], [503]]);
  });

  test('the first so many times, after so many, on a page, or until it is cleared', async () => {
    fault('unavailable', { first: 2 });
    expect(await statuses(4)).toEqual([503, 503, 200, 200]);
    fixture.emulator.faults.clear();
    const id = fault('unavailable', { after: 1 });
    expect(await statuses(3)).toEqual([200, 503, 503]);
    expect(fixture.emulator.faults.clear(id)).toBe(true);
    expect(await statuses(1)).toEqual([200]);
    fault('unavailable', { page: 3 });
    await expect(fixture.pages('/users')).rejects.toThrow(/503/);
    expect((await fixture.get('/users')).status).toBe(200);
  });

  test('at a rate that the seed decides, alike every time', async () => {
    fault('unavailable', { rate: 0.4, seed: 3 });
    const first = await statuses(30);
    fixture.emulator.faults.clear();
    fault('unavailable', { rate: 0.4, seed: 3 });
    expect(await statuses(30)).toEqual(first);
    const share = first.filter((status) => status === 503).length / first.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.65);
  });

  test('throttling goes on counting retries that come too early', async () => {
    fault('throttled', { first: 1, seconds: 30 });
    expect(await statuses(1)).toEqual([429]);
    fixture.now += 20_000;
    expect(await statuses(1)).toEqual([429]);
    fixture.now += 20_000;
    expect(await statuses(1)).toEqual([429]);
    fixture.now += 31_000;
    expect(await statuses(1)).toEqual([200]);
    expect(fixture.emulator.faults.list()[0]?.tally).toMatchObject({ hits: 1, earlyRetries: 2 });
  });

  test('several faults hit one request after another where one would hide the other', async () => {
    fault('duplicates', { first: 1, share: 1 });
    fault('unavailable', { first: 1 });
    fault('bad-gateway', { first: 1 });
    expect(await statuses(2)).toEqual([503, 502]);
    expect((await fixture.get('/users')).json.value).toHaveLength(20);
    expect((await fixture.get('/users')).json.value).toHaveLength(10);
  });

  test('it is named in the request log', async () => {
    fault('unavailable');
    await fixture.get('/users');
    expect(fixture.emulator.requests.latest().at(-1)).toMatchObject({ status: 503, faults: ['unavailable'] });
  });

  test('the token endpoint can fail like any other path', async () => {
    fault('html-page', { path: '/oauth2/', first: 1 });
    expect((await fixture.askToken()).text).toMatch(/^<!doctype html>/);
    expect((await fixture.askToken()).status).toBe(200);
  });
});

test('the published limits hold: the load is shown above 80 % and then refused', async () => {
  const busy = await new EmulatorFixture().start(smallTenant(3));
  try {
    // 49 users or fewer: 3,500 resource units in ten seconds. A batch of twenty reads of the licences costs sixty.
    const requests = Array.from({ length: 20 }, (_, index) => ({
      id: String(index),
      method: 'GET',
      url: '/subscribedSkus',
    }));
    const spend = async (batches: number): Promise<void> => {
      const headers = { authorization: `Bearer ${await busy.accessToken()}` };
      for (let batch = 0; batch < batches; batch += 1) {
        await busy.send('/$batch', { method: 'POST', headers, body: JSON.stringify({ requests }) });
      }
    };
    const percentage = async (): Promise<unknown> =>
      (await busy.get('/users')).headers['x-ms-throttle-limit-percentage'];
    await spend(45);
    expect(await percentage()).toBeUndefined();
    await spend(4);
    expect(await percentage()).toBe('0.84');
    await spend(10);
    const { status, headers } = await busy.get('/users');
    expect([status, headers['retry-after']]).toEqual([429, '10']);
    busy.now += 10_001;
    expect((await busy.get('/users')).status).toBe(200);
  } finally {
    await busy.stop();
  }
});

test('a fault that is not well formed is refused with a reason', () => {
  const { faults } = fixture.emulator;
  expect(() => faults.add({ name: 'nonsense' as FaultName })).toThrow(/Unknown fault 'nonsense'/);
  expect(() => faults.add({ name: 'shuffle', rate: 2 })).toThrow(/share from 0 to 1/);
  expect(() => faults.add({ name: 'shuffle', path: '(' })).toThrow(/regular expression/);
  expect(() => faults.add({ name: 'shuffle', extra: 1 } as Fault)).toThrow(/Unknown property 'extra'/);
});
