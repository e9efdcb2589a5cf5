import { hashOf, newSecret } from '../../src/auth/secret.js';
import { anonymously } from '../support/signed-in-fetch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';
import { runCommand, type Ended } from './command.js';

describe('untether tokens and sessions', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    web = await startTestWeb(database);
    await database.dataSource.query(
      `insert into sync_tenant (tenant_id, kind) values ('11111111-2222-4333-8444-555555555555', 'tenant')`,
    );
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });

  const run = (...command: string[]): Promise<Ended> => runCommand(command, { DATABASE_URL: database.url });
  const status = async (headers: Record<string, string>): Promise<number> =>
    (await anonymously(`${web.url}/api/v1/people`, { headers })).status;

  it('issues a token for a service that works at once, lists it without it, and revokes it', async () => {
    const created = await run(
      'tokens',
      'create',
      '--name',
      'A report',
      '--service',
      'report',
      '--scopes',
      'estate:read',
    );
    expect([created.code, created.stdout]).toEqual([0, expect.stringMatching(/^untether_[\w-]{43}\n$/)]);
    const authorization = `Bearer ${created.stdout.trim()}`;
    expect(await status({ authorization })).toBe(200);
    const listed = await run('tokens');
    expect(listed.stdout).toMatch(/A report +untether_\S{6} +report +estate:read +active/);
    expect(listed.stdout).not.toContain(created.stdout.trim().slice(20));
    const id = /^(\d+)/m.exec(listed.stdout)?.[1] ?? '';
    expect((await run('tokens', 'revoke', id)).code).toBe(0);
    expect(await status({ authorization })).toBe(401);
    expect((await run('tokens', 'revoke', id)).code).toBe(5);
    const trail = await database.dataSource.query<{ event: string; actor: string }[]>(
      `select event, actor from audit_event where event like 'token.%' order by id`,
    );
    expect(trail.map(({ event }) => event)).toEqual(['token.issued', 'token.revoked']);
    expect(trail.every(({ actor }) => actor.startsWith('command-line:'))).toBe(true);
  });

  it('issues one for a person, that gives no more than the person may', async () => {
    const { entraId } = await web.signIn('reviewer');
    await database.dataSource.query('update person set user_principal_name = $2 where entra_id = $1', [
      entraId,
      'rev@council.example',
    ]);
    const scopes = ['--scopes', 'estate:read, custody:write'];
    const created = await run(
      'tokens',
      'create',
      '--name',
      'Mine',
      '--for',
      'REV@council.example',
      ...scopes,
      '--json',
    );
    const { secret } = JSON.parse(created.stdout) as { secret: string };
    expect(await status({ authorization: `Bearer ${secret}` })).toBe(200);
    await database.dataSource.query(`update account set roles = '{}' where object_id = $1`, [entraId]);
    expect(await status({ authorization: `Bearer ${secret}` })).toBe(403);
  });

  it('says what is wrong with what it is given', async () => {
    const create = (...rest: string[]): Promise<Ended> => run('tokens', 'create', '--name', 'x', ...rest);
    const wrong = [
      await create('--service', 'x1', '--scopes', 'everything'),
      await create('--service', 'x1', '--scopes', 'estate:read', '--days', '91'),
      await create('--scopes', 'estate:read'),
      await create('--for', 'nobody@council.example', '--scopes', 'estate:read'),
      await create('--for', 'a@b', '--service', 'x1', '--scopes', 'estate:read'),
    ];
    expect(wrong.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
    expect(wrong.every(({ stdout }) => stdout === '')).toBe(true);
    expect(wrong[3]?.stderr).toContain('The directory has nobody');
  });

  it('signs a person out of every browser', async () => {
    const session = await web.signIn('reviewer');
    await database.dataSource.query('update person set user_principal_name = $2 where entra_id = $1', [
      session.entraId,
      'out@council.example',
    ]);
    await database.dataSource.query(
      `insert into sign_in_session (secret_hash, account_id, expires_at) values ($1, $2, now() + interval '1 hour')`,
      [hashOf(newSecret()), session.accountId],
    );
    expect(await status({ ...session.headers })).toBe(200);
    expect((await run('sessions', 'end', 'Out@council.example')).stdout).toBe('2 sessions are ended.\n');
    expect(await status({ ...session.headers })).toBe(401);
    expect((await run('sessions', 'end', 'out@council.example')).stdout).toBe('Nobody of that name is signed in.\n');
    const ended = await database.dataSource.query<unknown[]>(`select 1 from audit_event where event = 'session.ended'`);
    expect(ended).toHaveLength(2);
  });
});
