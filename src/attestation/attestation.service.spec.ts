import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { auditedAs } from '../../test/support/audit.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { fingerprintOf } from '../audit/published-head.js';
import { loadConfig } from '../config/config.js';
import { Transactor } from '../database/transactor.js';
import { AttestationService, KeyMissing } from './attestation.service.js';
import { signingKey } from './signing-key.js';

describe('the attestation of the audit trail', () => {
  let database: TestDatabase;
  let home: string;
  const service = (environment: Record<string, string> = {}) =>
    new AttestationService(
      database.dataSource,
      new Transactor(database.dataSource),
      loadConfig({ UNTETHER_HOME: home, ...environment }),
    );
  beforeEach(async () => {
    database = await createTestDatabase();
    home = mkdtempSync(path.join(os.tmpdir(), 'untether-home-'));
  });
  afterEach(async () => {
    await database.drop();
    rmSync(home, { recursive: true, force: true });
  });

  it('publishes heads with a key made once, writes it down and finds the chain in order', async () => {
    const entry = await auditedAs(database.dataSource, 'audit.head-published', () =>
      service().publish('command-line:root'),
    );
    const key = await signingKey(loadConfig({ UNTETHER_HOME: home }));
    expect(entry).toMatchObject({
      actor: 'command-line:root',
      subject: 'audit-entry:0',
      details: { publicKey: key && fingerprintOf(key) },
    });
    expect(statSync(path.join(home, 'audit-signing-key.pem')).mode & 0o777).toBe(0o600);
    expect(await service().verify()).toMatchObject({
      entries: 1,
      publishedHeads: 1,
      refusedHeads: [],
      firstBreak: null,
    });
  });

  it('writes every night that the trail is whole, and publishes its head', async () => {
    const entry = await auditedAs(database.dataSource, 'audit.verified', () => service().attest('system:schedule'));
    expect(entry).toMatchObject({ actor: 'system:schedule', details: { heads: 0, refused: 0 } });
    expect(await service().verify()).toMatchObject({ entries: 2, publishedHeads: 1, firstBreak: null });
  });

  it('writes that the trail is broken, and publishes no head of it', async () => {
    await service().attest('system:schedule');
    await database.dataSource.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query(`update audit_event set actor = 'system:nobody' where id = 1`);
    });
    const entry = await auditedAs(database.dataSource, 'audit.break-found', () => service().attest('system:schedule'));
    expect(entry).toMatchObject({ subject: 'audit-entry:1', details: { kind: 'changed', heads: 1 } });
    expect(readdirSync(path.join(home, 'audit-heads')).filter((name) => name.endsWith('.json'))).toHaveLength(1);
  });

  it('finds a tail that was cut off together with the head', async () => {
    await service().attest('system:schedule');
    await service().attest('system:schedule');
    await database.dataSource.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query('delete from audit_event where id > 1');
      await tx.query('update audit_chain set head_id = 1, head_hash = (select hash from audit_event where id = 1)');
    });
    // The second night published entry 3, of which nothing is left.
    expect((await service().verify()).firstBreak).toMatchObject({ kind: 'cut-off', id: 2 });
  });

  it('signs with the key of the settings, into the folder of the settings', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const folder = path.join(home, 'elsewhere');
    const settings = {
      AUDIT_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      AUDIT_PUBLISH_FOLDER: folder,
    };
    const { publicKey } = await service(settings).publish('system:schedule');
    expect(publicKey).toBe(fingerprintOf(privateKey));
    expect(existsSync(path.join(home, 'audit-signing-key.pem'))).toBe(false);
    expect((await service(settings).verify()).publishedHeads).toBe(1);
    // Whoever has another key is told so.
    const { publishedHeads, refusedHeads } = await service({ AUDIT_PUBLISH_FOLDER: folder }).verify();
    expect([publishedHeads, refusedHeads.length]).toEqual([0, 1]);
    const known = await service({ AUDIT_PUBLISH_FOLDER: folder }).verify({ formerKeys: [privateKey] });
    expect(known).toMatchObject({ publishedHeads: 1, refusedHeads: [] });
  });

  it('makes no key of its own beside a database server', async () => {
    const settings = { DATABASE_URL: database.url };
    await expect(service(settings).publish('system:schedule')).rejects.toBeInstanceOf(KeyMissing);
    expect(await service(settings).attest('system:schedule')).toMatchObject({ published: null });
  });

  it.each(['not a key', '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----'])(
    'refuses a setting that is no key: %j',
    (text) => {
      expect(() => loadConfig({ AUDIT_SIGNING_KEY: text })).toThrow(/AUDIT_SIGNING_KEY.*is not an Ed25519/s);
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
      const rsa = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      expect(() => loadConfig({ AUDIT_SIGNING_KEY: rsa })).toThrow(/AUDIT_SIGNING_KEY.*is not an Ed25519/s);
    },
  );
});
