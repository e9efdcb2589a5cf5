import { migrate, pendingMigrations } from '../../src/database/migrator.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('leave nothing pending', async () => {
    expect(await pendingMigrations(database.dataSource)).toEqual([]);
  });

  it('build exactly the schema that the entities describe', async () => {
    const described = database.dataSource.entityMetadatas.map((entity) => entity.tableName);
    expect(described).toEqual(expect.arrayContaining(['person', 'device', 'device_record', 'subscribed_sku']));
    const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map((query) => query.query)).toEqual([]);
  });

  it('put up the guards of stock and requests where they stand already', async () => {
    const { dataSource } = database;
    const guards = (): Promise<unknown> =>
      dataSource.query(`select tgrelid::regclass::text, pg_get_triggerdef(oid), pg_get_functiondef(tgfoid)
                        from pg_trigger where not tgisinternal order by 1, 2`);
    const before = await guards();
    const again = await dataSource.query<[unknown, number]>(
      `delete from schema_migration where name = 'GuardWhatIsScarce1795565810000'`,
    );
    expect(again[1]).toBe(1);
    const migrated = await migrate(dataSource);
    expect(migrated).toEqual(['GuardWhatIsScarce1795565810000']);
    expect(await guards()).toEqual(before);
  });

  it('can be undone down to an empty schema and run again', async () => {
    const { dataSource } = database;
    const executed = dataSource.migrations.length;
    for (let count = 0; count < executed; count++) await dataSource.undoLastMigration({ transaction: 'all' });
    const left = await dataSource.query<{ tablename: string }[]>(
      `select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migration'`,
    );
    expect(left).toEqual([]);
    expect((await dataSource.runMigrations({ transaction: 'each' })).length).toBe(executed);
  });
});
