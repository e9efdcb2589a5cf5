import { IdentityService } from '../../src/devices/identity.service.js';
import { SearchIndexService } from '../../src/devices/search-index.service.js';
import { Transactor } from '../../src/database/transactor.js';
import { SearchQueries } from '../../src/reports/search.queries.js';
import { ACTOR, openRegister } from '../import/register-fixture.js';
import { say } from '../support/identity-fixture.js';
import { stateOf } from '../support/state-of.js';
import { createSyncBench } from '../support/sync-bench.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

interface Asked {
  query<T>(sql: string, parameters?: unknown[]): Promise<T[]>;
}

/** What a rebuild would write otherwise, and what it would not write. */
async function drift(asked: Asked): Promise<unknown[]> {
  const columns = 'kind, record_id, key, lookalike, field, shown';
  return asked.query(`
    with wanted as (
      select ${columns} from search_entry_source union all select ${columns} from search_person_source
      union all select ${columns} from search_model_source
    )
    (select 'missing' as what, missing.* from (select * from wanted except select ${columns} from search_entry) as missing)
    union all
    (select 'left over', rest.* from (select ${columns} from search_entry except select * from wanted) as rest)`);
}

const waiting = async (asked: Asked): Promise<number> =>
  (await asked.query<{ waiting: number }>('select count(*)::integer as waiting from search_pending'))[0]?.waiting ?? -1;

