import type { DataSource } from 'typeorm';
import type { DeviceFilter } from '../../src/devices/device-filter.queries.js';
import { DevicesQueries, type DeviceSort } from '../../src/devices/devices.queries.js';
import type { PeopleFilter } from '../../src/directory/people-filter.queries.js';
import { PeopleQueries } from '../../src/directory/people.queries.js';
import { entraIdOf, HELD_SKU, insertEstate } from '../support/estate-rows.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const DEVICES = 200_000;
const PEOPLE = 50_000;
/** A page of 50 rows may touch so many pages of 8 kB; a scan of 200,000 machines touches over 4,000. */
const MOST_BUFFERS = 1_500;
/** A search may find many and sort them, or go through the names in order until it has enough, as Postgres estimates. */
const MOST_BUFFERS_OF_A_SEARCH = 60_000;
/** Filters that match thousands, which are sorted: each of their rows is touched once. */
const MOST_BUFFERS_OF_A_SORT = 12_000;
/** Only a look at everybody tells who has nothing, when hardly anybody has nothing. */
const MOST_BUFFERS_OF_EVERYBODY = 300_000;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

/** Runs every statement once more under EXPLAIN ANALYZE and keeps what it did. */
function explaining(dataSource: DataSource, plans: Plan[]): DataSource {
  const query = async (sql: string, parameters: unknown[]): Promise<unknown> => {
    const explained = await dataSource.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }[]>(
      `explain (analyze, buffers, format json) ${sql}`,
      parameters,
    );
    const plan = explained[0]?.['QUERY PLAN'][0]?.Plan;
    if (plan) plans.push(plan);
    return dataSource.query(sql, parameters);
  };
  return { query } as unknown as DataSource;
}

function scannedWhole(plan: Plan): string[] {
  const own =
    plan['Node Type'] === 'Seq Scan' && ['device', 'person', 'device_record'].includes(plan['Relation Name'] ?? '')
      ? [plan['Relation Name'] ?? '']
      : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scannedWhole)];
}

describe(`lists over ${DEVICES} devices and ${PEOPLE} people`, () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: PEOPLE, devices: DEVICES });
  }, 120_000);
  afterAll(() => database?.drop());

  const check = async (
    read: (dataSource: DataSource) => Promise<unknown>,
    mostBuffers = MOST_BUFFERS,
  ): Promise<void> => {
    const plans: Plan[] = [];
    await read(explaining(database.dataSource, plans));
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      expect(scannedWhole(plan)).toEqual([]);
      expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(mostBuffers);
    }
  };

  const devices: readonly (readonly [filter: DeviceFilter, sort?: DeviceSort])[] = [
    [{}],
    [{}, '-name'],
    [{}, 'lastSeen'],
    [{}, '-lastSeen'],
    [{}, '-id'],
    [{ search: 'LT-0001234' }],
    [{ search: 'lt-00012' }],
    [{ search: 'SN000001583800' }],
    [{ search: 'nothing like it' }],
    [{ operatingSystem: 'windows' }],
    [{ operatingSystem: 'iOS' }],
    [{ operatingSystem: 'BeOS' }],
    [{ manufacturer: 'HP', model: 'Model 21' }],
    [{ model: 'model 59' }],
    [{ complianceState: 'noncompliant' }],
    [{ ownership: 'personal' }],
    [{ upgradeEligibility: 'notCapable' }],
    [{ superclass: 'unknown' }],
    [{ superclass: 'portable' }],
    [{ formFactor: 'laptop' }],
    [{ presence: 'missing' }],
    [{ presence: 'gone' }],
    [{ userId: 4711 }],
    [{ seenFrom: '2026-10-31', seenTo: '2026-10-31' }, 'lastSeen'],
    [{ department: 'no such department' }],
    [{ doubt: true }],
    [{ doubt: false }],
    [{ manufacturer: 'HP' }],
    [{ manufacturer: 'Nobody' }],
    [{ lastSeenBefore: new Date('2026-06-20T00:00:00Z') }, 'lastSeen'],
  ];
  it.each(devices.map(([filter, sort]) => [JSON.stringify(filter), sort ?? 'name', filter] as const))(
    'devices %s by %s',
    (_name, sort, filter) =>
      check(
        (dataSource) => new DevicesQueries(dataSource).list(filter, {}, sort),
        filter.search === undefined ? MOST_BUFFERS : MOST_BUFFERS_OF_A_SEARCH,
      ),
  );

  const people: readonly PeopleFilter[] = [
    {},
    { search: 'shah7' },
    { search: 'p4711@' },
    { search: 'nobody at all' },
    { department: 'department 7' },
    { officeLocation: 'office 7' },
    { presence: 'missing' },
    { managerId: 47 },
    { manager: 'p47@' },
    { holdsEquipment: true },
    { skuId: HELD_SKU },
    { skuId: '00000000-0000-0000-0000-00000000dead' },
  ];
  it.each(people.map((filter) => [JSON.stringify(filter), filter] as const))('people %s', (_name, filter) =>
    check(
      (dataSource) => new PeopleQueries(dataSource).list(filter, {}),
      filter.search === undefined ? MOST_BUFFERS : MOST_BUFFERS_OF_A_SEARCH,
    ),
  );

  it.each<DeviceFilter>([{ seenTo: '2026-06-20' }, { department: 'department 7' }])(
    'devices %j, of which there are thousands, by name',
    (filter) => check((dataSource) => new DevicesQueries(dataSource).list(filter, {}), MOST_BUFFERS_OF_A_SORT),
  );

  it('people whose accounts are disabled, and those without a machine', async () => {
    await check((dataSource) => new PeopleQueries(dataSource).list({ enabled: false }, {}), MOST_BUFFERS_OF_A_SORT);
    await check(
      (dataSource) => new PeopleQueries(dataSource).list({ holdsEquipment: false }, {}),
      MOST_BUFFERS_OF_EVERYBODY,
    );
  });

  it('a page deep in a list costs what the first one costs', async () => {
    const list = new DevicesQueries(database.dataSource);
    const middle = Buffer.from(JSON.stringify(['name', 'lt-0150000', 150_000])).toString('base64url');
    expect((await list.list({}, { cursor: middle })).items[0]?.name).toBe('LT-0150001');
    await check((dataSource) => new DevicesQueries(dataSource).list({}, { cursor: middle }));
    const unnamed = Buffer.from(JSON.stringify(['name', null, 150_000])).toString('base64url');
    await check((dataSource) => new DevicesQueries(dataSource).list({}, { cursor: unnamed }));
  });

  it('one device, one person and what they have', async () => {
    await check((dataSource) => new DevicesQueries(dataSource).one(500));
    await check((dataSource) => new PeopleQueries(dataSource).one(500));
    await check((dataSource) => new DevicesQueries(dataSource).ofPeople([1, 2, 3].map(entraIdOf)));
  });
});
