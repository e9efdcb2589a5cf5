import { unescapeCsvText } from '../../src/common/csv.js';
import type { Page } from '../../src/common/paging.js';
import { rowsOfCsv } from '../support/csv-file.js';
import { HELD_SKU, insertEstate, insertRuns } from '../support/estate-rows.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const LIVE_CUSTODY = 'select device_id from device_custody where set_aside_at is null';
const HAS_MACHINE = `(exists (select from device_custody c where c.holder_entra_id = p.entra_id and c.set_aside_at is null)
  or exists (select from device d where d.user_entra_id = p.entra_id and d.merged_into_id is null
             and d.presence <> 'gone' and d.id not in (${LIVE_CUSTODY})))`;

/** SQL of the object id of a person by their number. */
const entraIdOf = (id: number): string => `(select entra_id from person where id = ${id})`;

/** List, filter as its address has it, and the numbers of the rows by plain SQL. */
const FILTERS: readonly (readonly [list: string, query: string, truth: string])[] = [
  ['devices', '', 'select id from device d where merged_into_id is null'],
  ['devices', 'manufacturer=hp', `select id from device d where lower(manufacturer) = 'hp' and merged_into_id is null`],
  ['devices', 'superclass=portable', `select id from device where form_factor_superclass = 'portable'`],
  ['devices', 'formFactor=desktop', `select id from device where form_factor = 'desktop'`],
  ['devices', 'presence=missing', `select id from device where presence = 'missing'`],
  ['devices', 'complianceState=nonCompliant', `select id from device where compliance_state = 'noncompliant'`],
  ['devices', 'upgradeEligibility=notCapable', `select id from device where upgrade_eligibility = 'notCapable'`],
  ['devices', 'ownership=personal', `select id from device where ownership = 'personal'`],
  [
    'devices',
    'department=department+3',
    `select d.id from device d join person p on p.entra_id = d.user_entra_id where p.department = 'Department 3'`,
  ],
  [
    'devices',
    'seenFrom=2026-10-30&seenTo=30/10/2026',
    // The day began at midnight, an hour ahead of nothing: summer time had ended on 25 October.
    `select id from device where last_seen_at >= '2026-10-30T00:00Z' and last_seen_at < '2026-10-31T00:00Z'`,
  ],
  [
    'devices',
    'seenTo=2026-10-24',
    // The last day of summer time ended at 23:00 UTC.
    `select id from device where last_seen_at < '2026-10-24T23:00Z'`,
  ],
  ['devices', 'doubt=true', `select id from device where form_factor_contradicted or id in (1, 2)`],
  [
    'devices',
    'doubt=false',
    `select id from device where not form_factor_contradicted and id not in (1, 2)
     and merged_into_id is null`,
  ],
  ['devices', 'custody=in_use', `select id from device where id in (11, 12)`],
  ['devices', 'custody=none', `select id from device where id not in (${LIVE_CUSTODY}) and merged_into_id is null`],
  ['devices', 'holderId=7', `select 11 as id`],
  [
    'devices',
    'search=lt-00000&model=model+7',
    `select id from device where name ilike 'lt-00000%' and model = 'Model 7'`,
  ],
  [
    'people',
    'department=department+3&enabled=true',
    `select id from person where department = 'Department 3' and account_enabled`,
  ],
  ['people', 'officeLocation=OFFICE+4', `select id from person where office_location = 'Office 4'`],
  ['people', 'manager=p2%40', `select id from person where manager_entra_id = ${entraIdOf(2)}`],
  ['people', `skuId=${HELD_SKU}`, `select id from person where id % 3 = 0 and id <= 400`],
  ['people', 'holdsEquipment=true', `select id from person p where ${HAS_MACHINE}`],
  ['people', 'holdsEquipment=false', `select id from person p where not ${HAS_MACHINE}`],
  [
    'leavers',
    '',
    `select id from person p where (account_enabled = false or absent_since is not null) and ${HAS_MACHINE}`,
  ],
  ['leavers', 'reason=missing', `select id from person p where presence = 'missing' and ${HAS_MACHINE}`],
  ['leavers', 'source=custody', `select 20 as id`],
  ['sync/runs', 'source=users', `select id from sync_run where source = 'users'`],
  ['sync/runs', 'status=held', `select id from sync_run where status = 'held'`],
  ['sync/runs', 'startedTo=2020-01-01', `select id from sync_run where false`],
  ['sync/holds', '', `select id from sync_hold where state = 'held'`],
  ['sync/holds', 'state=all', `select id from sync_hold`],
  ['reviews', 'kind=same_serial', `select id from device_review where kind = 'same_serial'`],
];
/** Where the pages are of which the API has another address. */
const PAGES: Readonly<Record<string, string>> = { 'sync/runs': '/sync', 'sync/holds': '/held' };

