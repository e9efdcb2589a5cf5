import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Transactor } from '../database/transactor.js';
import { noteNetworkChange, noteSitesChange } from './network-changes.service.js';

describe('notes of changes', () => {
  let database: TestDatabase;
  let transactor: Transactor;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 10 });
    transactor = new Transactor(database.dataSource);
  });
  afterAll(() => database.drop());

  const notes = (): Promise<{ kind: string; subject: string }[]> =>
    database.dataSource.query('select kind, subject from network_change order by kind, subject');

  it('are kept once for each site, home or everything', async () => {
    await transactor.run(async (tx) => {
      await tx.query(`insert into network_site (name, changed_by) values ('Civic Centre', 'system:test')`);
      await noteNetworkChange(tx, { kind: 'site', subjects: ['Gasworks', 'GASWORKS'] });
      await noteSitesChange(tx, [1, 77]);
      await noteNetworkChange(tx, { kind: 'home', subjects: ['Ab-1'] });
      await noteNetworkChange(tx, { kind: 'home', subjects: [] });
      await noteNetworkChange(tx, { kind: 'everything' });
    });
    expect(await notes()).toEqual([
      { kind: 'everything', subject: '' },
      { kind: 'home', subject: 'Ab-1' },
      { kind: 'site', subject: 'civic centre' },
      { kind: 'site', subject: 'gasworks' },
    ]);
  });

  it('move on with the next change, and never wait in a circle', async () => {
    const subjects = Array.from({ length: 200 }, (_, n) => `Site ${n}`);
    const started = new Date();
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        // Another transactor would hide a deadlock by trying again.
        database.dataSource.transaction((tx) =>
          noteNetworkChange(tx, { kind: 'site', subjects: n % 2 === 0 ? subjects : subjects.toReversed() }),
        ),
      ),
    );
    const [row] = await database.dataSource.query<{ count: number; earliest: Date }[]>(
      `select count(*)::integer as count, min(changed_at) as earliest from network_change where subject like 'site %'`,
    );
    expect(row?.count).toBe(200);
    expect(row?.earliest.getTime()).toBeGreaterThanOrEqual(started.getTime() - 1000);
  });
});
