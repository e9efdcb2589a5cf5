import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from './config.js';
import { ConfigError, type SettingProblem } from './config.error.js';
import type { GraphSettings } from './config.types.js';
import { SOURCE_NAMES, scheduleVariable } from './sources.js';

const TENANT = {
  GRAPH_TENANT_ID: '11111111-2222-4333-8444-555555555555',
  GRAPH_CLIENT_ID: '66666666-7777-4888-9999-000000000000',
  GRAPH_CLIENT_SECRET: 'kept-to-itself',
};
const PEM =
  '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nMII=\n-----END PRIVATE KEY-----';

/** What is wrong with these settings; empty when they are fine. */
function problems(environment: Record<string, string | undefined>): readonly SettingProblem[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function tenantOf(environment: Record<string, string>): GraphSettings {
  const { tenant } = loadConfig({ ...TENANT, ...environment });
  if (tenant.kind !== 'tenant') throw new Error('These settings name no tenant.');
  return tenant;
}

describe('settings', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'untether-config-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, content: string): string => {
    const at = path.join(folder, name);
    writeFileSync(at, content);
    return at;
  };

  it('default to the demonstration tenant on the embedded database', () => {
    expect(loadConfig({})).toEqual({
      databaseUrl: null,
      home: path.resolve('.untether'),
      port: 3000,
      metricsPort: null,
      web: { host: '127.0.0.1', trustedProxies: null },
      connectionChecks: { atOnce: 4, megabitsPerSecond: 400 },
      tenant: { kind: 'demonstration' },
      publicUrl: null,
      signIn: null,
      brand: { name: null, colour: '#1d5c63', logo: null },
      audit: { signingKey: null, publishFolder: path.resolve('.untether', 'audit-heads') },
      mail: null,
      logLevel: 'info',
      schedules: {
        users: '*/30 * * * *',
        'entra-devices': '10 * * * *',
        'managed-devices': '20 */3 * * *',
        'subscribed-skus': '40 * * * *',
        'windows-readiness': '50 4 * * *',
        autopilot: '25 */4 * * *',
      },
      callRecords: '15 2 * * *',
      recordCap: 500_000,
      namingConvention: [],
    });
  });

  it('take every setting that is given', () => {
    const given = {
      ...TENANT,
      DATABASE_URL: 'postgres://untether@database.example:5432/untether',
      UNTETHER_HOME: folder,
      PORT: '8080',
      METRICS_PORT: '9100',
      LOG_LEVEL: 'debug',
      SYNC_RECORD_CAP: '20000',
    };
    expect(loadConfig(given)).toMatchObject({
      databaseUrl: given.DATABASE_URL,
      home: folder,
      port: 8080,
      metricsPort: 9100,
      logLevel: 'debug',
      recordCap: 20_000,
      tenant: {
        kind: 'tenant',
        tenantId: TENANT.GRAPH_TENANT_ID,
        clientId: TENANT.GRAPH_CLIENT_ID,
        credential: { kind: 'secret', secret: TENANT.GRAPH_CLIENT_SECRET },
        baseUrl: 'https://graph.microsoft.com',
        authority: 'https://login.microsoftonline.com',
        caFile: null,
        httpsProxy: null,
      },
    });
  });

  it('take blank values for none, as an empty line of a .env file means it', () => {
    const blank = ['DATABASE_URL', 'PORT', 'GRAPH_TENANT_ID', 'GRAPH_CLIENT_SECRET', 'LOG_LEVEL', 'SCHEDULE_USERS'];
    expect(loadConfig(Object.fromEntries(blank.map((name) => [name, '  '])))).toEqual(loadConfig({}));
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['text for a port', { PORT: 'http' }, 'PORT', /port number.*0 to 65535/],
    ['a port that does not exist', { PORT: '65536' }, 'PORT', /port number/],
    ['a negative port', { PORT: '-1' }, 'PORT', /port number/],
    ['a wrong port for metrics', { METRICS_PORT: '9100x' }, 'METRICS_PORT', /port number/],
    ['an unknown level', { LOG_LEVEL: 'verbose' }, 'LOG_LEVEL', /debug, info, warn, error/],
    ['another database', { DATABASE_URL: 'mysql://db/untether' }, 'DATABASE_URL', /Postgres.*embedded/],
    ['a database name alone', { DATABASE_URL: 'untether' }, 'DATABASE_URL', /Postgres/],
    ['no records at all', { SYNC_RECORD_CAP: '0' }, 'SYNC_RECORD_CAP', /whole number/],
    ['a fraction of records', { SYNC_RECORD_CAP: '1.5' }, 'SYNC_RECORD_CAP', /whole number/],
    ['words for a schedule', { SCHEDULE_USERS: 'hourly' }, 'SCHEDULE_USERS', /five fields.*"off"/],
    ['a schedule with seconds', { SCHEDULE_AUTOPILOT: '0 0 4 * * *' }, 'SCHEDULE_AUTOPILOT', /five fields/],
    ['minute 61', { SCHEDULE_ENTRA_DEVICES: '61 * * * *' }, 'SCHEDULE_ENTRA_DEVICES', /cron/],

    ['a tenant alone', { GRAPH_TENANT_ID: 'council.example' }, 'GRAPH_CLIENT_ID', /missing.*GRAPH_TENANT_ID is set/],
    ['an address alone', { GRAPH_BASE_URL: 'https://graph.example' }, 'GRAPH_TENANT_ID', /demonstration tenant/],
    ['any tenant', { ...TENANT, GRAPH_TENANT_ID: 'common' }, 'GRAPH_TENANT_ID', /any tenant/],
    ['any organisation', { ...TENANT, GRAPH_TENANT_ID: 'Organizations' }, 'GRAPH_TENANT_ID', /any tenant/],
    ['consumers', { ...TENANT, GRAPH_TENANT_ID: 'consumers' }, 'GRAPH_TENANT_ID', /any tenant/],
    ['a path for a tenant', { ...TENANT, GRAPH_TENANT_ID: '../common' }, 'GRAPH_TENANT_ID', /Entra ID, Overview/],
    ['a placeholder tenant', { ...TENANT, GRAPH_TENANT_ID: 'your-tenant-id' }, 'GRAPH_TENANT_ID', /example value/],
    ['a placeholder client', { ...TENANT, GRAPH_CLIENT_ID: 'your-client-id' }, 'GRAPH_CLIENT_ID', /example value/],
    ['spaces in a client id', { ...TENANT, GRAPH_CLIENT_ID: 'the app' }, 'GRAPH_CLIENT_ID', /not a client id/],
    ['Graph without TLS', { ...TENANT, GRAPH_BASE_URL: 'http://graph.example' }, 'GRAPH_BASE_URL', /https/],
    ['a beta address', { ...TENANT, GRAPH_BASE_URL: 'https://graph.example/beta' }, 'GRAPH_BASE_URL', /path/],
    ['a query', { ...TENANT, GRAPH_BASE_URL: 'https://graph.example/?a=1' }, 'GRAPH_BASE_URL', /plain https/],
    ['user information', { ...TENANT, GRAPH_BASE_URL: 'https://a:b@graph.example' }, 'GRAPH_BASE_URL', /plain https/],
    ['sign-in without TLS', { ...TENANT, GRAPH_AUTHORITY: 'http://login.example' }, 'GRAPH_AUTHORITY', /https/],
    ['a deep sign-in path', { ...TENANT, GRAPH_AUTHORITY: 'https://a.example/b/c' }, 'GRAPH_AUTHORITY', /path/],
    ['no such file', { ...TENANT, GRAPH_CA_FILE: '/nowhere/ca.pem' }, 'GRAPH_CA_FILE', /cannot be read/],
    ['a wrong proxy', { ...TENANT, HTTPS_PROXY: 'socks5://proxy:1080' }, 'HTTPS_PROXY', /http:\/\//],
    ['no proxy address', { ...TENANT, HTTPS_PROXY: 'proxy' }, 'HTTPS_PROXY', /http:\/\//],
  ])('refuse %s with the name, the reason and the fix', (_title, environment, name, words) => {
    const found = problems(environment).find((problem) => problem.name === name);
    expect(`${found?.reason} ${found?.fix}`).toMatch(words);
    expect(found?.fix).toMatch(/^[A-Z].*\.$/);
  });

  it('name everything that is wrong at once', () => {
    const wrong = { PORT: 'x', LOG_LEVEL: 'x', DATABASE_URL: 'x', GRAPH_TENANT_ID: 'common', SCHEDULE_USERS: 'x' };
    const names = [
      'DATABASE_URL',
      'PORT',
      'GRAPH_CLIENT_ID',
      'GRAPH_TENANT_ID',
      'GRAPH_CLIENT_SECRET',
      'LOG_LEVEL',
      'SCHEDULE_USERS',
    ];
    expect(problems(wrong).map((problem) => problem.name)).toEqual(names);
    const message = new ConfigError(problems(wrong)).message;
    expect(message.split('\n')).toHaveLength(names.length + 1);
    for (const name of names) expect(message).toContain(`  ${name}: `);
  });

  it.each([
    'change-me',
    'changeme',
    'CHANGE_ME',
    'secret',
    'password',
    'example',
    'your-client-secret',
    '<secret>',
    'xxxx',
    '****',
  ])('refuse the example secret %s', (secret) => {
    expect(problems({ ...TENANT, GRAPH_CLIENT_SECRET: secret })).toMatchObject([
      { name: 'GRAPH_CLIENT_SECRET', reason: 'is an example value.' },
    ]);
  });

  describe('from files', () => {
    it('win over the variable itself, without the line end of the file', () => {
      const environment = {
        GRAPH_CLIENT_SECRET: 'of-the-variable',
        GRAPH_CLIENT_SECRET_FILE: file('secret', 'of-the-file\n'),
      };
      expect(tenantOf(environment).credential).toEqual({ kind: 'secret', secret: 'of-the-file' });
    });

    it('stand for the variable', () => {
      const url = 'postgres://untether:pass@db/untether';
      expect(loadConfig({ DATABASE_URL_FILE: file('database-url', `${url}\n`) }).databaseUrl).toBe(url);
    });

    it.each<[string, () => string, RegExp]>([
      ['empty', () => file('empty', ' \n'), /empty/],
      ['missing', () => path.join(folder, 'no-such-file'), /cannot be read/],
      ['a folder', () => folder, /cannot be read/],
    ])('are refused when %s, once and under the name of the file', (_title, at, reason) => {
      const found = problems({ ...TENANT, GRAPH_CLIENT_SECRET: '', GRAPH_CLIENT_SECRET_FILE: at() });
      expect(found).toMatchObject([
        { name: 'GRAPH_CLIENT_SECRET_FILE', reason: expect.stringMatching(reason) as string },
      ]);
    });

    it('are refused when nobody may read them', () => {
      const locked = file('locked', 'x');
      chmodSync(locked, 0o000);
      // Root reads everything; for everybody else the file is closed.
      const expected = process.getuid?.() === 0 ? [] : ['DATABASE_URL_FILE'];
      const found = problems({ DATABASE_URL_FILE: locked }).map((problem) => problem.name);
      expect(found.filter((name) => name === 'DATABASE_URL_FILE')).toEqual(expected);
    });
  });

  describe('credentials', () => {
    const ids = { ...TENANT, GRAPH_CLIENT_SECRET: '' };

    it('may be a certificate with its key', () => {
      expect(
        tenantOf({ GRAPH_CLIENT_SECRET: '', GRAPH_CLIENT_CERTIFICATE_FILE: file('both.pem', PEM) }).credential,
      ).toEqual({
        kind: 'certificate',
        pem: PEM,
      });
    });

    it.each([
      ['a certificate without its key', PEM.slice(0, PEM.indexOf('-----BEGIN PRIVATE'))],
      ['a key without its certificate', PEM.slice(PEM.indexOf('-----BEGIN PRIVATE'))],
      ['the path of a file instead of its content', '/etc/untether/certificate.pem'],
    ])('are refused as %s', (_title, pem) => {
      expect(problems({ ...ids, GRAPH_CLIENT_CERTIFICATE: pem })).toMatchObject([
        { name: 'GRAPH_CLIENT_CERTIFICATE', fix: expect.stringContaining('GRAPH_CLIENT_CERTIFICATE_FILE') as string },
      ]);
    });

    it('may be a token that the platform keeps in a file', () => {
      const token = file('token', 'eyJ');
      expect(tenantOf({ GRAPH_CLIENT_SECRET: '', GRAPH_FEDERATED_TOKEN_FILE: token }).credential).toEqual({
        kind: 'federated-token',
        tokenFile: token,
      });
      expect(problems({ ...ids, GRAPH_FEDERATED_TOKEN_FILE: '/nowhere/token' })).toMatchObject([
        { name: 'GRAPH_FEDERATED_TOKEN_FILE', reason: expect.stringContaining('cannot be read') as string },
      ]);
    });

    it.each([
      ['system', null],
      ['99999999-7777-4888-9999-000000000000', '99999999-7777-4888-9999-000000000000'],
    ])('may be the managed identity %s', (identity, clientId) => {
      expect(tenantOf({ GRAPH_CLIENT_SECRET: '', GRAPH_MANAGED_IDENTITY: identity }).credential).toEqual({
        kind: 'managed-identity',
        clientId,
      });
    });

    it('are refused when two are given', () => {
      expect(problems({ ...TENANT, GRAPH_CLIENT_CERTIFICATE: PEM })).toMatchObject([
        { name: 'GRAPH_CLIENT_SECRET, GRAPH_CLIENT_CERTIFICATE', reason: 'are given together.' },
      ]);
    });

    it('are refused when there is none', () => {
      expect(problems(ids)).toMatchObject([
        { name: 'GRAPH_CLIENT_SECRET', fix: expect.stringContaining('GRAPH_CLIENT_CERTIFICATE') as string },
      ]);
    });
  });

  it.each([
    ['https://graph.microsoft.com/v1.0', 'https://graph.microsoft.com'],
    ['https://graph.microsoft.com/v1.0/', 'https://graph.microsoft.com'],
    ['https://graph.microsoft.us/', 'https://graph.microsoft.us'],
    ['https://127.0.0.1:8443', 'https://127.0.0.1:8443'],
  ])('reduce the address of Graph %s to its origin', (given, expected) => {
    expect(tenantOf({ GRAPH_BASE_URL: given }).baseUrl).toBe(expected);
  });

  it('reduce the address of the sign-in service to its origin', () => {
    expect(tenantOf({ GRAPH_AUTHORITY: 'https://login.microsoftonline.us/council.example/' }).authority).toBe(
      'https://login.microsoftonline.us',
    );
  });

  it('make the path of a certificate authority absolute', () => {
    const at = file('ca.pem', PEM);
    expect(tenantOf({ GRAPH_CA_FILE: path.relative(process.cwd(), at) }).caFile).toBe(at);
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['used for Graph', {}, true],
    ['not used for this machine', { GRAPH_BASE_URL: 'https://127.0.0.1:8443' }, false],
    ['not used for localhost', { GRAPH_BASE_URL: 'https://localhost:8443' }, false],
    ['not used for a host in NO_PROXY', { NO_PROXY: 'intranet, graph.microsoft.com' }, false],
    ['not used for a domain in NO_PROXY', { NO_PROXY: '.microsoft.com' }, false],
    ['not used for a domain with a star', { NO_PROXY: '*.microsoft.com' }, false],
    ['not used for anything', { NO_PROXY: '*' }, false],
    ['used when NO_PROXY names others', { NO_PROXY: 'soft.com,microsoft.co,' }, true],
  ])('a proxy is %s', (_title, environment, used) => {
    const proxy = 'http://proxy.example:8080';
    expect(tenantOf({ HTTPS_PROXY: proxy, ...environment }).httpsProxy).toBe(used ? proxy : null);
  });

  it.each(SOURCE_NAMES)('the schedule of %s can be replaced and switched off', (source) => {
    const name = scheduleVariable(source);
    expect(loadConfig({ [name]: '5 4 * * 1-5' }).schedules[source]).toBe('5 4 * * 1-5');
    expect(loadConfig({ [name]: 'off' }).schedules[source]).toBeNull();
  });

  it('are frozen through and through', () => {
    const config = loadConfig(TENANT);
    const parts = [config, config.tenant, config.schedules, (config.tenant as GraphSettings).credential];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual([true, true, true, true]);
  });

  it('never put the value of a secret into the message', () => {
    const canary = 'canary-8f3a';
    const environments = [
      { DATABASE_URL: `mysql://untether:${canary}@db/untether` },
      { ...TENANT, GRAPH_CLIENT_SECRET: canary, GRAPH_CLIENT_CERTIFICATE: canary },
      { ...TENANT, GRAPH_CLIENT_SECRET: `your ${canary}` },
      { ...TENANT, HTTPS_PROXY: `ftp://user:${canary}@proxy:1` },
      { ...TENANT, GRAPH_BASE_URL: `https://user:${canary}@graph.example` },
      { DATABASE_URL_FILE: file('bad-url', canary) },
      { GRAPH_TENANT_ID: 'common', GRAPH_CLIENT_SECRET: canary },
    ];
    for (const environment of environments) {
      const found = problems(environment);
      expect(found.length).toBeGreaterThan(0);
      expect(new ConfigError(found).message).not.toContain(canary);
    }
  });
});