describe('lists', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let desk: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    const { dataSource } = database;
    await insertEstate(dataSource, { people: 400, devices: 900 });
    await insertRuns(dataSource);
    await dataSource.query(`
      update device set form_factor = (array['laptop', 'desktop', 'unknown'])[id % 3 + 1],
        form_factor_superclass = (array['portable', 'fixed', 'unknown'])[id % 3 + 1],
        form_factor_contradicted = id % 100 = 50;
      update device set merged_into_id = 4 where id = 5;
      insert into device_review (kind, fingerprint, evidence)
      select 'same_serial', 'x', jsonb_build_object('shared', jsonb_build_object('key', 'serial', 'value', 'SN1'),
        'machines', jsonb_build_array(jsonb_build_array(min(id) filter (where device_id = 1)),
                                      jsonb_build_array(min(id) filter (where device_id = 2))))
      from device_record where source = 'managed-devices';
      insert into device_review_record (review_id, record_id)
      select review.id, record.id from device_review review, device_record record
      where record.device_id in (1, 2) and record.source = 'managed-devices';
      insert into device_custody (device_id, recorded_for, state, substate, holder_entra_id, place) values
        (11, 11, 'in_use', null, ${entraIdOf(7)}, null), (12, 12, 'in_use', 'shared', null, 'Civic Centre'),
        (13, 13, 'in_stock', 'available', null, 'Store'), (14, 14, 'return_due', null, ${entraIdOf(20)}, null);
      update device set name = '=cmd|''/c calc''!A1' where id = 30;
      insert into sync_change (run_id, source, external_id, kind, changes, at)
      values (1, 'users', ${entraIdOf(20)}, 'changed', '{"account_enabled": [true, false]}', '2026-11-02T09:00:00Z');`);
    web = await startTestWeb(database);
    desk = await web.signIn('service-desk');
    // The person of the session must not be in what is compared.
    await dataSource.query(`update person set display_name = 'Zz' where id > 400`);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const get = (address: string, headers = desk.headers): Promise<Response> =>
    fetch(web.url + address, { headers, redirect: 'manual' });
  const idsBySql = async (sql: string): Promise<number[]> =>
    (await database.dataSource.query<{ id: number | string }[]>(sql)).map(({ id }) => Number(id)).sort((a, b) => a - b);
  const idsByApi = async (list: string, query: string): Promise<number[]> => {
    const ids: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const answer = await get(`/api/v1/${list}?${query}&limit=37${cursor && `&cursor=${cursor}`}`.replace('?&', '?'));
      expect(answer.status).toBe(200);
      const page = (await answer.json()) as Page<{ id: number }>;
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    return ids;
  };
  const countOf = (page: string): number =>
    Number(/<strong>([\d,]+) /.exec(page)?.[1]?.replaceAll(',', '') ?? Number.NaN);

  it.each(FILTERS)(
    '%s?%s are what SQL says: by the API, in the file, and as the page counts',
    async (list, query, truth) => {
      const wanted = await idsBySql(truth);
      const byApi = await idsByApi(list, query);
      expect([...byApi].sort((a, b) => a - b)).toEqual(wanted);
      const page = await get(`${PAGES[list] ?? `/${list}`}?${query === '' ? 'view=all' : query}`);
      const html = await page.text();
      expect([page.status, countOf(html)]).toEqual([200, wanted.length]);
      const link = /href="(\/api\/v1\/[^"]*\.csv[^"]*)">all columns/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const file = rowsOfCsv(await (await get(link)).arrayBuffer());
      expect(file.map((row) => Number(row['Number'])).sort((a, b) => a - b)).toEqual(wanted);
      for (const id of byApi.slice(0, 5)) expect(html).toMatch(new RegExp(`href="/[a-z/]+/${id}"`));
    },
  );

  it('the file has the rows of the page, cell by cell, in its columns, and no formula', async () => {
    const query = 'manufacturer=lenovo&columns=name,serialNumber,model&sort=name&view=all';
    const html = await (await get(`/devices?${query.replace('&view=all', '')}`)).text();
    const link = /href="(\/api\/v1\/devices\.csv[^"]*)">these columns/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(link).toContain('columns=name%2CserialNumber%2Cmodel');
    const file = rowsOfCsv(await (await get(link)).arrayBuffer());
    expect(Object.keys(file[0] ?? {})).toEqual(['Hostname', 'Serial number', 'Model']);
    const bySerial = new Map(file.map((row) => [row['Serial number'], row]));
    const rows = [...html.matchAll(/<tr class="govuk-table__row">\s*<th scope="row"[\s\S]*?<\/tr>/g)].map(([row]) =>
      [...row.matchAll(/<(?:th|td)[^>]*>([\s\S]*?)<\/(?:th|td)>/g)].map(([, cell]) =>
        (/<bdi>([\s\S]*?)<\/bdi>/.exec(cell ?? '')?.[1] ?? '').replaceAll('&#39;', "'"),
      ),
    );
    expect(rows.length).toBe(50);
    for (const [name, serial, model] of rows) {
      const row = bySerial.get(serial ?? '');
      expect([unescapeCsvText(row?.['Hostname'] ?? '?') || 'Without a name', row?.['Model']]).toEqual([name, model]);
    }
    const formula = rowsOfCsv(await (await get('/api/v1/devices.csv?search=%3Dcmd&columns=name')).arrayBuffer());
    expect(formula).toEqual([{ Hostname: `'=cmd|'/c calc'!A1` }]);
  });

  it('a leaver has the reason, since when, the machines and how they are known', async () => {
    const { items } = (await (await get('/api/v1/leavers?source=custody')).json()) as Page<object>;
    expect(items).toEqual([
      expect.objectContaining({
        id: 20,
        reason: 'disabled',
        since: '2026-11-02T09:00:00.000Z',
        manager: { id: 2, displayName: expect.any(String) as string },
        machines: expect.arrayContaining([
          expect.objectContaining({ id: 14, source: 'custody' }),
          expect.objectContaining({ id: 19, source: 'primary-user' }),
        ]) as object[],
      }),
    ]);
  });

  it('one product shows what serves nobody', async () => {
    const [product] = ((await (await get('/api/v1/licences?search=e3')).json()) as Page<object>).items;
    const [leavers] = await database.dataSource.query<{ count: number }[]>(
      `select count(*)::int as count from person where id % 3 = 0 and id <= 400
         and (account_enabled = false or absent_since is not null)`,
    );
    expect(product).toMatchObject({
      used: 120,
      bought: 100,
      available: 0,
      heldByLeavers: leavers?.count,
      overAssigned: true,
    });
    expect((await (await get('/api/v1/licences?state=ended')).json()) as Page<object>).toMatchObject({
      items: [{ partNumber: 'OWN_SKU', ended: true }],
    });
  });

  it.each([
    '/devices?sort=name;select',
    '/devices?sort=name&sort=id',
    '/devices?order_key=id',
    '/people?sort=(select+1)',
    '/leavers?sort=since',
    '/models?cursor=abc',
    '/sync?columns=password',
    '/held?view=x',
    '/licences?limit=5',
    '/devices?view=999999999999',
    '/saved-views?x=1',
  ])('%s is refused with 400', async (address) => {
    const answer = await get(address);
    expect([address, answer.status]).toEqual([address, 400]);
    expect(await answer.text()).not.toMatch(/select 1|syntax error|does not exist/i);
  });

  it('a form that was sent leads to an address that can be passed on', async () => {
    const answer = await get('/devices?search=&superclass=fixed&model=&column-name=on&column-model=on&sort=-name');
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      '/devices?superclass=fixed&sort=-name&columns=name%2Cmodel',
    ]);
  });

  it('shows files to those alone who may export', async () => {
    const engineer = await web.signIn('engineer');
    const html = await (await get('/devices', engineer.headers)).text();
    expect(html).not.toContain('.csv');
    expect((await get('/api/v1/devices.csv', engineer.headers)).status).toBe(403);
    expect((await get('/sync', engineer.headers)).status).toBe(403);
  });

  it.each(['name', '-lastSeen', '-id'])('visits every row once by %s while rows come and go', async (sort) => {
    const before = await idsBySql('select id from device where merged_into_id is null');
    const seen: number[] = [];
    let turn = 0;
    for (let cursor: string | null = ''; cursor !== null; turn++) {
      const answer = await get(`/api/v1/devices?sort=${sort}&limit=100${cursor && `&cursor=${cursor}`}`);
      const page = (await answer.json()) as Page<{ id: number }>;
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
      await database.dataSource.query(
        `insert into device (name, last_seen_at, user_entra_id) values
           ('AA-' || $1, now() + interval '1 hour', null), ('MM-' || $1, timestamptz '2026-10-31', null), (null, null, null)`,
        [turn],
      );
      await database.dataSource.query(
        `update device set changed_at = now(), model = 'Model X' where id % 7 = $1 and id <= 900`,
        [turn % 7],
      );
    }
    expect(turn).toBeGreaterThan(5);
    const counts = new Map<number, number>();
    for (const id of seen) counts.set(id, (counts.get(id) ?? 0) + 1);
    expect(before.filter((id) => counts.get(id) !== 1)).toEqual([]);
    expect([...counts.values()].every((times) => times === 1)).toBe(true);
    await database.dataSource.query('delete from device where id > 900');
  });
});
