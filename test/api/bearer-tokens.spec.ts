import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { hashOf } from '../../src/auth/secret.js';
import { CLIENT_ID, TENANT_ID, type Script } from '../support/scripted-provider.js';
import { SignInSite } from '../support/sign-in-site.js';

jest.setTimeout(60_000);

const OTHER = 'eeeeeeee-1111-4222-8333-444444444444';
const OID = 'cccccccc-1111-4222-8333-444444444444';
const SCP = 'access_as_user';

let site: SignInSite;
beforeAll(async () => {
  site = await SignInSite.start();
  await site.addPerson(OID, 'pat@council.example');
});
afterAll(() => site.stop());
beforeEach(() => site.database.dataSource.query('delete from sign_in_session; delete from account'));

const seconds = (offset: number): number => Math.floor(Date.now() / 1_000) + offset;

/** An access token for our API as Entra ID issues them, with what the script gets wrong. */
async function accessToken(script: Script = {}): Promise<string> {
  site.provider.script = script;
  return site.provider.idToken({ scp: SCP, uti: randomUUID(), azp: CLIENT_ID, roles: ['reviewer'] });
}

async function ask(token: string, address = '/api/v1/people?limit=1'): Promise<{ status: number; text: string }> {
  return site.browser().send(address, { headers: { authorization: `Bearer ${token}` } });
}

async function everyAccount(): Promise<unknown[]> {
  return site.database.dataSource.query('select object_id::text, roles from account');
}

describe('an access token that does not count', () => {
  it.each<readonly [string, () => Script]>([
    ['V-60, V-61: no signature at all', () => ({ signature: 'none' })],
    ['V-60, V-61: the public key as an HMAC secret', () => ({ signature: 'HS256' })],
    ['V-60: the key of somebody else under our key id', () => ({ signature: 'stranger' })],
    ['a header that says where keys are', () => ({ header: { jku: `${site.provider.origin}/evil/keys` } })],
    ['a header that brings its own key', () => ({ header: { jwk: { kty: 'RSA' } } })],
    ['a header that brings its certificate', () => ({ header: { x5c: ['MII='] } })],
    ['a header that says where its certificate is', () => ({ header: { x5u: 'https://evil.example/certificate' } })],
    ['a header of another type', () => ({ header: { typ: 'id_token+jwt' } })],
    [
      'V-62: another tenant, signed with the same key',
      () => ({ claims: { iss: site.provider.issuer.replace(TENANT_ID, OTHER), tid: OTHER } }),
    ],
    ['V-62: our issuer with the id of another tenant', () => ({ claims: { tid: OTHER } })],
    ['V-62: the template of an issuer', () => ({ claims: { iss: `${site.provider.origin}/{tenantid}/v2.0` } })],
    ['V-62: the issuer of version 1 tokens', () => ({ claims: { iss: `https://sts.windows.net/${TENANT_ID}/` } })],
    ['V-65: for another application', () => ({ claims: { aud: OTHER } })],
    ['V-65: for two applications', () => ({ claims: { aud: [CLIENT_ID, OTHER] } })],
    ['V-65: for us alone, but as a list', () => ({ claims: { aud: [CLIENT_ID] } })],
    ['V-65: for Microsoft Graph', () => ({ claims: { aud: '00000003-0000-0000-c000-000000000000' } })],
    ['V-65, B226: an ID token, which names no scope', () => ({ claims: { scp: null, nonce: 'n' } })],
    ['V-65, B226: an ID token with a scope written into it', () => ({ claims: { nonce: 'n' } })],
    ['V-20: of an application without a person', () => ({ claims: { scp: null, idtyp: 'app' } })],
    ['V-66: no audience', () => ({ claims: { aud: null } })],
    ['V-66: no tenant', () => ({ claims: { tid: null } })],
    ['V-66: no object id', () => ({ claims: { oid: null } })],
    ['V-66: an empty object id', () => ({ claims: { oid: '' } })],
    ['V-64: an object id with an accent', () => ({ claims: { oid: OID.replace('c', 'ç') } })],
    ['run out', () => ({ claims: { exp: seconds(-301) } })],
    ['without an end', () => ({ claims: { exp: null } })],
    ['issued tomorrow', () => ({ claims: { iat: seconds(86_400) } })],
    ['without its time of issue', () => ({ claims: { iat: null } })],
    ['not valid before tomorrow', () => ({ claims: { nbf: seconds(86_400) } })],
    ['B242: roles that are no list', () => ({ claims: { roles: 'administrator' } })],
  ])('%s', async (_name, script) => {
    const answer = await ask(await accessToken(script()));
    expect(answer.status).toBe(401);
    expect(answer.text).not.toMatch(/JW[TSK]|claim|jose|aud|signature/);
    expect(await everyAccount()).toEqual([]);
  });

  it('V-60: what is no token at all', async () => {
    const good = await accessToken();
    for (const token of [
      'x',
      'a.b.c',
      `${good.slice(0, -4)}AAAA`,
      `${good}.${good}`,
      'untether_',
      `untether_${'a'.repeat(43)}`,
    ]) {
      expect([token.slice(0, 20), (await ask(token)).status]).toEqual([token.slice(0, 20), 401]);
    }
    for (const authorization of ['', 'Bearer', 'Basic dTpw', `Token ${good}`, `Bearer ${good} ${good}`]) {
      expect((await site.browser().send('/api/v1/people', { headers: { authorization } })).status).toBe(401);
    }
  });

  it('B217: 200 at once that name an unknown key fetch the keys at the most once more', async () => {
    expect((await ask(await accessToken())).status).toBe(200);
    const before = site.provider.keysFetched;
    const stranger = await accessToken({ signature: 'stranger', header: { kid: 'nobody-has-it' } });
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(stranger)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(site.provider.keysFetched - before).toBeLessThanOrEqual(1);
  });
});

