import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { boundedCountOf, MOST_COUNTED } from './bounded-count.js';

describe('counting the rows of a list', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());

  const count = (rows: number): ReturnType<typeof boundedCountOf> =>
    boundedCountOf(database.dataSource, 'select from generate_series(1, $1::integer)', [rows]);

  it('is exact up to the bound and says "more" beyond it', async () => {
    expect(await count(0)).toEqual({ rows: 0, more: false });
    expect(await count(MOST_COUNTED)).toEqual({ rows: MOST_COUNTED, more: false });
    expect(await count(MOST_COUNTED + 1)).toEqual({ rows: MOST_COUNTED, more: true });
  });

  it('is given up when it takes too long, and leaves the connection as it was', async () => {
    expect(await boundedCountOf(database.dataSource, 'select pg_sleep(5)', [], 50)).toBeNull();
    const [row] = await database.dataSource.query<{ statement_timeout: string }[]>('show statement_timeout');
    expect(row?.statement_timeout).toBe('0');
    expect(await count(3)).toEqual({ rows: 3, more: false });
  });

  it('does not hide a mistake', async () => {
    await expect(boundedCountOf(database.dataSource, 'select from no_such_table', [])).rejects.toThrow(/no_such_table/);
  });
});
