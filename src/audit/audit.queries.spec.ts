import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { AuditQueries, type AuditFilter } from './audit.queries.js';

const ENTRIES = 200_000;
/** A page of 50 entries may touch so many pages of 8 kB; a scan of all touches over 6,000. */
const MOST_BUFFERS = 300;
/** Two conditions of which each has many entries and both together none: the rarer of them is looked through. */
const MOST_BUFFERS_OF_A_MISS = 5_000;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

describe(`lists over ${ENTRIES} entries of the audit trail`, () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    // Filled without its chain: nothing here looks at hashes. One entry a minute, one in fifty by one of 40 people.
    await database.dataSource.query(
      `insert into audit_event (id, form, at, event, actor, subject_kind, subject_id, details, previous_hash, hash)
       select number, 1, timestamptz '2026-01-01' + number * interval '1 minute',
         case when number % 50 = 0 then 'identity.merged' when number = 777 then 'sync.tenant-bound'
              else 'sync.run-finished' end,
         case when number % 50 = 0 then 'person:p' || number % 2000 else 'system:schedule' end,
         case when number % 50 = 0 then 'device' else 'sync-run' end, number::text, '{"rowsRead": 7}',
         sha256(number::text::bytea), sha256(number::text::bytea)
       from generate_series(1, ${ENTRIES}) as number`,
    );
    await database.dataSource.query(`update audit_chain set head_id = ${ENTRIES}`);
    await database.dataSource.query('vacuum analyze audit_event');
  }, 120_000);
  afterAll(() => database?.drop());

  /** Runs what the queries run once more under EXPLAIN and returns what it touched. */
  const touched = async (
    read: (queries: AuditQueries) => Promise<unknown>,
  ): Promise<{ buffers: number; scans: string[] }> => {
    const { dataSource } = database;
    let buffers = 0;
    const scans: string[] = [];
    const query = async (sql: string, parameters?: unknown[]): Promise<unknown> => {
      const explained = await dataSource.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }[]>(
        `explain (analyze, buffers, format json) ${sql}`,
        parameters,
      );
      const plan = explained[0]?.['QUERY PLAN'][0]?.Plan;
      if (plan) {
        buffers += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
        scans.push(...scannedWhole(plan));
      }
      return dataSource.query(sql, parameters);
    };
    await read(new AuditQueries({ query } as unknown as DataSource));
    return { buffers, scans };
  };

  it.each<[string, AuditFilter, number, number]>([
    ['everything', {}, 50, MOST_BUFFERS],
    ['a rare event', { event: 'sync.tenant-bound' }, 1, MOST_BUFFERS],
    ['an event that never was', { event: 'import.staged' }, 0, MOST_BUFFERS],
    ['a kind of actor', { actorKind: 'person' }, 50, MOST_BUFFERS],
    ['a kind of actor that never was', { actorKind: 'token' }, 0, MOST_BUFFERS],
    ['a person', { actor: 'person:p50' }, 50, MOST_BUFFERS],
    ['a subject', { subjectKind: 'device', subjectId: '100' }, 1, MOST_BUFFERS],
    ['a day long ago', { from: '2026-01-03', to: '2026-01-03' }, 50, MOST_BUFFERS],
    ['a day before there was anything', { to: '2025-06-01' }, 0, MOST_BUFFERS],
    ['an event of a day', { event: 'identity.merged', from: '2026-02-01', to: '2026-02-01' }, 29, MOST_BUFFERS],
    ['a combination that never was', { event: 'sync.run-finished', actorKind: 'person' }, 0, MOST_BUFFERS_OF_A_MISS],
  ])('%s is found by an index', async (_name, filter, expected, most) => {
    let found = -1;
    const { buffers, scans } = await touched(async (queries) => {
      found = (await queries.list(filter, { limit: 50 })).items.length;
    });
    expect(found).toBe(expected);
    expect(scans).toEqual([]);
    expect(buffers).toBeLessThan(most);
  });

  it('a page far from the beginning costs what the first one costs', async () => {
    const queries = new AuditQueries(database.dataSource);
    let { next } = await queries.list({ to: '2026-01-10' }, { limit: 50 });
    const { buffers, scans } = await touched(async (explained) => {
      ({ next } = await explained.list({}, { limit: 50, cursor: next ?? '' }));
    });
    expect(next).not.toBeNull();
    expect([scans, buffers < MOST_BUFFERS]).toEqual([[], true]);
  });

  it('a day is one of the UK, in summer too', async () => {
    const { items } = await new AuditQueries(database.dataSource).list(
      { from: '2026-04-01', to: '2026-04-01' },
      { limit: 200 },
    );
    expect(items[0]?.at).toBe('2026-04-01T22:59:00.000Z');
    const counted = await new AuditQueries(database.dataSource).count({ from: '2026-04-01', to: '2026-04-01' });
    expect(counted).toEqual({ rows: 24 * 60, more: false });
  });

  it('how the trail stands costs a few looks at an index', async () => {
    const { buffers, scans } = await touched((queries) => queries.state());
    expect([scans, buffers < 50]).toEqual([[], true]);
    expect(await new AuditQueries(database.dataSource).state()).toEqual({
      entries: ENTRIES,
      checked: null,
      published: null,
    });
  });
});

function scannedWhole(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] === 'audit_event' ? ['audit_event'] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scannedWhole)];
}
