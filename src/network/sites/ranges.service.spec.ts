import { auditedAs } from '../../../test/support/audit.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, NotFoundError } from '../../common/errors.js';
import { ChangedMeanwhileError } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import { RangesQueries } from './ranges.queries.js';
import { RangesService, type RangeInput } from './ranges.service.js';

const ACTOR = 'person:network-manager';

describe('ranges', () => {
  let database: TestDatabase;
  let ranges: RangesService;
  let queries: RangesQueries;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 8 });
    ranges = new RangesService(new Transactor(database.dataSource));
    queries = new RangesQueries(database.dataSource);
    await database.dataSource.query(`
      insert into network_site (name, changed_by) values ('Civic Centre', 'system:test'), ('Library', 'system:test');
      insert into remote_access (name, sessions, download_kbps, upload_kbps, all_traffic, changed_by)
        values ('Gateway', 100, 1000, 1000, true, 'system:test');
    `);
  });
  afterAll(() => database.drop());
  beforeEach(() => database.dataSource.query('delete from network_range; delete from network_removal'));

  const RANGE: RangeInput = {
    kind: 'site_subnet',
    network: '10.1.0.0/16',
    siteId: 1,
    remoteAccessId: null,
    note: null,
  };
  const add = (input: Partial<RangeInput> = {}, key: string | null = null): Promise<{ readonly id: number }> =>
    ranges.add({ ...RANGE, ...input }, key, ACTOR);

  it('are entered, change under their version, and are removed with a reason', async () => {
    let id = 0;
    const added = await auditedAs(database.dataSource, 'network-range.added', async () => {
      ({ id } = await add({}, 'key-1'));
    });
    expect(added.details).toEqual({ kind: 'site_subnet', site: 1, gateway: null });
    expect(await add({}, 'key-1')).toEqual({ id });
    const before = await queries.one(id);
    expect(before).toMatchObject({ network: '10.1.0.0/16', site: 'Civic Centre', kind: 'site_subnet' });
    const version = before?.version ?? '';
    await auditedAs(database.dataSource, 'network-range.changed', () =>
      ranges.change(id, { ...RANGE, network: '2001:db8:0::/48', siteId: 2, note: 'Second floor' }, version, ACTOR),
    );
    expect(await queries.one(id)).toMatchObject({ network: '2001:db8::/48', site: 'Library', note: 'Second floor' });
    await expect(ranges.change(id, RANGE, version, ACTOR)).rejects.toThrow(ChangedMeanwhileError);
    await expect(ranges.remove(id, 'Old', version, ACTOR)).rejects.toThrow(ChangedMeanwhileError);
    const now = (await queries.one(id))?.version ?? '';
    await auditedAs(database.dataSource, 'network-range.removed', () => ranges.remove(id, 'Given back', now, ACTOR));
    expect(await queries.one(id)).toBeNull();
    expect(await queries.removed()).toMatchObject([{ kind: 'range', title: '2001:db8::/48', reason: 'Given back' }]);
    await expect(ranges.remove(id, 'Again', now, ACTOR)).rejects.toThrow(NotFoundError);
  });

  it('are refused when they are none, and named as the network that is meant when host bits are set', async () => {
    for (const network of ['', '10.1', '10.1.0.0/7', 'fe80::1%eth0/64']) {
      await expect(add({ network })).rejects.toMatchObject({ fields: [{ field: 'network' }] });
    }
    await expect(add({ network: '10.1.20.7/16' })).rejects.toThrow('within the network 10.1.0.0/16');
    await expect(add({ network: '2001:db8::1/48' })).rejects.toThrow('within the network 2001:db8::/48');
    await expect(add({ network: '::ffff:10.1.0.0/112' })).rejects.toThrow('as IPv4');
  });

  it('have the owner that their kind needs', async () => {
    await expect(add({ siteId: null })).rejects.toThrow('Choose the site');
    await expect(add({ siteId: 77 })).rejects.toThrow('a site that is entered');
    await expect(add({ remoteAccessId: 1 })).rejects.toThrow('Leave the gateway open');
    await expect(add({ kind: 'remote_access' })).rejects.toThrow('Choose the gateway');
    await expect(add({ kind: 'remote_access', remoteAccessId: 1 })).rejects.toThrow('Leave the site open');
    await expect(add({ kind: 'remote_access', siteId: null, remoteAccessId: 9 })).rejects.toThrow(
      'a gateway that is entered',
    );
    await add({ kind: 'remote_access', siteId: null, remoteAccessId: 1 });
    await add({ kind: 'egress', network: '203.0.113.0/28', siteId: null });
    await add({ kind: 'egress', network: '203.0.113.8', siteId: 2 });
    expect((await queries.page({}, {})).items.map(({ network }) => network)).toEqual([
      '10.1.0.0/16',
      '203.0.113.0/28',
      '203.0.113.8/32',
    ]);
  });

  it('may lie within each other, but none is there twice', async () => {
    await add();
    await add({ network: '10.1.20.0/24', siteId: 2 });
    await expect(add({ siteId: 2 })).rejects.toThrow('it belongs to Civic Centre');
    await expect(add({ siteId: 2 })).rejects.toThrow(ConflictError);
    const { id } = await add({ network: '10.2.0.0/16', siteId: 2 });
    const version = (await queries.one(id))?.version ?? '';
    await expect(ranges.change(id, { ...RANGE, siteId: 2 }, version, ACTOR)).rejects.toThrow(
      'it belongs to Civic Centre',
    );
    const race = await Promise.allSettled(
      [1, 2, 3].map((siteId) => add({ network: '10.9.0.0/16', siteId: 1 + (siteId % 2) })),
    );
    expect(race.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    for (const each of race) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(ConflictError);
  });

  it('are found by an address, their kind and their site', async () => {
    await add();
    await add({ network: '10.1.20.0/24', siteId: 2 });
    await add({ kind: 'egress', network: '203.0.113.0/28', siteId: null });
    const found = async (filter: Parameters<RangesQueries['page']>[0]): Promise<string[]> =>
      (await queries.page(filter, {})).items.map(({ network }) => network);
    expect(await found({ contains: '10.1.20.9' })).toEqual(['10.1.0.0/16', '10.1.20.0/24']);
    expect(await found({ kind: 'egress' })).toEqual(['203.0.113.0/28']);
    expect(await found({ siteId: 2 })).toEqual(['10.1.20.0/24']);
    expect(await queries.count({ contains: '10.1.20.9' })).toEqual({ rows: 2, more: false });
    expect((await queries.ofSite(1)).length).toBe(1);
  });
});
