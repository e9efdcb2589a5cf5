import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { jest } from '@jest/globals';
import type { Script } from '../support/scripted-provider.js';
import { CLIENT_ID, TENANT_ID } from '../support/scripted-provider.js';
import { SESSION_COOKIE, SignInSite } from '../support/sign-in-site.js';

jest.setTimeout(60_000);

const OTHER_TENANT = 'eeeeeeee-1111-4222-8333-444444444444';
const OID = 'cccccccc-1111-4222-8333-444444444444';

let site: SignInSite;
beforeAll(async () => {
  site = await SignInSite.start();
  await site.addPerson(OID, 'pat@council.example');
});
afterAll(() => site.stop());
beforeEach(async () => {
  site.provider.script = {};
  await site.database.dataSource.query('delete from sign_in_session; delete from account');
});

const now = (): number => Math.floor(Date.now() / 1000);
const seconds = (offset: number): number => now() + offset;

/** What is wrong with a token, under the name of the case in the shared list of bad inputs. */
const BAD_TOKENS: readonly (readonly [name: string, script: () => Script])[] = [
  ['V-60, V-61, B211: no signature at all', () => ({ signature: 'none' })],
  ['V-60, V-61, B212: the public key as an HMAC secret', () => ({ signature: 'HS256' })],
  ['V-60: the key of somebody else under our key id', () => ({ signature: 'stranger' })],
  [
    'B214: a header that says where keys are',
    () => ({ signature: 'stranger', header: { jku: `${site.provider.origin}/evil/keys`, kid: 'evil' } }),
  ],
  ['B215: a header that brings its own key', () => ({ signature: 'stranger', header: { jwk: { kty: 'RSA' } } })],
  ['a header with an extension that must be understood', () => ({ header: { crit: ['b64'], b64: true } })],
  [
    'V-62, B218: another tenant, signed with the same key',
    () => ({ claims: { iss: site.provider.issuer.replace(TENANT_ID, OTHER_TENANT), tid: OTHER_TENANT } }),
  ],
  ['V-62: our issuer with the id of another tenant', () => ({ claims: { tid: OTHER_TENANT } })],
  ['V-62: no tenant', () => ({ claims: { tid: null } })],
  ['B220: the template of an issuer', () => ({ claims: { iss: `${site.provider.origin}/{tenantid}/v2.0` } })],
  ['B221: the issuer of version 1 tokens', () => ({ claims: { iss: `https://sts.windows.net/${TENANT_ID}/` } })],
  ['an issuer with a slash more', () => ({ claims: { iss: `${site.provider.issuer}/` } })],
  ['V-65, B223: for another application', () => ({ claims: { aud: 'ffffffff-1111-4222-8333-444444444444' } })],
  ['V-65, B224: for two applications', () => ({ claims: { aud: [CLIENT_ID, 'ffffffff'], azp: CLIENT_ID } })],
  ['V-65: for us alone, but as a list', () => ({ claims: { aud: [CLIENT_ID] } })],
  ['V-65: for Microsoft Graph', () => ({ claims: { aud: '00000003-0000-0000-c000-000000000000' } })],
  ['V-66: no audience', () => ({ claims: { aud: null } })],
  ['B227: ended', () => ({ claims: { exp: seconds(-301) } })],
  ['B230: without an end', () => ({ claims: { exp: null } })],
  ['an end that is no number', () => ({ claims: { exp: 'never' } })],
  ['B229: issued tomorrow', () => ({ claims: { iat: seconds(86_400) } })],
  ['V-66: without its time of issue', () => ({ claims: { iat: null } })],
  ['not valid before tomorrow', () => ({ claims: { nbf: seconds(86_400) } })],
  ['B232: without the nonce', () => ({ claims: { nonce: null } })],
  ['with the nonce of another sign-in', () => ({ claims: { nonce: 'of-another-sign-in' } })],
  ['V-66, B241: an empty object id', () => ({ claims: { oid: '' } })],
  ['V-66: without an object id', () => ({ claims: { oid: null } })],
  ['an object id that is a list', () => ({ claims: { oid: [OID] } })],
  ['V-64: an object id with an accent', () => ({ claims: { oid: OID.replace('c', 'ç') } })],
  ['without a subject', () => ({ claims: { sub: null } })],
];

