import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { appendToAudit, type AuditEntry } from '../../src/audit/audit-trail.js';
import { AuditQueries, type AuditListEntry } from '../../src/audit/audit.queries.js';
import { AttestationService } from '../../src/attestation/attestation.service.js';
import { loadConfig } from '../../src/config/config.js';
import { Transactor } from '../../src/database/transactor.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const DOCUMENT = path.join(import.meta.dirname, '..', '..', 'docs', 'audit.md');

/** Somebody without our programs, with docs/audit.md, the entries and a published head. */
describe('an outsider', () => {
  let database: TestDatabase;
  let folder: string;
  let headFile: string;
  let entries: readonly AuditListEntry[];
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'untether-outsider-'));
    database = await createTestDatabase();
    const { dataSource } = database;
    const transactor = new Transactor(dataSource);
    const all: AuditEntry[] = [
      { event: 'sync.paused', actor: 'command-line:jörg', subject: { kind: 'source', id: 'users' } },
      { event: 'sync.resumed', actor: 'token:7', subject: null, details: {} },
      {
        event: 'identity.merged',
        actor: 'person:05e9a617-0261-4cee-bb44-138d3ef5d965',
        subject: { kind: 'device', id: 17 },
        details: { decision: -4, devices: [17, 18], full: false, holder: null, kinds: ['a', 1], zone: 'x', also: [] },
      },
    ];
    for (const entry of all) await transactor.run((tx) => appendToAudit(tx, entry));
    const service = new AttestationService(dataSource, transactor, loadConfig({ UNTETHER_HOME: folder }));
    ({ file: headFile } = await service.publish('system:schedule'));
    ({ items: entries } = await new AuditQueries(dataSource).list({}, { limit: 200 }));
    const [, script = ''] = /```js\n([^]*?)```/.exec(readFileSync(DOCUMENT, 'utf8')) ?? [];
    writeFileSync(path.join(folder, 'verify.mjs'), script);
    writeFileSync(
      path.join(folder, 'key.pem'),
      (await service.publicKey())?.export({ type: 'spki', format: 'pem' }) ?? '',
    );
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const verify = (given: readonly object[]): { status: number | null; output: string } => {
    const file = path.join(folder, 'entries.json');
    writeFileSync(file, JSON.stringify(given));
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(folder, 'verify.mjs'), file, headFile], {
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr };
  };

  it('recomputes the chain with what the document says', () => {
    expect(verify(entries)).toEqual({ status: 0, output: 'whole\n' });
  });

  it('finds an entry that is another, and one that is missing', () => {
    const changed = entries.map((entry) => (entry.id === 2 ? { ...entry, actor: 'token:8' } : entry));
    expect(verify(changed).output).toContain('Entry 2 is not what was appended');
    expect(verify(entries.filter(({ id }) => id !== 3)).status).toBe(1);
  });

  it('checks the signature with OpenSSL', () => {
    const check = (file: string) =>
      spawnSync('openssl', [
        ...['pkeyutl', '-verify', '-pubin', '-inkey', path.join(folder, 'key.pem'), '-rawin'],
        ...['-in', file, '-sigfile', `${headFile}.sig`],
      ]);
    const { status, error } = check(headFile);
    if (error) {
      process.stdout.write('There is no openssl here: its command in the document was not looked at.\n');
      return;
    }
    expect(status).toBe(0);
    expect(check(path.join(folder, 'entries.json')).status).not.toBe(0);
  });
});
