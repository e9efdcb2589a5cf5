import type { Browser } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { appendToAudit, type AuditEntry } from '../../src/audit/audit-trail.js';
import { AuditQueries } from '../../src/audit/audit.queries.js';
import type { CurrentAccess } from '../../src/auth/current-access.js';
import type { Permission } from '../../src/auth/permissions.js';
import { Transactor } from '../../src/database/transactor.js';
import { NamedPeopleQueries } from '../../src/directory/named-people.queries.js';
import { AuditListController } from '../../src/reports/web/audit-list.controller.js';
import type { ShownAuditEntry } from '../../src/reports/web/audit-list.js';
import type { ListPages } from '../../src/web/list-page.js';
import { CheckedPage, describeInBrowser, startBrowser } from '../support/browser.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const PERSON = '05e9a617-0261-4cee-bb44-138d3ef5d965';
const HASH = 'ab'.repeat(32);
const PICTURES = process.env['UNTETHER_PAGE_PICTURES'];

interface Answer {
  readonly items: readonly { readonly id: number; readonly event: string; readonly actor: string }[];
  readonly next: string | null;
}

describe('the audit trail for people', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let reviewer: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    const { dataSource } = database;
    await dataSource.query(
      `insert into person (entra_id, display_name, account_enabled) values ($1, 'Jo Shah', true)`,
      [PERSON],
    );
    const device = { kind: 'device', id: 17 };
    const some: AuditEntry[] = [
      {
        event: 'audit.head-published',
        actor: 'system:schedule',
        subject: { kind: 'audit-entry', id: 0 },
        details: { hash: HASH },
      },
      { event: 'audit.verified', actor: 'system:schedule', subject: { kind: 'audit-entry', id: 1 } },
      {
        event: 'identity.merged',
        actor: `person:${PERSON}`,
        subject: device,
        details: { decision: 4, devices: [17, 18] },
      },
      {
        event: 'form-factor.device-overridden',
        actor: 'command-line:root',
        subject: device,
        details: { formFactor: 'laptop' },
      },
    ];
    const runs = Array.from({ length: 120 }, (_none, index): AuditEntry => ({
      event: 'sync.run-finished',
      actor: 'system:schedule',
      subject: { kind: 'sync-run', id: index + 1 },
      details: { source: 'users', rowsRead: index },
    }));
    await new Transactor(dataSource).run((tx) => appendToAudit(tx, [...some, ...runs]));
    web = await startTestWeb(database);
    reviewer = await web.signIn({ roles: ['reviewer'] });
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const read = (address: string, session: TestSession = reviewer) =>
    fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
  const textOf = async (address: string): Promise<string> => {
    const answer = await read(address);
    expect([address, answer.status]).toEqual([address, 200]);
    return answer.text();
  };

  it('shows what was done, newest first, with how the trail stands', async () => {
    const page = await textOf('/audit');
    expect(page).toMatch(/whole up to entry 1/);
    expect(page).toContain(HASH);
    expect(page).toMatch(/Sync: run finished/);
    expect(page).toMatch(/Next page/);
    expect(page.indexOf('sync run 120')).toBeLessThan(page.indexOf('sync run 119'));
  });

  it('names who acted as the directory has them now, and links to what it was done to', async () => {
    const page = await textOf('/audit?subjectKind=device&subjectId=17');
    expect(page).toMatch(/2 entries/);
    expect(page).toMatch(/href="\/people\/\d+"><bdi>Jo Shah/);
    expect(page).toMatch(/Command line root/);
    expect(page).toMatch(/href="\/devices\/17"/);
    expect(page).not.toContain(PERSON);
  });

  it('names nobody to those who may not see people', async () => {
    const seen = async (...permissions: Permission[]): Promise<string> => {
      let items: readonly ShownAuditEntry[] = [];
      const lists = {
        show: async (
          _list: object,
          _query: object,
          _access: object,
          reader: { page: (filter: object) => Promise<{ items: readonly ShownAuditEntry[] }> },
        ) => {
          ({ items } = await reader.page({ event: 'identity.merged' }));
        },
      };
      const { dataSource } = database;
      const controller = new AuditListController(
        lists as unknown as ListPages,
        new AuditQueries(dataSource),
        new NamedPeopleQueries(dataSource),
      );
      await controller.list({}, { permissions: new Set(permissions) } as unknown as CurrentAccess);
      return JSON.stringify(items);
    };
    expect(await seen('audit:read', 'estate:read')).toContain('Jo Shah');
    expect(await seen('audit:read')).not.toContain('Jo Shah');
    expect(await seen('audit:read')).toContain(PERSON);
  });

  it.each<[string, number, string | null]>([
    ['event=identity.merged', 1, 'identity.merged'],
    ['actorKind=command-line', 1, 'form-factor.device-overridden'],
    [`actor=person:${PERSON}`, 1, 'identity.merged'],
    ['subjectKind=sync-run&subjectId=7', 1, 'sync.run-finished'],
    ['from=2020-01-01&to=2020-12-31', 0, null],
    ['from=2020-01-01&event=audit.verified', 1, 'audit.verified'],
    ['to=2020-12-31', 0, null],
    ['from=2199-01-01', 0, null],
  ])('is narrowed by %s', async (query, count, event) => {
    const answer = (await (await read(`/api/v1/audit?${query}`)).json()) as Answer;
    expect(answer.items).toHaveLength(count);
    expect(answer.items[0]?.event ?? null).toBe(event);
  });

  it('is read through page by page, each entry once', async () => {
    const ids: number[] = [];
    for (let next: string | null = ''; next !== null;) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const answer = (await (await read(`/api/v1/audit?limit=50${cursor}`)).json()) as Answer;
      ids.push(...answer.items.map(({ id }) => id));
      ({ next } = answer);
    }
    expect(ids).toEqual(Array.from({ length: 124 }, (_none, index) => 124 - index));
  });

  it.each(['event=nothing', 'from=yesterday', 'actorKind=robot', 'sort=id', 'limit=0', 'unknown=1'])(
    'refuses %s',
    async (query) => expect((await read(`/api/v1/audit?${query}`)).status).toBe(400),
  );

  it('V-41: its file is safe to open in a spreadsheet and names nobody', async () => {
    // Nothing that the application appends begins like this; somebody with full rights may put it there.
    await database.dataSource.query(
      `insert into audit_event (id, form, at, event, actor, details, previous_hash, hash)
       values (1000, 1, now(), '=HYPERLINK("http://evil")', '+1', '{}', decode($1, 'hex'), decode($1, 'hex'))`,
      [HASH],
    );
    const file = await textOf('/api/v1/audit.csv');
    await database.dataSource.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query('delete from audit_event where id = 1000');
    });
    const [heading, first] = file.split('\r\n');
    expect(heading).toBe('Number,Time,Event,Actor,Kind of subject,Subject,Details,Request,Hash');
    expect(first).toMatch(/^1000,[^,]+,"'=HYPERLINK\(""http:\/\/evil""\)",'\+1,/);
    expect(file).not.toContain('Jo Shah');
    expect(await textOf('/api/v1/audit.csv?event=identity.merged&columns=id,details')).toBe(
      'Number,Details\r\n3,"devices: 17, 18; decision: 4"\r\n',
    );
  });

  it('is for those only who may read it', async () => {
    const desk = await web.signIn({ roles: ['service-desk'] });
    for (const address of ['/audit', '/api/v1/audit', '/api/v1/audit.csv']) {
      expect([address, (await read(address, desk)).status]).toEqual([address, 403]);
    }
  });

  it('says that it is broken when the last check found so', async () => {
    await new Transactor(database.dataSource).run((tx) =>
      appendToAudit(tx, {
        event: 'audit.break-found',
        actor: 'system:schedule',
        subject: { kind: 'audit-entry', id: 7 },
        details: { kind: 'changed' },
      }),
    );
    expect(await textOf('/audit')).toMatch(/The trail is broken at entry 7 \(changed\)/);
  });

  describeInBrowser('in a browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await startBrowser();
    });
    afterAll(() => browser?.close());

    it.each([1280, 390])('is accessible and fits %i pixels', async (width) => {
      const page = await CheckedPage.open(browser, `${web.url}/audit`, {
        ...reviewer.browser,
        viewport: { width, height: 900 },
      });
      if (PICTURES) {
        mkdirSync(PICTURES, { recursive: true });
        await page.page.screenshot({ path: path.join(PICTURES, `audit-${width}.png`), fullPage: true });
      }
      const { status, violations, complaints, overflows } = page;
      expect({ status, violations, complaints, overflows }).toEqual({
        ...{ status: 200, violations: [], complaints: [], overflows: false },
      });
      await page.close();
    });
  });
});
