import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ROLES } from '../../src/auth/permissions.js';
import { surfaceOf } from '../../src/auth/surface.js';
import { loadConfig } from '../../src/config/config.js';
import { createTenant } from '../../src/demo/tenant/demonstration-tenant.js';
import { COLLECTIONS } from '../../src/demo/tenant/tenant-store.js';
import { LISTS } from '../../src/web/lists.js';
import { rowsOfCsv } from '../support/csv-file.js';
import { anonymously } from '../support/signed-in-fetch.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

jest.setTimeout(180_000);

const ROOT = path.join(import.meta.dirname, '..', '..');

/** Texts that end a statement, a comment, a quotation or a template in whatever is built from them. */
const HOSTILE = [
  `x'); drop table device;--`,
  `'; truncate person cascade; --`,
  `$$; delete from device_record; $$`,
  `\\'; select pg_sleep(5); --`,
  `%' or '1'='1`,
  `"; drop table sync_run; --`,
  `{"$ne": null}`,
  `/* {{7*7}} */ \${7*7} <%= 7*7 %>`,
] as const;

/** Properties by which a source's records are told apart or matched; everything else that is text is made hostile. */
const KEPT = /^(id|.*Id|.*Ids|userPrincipalName|@.*|.*DateTime|.*Type|.*State|.*Date|.*Eligibility|userType|.*Status)$/;

