import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from './config.js';
import { ConfigError, type SettingProblem } from './config.error.js';
import { refuseWithoutSignIn, signInSettings } from './sign-in-settings.js';

const TENANT = {
  GRAPH_TENANT_ID: '11111111-2222-4333-8444-55555555555A',
  GRAPH_CLIENT_ID: '66666666-7777-4888-9999-000000000000',
  GRAPH_CLIENT_SECRET: 'kept-to-itself',
};
const SITE = { ...TENANT, PUBLIC_URL: 'https://untether.council.example' };
const OTHER_CLIENT = '77777777-7777-4888-9999-000000000000';
const PEM =
  '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nMII=\n-----END PRIVATE KEY-----';

/** What is wrong with these settings; empty when they are fine. */
function problems(work: () => unknown): readonly SettingProblem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const wrong = (environment: Record<string, string>): readonly string[] =>
  problems(() => loadConfig(environment)).map(({ name }) => name);

describe('settings of the sign-in', () => {
  it('follow from those of the tenant and from where the site is', () => {
    expect(loadConfig(SITE).signIn).toEqual({
      kind: 'tenant',
      tenantId: '11111111-2222-4333-8444-55555555555a',
      issuer: 'https://login.microsoftonline.com/11111111-2222-4333-8444-55555555555a/v2.0',
      clientId: TENANT.GRAPH_CLIENT_ID,
      credential: { kind: 'secret', secret: 'kept-to-itself' },
      caFile: null,
      httpsProxy: null,
    });
  });

  it('may name an application of its own, with its own secret or certificate', () => {
    const own = { ...SITE, SIGN_IN_CLIENT_ID: OTHER_CLIENT };
    expect(loadConfig({ ...own, SIGN_IN_CLIENT_SECRET: 'another' }).signIn).toMatchObject({
      clientId: OTHER_CLIENT,
      credential: { kind: 'secret', secret: 'another' },
    });
    expect(loadConfig({ ...own, SIGN_IN_CLIENT_CERTIFICATE: PEM }).signIn?.credential).toEqual({
      kind: 'certificate',
      pem: PEM,
    });
    expect(wrong(own)).toEqual(['SIGN_IN_CLIENT_SECRET']);
    expect(wrong({ ...own, SIGN_IN_CLIENT_SECRET: 'changeme' })).toEqual(['SIGN_IN_CLIENT_SECRET']);
    expect(wrong({ ...own, SIGN_IN_CLIENT_CERTIFICATE: 'no certificate' })).toEqual(['SIGN_IN_CLIENT_CERTIFICATE']);
    expect(wrong({ ...own, SIGN_IN_CLIENT_SECRET: 'another', SIGN_IN_CLIENT_CERTIFICATE: PEM })).toEqual([
      'SIGN_IN_CLIENT_SECRET, SIGN_IN_CLIENT_CERTIFICATE',
    ]);
    expect(wrong({ ...SITE, SIGN_IN_CLIENT_ID: 'my-app', SIGN_IN_CLIENT_SECRET: 'another' })).toEqual([
      'SIGN_IN_CLIENT_ID',
    ]);
  });

  it('need a secret where the application for Graph has none that could sign people in', () => {
    const { GRAPH_TENANT_ID, GRAPH_CLIENT_ID, PUBLIC_URL } = SITE;
    const managed = { GRAPH_TENANT_ID, GRAPH_CLIENT_ID, PUBLIC_URL, GRAPH_MANAGED_IDENTITY: 'system' };
    expect(wrong(managed)).toEqual(['SIGN_IN_CLIENT_SECRET']);
    expect(loadConfig({ ...managed, SIGN_IN_CLIENT_SECRET: 'another' }).signIn?.credential.kind).toBe('secret');
  });

  it.each(['common', 'organizations', 'consumers', 'Common'])('V-62: are refused for %s, any tenant', (tenant) => {
    expect(wrong({ ...SITE, GRAPH_TENANT_ID: tenant })).toContain('GRAPH_TENANT_ID');
  });

  it('are refused for a domain, which no token names', () => {
    expect(wrong({ ...SITE, GRAPH_TENANT_ID: 'council.onmicrosoft.com' })).toEqual(['GRAPH_TENANT_ID']);
    // Commands and workers sign nobody in and go on with it.
    expect(wrong({ ...TENANT, GRAPH_TENANT_ID: 'council.onmicrosoft.com' })).toEqual([]);
  });

  it('are refused half given, with name, reason and fix', () => {
    const half = problems(() => loadConfig({ ...TENANT, SIGN_IN_CLIENT_SECRET: 'another' }));
    expect(half.map(({ name }) => name)).toEqual(['SIGN_IN_CLIENT_SECRET']);
    expect(half[0]?.fix).toContain('PUBLIC_URL');
    expect(new ConfigError(half).message).not.toContain('another');
  });

  it.each([
    'http://untether.council.example',
    'https://untether.example/app',
    'https://a:b@untether.example',
    'untether',
  ])('are refused for a site at %s', (url) => expect(wrong({ ...TENANT, PUBLIC_URL: url })).toEqual(['PUBLIC_URL']));

  it('let a site on this machine do without https', () => {
    expect(loadConfig({ ...TENANT, PUBLIC_URL: 'http://localhost:3000/' }).publicUrl).toBe('http://localhost:3000');
  });

  it('keep a web process from starting that could let nobody in; a worker starts', () => {
    expect(problems(() => refuseWithoutSignIn(loadConfig(TENANT))).map(({ name }) => name)).toEqual(['PUBLIC_URL']);
    expect(problems(() => refuseWithoutSignIn(loadConfig(SITE)))).toEqual([]);
    expect(problems(() => refuseWithoutSignIn(loadConfig({})))).toEqual([]);
  });
});

