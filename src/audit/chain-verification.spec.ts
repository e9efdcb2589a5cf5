import { createHash } from 'node:crypto';
import type { EntityManager, QueryRunner } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Transactor } from '../database/transactor.js';
import { appendToAudit } from './audit-trail.js';
import { hashOf, hashOfBeginning } from './canonical-form.js';
import { verifyChain, type KnownHead } from './chain-verification.js';

const ENTRIES = 40;

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly event: string;
  readonly actor: string;
  readonly subject_kind: string | null;
  readonly subject_id: string | null;
  readonly details: Record<string, number>;
  readonly request_id: string | null;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

/** What somebody with full rights does, who may switch triggers and constraints off. */
describe('verification finds what was done to the trail with full rights:', () => {
  let database: TestDatabase;
  let runner: QueryRunner;
  let tx: EntityManager;
  beforeAll(async () => {
    database = await createTestDatabase();
    const transactor = new Transactor(database.dataSource);
    for (let number = 1; number <= ENTRIES; number++) {
      await transactor.run((manager) =>
        appendToAudit(manager, {
          event: number % 2 === 0 ? 'sync.run-finished' : 'sync.paused',
          actor: number % 3 === 0 ? 'system:schedule' : 'command-line:root',
          subject: number % 4 === 0 ? null : { kind: 'source', id: 'users' },
          details: number % 5 === 0 ? {} : { run: number },
        }),
      );
    }
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    runner = database.dataSource.createQueryRunner();
    await runner.startTransaction();
    tx = runner.manager;
    await tx.query(`set local session_replication_role = replica`);
    for (const constraint of ['pkey', 'id_check', 'hash_check', 'subject_check']) {
      await tx.query(`alter table audit_event drop constraint audit_event_${constraint}`);
    }
  });
  afterEach(async () => {
    await runner.rollbackTransaction();
    await runner.release();
  });

  const found = async (heads: readonly KnownHead[] = []) => (await verifyChain(tx, { heads })).firstBreak;
  const rowAt = async (id: number): Promise<Row> => {
    const [row] = await tx.query<Row[]>('select * from audit_event where id = $1', [id]);
    if (!row) throw new Error(`no entry ${id}`);
    return row;
  };
  const headOf = (row: Row): KnownHead => ({ id: Number(row.id), hash: row.hash.toString('hex'), origin: 'The file' });
  /** Computes the hashes of an entry and all after it anew, as somebody would who knows how. */
  const forgeFrom = async (first: number): Promise<void> => {
    const rows = await tx.query<Row[]>('select * from audit_event where id >= $1 order by id', [first]);
    let previous = first === 1 ? Buffer.alloc(32) : (await rowAt(first - 1)).hash;
    for (const row of rows) {
      const hash = hashOf(previous, {
        id: Number(row.id),
        at: row.at,
        event: row.event,
        actor: row.actor,
        subjectKind: row.subject_kind,
        subjectId: row.subject_id,
        details: row.details,
        requestId: row.request_id,
      });
      await tx.query('update audit_event set previous_hash = $2, hash = $3 where id = $1', [row.id, previous, hash]);
      previous = hash;
    }
    await tx.query('update audit_chain set head_hash = $1', [previous]);
  };

  it('nothing at all', async () => {
    const progress: number[] = [];
    const heads = [headOf(await rowAt(1)), headOf(await rowAt(ENTRIES))];
    const verified = await verifyChain(tx, { heads, onProgress: (checked) => progress.push(checked) });
    expect(verified).toMatchObject({ entries: ENTRIES, head: { id: ENTRIES }, firstBreak: null });
    expect(progress).toEqual([ENTRIES]);
  });

  const CHANGES: readonly (readonly [column: string, change: string])[] = [
    ['form', 'form # 1'],
    ['form', 'form # 2'],
    ['at', `at + interval '1 millisecond'`],
    ['at', `'infinity'`],
    ['event', `set_bit_of(event)`],
    ['actor', `set_bit_of(actor)`],
    ['subject_kind', `set_bit_of(subject_kind)`],
    ['subject_kind', 'null'],
    ['subject_id', `set_bit_of(subject_id)`],
    ['details', `'{"run": 8}'`],
    ['details', `'{"run": 7.0}'`],
    ['details', `'{"run": "7"}'`],
    ['details', `'{"run": [7]}'`],
    ['details', `'{"run": {"a": 7}}'`],
    ['details', `'{"Run": 7}'`],
    ['details', `'{"run": 7, "more": null}'`],
    ['details', `'{}'`],
    ['details', `'[7]'`],
    ['details', `'null'`],
    ['request_id', `''`],
    ['request_id', `'3f0e9d3c-2a41-4f0a-9a55-0d6f8c1f2b11'`],
    ['previous_hash', 'set_bit(previous_hash, 0, 1 - get_bit(previous_hash, 0))'],
    ['previous_hash', `''`],
    ['hash', 'set_bit(hash, 255, 1 - get_bit(hash, 255))'],
    ['hash', `''`],
  ];
  it.each(CHANGES)('a changed %s: %s', async (column, change) => {
    await tx.query(
      `create function set_bit_of(t text) returns text language sql as
       $$ select convert_from(set_bit(convert_to(t, 'UTF8'), 0, 1 - get_bit(convert_to(t, 'UTF8'), 0)), 'UTF8') $$`,
    );
    await tx.query(`update audit_event set ${column} = ${change} where id = 7`);
    expect(await found()).toMatchObject({ kind: 'changed', id: 7 });
  });

  it('every single bit of an actor and of a hash', async () => {
    for (const column of ['convert_to(actor, $$UTF8$$)', 'hash']) {
      const [row] = await tx.query<{ bits: number }[]>(
        `select octet_length(${column}) * 8 as bits from audit_event where id = 9`,
      );
      for (let bit = 0; bit < (row?.bits ?? 0); bit++) {
        const flipped = `set_bit(${column}, ${bit}, 1 - get_bit(${column}, ${bit}))`;
        // The highest bit of a letter makes no text that Postgres would store.
        if (column !== 'hash' && bit % 8 === 7) continue;
        await tx.query('savepoint whole');
        const changed = column === 'hash' ? `hash = ${flipped}` : `actor = convert_from(${flipped}, 'UTF8')`;
        const stored = await tx.query(`update audit_event set ${changed} where id = 9`).then(
          () => true,
          () => false,
        );
        if (stored) expect(await found()).toMatchObject({ kind: 'changed', id: 9 });
        await tx.query('rollback to savepoint whole');
      }
    }
  }, 60_000);

  it.each([1, 20, ENTRIES])('a changed entry %i whose own hash was computed anew', async (id) => {
    await tx.query(`update audit_event set event = 'sync.resumed' where id = $1`, [id]);
    const row = await rowAt(id);
    const hash = hashOf(row.previous_hash, {
      id,
      at: row.at,
      event: row.event,
      actor: row.actor,
      subjectKind: row.subject_kind,
      subjectId: row.subject_id,
      details: row.details,
      requestId: row.request_id,
    });
    await tx.query('update audit_event set hash = $2 where id = $1', [id, hash]);
    expect(await found()).toMatchObject({ kind: 'changed', id });
  });

  it('a middle entry that was deleted', async () => {
    await tx.query('delete from audit_event where id = 20');
    expect(await found()).toMatchObject({ kind: 'missing', id: 20 });
  });

  it('the first entry that was deleted', async () => {
    await tx.query('delete from audit_event where id = 1');
    expect(await found()).toMatchObject({ kind: 'missing', id: 1 });
  });

  it.each([1, 4])('%i entries that were deleted and whose gap was closed', async (count) => {
    await tx.query('delete from audit_event where id >= 20 and id < $1', [20 + count]);
    await tx.query('update audit_event set id = id - $1 where id >= 20', [count]);
    await tx.query('update audit_chain set head_id = head_id - $1', [count]);
    expect(await found()).toMatchObject({ kind: 'missing', id: 20 });
  });

  it.each([
    [10, 11],
    [10, 30],
    [1, ENTRIES],
  ])('entries %i and %i that changed places', async (one, other) => {
    await tx.query('update audit_event set id = $1::bigint + $2::bigint - id where id in ($1, $2)', [one, other]);
    expect(await found()).toMatchObject({
      kind: 'swapped',
      id: one,
      finding: expect.stringContaining(`${other}`) as string,
    });
  });

  const insertAt = async (id: number, hash: (row: Row) => Buffer): Promise<void> => {
    const row = await rowAt(id);
    await tx.query('update audit_event set id = id + 1 where id >= $1', [id]);
    await tx.query(
      `insert into audit_event select $1, form, at, 'sync.resumed', actor, subject_kind, subject_id, details, request_id,
         previous_hash, $2 from audit_event where id = $1::bigint + 1`,
      [id, hash(row)],
    );
    await tx.query('update audit_chain set head_id = head_id + 1');
  };

  it('an entry that was put in', async () => {
    await insertAt(20, () => createHash('sha256').update('anything').digest());
    expect(await found()).toMatchObject({ kind: 'inserted', id: 20 });
  });

  it('an entry that was put in with a hash that fits', async () => {
    await insertAt(20, (row) =>
      hashOf(row.previous_hash, {
        id: 20,
        at: row.at,
        event: 'sync.resumed',
        actor: row.actor,
        subjectKind: row.subject_kind,
        subjectId: row.subject_id,
        details: row.details,
        requestId: row.request_id,
      }),
    );
    expect(await found()).toMatchObject({ kind: 'inserted', id: 20 });
  });

  it.each([20, ENTRIES])('a number %i that is there twice', async (id) => {
    await tx.query('insert into audit_event select * from audit_event where id = $1', [id]);
    expect(await found()).toMatchObject({ kind: 'inserted', id });
  });

  it('an entry beyond the head, and one before the beginning', async () => {
    await tx.query(
      `insert into audit_event select 0, form, at, event, actor, subject_kind, subject_id, details, request_id,
         previous_hash, hash from audit_event where id = 5`,
    );
    expect(await found()).toMatchObject({ kind: 'inserted', id: 0 });
    await tx.query('update audit_event set id = $1 where id = 0', [ENTRIES + 1]);
    expect(await found()).toMatchObject({ id: ENTRIES + 1 });
  });

  it('a tail that was cut off, by the head', async () => {
    await tx.query('delete from audit_event where id > 30');
    expect(await found()).toMatchObject({ kind: 'cut-off', id: 31 });
  });

  it('a tail that was cut off together with the head, by a published head alone', async () => {
    const published = headOf(await rowAt(ENTRIES));
    const last = await rowAt(30);
    await tx.query('delete from audit_event where id > 30');
    await tx.query('update audit_chain set head_id = 30, head_hash = $1', [last.hash]);
    expect(await found()).toBeNull();
    expect(await found([published])).toMatchObject({ kind: 'cut-off', id: 31 });
  });

  it('a chain that was computed anew throughout, by a published head alone', async () => {
    const published = headOf(await rowAt(30));
    await tx.query(`update audit_event set actor = 'command-line:nobody' where id = 20`);
    await forgeFrom(20);
    expect(await found()).toBeNull();
    expect(await found([published])).toMatchObject({ kind: 'rewritten', id: 30 });
  });

  it('an empty trail', async () => {
    const published = headOf(await rowAt(ENTRIES));
    await tx.query('delete from audit_event');
    expect(await found()).toMatchObject({ kind: 'cut-off', id: 1 });
    const { installation } = await verifyChain(tx);
    await tx.query('update audit_chain set head_id = 0, head_hash = $1', [hashOfBeginning(installation)]);
    expect(await found()).toBeNull();
    expect(await found([published])).toMatchObject({ kind: 'cut-off', id: 1 });
  });

  it('the trail of another installation', async () => {
    await tx.query('update audit_chain set installation_id = gen_random_uuid()');
    expect(await found()).toMatchObject({ kind: 'changed', id: 1 });
  });

  it('another head', async () => {
    await tx.query(`update audit_chain set head_hash = decode(repeat('ab', 32), 'hex')`);
    expect(await found()).toMatchObject({ kind: 'changed', id: ENTRIES });
  });
});