describe('a token that does not prove who signed in', () => {
  it.each(BAD_TOKENS)('%s', async (_name, script) => {
    const browser = site.browser();
    const asked = site.provider.asked.length;
    const answer = await site.signIn(browser, script());
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('<h1 class="govuk-heading-l">The sign-in could not be verified</h1>');
    expect(answer.text).not.toMatch(/at \S+ \(|node_modules|openid|JWT/);
    expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
    expect([await site.count('sign_in_session'), await site.count('account')]).toEqual([0, 0]);
    expect(site.provider.asked.slice(asked).filter((address) => address.includes('evil'))).toEqual([]);
  });

  it('B217: unknown key ids in 200 parallel sign-ins fetch the keys once', async () => {
    site.provider.script = { header: { kid: 'unknown' } };
    const browsers = Array.from({ length: 200 }, () => site.browser());
    const callbacks = await Promise.all(
      browsers.map((browser) => site.callback(browser, { header: { kid: 'unknown' } })),
    );
    const before = site.provider.keysFetched;
    const answers = await Promise.all(browsers.map((browser, index) => browser.send(callbacks[index] ?? '')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
    expect(site.provider.keysFetched - before).toBeLessThanOrEqual(1);
  });
});

describe('a token that does', () => {
  it.each([
    ['B242: roles that are one text give none', { roles: 'administrator' }, []],
    ['unknown roles are nobody’s', { roles: ['reviewer', 'Global Administrator', 7, null] }, ['reviewer']],
    [
      'B244: groups, or what stands for too many of them, give no role',
      { groups: ['administrator'], hasgroups: true, _claim_names: { roles: 'src1' }, wids: ['administrator'] },
      [],
    ],
  ])('%s', async (_name, claims, roles) => {
    expect((await site.signIn(site.browser(), { claims })).status).toBe(303);
    const [account] = await site.database.dataSource.query<{ roles: string[] }[]>('select roles from account');
    expect(account?.roles).toEqual(roles);
  });

  it('B245: may have any name, which is shown encoded', async () => {
    const browser = site.browser();
    const answer = await site.signIn(browser, { claims: { name: '\u202e\u0000<b>Pat</b>' } });
    expect(answer.status).toBe(303);
    const page = await browser.send('/sign-out');
    expect(page.status).toBe(200);
    expect(page.text).toContain('&lt;b&gt;Pat&lt;/b&gt;');
    for (const mark of ['\u202e', '\u0000', '<b>Pat']) expect(page.text).not.toContain(mark);
  });

  it('takes away roles that are not stated any more', async () => {
    await site.signIn(site.browser(), { claims: { roles: ['administrator'], iat: seconds(-10) } });
    await site.signIn(site.browser(), {});
    const [account] = await site.database.dataSource.query<{ roles: string[] }[]>('select roles from account');
    expect(account?.roles).toEqual([]);
  });
});

describe('the shared list of bad inputs', () => {
  const file = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'bad-inputs.json');
  const ids = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { id: string; area: string; input: object }[])
        .filter(({ area, input }) => area === 'oidc' && 'idToken' in input)
        .map(({ id }) => id)
    : [];

  it(ids.length === 0 ? 'is not here; the cases above stand for it' : 'has no token that is not tried here', () => {
    const tried =
      readFileSync(import.meta.filename, 'utf8') + readFileSync(import.meta.filename.replace('-tokens', ''), 'utf8');
    expect(ids.filter((id) => !tried.includes(id))).toEqual([]);
  });
});