describe('the demonstration’s sign-in', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(os.tmpdir(), 'untether-sign-in-'));
    mkdirSync(path.join(home, 'demo'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const endpoint = {
    pid: process.pid,
    tenantId: '99999999-2222-4333-8444-555555555555',
    clientId: 'client',
    clientSecret: 'for graph',
    signInIssuer: 'http://127.0.0.1:4711/99999999-2222-4333-8444-555555555555/v2.0',
    signInSecret: 'for people',
  };
  const runs = (change: object = {}): void =>
    writeFileSync(path.join(home, 'demo', 'endpoint.json'), JSON.stringify({ ...endpoint, ...change }));

  it('is found where the demonstration runs', () => {
    runs();
    expect(signInSettings(loadConfig({ UNTETHER_HOME: home }))).toMatchObject({
      kind: 'demonstration',
      issuer: endpoint.signInIssuer,
      credential: { kind: 'secret', secret: 'for people' },
    });
  });

  it('cannot be had together with a real tenant', () => {
    runs();
    expect(signInSettings(loadConfig({ ...SITE, UNTETHER_HOME: home }))).toMatchObject({ kind: 'tenant' });
    expect(problems(() => signInSettings(loadConfig({ ...TENANT, UNTETHER_HOME: home })))).toMatchObject([
      { name: 'PUBLIC_URL' },
    ]);
    // One setting of a real tenant is enough to be none of the demonstration.
    expect(wrong({ UNTETHER_HOME: home, GRAPH_TENANT_ID: TENANT.GRAPH_TENANT_ID })).not.toEqual([]);
    expect(wrong({ UNTETHER_HOME: home, SIGN_IN_CLIENT_ID: OTHER_CLIENT })).toEqual(['SIGN_IN_CLIENT_ID']);
  });

  it.each(['http://192.0.2.1:4711/t/v2.0', 'http://127.0.0.1.evil.example/t/v2.0', 'https://evil.example/v2.0', ''])(
    'is not believed at %s',
    (signInIssuer) => {
      runs({ signInIssuer });
      expect(problems(() => signInSettings(loadConfig({ UNTETHER_HOME: home })))).toMatchObject([
        { name: 'GRAPH_TENANT_ID' },
      ]);
    },
  );

  it('is gone with the demonstration', () => {
    expect(problems(() => signInSettings(loadConfig({ UNTETHER_HOME: home })))).toMatchObject([
      { name: 'GRAPH_TENANT_ID' },
    ]);
  });
});
