import { setTimeout as delay } from 'node:timers/promises';
import { auditEntries, auditHead } from '../../test/support/audit.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { withLogFields } from '../config/logger.js';
import { Transactor } from '../database/transactor.js';
import { appendToAudit, type AuditEntry } from './audit-trail.js';
import { verifyChain } from './chain-verification.js';

const WRITERS = 20;
const entry = (run: number): AuditEntry => ({
  event: 'sync.run-finished',
  actor: 'system:schedule',
  subject: { kind: 'sync-run', id: run },
  details: { source: 'users', rowsRead: run },
});

describe('the audit trail', () => {
  let database: TestDatabase;
  let transactor: Transactor;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: WRITERS + 4 });
    transactor = new Transactor(database.dataSource);
  });
  afterAll(() => database.drop());

  const append = (entries: AuditEntry | readonly AuditEntry[]) => transactor.run((tx) => appendToAudit(tx, entries));
  const isWhole = async () => (await verifyChain(database.dataSource)).firstBreak;

  it('begins empty and whole', async () => {
    expect(await auditHead(database.dataSource)).toBe(0);
    expect(await verifyChain(database.dataSource)).toMatchObject({ entries: 0, firstBreak: null });
  });

  it('keeps what was done, by whom, to what and in which request', async () => {
    const request = '3f0e9d3c-2a41-4f0a-9a55-0d6f8c1f2b11';
    await withLogFields({ request }, () => append(entry(7)));
    const [row] = await database.dataSource.query<Record<string, unknown>[]>('select * from audit_event');
    expect(row).toMatchObject({
      id: '1',
      form: 1,
      event: 'sync.run-finished',
      actor: 'system:schedule',
      subject_kind: 'sync-run',
      subject_id: '7',
      details: { source: 'users', rowsRead: 7 },
      request_id: request,
    });
    expect(Math.abs(Date.now() - (row?.['at'] as Date).getTime())).toBeLessThan(60_000);
    // A caller names its request as it likes; only an id without meaning is kept.
    await withLogFields({ request: 'Zebedee-Canaryfield' }, () => append(entry(8)));
    const [second] = await database.dataSource.query<{ request_id: string | null }[]>(
      'select request_id from audit_event where id = 2',
    );
    expect(second?.request_id).toBeNull();
    expect(await isWhole()).toBeNull();
  });

  it('writes 500 entries of a bulk action with one statement, and none for none', async () => {
    const before = await auditHead(database.dataSource);
    const statements: string[] = [];
    await transactor.run(async (tx) => {
      const { queryRunner } = tx;
      if (!queryRunner) throw new Error('no transaction');
      const query = queryRunner.query.bind(queryRunner);
      queryRunner.query = ((text: string, ...rest: []) => {
        statements.push(text);
        return query(text, ...rest);
      }) as typeof queryRunner.query;
      await appendToAudit(
        tx,
        Array.from({ length: 500 }, (_none, index) => entry(index)),
      );
    });
    expect(statements.map((statement) => statement.trim().split(' ')[0])).toEqual(['select', 'with', 'COMMIT']);
    expect(await auditHead(database.dataSource)).toBe(before + 500);
    await append([]);
    expect(await auditHead(database.dataSource)).toBe(before + 500);
    expect(await isWhole()).toBeNull();
  });

  it('has neither an entry nor a gap after a rollback', async () => {
    const before = await auditHead(database.dataSource);
    const failing = transactor.run(async (tx) => {
      await appendToAudit(tx, entry(1));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await append(entry(2));
    expect(await auditHead(database.dataSource)).toBe(before + 1);
    expect(await auditEntries(database.dataSource, before)).toMatchObject([{ subject: 'sync-run:2' }]);
    expect(await isWhole()).toBeNull();
  });

  it('undoes the command whose entry may not be written', async () => {
    const before = await auditHead(database.dataSource);
    await database.dataSource.query('create table made (id integer)');
    const command = transactor.run(async (tx) => {
      await tx.query('insert into made values (1)');
      await appendToAudit(tx, { ...entry(1), details: { holder: 'Zebedee Canaryfield' } });
    });
    await expect(command).rejects.toThrow(TypeError);
    expect(await database.dataSource.query('select * from made')).toEqual([]);
    expect(await auditHead(database.dataSource)).toBe(before);
  });

  it('is not written outside of a transaction', async () => {
    await expect(appendToAudit(database.dataSource.manager, entry(1))).rejects.toThrow(/transaction/);
  });

  it.each(['READ COMMITTED', 'SERIALIZABLE'] as const)(
    'stays whole and without gaps under 20 parallel writers at %s, some of which roll back',
    async (isolation) => {
      const before = await auditHead(database.dataSource);
      const rounds = isolation === 'SERIALIZABLE' ? 2 : 15;
      let kept = 0;
      const writer = async (number: number): Promise<void> => {
        for (let round = 0; round < rounds; round++) {
          const fails = (number + round) % 5 === 0;
          const work = transactor
            .run(async (tx) => {
              await appendToAudit(tx, [entry(number), entry(round)]);
              if (round % 3 === 0) await delay(1);
              if (fails) throw new Error('changed my mind');
            }, isolation)
            .then(() => (kept += 2));
          await work.catch((error: unknown) => {
            // At this isolation Postgres may ask more often than a transaction is repeated; nothing is kept then.
            if (!fails && isolation === 'READ COMMITTED') throw error;
          });
        }
      };
      await Promise.all(Array.from({ length: WRITERS }, (_none, number) => writer(number)));
      expect(kept).toBeGreaterThan(0);
      expect(await auditHead(database.dataSource)).toBe(before + kept);
      const [row] = await database.dataSource.query<{ entries: number; last: number; backwards: number }[]>(
        `select count(*)::int as entries, max(id)::int as last, count(*) filter (where at < earlier)::int as backwards
         from (select id, at, lag(at) over (order by id) as earlier from audit_event) as entry`,
      );
      expect(row).toEqual({ entries: before + kept, last: before + kept, backwards: 0 });
      expect(await isWhole()).toBeNull();
    },
    60_000,
  );

  it.each([
    `update audit_event set event = 'sync.paused' where id = 1`,
    'delete from audit_event where id = 1',
    'truncate audit_event',
    'delete from audit_chain',
    'truncate audit_chain',
    'update audit_chain set head_id = head_id - 1',
    'update audit_chain set installation_id = gen_random_uuid(), head_id = head_id + 1',
  ])('refuses: %s', async (statement) => {
    await expect(database.dataSource.query(statement)).rejects.toThrow(/only ever added to/);
    expect(await isWhole()).toBeNull();
  });
});
