import { jest } from '@jest/globals';
import { PERMISSIONS } from '../../src/auth/permissions.js';
import { anonymously } from '../support/signed-in-fetch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

jest.setTimeout(60_000);

describe('sessions and tokens', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let other: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    // Two processes over one database.
    [web, other] = await Promise.all([startTestWeb(database), startTestWeb(database)]);
  });
  afterAll(async () => {
    await Promise.all([web.close(), other.close()]);
    await database.drop();
  });

  const query = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const status = async (
    on: TestWeb,
    headers: Record<string, string>,
    address = '/api/v1/people',
    init: RequestInit = {},
  ): Promise<number> =>
    (await anonymously(on.url + address, { ...init, redirect: 'manual', headers: { connection: 'close', ...headers } }))
      .status;

  it('V-18, B257: a person who is disabled loses every cookie and token with the next request, in every process', async () => {
    const first = await web.signIn('service-desk');
    const second = await web.signIn({ role: 'service-desk', person: first.entraId });
    const token = await web.tokenFor({ role: 'service-desk', person: first.entraId });
    const all = async (): Promise<number[]> =>
      Promise.all(
        [web, other].flatMap((on) => [
          status(on, { ...first.headers }),
          status(on, { ...second.headers }),
          status(on, { authorization: `Bearer ${token}` }),
        ]),
      );
    expect(await all()).toEqual(Array(6).fill(200));
    const change = (sql: string): Promise<unknown> =>
      query(`update person set ${sql} where entra_id = $1`, [first.entraId]);
    await change('account_enabled = false');
    expect(await all()).toEqual(Array(6).fill(401));
    expect(await status(web, { ...first.headers }, '/search')).toBe(403);
    await change(`account_enabled = true, presence = 'missing', absent_since = now()`);
    expect(await all()).toEqual(Array(6).fill(401));
    await change(`presence = 'present', absent_since = null`);
    expect(await all()).toEqual(Array(6).fill(200));
    await change('account_enabled = null');
    expect(await all()).toEqual(Array(6).fill(401));
  });

  it('are known again after the connection that asks for them has broken', async () => {
    const { headers } = await web.signIn('service-desk');
    expect(await status(web, { ...headers })).toBe(200);
    const broken = await query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and query like '%sign_in_session as credential%'`,
    );
    expect(broken.length).toBeGreaterThan(0);
    let answer = 0;
    // The process learns of it a moment later; until then the question fails, and nobody is let in.
    for (const begun = Date.now(); answer !== 200 && Date.now() - begun < 10_000;) {
      answer = await status(web, { ...headers });
      expect([200, 500, 503]).toContain(answer);
    }
    expect(answer).toBe(200);
  });

  it('V-18, V-22, V-75: roles that are taken away are gone with the next request, from cookies and tokens', async () => {
    const session = await web.signIn('administrator');
    const authorization = `Bearer ${await web.tokenFor({ role: 'administrator', person: session.entraId })}`;
    const both = async (): Promise<number[]> => [
      await status(other, { ...session.headers }, '/api/v1/tokens'),
      await status(other, { authorization }, '/api/v1/tokens'),
    ];
    expect(await both()).toEqual([200, 200]);
    await query(`update account set roles = '{reviewer}' where id = $1`, [session.accountId]);
    expect(await both()).toEqual([403, 403]);
    expect(await status(other, { authorization }, '/api/v1/people')).toBe(200);
    await query(`update account set roles = '{}' where id = $1`, [session.accountId]);
    expect(await status(other, { authorization }, '/api/v1/people')).toBe(403);
  });

  it('end after an hour without use and after eight hours in any case', async () => {
    const session = await web.signIn('reviewer');
    const set = (sql: string): Promise<unknown> =>
      query(`update sign_in_session set ${sql} where account_id = $1`, [session.accountId]);
    await set(`last_used_at = now() - interval '59 minutes'`);
    expect(await status(web, { ...session.headers })).toBe(200);
    const [used] = await query<{ fresh: boolean }>(
      `select last_used_at > now() - interval '10 seconds' as fresh from sign_in_session where account_id = $1`,
      [session.accountId],
    );
    expect(used).toEqual({ fresh: true });
    await set(`last_used_at = now() - interval '61 minutes'`);
    expect(await status(web, { ...session.headers })).toBe(401);
    await set(`last_used_at = now(), expires_at = now() - interval '1 second'`);
    expect(await status(web, { ...session.headers })).toBe(401);
    expect(await status(web, { ...session.headers }, '/search?q=a')).toBe(303);
  });

  it('B266: are asked for once, by a cookie of the right form', async () => {
    const { cookie, secret } = await web.signIn('reviewer');
    const [name = ''] = cookie.split('=');
    expect(await status(web, { cookie: `a=b; ${cookie}; c=d` })).toBe(200);
    for (const forged of [
      `${cookie}; ${cookie}`,
      `${cookie}; ${name}=${'a'.repeat(43)}`,
      `${name}=${secret.slice(1)}`,
      `${name}=${secret}'`,
      `${name}=`,
      `${name.toUpperCase()}=${secret}`,
      `x${cookie}`,
    ]) {
      expect([forged, await status(web, { cookie: forged })]).toEqual([forged, 401]);
    }
    expect(await status(web, { cookie: 'a'.repeat(16_000) })).toBe(431);
    expect(await status(web, {}, '/health/live')).toBe(200);
  });

  it('are kept as hashes only', async () => {
    const { secret } = await web.signIn('reviewer');
    const token = await web.tokenFor('reviewer');
    const rows = await query<{ row: string }>(
      'select s::text as row from sign_in_session s union all select t::text from api_token t',
    );
    const kept = rows.map(({ row }) => row).join('\n');
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(token.slice(20));
    expect(web.logLines.join('\n')).not.toContain(secret);
  });

  it('lead people who are not signed in to the sign-in, and back; programs are told', async () => {
    const page = await anonymously(`${web.url}/search?q=a%20b`, { redirect: 'manual' });
    expect([page.status, page.headers.get('location')]).toEqual([303, '/sign-in?returnTo=%2Fsearch%3Fq%3Da%2520b']);
    const answer = await anonymously(`${web.url}/api/v1/people`);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('V-13: say to whom the directory does not know, or has disabled, that they have no access, and what to do', async () => {
    for (const standing of ['unknown', 'disabled', 'missing'] as const) {
      const { headers } = await web.signIn({ role: 'administrator', standing });
      const page = await anonymously(`${web.url}/search`, { headers: { cookie: headers.cookie } });
      const text = await page.text();
      expect([standing, page.status]).toEqual([standing, 403]);
      expect(text).toContain('You have no access to Untether');
      expect(text).toContain('ask the service desk');
    }
  });

  it('V-71: take no write that a page of another site sends, and none of the API that does not say where it is from', async () => {
    const { headers } = await web.signIn('administrator');
    const authorization = `Bearer ${await web.tokenFor('administrator')}`;
    const write = (given: Record<string, string>): Promise<number> =>
      status(web, { 'content-type': 'application/json', ...given }, '/api/v1/tokens', { method: 'POST', body: '{}' });
    expect(await write({ ...headers })).toBe(400);
    expect(await write({ cookie: headers.cookie, 'sec-fetch-site': 'same-origin' })).toBe(400);
    expect(await write({ authorization })).toBe(400);
    expect(await write({ cookie: headers.cookie })).toBe(403);
    for (const origin of ['https://evil.example', 'null', `${web.url}.evil.example`, other.url]) {
      expect([origin, await write({ ...headers, origin })]).toEqual([origin, 403]);
      expect([origin, await write({ authorization, origin })]).toEqual([origin, 403]);
    }
    for (const site of ['cross-site', 'same-site']) {
      expect([site, await write({ ...headers, 'sec-fetch-site': site })]).toEqual([site, 403]);
    }
  });

  describe('V-73: tokens', () => {
    const issue = async (
      headers: Record<string, string>,
      body: object,
    ): Promise<{ status: number; json: Record<string, unknown> }> => {
      const answer = await anonymously(`${web.url}/api/v1/tokens`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
    };
    const GOOD = { name: 'Nightly export', service: 'nightly-export', scopes: ['estate:read'], days: 30 };

    it('are issued by administrators, work, show when they were used, and can be revoked in every process', async () => {
      const { headers, entraId } = await web.signIn('administrator');
      const issued = await issue({ ...headers }, GOOD);
      expect(issued).toMatchObject({ status: 200, json: {} });
      expect(issued.json['secret']).toMatch(/^untether_[\w-]{43}$/);
      const authorization = `Bearer ${String(issued.json['secret'])}`;
      const id = Number(issued.json['id']);
      expect(await status(other, { authorization })).toBe(200);
      expect(await status(other, { authorization }, '/api/v1/people.csv')).toBe(403);
      const list = await anonymously(`${web.url}/api/v1/tokens`, { headers });
      const { items } = (await list.json()) as { items: Record<string, unknown>[] };
      const item = items.find((each) => each['id'] === id);
      expect(item).toMatchObject({ name: GOOD.name, owner: { kind: 'service', name: GOOD.service }, state: 'active' });
      expect(item?.['lastUsedAt']).not.toBeNull();
      expect(JSON.stringify(items)).not.toContain(String(issued.json['secret']).slice(20));

      const revoke = (): Promise<number> =>
        status(web, { ...headers }, `/api/v1/tokens/${id}/revoke`, { method: 'POST' });
      expect([await revoke(), await revoke()]).toEqual([200, 409]);
      expect([await status(web, { authorization }), await status(other, { authorization })]).toEqual([401, 401]);
      const trail = await query<{ event: string }>(
        `select event from audit_event where subject_kind = 'token' and subject_id = $1 and actor = $2 order by id`,
        [String(id), `person:${entraId}`],
      );
      expect(trail.map(({ event }) => event)).toEqual(['token.issued', 'token.revoked']);
    });

    it('live 90 days at the most, and the database holds to that as well', async () => {
      const { headers } = await web.signIn('administrator');
      for (const days of [0, 91, 1.5, -1, '30', null, 14_600]) {
        expect([days, (await issue({ ...headers }, { ...GOOD, days })).status]).toEqual([days, 400]);
      }
      await expect(query(`update api_token set expires_at = issued_at + interval '91 days'`)).rejects.toThrow(
        'api_token_expiry_check',
      );
      const authorization = `Bearer ${await web.tokenFor('reviewer')}`;
      expect(await status(web, { authorization })).toBe(200);
      await query(
        `update api_token set expires_at = now() - interval '1 second', issued_at = now() - interval '1 hour'`,
      );
      expect(await status(web, { authorization })).toBe(401);
    });

    it('V-07, V-22: get nothing that their issuer lacks, nor what nobody has', async () => {
      const { headers } = await web.signIn('administrator');
      for (const scope of ['custody:write', 'stock:write', 'wipe:record']) {
        expect([scope, (await issue({ ...headers }, { ...GOOD, scopes: ['estate:read', scope] })).status]).toEqual([
          scope,
          403,
        ]);
      }
      for (const scopes of [[], ['*'], ['admin'], 'estate:read', ['estate:read', 7], Array(100).fill('estate:read')]) {
        expect([scopes, (await issue({ ...headers }, { ...GOOD, scopes })).status]).toEqual([scopes, 400]);
      }
      const narrow = `Bearer ${await web.tokenFor('administrator', ['tokens:administer'])}`;
      expect((await issue({ authorization: narrow }, GOOD)).status).toBe(403);
      expect((await issue({ authorization: narrow }, { ...GOOD, scopes: ['tokens:administer'] })).status).toBe(200);
    });

    it('V-08: take no field that the form does not have', async () => {
      const { headers } = await web.signIn('administrator');
      for (const extra of [
        { accountId: 1 },
        { issuedBy: 'person:x' },
        { secret: 'mine' },
        { expiresAt: '2099-01-01' },
      ]) {
        expect((await issue({ ...headers }, { ...GOOD, ...extra })).status).toBe(400);
      }
      expect((await issue({ ...headers }, { ...GOOD, person: 'a@b.example' })).status).toBe(422);
      expect((await issue({ ...headers }, { ...GOOD, service: undefined })).status).toBe(422);
      for (const service of ['Upper', '../x', 'a', 'x'.repeat(64), 'name with spaces']) {
        expect([service, (await issue({ ...headers }, { ...GOOD, service })).status]).toEqual([service, 422]);
      }
      expect(
        (await issue({ ...headers }, { ...GOOD, service: undefined, person: 'nobody@council.example' })).status,
      ).toBe(422);
    });

    it('of a person end with the person, whoever issued them', async () => {
      const person = await web.signIn('engineer');
      await query(
        `insert into sync_tenant (tenant_id, kind) values ('11111111-2222-4333-8444-555555555555', 'tenant')`,
      );
      await query('update person set user_principal_name = $2 where entra_id = $1', [
        person.entraId,
        'Ed@Council.example',
      ]);
      const { headers } = await web.signIn('administrator');
      const request = {
        ...GOOD,
        service: undefined,
        person: 'ed@council.EXAMPLE',
        scopes: ['estate:read', 'audit:read'],
      };
      const issued = await issue({ ...headers }, request);
      expect(issued.status).toBe(200);
      const authorization = `Bearer ${String(issued.json['secret'])}`;
      expect(await status(web, { authorization })).toBe(200);
      expect(await status(web, { authorization }, '/api/v1/tokens')).toBe(403);
      await query('update person set account_enabled = false where entra_id = $1', [person.entraId]);
      expect(await status(web, { authorization })).toBe(401);
    });

    it('sent twice with one key are issued once, and shown once', async () => {
      const authorization = `Bearer ${await web.tokenFor('administrator', [...PERMISSIONS])}`;
      const headers = { authorization, 'idempotency-key': 'one-key' };
      const answers = await Promise.all(Array.from({ length: 5 }, () => issue(headers, { ...GOOD, name: 'Once' })));
      expect(new Set(answers.map(({ json }) => json['id'])).size).toBe(1);
      expect(answers.filter(({ json }) => json['secret'] !== null)).toHaveLength(1);
      expect(await query(`select 1 from api_token where name = 'Once'`)).toHaveLength(1);
      expect((await issue(headers, { ...GOOD, name: 'Another' })).status).toBe(422);
    });
  });

  it('V-24, B191, B193, B194: nothing else is served, signed in or not', async () => {
    const { headers } = await web.signIn('administrator');
    for (const address of ['/metrics', '/.env', '/.git/HEAD', '/debug/pprof/', '/api/v1/debug', '/api', '/admin']) {
      expect([address, await status(web, {}, address), await status(web, { ...headers }, address)]).toEqual([
        address,
        404,
        404,
      ]);
    }
  });
});
