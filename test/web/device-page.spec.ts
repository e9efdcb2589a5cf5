import { entraIdOf, insertEstate } from '../support/estate-rows.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

async function estate(database: TestDatabase): Promise<void> {
  await insertEstate(database.dataSource, { people: 40, devices: 60 });
}

describe('the page of a machine', () => {
  let database: TestDatabase;
  let web: TestWeb;
  const query = (sql: string, parameters: unknown[] = []) =>
    database.dataSource.query<Record<string, never>[]>(sql, parameters);
  const pageAs = async (
    session: { headers: { cookie: string } } | null,
    path: string,
  ): Promise<{ status: number; text: string }> => {
    const answer = await fetch(
      web.url + path,
      session ? { headers: { cookie: session.headers.cookie }, redirect: 'manual' } : { redirect: 'manual' },
    );
    return { status: answer.status, text: await answer.text() };
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    await estate(database);
    await query(`insert into sync_change (run_id, source, external_id, kind, changes, at)
      select 7, 'managed-devices', 'intune-1', 'changed', jsonb_build_object('name', jsonb_build_array('OLD-' || n, 'OLD-' || (n + 1))),
             timestamptz '2026-10-01' + make_interval(hours => n) from generate_series(1, 70) as n`);
    await query(`insert into form_factor_change (device_id, from_form_factor, from_superclass, to_form_factor, to_superclass, rule, cause, reason, changed_by)
      values (1, 'unknown', 'unknown', 'laptop', 'portable', 'test', 'override', 'Looked at it.', 'person:${entraIdOf(3)}')`);
    await query(`insert into device_register (device_id, asset_tag, asset_tag_key, price_pence, notes, changed_by)
      values (1, 'WC-0001', 'WC-0001', 84550, 'Sticker on the <b>lid</b>', 'system:import')`);
    await query(`update device set merged_into_id = 1 where id = 60`);
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  it('says what the machine is, who has it, what is known beside Microsoft and what happened', async () => {
    const { status, text } = await pageAs(null, '/devices/1');
    expect(status).toBe(200);
    for (const expected of [
      'LT-0000001',
      'WC-0001',
      '£845.50',
      'Sticker on the &lt;b&gt;lid',
      'Primary user in Intune',
      'Run 7',
      'Looked at it.',
    ]) {
      expect(text).toContain(expected);
    }
  });

  it('shows every entry of a long history once, the latest first', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/devices/1';
    for (let pages = 0; path !== undefined && pages < 10; pages++) {
      const { text } = await pageAs(null, path);
      seen.push(...[...text.matchAll(/Hostname: <bdi>(OLD-\d+)<\/bdi>/g)].map((found) => found[1] ?? ''));
      path = /href="(\/devices\/1\?before=[^"#]+)/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toEqual(Array.from({ length: 70 }, (_, index) => `OLD-${70 - index}`));
  });

  it('refuses a place in the history that it did not give', async () => {
    for (const before of ['zzz', 'WyJhdCIsIjIwMjYiLDFd', 'a b', '']) {
      expect((await pageAs(null, `/devices/1?before=${encodeURIComponent(before)}`)).status).toBe(400);
    }
  });

  it('leads from a machine that turned out to be another to that one, and says when there is none', async () => {
    const answer = await fetch(`${web.url}/devices/60`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/devices/1']);
    expect((await pageAs(null, '/devices/999999')).status).toBe(404);
  });

  it('V-14 shows people their own machine without what concerns others, and no machine of another', async () => {
    const [own] = await query(
      `select id from device where user_entra_id = '${entraIdOf(5)}' and merged_into_id is null limit 1`,
    );
    const [other] = await query(`select id from device where user_entra_id = '${entraIdOf(6)}' limit 1`);
    const session = await web.signIn({ role: null, person: entraIdOf(5) });
    const mine = await pageAs(session, `/devices/${String(own?.['id'])}`);
    expect(mine.status).toBe(200);
    expect(mine.text).not.toContain('What happened to it');
    expect(mine.text).not.toContain('What each source says');
    expect((await pageAs(session, `/devices/${String(other?.['id'])}`)).status).toBe(403);
  });

  it('has a label with the address as a code, and no name on it', async () => {
    const { status, text } = await pageAs(null, '/devices/1/label');
    expect(status).toBe(200);
    expect(text).toContain('/devices/1');
    expect(text).toMatch(/<path d="M\d+ \d+h1v1h-1z/);
    expect(text.slice(text.indexOf('untether-label'))).not.toContain('Shah');
  });
});

describe('the page of a person', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    await estate(database);
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });
  const idOf = async (entraId: string): Promise<number> => {
    const [row] = await database.dataSource.query<{ id: number }[]>(`select id from person where entra_id = $1`, [
      entraId,
    ]);
    return row?.id ?? 0;
  };

  it('shows what they hold and use, their line, their team and their licences', async () => {
    await database.dataSource.query(
      `insert into device_custody (device_id, recorded_for, state, holder_entra_id)
       select id, id, 'in_use', $1 from device where user_entra_id = $2 order by id limit 1`,
      [entraIdOf(3), entraIdOf(4)],
    );
    const text = await (await fetch(`${web.url}/people/${await idOf(entraIdOf(3))}`)).text();
    for (const expected of ['Holds it', 'no hand-over is recorded', 'Line manager', 'Team', 'Microsoft 365 E3']) {
      expect(text).toContain(expected);
    }
    const other = await (await fetch(`${web.url}/people/${await idOf(entraIdOf(4))}`)).text();
    expect(other).toContain('but somebody else holds it');
  });

  it('says that a leaver still has equipment, and whom to ask', async () => {
    const text = await (await fetch(`${web.url}/people/${await idOf(entraIdOf(20))}`)).text();
    expect(text).toMatch(/has left, or the account is disabled, and still has/);
    expect(text).toMatch(/the line manager, for the return/);
  });

  it('is my own page at /me, for everybody on the staff', async () => {
    const session = await web.signIn({ role: null, person: entraIdOf(5) });
    const mine = await fetch(`${web.url}/me`, { headers: { cookie: session.headers.cookie } });
    expect(mine.status).toBe(200);
    expect(await mine.text()).toContain('My equipment');
    const other = await fetch(`${web.url}/people/${await idOf(entraIdOf(6))}`, {
      headers: { cookie: session.headers.cookie },
    });
    expect(other.status).toBe(403);
  });

  it('lets a line manager see their own reports, and nobody else', async () => {
    const session = await web.signIn({ role: null, person: entraIdOf(2) });
    const status = async (entraId: string): Promise<number> =>
      (await fetch(`${web.url}/people/${await idOf(entraId)}`, { headers: { cookie: session.headers.cookie } })).status;
    expect([await status(entraIdOf(21)), await status(entraIdOf(31))]).toEqual([200, 403]);
  });
});
