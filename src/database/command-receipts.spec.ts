import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { once } from './command-receipts.js';
import { Transactor } from './transactor.js';

describe('a command with a key', () => {
  let database: TestDatabase;
  let transactor: Transactor;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 20 });
    transactor = new Transactor(database.dataSource);
    await database.dataSource.query('create table effect (id integer generated always as identity, key text)');
  });
  afterAll(() => database.drop());

  const effects = async (key: string): Promise<number> => {
    const [row] = await database.dataSource.query<{ count: number }[]>(
      'select count(*)::int as count from effect where key = $1',
      [key],
    );
    return row?.count ?? -1;
  };
  const send = (
    key: string,
    request: object = { device: 1 },
    actor = 'person:a',
  ): Promise<{ id: number; at: string }> =>
    transactor.run((tx) =>
      once(tx, { actor, key, request }, async () => {
        const [row] = await tx.query<{ id: number }[]>('insert into effect (key) values ($1) returning id', [key]);
        return { id: row?.id ?? 0, at: new Date(0).toISOString() };
      }),
    );

  it('is done once when it is sent twice, with the same outcome', async () => {
    const first = await send('twice');
    expect(await send('twice', { device: 1 })).toEqual(first);
    expect(await effects('twice')).toBe(1);
  });

  it('is done once when 15 arrive together', async () => {
    const outcomes = await Promise.all(Array.from({ length: 15 }, () => send('together')));
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1);
    expect(await effects('together')).toBe(1);
  });

  it('is done by the second when the first fails', async () => {
    const failing = transactor.run((tx) =>
      once(tx, { actor: 'person:a', key: 'fails', request: { device: 1 } }, () => Promise.reject(new Error('no'))),
    );
    await expect(failing).rejects.toThrow('no');
    await send('fails');
    expect(await effects('fails')).toBe(1);
  });

  it('is the same request whatever the order of its members, and refused when it is another', async () => {
    await send('request', { device: 1, to: { site: 2, person: 3 } });
    await send('request', { to: { person: 3, site: 2 }, device: 1 });
    expect(await effects('request')).toBe(1);
    await expect(send('request', { device: 2, to: { site: 2, person: 3 } })).rejects.toMatchObject({ status: 422 });
  });

  it('belongs to whoever sent it: another person with the same key does their own', async () => {
    await send('shared', { device: 1 }, 'person:a');
    await send('shared', { device: 9 }, 'person:b');
    expect(await effects('shared')).toBe(2);
  });

  it('forgets what is older than two days, a few at a time', async () => {
    await database.dataSource.query(
      `insert into command_receipt (actor, key, request_digest, created_at)
       select 'person:old', n::text, '', now() - interval '49 hours' from generate_series(1, 30) as n`,
    );
    const left = async (): Promise<number> => {
      const [row] = await database.dataSource.query<{ count: number }[]>(
        `select count(*)::int as count from command_receipt where actor = 'person:old'`,
      );
      return row?.count ?? -1;
    };
    await send('sweep-1');
    expect(await left()).toBe(10);
    await send('sweep-2');
    expect(await left()).toBe(0);
    expect(await send('twice')).toHaveProperty('id');
  });

  it.each(['', 'k'.repeat(201)])('refuses a key of %p', async (key) => {
    await expect(send(key)).rejects.toMatchObject({ status: 400 });
  });
});
