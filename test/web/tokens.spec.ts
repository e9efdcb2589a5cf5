import { anonymously } from '../support/signed-in-fetch.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

describe('the pages of tokens', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let session: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    web = await startTestWeb(database);
    session = await web.signIn('administrator');
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });

  const get = async (path: string): Promise<string> =>
    (await anonymously(web.url + path, { headers: session.headers })).text();
  /** Fills the hidden fields of a form from its page and sends it. */
  const send = async (path: string, fields: [string, string][], hidden?: URLSearchParams): Promise<Response> => {
    const body = new URLSearchParams(hidden ?? hiddenOf(await get(path)));
    for (const [name, value] of fields) body.append(name, value);
    return anonymously(web.url + path, { method: 'POST', headers: session.headers, body, redirect: 'manual' });
  };
  const hiddenOf = (page: string): URLSearchParams => {
    const fields = new URLSearchParams();
    for (const [, name = '', value = ''] of page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
      fields.set(name, value);
    }
    return fields;
  };
  const GOOD: [string, string][] = [
    ['name', 'Nightly export'],
    ['owner', 'service'],
    ['service', 'nightly-export'],
    ['person', ''],
    ['scopes', 'estate:read'],
    ['scopes', 'estate:export'],
    ['days', '30'],
  ];

  it('issue a token that is shown once, and revoke it', async () => {
    const hidden = hiddenOf(await get('/tokens/new'));
    const issued = await (await send('/tokens/new', GOOD, hidden)).text();
    const secret = /untether_[\w-]{43}/.exec(issued)?.[0] ?? '';
    const authorization = `Bearer ${secret}`;
    const use = async (): Promise<number> =>
      (await anonymously(`${web.url}/api/v1/people`, { headers: { authorization } })).status;
    expect(await use()).toBe(200);

    const twice = await send('/tokens/new', GOOD, hidden);
    expect([twice.status, twice.headers.get('location')]).toEqual([303, '/tokens']);
    const list = await get('/tokens');
    expect(list.match(/Nightly export<\/bdi><\/th>/g)).toHaveLength(1);
    expect(list).toContain('estate:read, estate:export');
    expect(list).not.toContain(secret);

    const revoked = await send('/tokens/1/revoke', []);
    expect([revoked.status, await use()]).toEqual([303, 401]);
    expect((await send('/tokens/1/revoke', [])).status).toBe(409);
  });

  it('keep what was typed and say what is wrong with it', async () => {
    const wrong = await send('/tokens/new', [
      ['name', 'Kept <b>'],
      ['owner', 'person'],
      ['days', '30'],
    ]);
    const text = await wrong.text();
    expect(wrong.status).toBe(422);
    expect(text).toContain('<title>Error:');
    expect(text).toContain('Kept &lt;b&gt;');
    expect(
      (
        await send(
          '/tokens/new',
          GOOD.map(([name, value]) => [name, name === 'days' ? '3650' : value]),
        )
      ).status,
    ).toBe(422);
    expect(await database.dataSource.query(`select 1 from api_token where name like 'Kept%'`)).toEqual([]);
  });

  it('offer no permission that the administrator lacks', async () => {
    const page = await get('/tokens/new');
    expect(page).toContain('value="estate:read"');
    expect(page).not.toMatch(/value="(custody:write|stock:write|wipe:record)"/);
  });
});
