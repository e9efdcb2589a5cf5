import { setTimeout as delay } from 'node:timers/promises';
import { insertEstate } from '../../test/support/estate-rows.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { RecordCountsQueries } from './record-counts.queries.js';

describe('record counts', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 100, devices: 400 });
  });
  afterAll(() => database?.drop());

  it('count what is present', async () => {
    expect(await new RecordCountsQueries(database.dataSource, 0).read()).toEqual({
      people: 99,
      devices: 399,
      licences: 2,
      deviceRecords: { 'managed-devices': 400, 'entra-devices': 400 },
    });
  });

  it('are fresh each time for whoever wants them so', async () => {
    const counts = new RecordCountsQueries(database.dataSource, 0);
    const before = await counts.read();
    await database.dataSource.query(`insert into person (entra_id) values ('one-more')`);
    expect((await counts.read()).people).toBe(before.people + 1);
  });

  it('are as old as allowed, then given once more while they are renewed', async () => {
    const counts = new RecordCountsQueries(database.dataSource, 300);
    const [first, same] = await Promise.all([counts.read(), counts.read()]);
    expect(same).toBe(first);
    await database.dataSource.query(`insert into person (entra_id) values ('another')`);
    expect(await counts.read()).toBe(first);
    await delay(400);
    expect(await counts.read()).toBe(first);
    await delay(100);
    expect((await counts.read()).people).toBe(first.people + 1);
  });
});
