import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { surfaceOf } from '../../src/auth/surface.js';
import { loadConfig } from '../../src/config/config.js';
import { anonymously } from '../support/signed-in-fetch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

jest.setTimeout(180_000);

const ROOT = path.join(import.meta.dirname, '..', '..');

/** What others of this kind were broken through, by the numbers that the project gives these cases. */
describe('the attack surface', () => {
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

  const importCount = async (): Promise<number> =>
    (await database.dataSource.query<{ count: number }[]>('select count(*)::int as count from register_import'))[0]
      ?.count ?? 0;
  const openApi = async (): Promise<OpenAPIObject> =>
    (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;

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
      const imports = await importCount();
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
      expect(await importCount()).toBe(imports);
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
});

/** Every source file of the application, by its path in `src`, with its text. */
function sources(): (readonly [file: string, text: string])[] {
  const folder = path.join(ROOT, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(spec|d)\.ts$/.test(file))
    .map((file) => [file.split(path.sep).join('/'), readFileSync(path.join(folder, file), 'utf8')] as const);
}
