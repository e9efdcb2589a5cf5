import type { Browser } from 'playwright-core';
import type { GraphRecord } from '../../src/demo/tenant/tenant-store.js';
import { createTenant } from '../../src/demo/tenant/demonstration-tenant.js';
import { collectComplaints, describeInBrowser, startBrowser } from '../support/browser.js';
import { pagesOf, preparePages } from '../support/pages.js';
import { createSyncBench } from '../support/sync-bench.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

/** Texts that run, break out or mislead wherever a page does not escape them; each says `alert` with its number. */
const PAYLOADS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(2)>',
  "' onmouseover='alert(3)' x='",
  '</title><svg onload=alert(4)>',
  'javascript:alert(5)',
  '{{ constructor.constructor("alert(6)")() }}',
  '</textarea><iframe srcdoc="<script>alert(7)</script>">',
  '<a href="javascript:alert(8)">x</a>',
  '<style>@import "//evil.example/alert9"</style>',
  '\u202Ealert(10)\u202C<b>',
  '<base href="//evil.example/"><form action=//evil.example><button>alert(11)',
  '`${alert(12)}`<!--',
] as const;

/** Columns by which rows find each other, or that only Untether itself writes. */
const NEVER_SEEDED =
  /(_id|_key|_hash|_by|fingerprint|source|state|status|kind|stage|list|actor|event|form|query|scopes|version)$/;

/** What does not change once it was said; here their triggers let everything in. */
const GUARDED = ['request_revision', 'request_line', 'decision', 'stock_movement', 'purchase_receipt'];

/** What requests can have and the pages' records leave out: every reason, note and number that somebody types. */
const EVERY_REASON = [
  `update request_revision set reason = 'x'`,
  `update request_line set exception_reason = 'x', private_reason = 'x'`,
  `update pick set tracking = 'x'`,
  `update product set description = 'x'`,
  `update bundle set description = 'x'`,
  `update stock_movement set reason = 'x'`,
  `update stock_transfer set tracking = 'x'`,
  `update stock_count_line set reason = 'x'`,
  `insert into product_alternative select min(id), max(id), 'x' from product on conflict do nothing`,
  `with step as (
     insert into approval_step (request_id, revision, step, kind, queue)
     select request_id, revision, 9, 'it', 'it' from request_revision where submitted_at is not null
     returning request_id, revision, step)
   insert into decision (request_id, revision, step, outcome, reason, decided_by)
   select request_id, revision, step, 'returned', 'x', (select min(entra_id) from person) from step`,
  `insert into approval_delegation (from_entra_id, to_entra_id, from_day, until_day, reason, created_by)
   select person.entra_id, (select min(entra_id) from person), current_date, current_date + 7, 'x', 'system:test'
   from person where entra_id in (select entra_id from account) and entra_id <> (select min(entra_id) from person)`,
];

/** Tabs in which pages are opened side by side. */
const TABS = 3;