/** What others of this kind were broken with, by the numbers that the project gives these cases. */
describe('vulnerabilities of like products', () => {
  let bench: SyncBench;
  let web: TestWeb;
  let tables: string;
  beforeAll(async () => {
    const tenant = createTenant({ seed: 7, people: 40 });
    for (const collection of COLLECTIONS) {
      for (const [at, record] of tenant.list(collection).entries()) {
        const texts = Object.keys(record).filter((name) => typeof record[name] === 'string' && !KEPT.test(name));
        const poisoned = texts.map((name, field) => [name, HOSTILE[(at + field) % HOSTILE.length] ?? ''] as const);
        tenant.put(collection, { ...record, ...Object.fromEntries(poisoned) });
      }
    }
    bench = await createSyncBench({ tenant });
    tables = await tablesThere();
    web = await startTestWeb(bench.database);
  });
  afterAll(async () => {
    await web?.close();
    await bench?.close();
  });

  const tablesThere = async (): Promise<string> =>
    (await bench.query<{ name: string }>('select relname as name from pg_class where relkind = $1 order by 1', ['r']))
      .map(({ name }) => name)
      .join(' ');
  const countOf = async (table: string): Promise<number> =>
    (await bench.query<{ count: number }>(`select count(*)::int as count from ${table}`))[0]?.count ?? 0;
  const readRoutes = (surface: 'api' | 'page') =>
    web.routes.filter(({ method, path: route }) => method === 'GET' && surfaceOf(route) === surface);
  const openApi = async (): Promise<OpenAPIObject> =>
    (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;

  describe('injection', () => {
    it('V-32, V-33: texts from Microsoft Graph stay texts, in every job that reads what an earlier one stored', async () => {
      const first = await bench.runAll({ full: true });
      // The second reads back what the first stored: resolver, classification and search take up what is stored, too.
      await bench.query('update device_record set resolution_pending = true');
      const second = await bench.runAll({ full: true });
      expect([...first, ...second].map(({ status }) => status)).toEqual(Array(first.length * 2).fill('succeeded'));
      expect(await tablesThere()).toBe(tables);
      expect(await countOf('device')).toBeGreaterThan(20);
      expect(await countOf('person')).toBeGreaterThanOrEqual(40);
      expect(await countOf('device_record where resolution_pending')).toBe(0);
      expect(await countOf('search_pending')).toBe(0);
      const stored = await bench.query<{ text: string }>(
        `select name as text from device_record union select serial_number from device_record
         union select model from device_record union select display_name from person union select job_title from person`,
      );
      const kept = new Set(stored.map(({ text }) => text));
      expect(HOSTILE.filter((text) => !kept.has(text))).toEqual([]);
    });

    it('V-33: and in every list, export, search and page', async () => {
      const [device] = await bench.query<{ id: number }>('select min(id) as id from device');
      const [person] = await bench.query<{ id: number }>('select min(id) as id from person');
      const [run] = await bench.query<{ id: number }>('select min(id) as id from sync_run');
      // A rollout of everybody, whose pages show the same texts.
      const [move] = await bench.query<{ id: number }>(
        `with programme as (
           insert into rollout_programme (name, state, starts_on, target_on, scope, baseline_at, created_by)
           values ($1, 'running', '2026-03-01', '2027-03-01', '{"directorates": [], "sites": [], "exceptEmployeeTypes": [],
             "exceptTeams": [], "includePeopleWithoutDesktop": true}', '2026-03-01', 'system:test') returning id
         ), settings as (
           insert into rollout_settings (programme_id, version, settings, reason, actor)
           select id, 1, '{}', $1, 'system:test' from programme
         ), moves as (
           insert into move (programme_id, person_entra_id, directorate, team, site)
           select programme.id, entra_id, division, department, office_location from person, programme returning id
         ) select min(id) as id from moves`,
        [HOSTILE[0]],
      );
      const session = await web.signIn({ roles: [...ROLES] });
      const wrong: unknown[] = [];
      for (const { path: route } of [...readRoutes('api'), ...readRoutes('page')]) {
        if (
          /progress|sign-in|:(?!id\b)|suggestions|bulk|imports\/|holds\/|held\/|saved-views|tokens\/|models\/decision|left-out|(appointments|messages|mailbox|applications|slots|waves)\/:id/.test(
            route,
          )
        )
          continue;
        const id = /people/.test(route)
          ? person?.id
          : /runs/.test(route)
            ? run?.id
            : /moves/.test(route)
              ? move?.id
              : device?.id;
        if (/(reviews|decisions)\/:id/.test(route)) continue;
        const address = route.replace(':id', String(id)) + (route === '/api/v1/search' ? '?q=drop+table' : '');
        const headers = surfaceOf(route) === 'page' ? { headers: session.headers } : {};
        const answer = await fetch(web.url + address, { ...headers, redirect: 'manual' });
        const text = await answer.text();
        if (![200, 303].includes(answer.status) || /<%= 49|\/\* 49/.test(text)) wrong.push([address, answer.status]);
      }
      for (const text of HOSTILE) {
        for (const address of ['/api/v1/devices?search=', '/api/v1/people?search=', '/api/v1/search?q=']) {
          const answer = await fetch(web.url + address + encodeURIComponent(text));
          if (answer.status !== 200) wrong.push([address, text, answer.status]);
        }
        const page = await fetch(`${web.url}/search?q=${encodeURIComponent(text)}`, { headers: session.headers });
        if (page.status !== 200) wrong.push(['/search', text, page.status]);
      }
      expect(wrong).toEqual([]);
      expect(await tablesThere()).toBe(tables);
    });

    it('V-30, V-31: an order is one of those that a list has, by every route that lists', async () => {
      const orders = [
        'name;drop table device',
        '(case when (select 1)=1 then id else -id end)',
        'name`',
        '"name"',
        'name,pg_sleep(3)',
        'user.displayName',
        'constructor',
        'name ASC',
      ];
      const wrong: unknown[] = [];
      const session = await web.signIn('administrator');
      const lists = [
        ...readRoutes('api').filter(({ path: route }) => !/:|search|openapi|^\/health/.test(route)),
        ...Object.values(LISTS),
      ];
      expect(lists.length).toBeGreaterThan(25);
      for (const { path: route } of lists) {
        for (const order of orders) {
          const started = performance.now();
          const headers = surfaceOf(route) === 'page' ? { headers: session.headers } : {};
          const answer = await fetch(`${web.url}${route}?sort=${encodeURIComponent(order)}`, headers);
          await answer.text();
          if (answer.status !== 400 || performance.now() - started > 2_500) wrong.push([route, order, answer.status]);
        }
      }
      expect(wrong).toEqual([]);
      expect(await tablesThere()).toBe(tables);
    });

    it('V-15: a file has the columns of its page, each role gets both or neither, and nothing else can be asked for', async () => {
      const document = await openApi();
      const session = await web.signIn('administrator');
      for (const list of Object.values(LISTS)) {
        const page = await (await fetch(web.url + list.path + '?view=all', { headers: session.headers })).text();
        const names = [...page.matchAll(/name="column-([A-Za-z0-9]+)"/g)].map(([, name]) => name ?? '');
        const file = /href="(\/api\/v1\/[^"?]+\.csv)/.exec(page)?.[1];
        expect([list.path, names.length > 0, file !== undefined]).toEqual([list.path, true, true]);
        const heading = async (query: string): Promise<number> => {
          const answer = await fetch(`${web.url}${file}${query}`);
          const text = Buffer.from(await answer.arrayBuffer()).toString();
          return answer.status === 200 ? (text.split('\r\n')[0] ?? '').split(',').length : -answer.status;
        };
        expect([file, await heading('')]).toEqual([file, names.length]);
        expect([file, await heading(`?columns=${names.join(',')}`)]).toEqual([file, names.length]);
        for (const query of ['?columns=password', '?columns=entraId.secret', '?password=a', '?serialNumber[gt]=A']) {
          expect([file, query, await heading(query)]).toEqual([file, query, -400]);
        }
        expect(document.paths[file ?? '']).toBeDefined();
        for (const role of [...ROLES, null]) {
          const { headers } = await web.signIn(role);
          const seen = await anonymously(web.url + list.path + '?view=all', { headers, redirect: 'manual' });
          const got = await anonymously(web.url + file, { headers });
          await got.body?.cancel();
          // Whoever may not see the page gets no file; who sees it and may not export is shown no link either.
          const offered = (await seen.text()).includes(`${file}`);
          expect([list.path, role, got.status]).toEqual([list.path, role, offered && seen.status === 200 ? 200 : 403]);
        }
      }
    });

    it('V-10: an import writes what a register has; the trail, custody and who did it are not among it', async () => {
      const trail = await countOf('audit_event');
      const custody = await countOf('custody_event');
      const { headers } = await web.signIn('stock-holder');
      const type = { 'content-type': 'text/csv' };
      const body =
        'Asset Tag,Serial,Actor,Event,Assigned To ID,Created By,Audit\n' +
        'A-1,FORGED001,person:somebody,device.handed-over,7,system:sync,device.wiped\n';
      const refused = await web.signIn('service-desk');
      const attempt = { method: 'POST', body };
      expect(
        (await anonymously(`${web.url}/api/v1/imports`, { ...attempt, headers: { ...refused.headers, ...type } }))
          .status,
      ).toBe(403);
      const staged = await anonymously(`${web.url}/api/v1/imports`, { ...attempt, headers: { ...headers, ...type } });
      expect(staged.status).toBe(200);
      const { id, ignoredColumns } = (await staged.json()) as { id: number; ignoredColumns: string[] };
      expect(ignoredColumns).toEqual(expect.arrayContaining(['Actor', 'Event', 'Created By', 'Audit']));
      const applied = await anonymously(`${web.url}/api/v1/imports/${id}/apply`, { method: 'POST', headers });
      expect([200, 202]).toContain(applied.status);
      const entries = await bench.query<{ event: string; actor: string }>(
        `select event, actor from audit_event where event not like 'access.%' order by id offset $1`,
        [trail],
      );
      expect(new Set(entries.map(({ event }) => event.split('.')[0]))).toEqual(new Set(['import']));
      expect(entries.some(({ actor }) => /somebody|system/.test(actor))).toBe(false);
      expect(await countOf('custody_event')).toBe(custody);
    });

    it('V-23, V-71, B265: nothing deletes by type and id, and nothing that writes answers to GET', async () => {
      const writes = web.routes.filter(({ method }) => method !== 'GET');
      expect(writes.filter(({ method }) => method === 'DELETE')).toEqual([]);
      expect(writes.filter(({ path: route }) => /:(type|table|kind|entity|model)\b/.test(route))).toEqual([]);
      const { headers } = await web.signIn({ roles: [...ROLES] });
      const trail = async (): Promise<number> => countOf(`audit_event where event not like 'access.%'`);
      const before = await trail();
      for (const { path: route } of writes) {
        const address = route.replaceAll(/:[a-zA-Z]+/g, '1');
        const answer = await anonymously(`${web.url}${address}?_method=POST&confirm=1&asAdmin=1`, {
          headers,
          redirect: 'manual',
        });
        await answer.body?.cancel();
        expect([address, answer.status < 500]).toEqual([address, true]);
      }
      expect(await trail()).toBe(before);
    });
  });

  describe('files and packages', () => {
    it('V-35, V-42, V-44, V-45, V-46, V-47: what is known to be broken is not used, and the mapper is new enough', () => {
      const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
        packages: Record<string, { version?: string; dev?: boolean }>;
      };
      const used = new Map(
        Object.entries(packages)
          .filter(([, { dev }]) => !dev)
          .map(([name, { version = '' }]) => [name.replace(/^.*node_modules\//, ''), version] as const),
      );
      // Uploads are read by the application itself, and no workbook is written.
      const unwanted = ['multer', 'xlsx', 'exceljs', 'passport', 'express', 'marked'];
      expect(unwanted.filter((name) => used.has(name))).toEqual([]);
      // Before 7.0.7 a quoted address could send mail elsewhere (CVE-2025-13033).
      expect(Number(used.get('nodemailer')?.split('.')[0])).toBeGreaterThanOrEqual(8);
      const [major = 0, minor = 0] = (used.get('typeorm') ?? '').split('.').map(Number);
      expect(major > 1 || (major === 1 && minor >= 1)).toBe(true);
    });

    it('V-48: what is sent packed is not unpacked, by any route', async () => {
      const imports = await countOf('register_import');
      const bomb = gzipSync(Buffer.alloc(5_000_000, 0x20));
      for (const { method, path: route } of web.routes.filter(({ method }) => method !== 'GET')) {
        const isPage = surfaceOf(route) === 'page';
        const { headers } = await web.signIn({ roles: ['administrator', 'stock-holder', 'engineer'] });
        for (const type of [isPage ? 'application/x-www-form-urlencoded' : 'application/json', 'text/csv']) {
          const answer = await anonymously(web.url + route.replaceAll(/:[a-zA-Z]+/g, '1'), {
            method,
            headers: { ...headers, 'content-type': type, 'content-encoding': 'gzip' },
            body: new Uint8Array(bomb),
            redirect: 'manual',
          });
          await answer.body?.cancel();
          expect([method, route, type, answer.status >= 400 && answer.status < 500]).toEqual([
            method,
            route,
            type,
            true,
          ]);
        }
      }
      expect(await countOf('register_import')).toBe(imports);
    });

    it('V-78: no address takes notifications from outside', async () => {
      const open = web.routes.filter(({ method, policy }) => method !== 'GET' && policy?.kind === 'open');
      expect(open.map(({ path: route }) => route)).toEqual(['/sign-out']);
      for (const address of ['/api/v1/notifications', '/webhook', '/api/webhooks/graph', '/listen', '/api/v1/sync']) {
        const answer = await anonymously(`${web.url}${address}?validationToken=%3Cscript%3E`, { method: 'POST' });
        const text = await answer.text();
        expect([address, [401, 404, 405].includes(answer.status), text.includes('<script>')]).toEqual([
          address,
          true,
          false,
        ]);
      }
    });

    it('V-79: nothing restores a database over the one in use, by no route and no command', () => {
      const names = [...web.routes.map(({ path: route }) => route), ...readdirSync(path.join(ROOT, 'src', 'cli'))];
      expect(names.filter((name) => /restore|backup|wipe-|reset/i.test(name))).toEqual([]);
    });

    it('V-52: no address is taken from anybody, and requests leave through two clients only, and mail through one', async () => {
      const names: string[] = [];
      JSON.stringify(await openApi(), (key, value: unknown) => {
        if (key === 'name' && typeof value === 'string') names.push(value);
        if (key === 'properties') names.push(...Object.keys(value as object));
        if (key === 'format' && value === 'uri') names.push('uri');
        return value;
      });
      expect(names.length).toBeGreaterThan(100);
      expect(names.filter((name) => /ur[il]$|webhook|callback|endpoint|address$/i.test(name))).toEqual([]);
      const leaving = sources().filter(([file, text]) => {
        return (
          !file.startsWith('demo/') &&
          /from 'undici'|from 'node:(https|tls|dgram)'|globalThis\.fetch|[^.\w#]fetch\(/.test(text)
        );
      });
      expect(leaving.map(([file]) => file).sort()).toEqual([
        'auth/sign-in/provider-connection.ts',
        'config/outbound-connections.ts',
        'graph/graph-http.ts',
        'notifications/smtp-delivery.ts',
      ]);
    });
  });

  describe('limits', () => {
    it('V-49: no address has two parameters in one segment, or an expression for one', () => {
      for (const { path: route } of web.routes) {
        for (const segment of route.split('/')) expect(segment).toMatch(/^(:[a-zA-Z]+|[a-z0-9.-]*)$/);
      }
    });

    it('V-51: parameters are names with one text; nesting, lists and prototypes are refused', async () => {
      const { headers } = await web.signIn('administrator');
      for (const query of [
        'search[__proto__][isAdmin]=1',
        '__proto__[isAdmin]=1',
        'constructor[prototype][isAdmin]=1',
        'a'.repeat(50) + '[]=1&'.repeat(500),
        'search=a&search=b',
      ]) {
        for (const address of ['/api/v1/devices', '/devices']) {
          const answer = await anonymously(`${web.url}${address}?${query}`, { headers });
          expect([address, query.slice(0, 40), answer.status]).toEqual([address, query.slice(0, 40), 400]);
        }
      }
      expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    });

    it('V-74: no secret has a value of its own, and an example is none', () => {
      const secrets = (value: unknown, at = ''): string[] =>
        typeof value !== 'object' || value === null
          ? /secret|password|key/i.test(at) && typeof value === 'string'
            ? [at]
            : []
          : Object.entries(value).flatMap(([name, inner]) => secrets(inner, `${at}.${name}`));
      expect(secrets(loadConfig({}))).toEqual([]);
      for (const name of ['GRAPH_CLIENT_SECRET', 'SIGN_IN_CLIENT_SECRET']) {
        const environment = {
          GRAPH_TENANT_ID: '11111111-2222-4333-8444-555555555555',
          GRAPH_CLIENT_ID: '11111111-2222-4333-8444-555555555556',
          GRAPH_CLIENT_SECRET: 'a-real-one',
          SIGN_IN_CLIENT_ID: '11111111-2222-4333-8444-555555555557',
          SIGN_IN_CLIENT_SECRET: 'another-real-one',
          PUBLIC_URL: 'https://untether.council.example',
        };
        expect(() => loadConfig(environment)).not.toThrow();
        expect(() => loadConfig({ ...environment, [name]: 'change-me' })).toThrow(name);
      }
    });

    it('V-75: a cookie that was changed in any place is nobody’s', async () => {
      const { cookie, secret } = await web.signIn('administrator');
      const [name = ''] = cookie.split('=');
      const ask = async (value: string): Promise<number> =>
        (await anonymously(`${web.url}/api/v1/people`, { headers: { cookie: `${name}=${value}` } })).status;
      expect(await ask(secret)).toBe(200);
      for (let at = 0; at < secret.length; at += 7) {
        const other = secret[at] === 'A' ? 'B' : 'A';
        expect(await ask(secret.slice(0, at) + other + secret.slice(at + 1))).toBe(401);
      }
      // Nothing in it says who it is or what they may do.
      expect(Buffer.from(secret, 'base64url').toString('latin1')).not.toMatch(/admin|role|[0-9a-f]{8}-[0-9a-f]{4}/);
    });
  });

  it('V-80: the process answers still, and its rows are there', async () => {
    expect(((await (await fetch(`${web.url}/health/live`)).json()) as { pid: number }).pid).toBe(process.pid);
    const rows = rowsOfCsv(await (await fetch(`${web.url}/api/v1/devices.csv`)).arrayBuffer());
    expect(rows.length).toBeGreaterThan(20);
  });
});

/** Every source file of the application, by its path in `src`, with its text. */
function sources(): (readonly [file: string, text: string])[] {
  const folder = path.join(ROOT, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(spec|d)\.ts$/.test(file))
    .map((file) => [file.split(path.sep).join('/'), readFileSync(path.join(folder, file), 'utf8')] as const);
}