describe('what is looked up follows', () => {
  it('the days of a tenant, and an unchanged day writes no row', async () => {
    const bench = await createSyncBench({ people: 150 });
    try {
      await bench.runAll();
      expect([await waiting(bench), await drift(bench)]).toEqual([0, []]);
      const before = await stateOf(bench, ['search_entry', 'search_pending', 'search_model']);
      await bench.runAll();
      await bench.runAll({ full: true });
      expect(await stateOf(bench, ['search_entry', 'search_pending', 'search_model'])).toEqual(before);
      for (let day = 0; day < 24; day++) {
        await bench.emulator.write({ kind: 'advance', days: 1 });
        if (day % 4 === 0) await bench.runAll({ full: day % 8 === 0 });
      }
      await bench.runAll();
      expect([await waiting(bench), await drift(bench)]).toEqual([0, []]);
    } finally {
      await bench.close();
    }
  }, 120_000);

  it('imports and their undoing', async () => {
    const fixture = await openRegister();
    try {
      await fixture.addDevices([
        { serial: 'SER-1', manufacturer: 'Dell' },
        { serial: 'SER-2', manufacturer: 'Dell' },
      ]);
      const search = new SearchQueries(fixture.database.dataSource);
      const header = 'Asset Tag,Serial,Hostname\n';
      const first = await fixture.bring(`${header}WC-0001,SER-1,OLD-NAME\nWC-0002,SER-2,\n`);
      expect((await search.find('wc 0001', 5)).devices.items[0]?.match).toMatchObject({
        field: 'asset-tag',
        how: 'exact',
      });
      const second = await fixture.bring(`${header}WC-0009,SER-1,NEW-NAME\n`);
      expect((await search.find('new-name', 5)).devices.items).toHaveLength(1);
      expect(await drift(fixture.database.dataSource)).toEqual([]);
      await fixture.imports.undo(second.id, ACTOR, 'test');
      expect((await search.find('wc-0009', 5)).devices.items.map(({ match }) => match.how)).not.toContain('exact');
      expect((await search.find('wc-0001', 5)).devices.items[0]?.match.how).toBe('exact');
      await fixture.imports.undo(first.id, ACTOR, 'test');
      expect([await waiting(fixture.database.dataSource), await drift(fixture.database.dataSource)]).toEqual([0, []]);
    } finally {
      await fixture.close();
    }
  });

  describe('single changes', () => {
    let database: TestDatabase;
    let search: SearchQueries;
    beforeAll(async () => {
      database = await createTestDatabase({ connections: 12 });
      search = new SearchQueries(database.dataSource);
    });
    afterAll(() => database?.drop());

    const namesOf = async (text: string): Promise<unknown[]> =>
      (await search.find(text, 5)).devices.items.map(({ name, match }) => [name, match.field, match.how]);

    it('a renamed machine by its former hostname, with its dates', async () => {
      const { dataSource } = database;
      const identity = new IdentityService(new Transactor(dataSource));
      await say(dataSource, 'managed-devices', 'renamed', { name: 'LT-OLD-77', serial_number: 'RENAMED77' });
      await identity.resolvePending();
      await say(dataSource, 'managed-devices', 'renamed', { name: 'LT-NEW-78', serial_number: 'RENAMED77' });
      await identity.resolvePending();
      expect(await namesOf('lt-new-78')).toEqual([['LT-NEW-78', 'hostname', 'exact']]);
      const { devices } = await search.find('LT-OLD-77', 5);
      expect(devices.items[0]).toMatchObject({ name: 'LT-NEW-78', match: { field: 'former-hostname', how: 'exact' } });
      expect(Date.parse(devices.items[0]?.match.until ?? '')).toBeGreaterThan(Date.now() - 60_000);
      expect([await waiting(dataSource), await drift(dataSource)]).toEqual([0, []]);
    });

    it('machines that turn out to be one, and apart again', async () => {
      const { dataSource } = database;
      const identity = new IdentityService(new Transactor(dataSource));
      await say(dataSource, 'managed-devices', 'one', { name: 'ONE-1', serial_number: 'SAME000111' });
      await say(dataSource, 'autopilot', 'two', { serial_number: 'OTHER000222' });
      await identity.resolvePending();
      expect((await namesOf('OTHER000222')).length).toBe(1);
      await say(dataSource, 'autopilot', 'two', { serial_number: 'SAME000111' });
      await identity.resolvePending();
      expect(await namesOf('SAME000111')).toEqual([['ONE-1', 'serial-number', 'exact']]);
      expect(await drift(dataSource)).toEqual([]);
      await say(dataSource, 'autopilot', 'two', { serial_number: 'APART000333' });
      await identity.resolvePending();
      expect((await namesOf('APART000333')).length).toBe(1);
      expect([await waiting(dataSource), await drift(dataSource)]).toEqual([0, []]);
    });

    it('a model that no machine had before', async () => {
      await database.dataSource.query(
        `insert into device (name, manufacturer, model) values ('M-1', 'Framework', 'Laptop 13')`,
      );
      expect(await namesOf('framework 13')).toEqual([['M-1', null, 'words']]);
      await database.dataSource.query(`update device set model = 'Laptop Sixteen' where name = 'M-1'`);
      expect(await namesOf('laptop sixteen')).toEqual([['M-1', 'model', 'exact']].map(([a, b]) => [a, b, 'beginning']));
      expect(await drift(database.dataSource)).toEqual([]);
    });

    it('nothing that was rolled back', async () => {
      const { dataSource } = database;
      await new Transactor(dataSource).run(async (tx) => {
        await tx.query('savepoint dry_run');
        await tx.query(`insert into device (name) values ('NEVER-WAS-1')`);
        await tx.query('rollback to savepoint dry_run');
      });
      expect(await namesOf('never-was-1')).toEqual([]);
      expect([await waiting(dataSource), await drift(dataSource)]).toEqual([0, []]);
    });

    it('many changes at once when they are taken over, in one process after the other or in both', async () => {
      const { dataSource } = database;
      await dataSource.query(
        `insert into person (entra_id, display_name, user_principal_name)
         select 'many-' || n, 'Many ' || md5(n::text), 'many' || n || '@council.example' from generate_series(1, 6000) as n`,
      );
      expect(await waiting(dataSource)).toBe(6_000);
      expect((await search.find('many1@council.example', 5)).people.items).toEqual([]);
      const taken = await Promise.all([1, 2].map(() => new SearchIndexService(dataSource).takeOverPending()));
      expect(taken.reduce((sum, count) => sum + count)).toBe(6_000);
      expect((await search.find('many1@council.example', 5)).people.items).toHaveLength(1);
      expect([await waiting(dataSource), await drift(dataSource)]).toEqual([0, []]);
    }, 60_000);

    it('stops between two batches when it is told to, and goes on the next time', async () => {
      const { dataSource } = database;
      await dataSource.query(`update person set display_name = display_name || ' Again' where entra_id like 'many-%'`);
      const index = new SearchIndexService(dataSource);
      await expect(index.takeOverPending(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
      expect(await waiting(dataSource)).toBe(6_000);
      await index.takeOverPending();
      expect([await waiting(dataSource), await drift(dataSource)]).toEqual([0, []]);
    }, 60_000);

    it('parallel changes of the records of one machine', async () => {
      const { dataSource } = database;
      const [device] = await dataSource.query<{ id: number }[]>(
        `insert into device (name) values ('PARALLEL') returning id`,
      );
      await dataSource.query(
        `insert into device_record (source, external_id, device_id, resolution_pending, name, serial_number)
         select 'managed-devices', 'parallel-' || n, $1, false, 'SHARED-0', 'PARALLEL000' from generate_series(1, 6) as n`,
        [device?.id],
      );
      for (let round = 1; round <= 4; round++) {
        await Promise.all(
          [1, 2, 3, 4, 5, 6].map((n) =>
            new Transactor(dataSource).run(async (tx) => {
              await tx.query('update device_record set name = $2 where external_id = $1', [
                `parallel-${n}`,
                n % 2 === 0 ? `SHARED-${round}` : `OWN-${n}-${round}`,
              ]);
              await tx.query('update device set name = $2 where id = $1', [device?.id, `SHARED-${round}`]);
            }),
          ),
        );
        expect([round, await drift(dataSource)]).toEqual([round, []]);
      }
    }, 60_000);
  });
});