describe('an access token that counts', () => {
  it('has the rights of its roles on the API, and none on pages', async () => {
    const token = await accessToken();
    expect((await ask(token)).status).toBe(200);
    expect((await ask(token, '/api/v1/tokens')).status).toBe(403);
    expect((await ask(token, '/status')).status).toBe(303);
    expect(await everyAccount()).toEqual([{ object_id: OID, roles: ['reviewer'] }]);
  });

  it('V-63, V-64: is the person of its object id, whatever address it names', async () => {
    const claims = { oid: OTHER, preferred_username: 'PAT@council.example', email: 'pat@council.example' };
    const answer = await ask(await accessToken({ claims }));
    expect(answer.status).toBe(403);
    const written = await ask(await accessToken({ claims: { oid: OID.toUpperCase() } }));
    expect(written.status).toBe(200);
  });

  it('keeps roles that are known, and no others', async () => {
    await ask(await accessToken({ claims: { roles: ['Administrator', 'owner', 'engineer', '', 'engineer'] } }));
    expect(await everyAccount()).toEqual([{ object_id: OID, roles: ['engineer'] }]);
    const roleless = await accessToken({
      claims: { roles: null, groups: ['administrator'], hasgroups: true, iat: seconds(1) },
    });
    expect((await ask(roleless)).status).toBe(403);
  });

  it('V-18: loses its roles with a later one that has fewer, and all of them with the account, at once', async () => {
    const before = await accessToken({ claims: { iat: seconds(-100), roles: ['reviewer', 'administrator'] } });
    expect((await ask(before, '/api/v1/tokens')).status).toBe(200);
    const after = await accessToken({ claims: { iat: seconds(-50) } });
    expect((await ask(after)).status).toBe(200);
    expect((await ask(before, '/api/v1/tokens')).status).toBe(403);
    expect((await ask(before)).status).toBe(200);
    const enable = (enabled: boolean): Promise<unknown> =>
      site.database.dataSource.query('update person set account_enabled = $2 where entra_id = $1', [OID, enabled]);
    await enable(false);
    expect([(await ask(before)).status, (await ask(after)).status]).toEqual([401, 401]);
    await enable(true);
    expect((await ask(after)).status).toBe(200);
  });

  it('is checked once: its verdict is kept by its digest, never the token itself', async () => {
    const token = await accessToken();
    expect((await ask(token)).status).toBe(200);
    const [account] = await site.database.dataSource.query<{ count: string }[]>(
      `select count(*) from account where account::text like '%' || $1 || '%'`,
      [hashOf(token).toString('hex')],
    );
    expect(account?.count).toBe('0');
    expect(site.web.logLines.join('\n')).not.toContain(token.slice(-40));
  });
});

describe('V-62: a tenant that stands for any', () => {
  it.each(['common', 'organizations', 'consumers'])('"%s" keeps the application from starting', (tenant) => {
    const settings = { ...site.provider.settings(), PUBLIC_URL: 'https://untether.example', GRAPH_TENANT_ID: tenant };
    expect(() => loadConfig(settings)).toThrow('stands for any tenant');
  });
});
