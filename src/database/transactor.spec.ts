import { setTimeout as delay } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { isDatabaseDown, sqlstateOf } from './sqlstate.js';
import { Transactor } from './transactor.js';

describe('Transactor', () => {
  let database: TestDatabase;
  let transactor: Transactor;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 10, empty: true });
    await database.dataSource.query('create table account (id int primary key, balance int not null)');
    transactor = new Transactor(database.dataSource);
  });
  beforeEach(async () => {
    await database.dataSource.query('truncate account');
    await database.dataSource.query('insert into account values (1, 0), (2, 0)');
  });
  afterAll(() => database.drop());

  const balances = async (): Promise<number[]> => {
    const rows = await database.dataSource.query<{ balance: number }[]>('select balance from account order by id');
    return rows.map((row) => row.balance);
  };
  const add = (tx: EntityManager, id: number, amount = 1) =>
    tx.query('update account set balance = balance + $2 where id = $1', [id, amount]);
  const idleInTransaction = async (): Promise<number> => {
    const [row] = await database.dataSource.query<{ count: number }[]>(
      `select count(*)::int from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and state like 'idle in transaction%'`,
    );
    return row?.count ?? -1;
  };

  it('commits what was written and returns the result', async () => {
    expect(await transactor.run((tx) => add(tx, 1).then(() => 'done'))).toBe('done');
    expect(await balances()).toEqual([1, 0]);
  });

  it('rolls everything back when the work throws, throws that error on and does not try again', async () => {
    const failure = new Error('changed my mind');
    let attempts = 0;
    const run = transactor.run(async (tx) => {
      attempts++;
      await add(tx, 1);
      await add(tx, 2);
      throw failure;
    });
    await expect(run).rejects.toBe(failure);
    expect(attempts).toBe(1);
    expect(await balances()).toEqual([0, 0]);
    expect(await idleInTransaction()).toBe(0);
  });

  it('F-50 repeats the whole of a transaction that Postgres chose to end a deadlock', async () => {
    let arrived = 0;
    let attempts = 0;
    let bothIn: () => void = () => undefined;
    const meeting = new Promise<void>((resolve) => (bothIn = resolve));
    const transfer = (from: number, to: number) =>
      transactor.run(async (tx) => {
        attempts++;
        await add(tx, from, -5);
        if (++arrived === 2) bothIn();
        await meeting;
        await add(tx, to, 5);
      });
    await Promise.all([transfer(1, 2), transfer(2, 1)]);
    expect(attempts).toBe(3);
    expect(await balances()).toEqual([0, 0]);
  });

  it('F-50 brings eight SERIALIZABLE increments of one row home', async () => {
    let attempts = 0;
    const increment = () =>
      transactor.run(async (tx) => {
        attempts++;
        const [row] = await tx.query<{ balance: number }[]>('select balance from account where id = 1');
        await tx.query('update account set balance = $1 where id = 1', [(row?.balance ?? NaN) + 1]);
      }, 'SERIALIZABLE');
    await Promise.all(Array.from({ length: 8 }, increment));
    expect(await balances()).toEqual([8, 0]);
    expect(attempts).toBeGreaterThan(8);
  });

  it('gives up in the end when Postgres asks for repetition every time', async () => {
    let attempts = 0;
    const run = transactor.run(async (tx) => {
      attempts++;
      await tx.query(`do $$ begin raise exception 'again' using errcode = '40001'; end $$`);
    });
    expect(sqlstateOf(await run.catch((error: unknown) => error))).toBe('40001');
    expect(attempts).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ['a value that is there already', 'insert into account values (1, 0)', '23505'],
    ['a statement that took too long', `set local statement_timeout = 10; select pg_sleep(1)`, '57014'],
    ['a statement that is wrong', 'select nonsense', '42703'],
  ])('does not repeat after %s', async (_title, sql, state) => {
    let attempts = 0;
    const run = transactor.run(async (tx) => {
      attempts++;
      await add(tx, 2);
      await tx.query(sql);
    });
    expect(sqlstateOf(await run.catch((error: unknown) => error))).toBe(state);
    expect(attempts).toBe(1);
    expect(await balances()).toEqual([0, 0]);
  });

  it('F-42 reports the first error when the connection is ended in the middle, and works on another', async () => {
    const run = transactor.run(async (tx) => {
      await add(tx, 1);
      await tx.query('select pg_terminate_backend(pg_backend_pid())');
    });
    const error = await run.catch((reason: unknown) => reason);
    expect(isDatabaseDown(error)).toBe(true);
    expect((error as Error).name).not.toBe('QueryRunnerAlreadyReleasedError');
    expect(await balances()).toEqual([0, 0]);
    await transactor.run((tx) => add(tx, 1));
    expect(await balances()).toEqual([1, 0]);
  });

  it('F-42 says that the connection was lost when that was noticed between two statements', async () => {
    const run = transactor.run(async (tx) => {
      const [own] = await tx.query<{ pid: number }[]>('select pg_backend_pid() as pid');
      await database.dataSource.query('select pg_terminate_backend($1)', [own?.pid]);
      await delay(200);
      await add(tx, 1);
    });
    expect(isDatabaseDown(await run.catch((reason: unknown) => reason))).toBe(true);
    expect(await balances()).toEqual([0, 0]);
  });

  it('throws what the work threw, even when the connection is lost as well', async () => {
    const failure = new Error('changed my mind');
    const run = transactor.run(async (tx) => {
      const [own] = await tx.query<{ pid: number }[]>('select pg_backend_pid() as pid');
      await database.dataSource.query('select pg_terminate_backend($1)', [own?.pid]);
      await delay(200);
      throw failure;
    });
    await expect(run).rejects.toBe(failure);
  });

  it('keeps no connection, whatever happens', async () => {
    for (let round = 0; round < 25; round++) {
      await transactor.run((tx) => tx.query('select nonsense')).catch(() => undefined);
    }
    expect(await transactor.run((tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
  });
});
