import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { createDataSource } from './data-source.js';
import { migrate, pendingMigrations } from './migrator.js';

describe('migrating the database', () => {
  let database: TestDatabase;
  let sources: DataSource[];
  beforeEach(async () => {
    database = await createTestDatabase({ empty: true });
    sources = await Promise.all(
      Array.from({ length: 3 }, () =>
        createDataSource(database.address, { connections: 2, statementTimeout: 0 }).initialize(),
      ),
    );
  });
  afterEach(async () => {
    for (const source of sources) await source.destroy();
    await database.drop();
  });

  it('is done once when three processes start on an empty database together, and nobody fails', async () => {
    const pending = await pendingMigrations(database.dataSource);
    expect(pending.length).toBeGreaterThan(0);
    const executed = await Promise.all(sources.map((source) => migrate(source)));
    expect(executed.flat().sort()).toEqual([...pending].sort());
    const recorded = await database.dataSource.query<{ name: string }[]>(
      'select name from schema_migration order by id',
    );
    expect(recorded.map((row) => row.name)).toEqual(pending);
    expect(await pendingMigrations(database.dataSource)).toEqual([]);
  });

  it('does nothing to a database that is up to date, and keeps no lock', async () => {
    const [first, second] = sources;
    if (!first || !second) throw new Error('No data source.');
    await migrate(first);
    expect(await migrate(second)).toEqual([]);
    const locks = await database.dataSource.query<unknown[]>(
      `select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    );
    expect(locks).toEqual([]);
  });
});
