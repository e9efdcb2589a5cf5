import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { runCommand, temporaryHome, type Ended } from './command.js';

describe('untether audit', () => {
  const { home, remove } = temporaryHome();
  const keyFile = path.join(home, 'key.pem');
  const heads = path.join(home, 'heads');
  let database: TestDatabase;
  const untether = (args: readonly string[], settings: Record<string, string> = {}): Promise<Ended> =>
    runCommand(['audit', ...args], {
      DATABASE_URL: database.url,
      UNTETHER_HOME: home,
      AUDIT_SIGNING_KEY_FILE: keyFile,
      AUDIT_PUBLISH_FOLDER: heads,
      ...settings,
    });

  beforeAll(async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    database = await createTestDatabase();
    const pause = ['pause', 'users', '--reason', 'Maintenance'];
    expect((await runCommand(pause, { DATABASE_URL: database.url, UNTETHER_HOME: home })).code).toBe(0);
  });
  afterAll(async () => {
    await database.drop();
    remove();
  });

  it('publishes the head and finds the trail whole', async () => {
    const bare = await untether(['verify']);
    expect([bare.code, bare.stdout]).toEqual([0, expect.stringContaining('whole: 1 entry')]);
    expect(bare.stdout).toContain('nobody can tell whether its end was cut off');
    const published = JSON.parse((await untether(['publish', '--json'])).stdout) as { head: number; file: string };
    expect(published).toMatchObject({ head: 1, file: expect.stringContaining(heads) as string });
    expect(readdirSync(heads)).toHaveLength(2);
    const verified = await untether(['verify', '--json']);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ whole: true, entries: 2, publishedHeads: 1, refusedHeads: [] });
  });

  it('writes who ran a command as a reference', async () => {
    const rows = await database.dataSource.query<{ actor: string }[]>('select distinct actor from audit_event');
    expect(rows).toEqual([{ actor: expect.stringMatching(/^command-line:\S+$/) as string }]);
  });

  it('prints the public key, with which another machine can check the heads', async () => {
    const { stdout } = await untether(['key']);
    expect(stdout).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    const file = path.join(home, 'public.pem');
    writeFileSync(file, stdout);
    const elsewhere = { AUDIT_SIGNING_KEY_FILE: '' };
    const unknown = await untether(['verify'], elsewhere);
    expect([unknown.code, unknown.stdout]).toEqual([1, expect.stringContaining('a key that is not known here')]);
    expect((await untether(['verify', '--key', file, '--heads', heads], elsewhere)).code).toBe(0);
    expect((await untether(['verify', '--key', keyFile.replace('key.pem', 'none.pem')])).code).toBe(2);
  });

  it('says what to do where there is no key', async () => {
    const { code, stderr } = await untether(['publish'], { AUDIT_SIGNING_KEY_FILE: '' });
    expect([code, stderr]).toEqual([78, expect.stringContaining('AUDIT_SIGNING_KEY_FILE')]);
    expect((await untether(['key'], { AUDIT_SIGNING_KEY_FILE: '' })).code).toBe(78);
  });

  it('names the first break and ends with 1', async () => {
    await database.dataSource.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query(`update audit_event set subject_id = 'entra-devices' where id = 1`);
    });
    const told = await untether(['verify']);
    expect(told.code).toBe(1);
    expect(told.stdout).toContain('The trail is broken at entry 1 (changed).');
    const json = await untether(['verify', '--json']);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ whole: false, entries: 0, firstBreak: { kind: 'changed', id: 1 } });
  });
});