describeInBrowser('hostile texts', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  /** Puts the payloads, one after the other, into every text column that takes them; says which did. */
  const seed = async (): Promise<string[]> => {
    const columns = await database.dataSource.query<{ table: string; column: string }[]>(
      `select table_name as "table", column_name as "column" from information_schema.columns
       join information_schema.tables using (table_schema, table_name)
       where table_schema = 'public' and table_type = 'BASE TABLE' and data_type = 'text'
         and table_name not in ('schema_migration', 'audit_event', 'audit_chain', 'sign_in_session', 'command_receipt')
       order by 1, 2`,
    );
    for (const table of GUARDED) await database.dataSource.query(`alter table ${table} disable trigger user`);
    for (const statement of EVERY_REASON) await database.dataSource.query(statement);
    const seeded: string[] = [];
    for (const { table, column } of columns) {
      if (NEVER_SEEDED.test(column)) continue;
      try {
        // Unique columns keep their rows apart by a number behind the payload.
        await database.dataSource.query(
          `update "${table}" set "${column}" = ($1::text[])[1 + numbered.row % 12] || ' ' || numbered.row
           from (select ctid as place, row_number() over () as row from "${table}") as numbered
           where "${table}".ctid = numbered.place and "${column}" is not null`,
          [PAYLOADS],
        );
        seeded.push(`${table}.${column}`);
      } catch {
        // A check or a reference lets no such text in.
      }
    }
    return seeded;
  };

  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  interface Seen {
    readonly wrong: object[];
    readonly shown: Set<string>;
  }
  /** Opens all these pages as one viewer, and says what ran or was stopped and which payloads stood there as text. */
  const crawl = async (
    site: TestWeb,
    addresses: readonly string[],
    session: Awaited<ReturnType<TestWeb['signIn']>>,
  ): Promise<Seen> => {
    const shares = Array.from({ length: TABS }, (_, tab) => addresses.filter((_address, at) => at % TABS === tab));
    const seen = await Promise.all(shares.map((share) => crawlInOneTab(site, share, session)));
    return {
      wrong: seen.flatMap(({ wrong }) => wrong),
      shown: new Set(seen.flatMap(({ shown }) => [...shown])),
    };
  };
  const crawlInOneTab = async (
    site: TestWeb,
    addresses: readonly string[],
    session: Awaited<ReturnType<TestWeb['signIn']>>,
  ): Promise<Seen> => {
    const page = await (await browser.newContext({ ...session.browser })).newPage();
    const complaints = collectComplaints(page);
    const strangers: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(`${site.url}/`)) strangers.push(request.url());
    });
    const wrong: object[] = [];
    const shown = new Set<string>();
    for (const address of addresses) {
      complaints.length = 0;
      const answer = await page.goto(site.url + address, { waitUntil: 'load' });
      const text = await page.evaluate(() => document.documentElement.textContent ?? '');
      for (const payload of PAYLOADS) if (text.includes(payload)) shown.add(payload);
      const planted = await page.evaluate(
        () =>
          document.querySelectorAll(
            'main script, main iframe, main style, base, main [onerror], main [onload], main [onmouseover], a[href^="javascript:"]',
          ).length,
      );
      const real = complaints.filter((complaint) => !/status of (400|403|404)/.test(complaint));
      if (real.length > 0 || strangers.length > 0 || planted > 0 || (answer?.status() ?? 500) >= 500) {
        wrong.push({ address, status: answer?.status(), complaints: [...real], strangers: [...strangers], planted });
      }
    }
    await page.context().close();
    return { wrong, shown };
  };

  it('V-37 in every column that takes them run on no page and stand there as text', async () => {
    const { records, sessions } = await preparePages(database, web.url);
    const seeded = await seed();
    for (const column of [
      'person.display_name',
      'person.job_title',
      'device.name',
      'device.model',
      'sync_hold.reason',
      'product.name',
      'product.description',
      'product_alternative.note',
      'bundle.name',
      'stock_place.name',
      'stock_transfer.tracking',
      'stock_movement.reason',
      'purchase_order.number',
      'purchase_order.supplier',
      'purchase_order.end_reason',
      'purchase_receipt.delivery_note',
      'cost_centre.name',
      'request_revision.site',
      'request_revision.reason',
      'request_line.exception_reason',
      'request_line.private_reason',
      'decision.reason',
      'approval_delegation.reason',
      'pick.tracking',
    ]) {
      expect(seeded).toContain(column);
    }
    expect(seeded.length).toBeGreaterThan(40);
    const searches = PAYLOADS.map((payload) => `/search?q=${encodeURIComponent(payload)}`);
    const pages = pagesOf(web.routes, records).map(({ address }) => address);
    const { wrong, shown } = await crawl(web, [...pages, ...searches], sessions.administrator);
    expect(wrong).toEqual([]);
    expect(PAYLOADS.filter((payload) => !shown.has(payload))).toEqual([]);
    // Whoever gets it and whoever decides see the private reasons, too.
    const ofRequests = pages.filter((address) => /^\/(requests\/\d+$|approvals)/.test(address));
    for (const viewer of ['staff', 'approver'] as const) {
      expect((await crawl(web, ofRequests, sessions[viewer])).wrong).toEqual([]);
    }
  }, 180_000);

  it('V-38 from Microsoft Graph run on no page and stand there as text', async () => {
    const tenant = createTenant({ seed: 7, people: 40 });
    const poison = (record: GraphRecord, at: number, names: readonly string[]): GraphRecord => ({
      ...record,
      ...Object.fromEntries(names.map((name, field) => [name, PAYLOADS[(at + field) % PAYLOADS.length]])),
    });
    tenant
      .list('users')
      .forEach((user, at) =>
        tenant.put('users', poison(user, at, ['displayName', 'jobTitle', 'department', 'surname'])),
      );
    tenant
      .list('managedDevices')
      .forEach((device, at) =>
        tenant.put('managedDevices', poison(device, at, ['deviceName', 'model', 'serialNumber'])),
      );
    const bench = await createSyncBench({ tenant });
    const site = await startTestWeb(bench.database);
    try {
      await bench.runAll();
      const session = await site.signIn('administrator');
      const ids = async (table: string): Promise<number[]> =>
        (await bench.query<{ id: number }>(`select id from ${table} order by id limit 6`)).map(({ id }) => id);
      const addresses = [
        ...['/', '/devices', '/people', '/models', '/leavers', '/status', '/sync', '/reviews', '/audit'],
        ...(await ids('device')).map((id) => `/devices/${id}`),
        ...(await ids('person')).map((id) => `/people/${id}`),
        ...(await ids('sync_run')).map((id) => `/sync/runs/${id}`),
      ];
      const { wrong, shown } = await crawl(site, addresses, session);
      expect(wrong).toEqual([]);
      expect(shown.size).toBeGreaterThan(8);
    } finally {
      await site.close();
      await bench.close();
    }
  }, 180_000);
});
