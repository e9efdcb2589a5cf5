import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { placeOf, placeOfAddresses } from './address-places.queries.js';

const OFFICE = { place: 'office', siteId: null, siteName: null };
const HOME = { place: 'home', siteId: null, siteName: null };
const UNKNOWN = { place: 'unknown', siteId: null, siteName: null };

describe('where addresses are', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.dataSource.query(`
      insert into network_site (name, changed_by) values ('Civic Centre', 'system:test'), ('Bitterne Library', 'system:test');
      insert into remote_access (name, sessions, download_kbps, upload_kbps, all_traffic, changed_by)
        values ('Gateway', 100, 1000, 1000, true, 'system:test');
      insert into network_range (kind, network, site_id, remote_access_id, changed_by) values
        ('site_subnet', '10.1.0.0/16', 1, null, 'system:test'),
        ('site_subnet', '10.1.20.0/24', 2, null, 'system:test'),
        ('site_subnet', '2001:db8:1::/48', 1, null, 'system:test'),
        ('egress', '203.0.113.0/28', null, null, 'system:test'),
        ('egress', '203.0.113.8/32', 2, null, 'system:test'),
        ('remote_access', '10.1.99.0/24', null, 1, 'system:test'),
        ('remote_access', '198.51.100.7/32', null, 1, 'system:test');
    `);
  });
  afterAll(() => database.drop());

  const civicCentre = { place: 'office', siteId: 1, siteName: 'Civic Centre' };
  const library = { place: 'office', siteId: 2, siteName: 'Bitterne Library' };
  const remote = { place: 'remote_access', siteId: null, siteName: null };

  it.each([
    ['203.0.113.1', OFFICE],
    ['203.0.113.0', OFFICE],
    ['203.0.113.15', OFFICE],
    ['203.0.113.16', HOME],
    ['203.0.112.255', HOME],
    ['203.0.113.8', library],
    ['::ffff:203.0.113.8', library],
    ['10.1.19.255', civicCentre],
    ['10.1.20.0', library],
    ['10.1.20.255', library],
    ['10.1.21.0', civicCentre],
    ['::ffff:10.1.20.3', library],
    ['10.0.255.255', UNKNOWN],
    ['10.1.98.255', civicCentre],
    ['10.1.99.1', remote],
    ['198.51.100.7', remote],
    ['198.51.100.8', HOME],
    ['2001:db8:1:ffff:ffff:ffff:ffff:ffff', civicCentre],
    ['2001:db8:2::', HOME],
    ['127.0.0.1', UNKNOWN],
    ['::ffff:127.0.0.1', UNKNOWN],
    ['::1', UNKNOWN],
    ['fe80::1%eth0', UNKNOWN],
    ['fd00::1', UNKNOWN],
    ['100.64.3.4', UNKNOWN],
    ['192.168.1.1', UNKNOWN],
    ['', UNKNOWN],
    ["10.1.20.1' or true --", UNKNOWN],
    ['10.1.20.1/24', UNKNOWN],
  ])('tells a request from %s', async (address, expected) => {
    expect(await placeOf(database.dataSource.manager, address)).toEqual(expected);
  });

  it.each([
    ['a tunnel, whatever the addresses', [true, '10.1.20.3', null, '203.0.113.1'], 'remote_access', null],
    ['an address of a gateway inside', [false, '10.1.99.9', null, '203.0.113.1'], 'remote_access', null],
    ['an address of a gateway outside', [false, '192.168.1.7', null, '198.51.100.7'], 'remote_access', null],
    ['our public address, known subnet', [false, '10.1.20.3', null, '203.0.113.1'], 'office', 2],
    ['our public address, stated subnet', [false, null, '10.1.20.0', '203.0.113.1'], 'office', 2],
    ['the subnet says more than the public address', [false, '10.1.3.3', null, '203.0.113.8'], 'office', 1],
    ['the public address of a site', [false, '192.168.1.7', null, '203.0.113.8'], 'office', 2],
    ['our public address alone', [false, null, null, '203.0.113.2'], 'office', null],
    ['an office subnet, public elsewhere', [false, '10.1.20.3', null, '81.2.69.160'], 'remote_access', null],
    ['an office subnet alone', [false, '10.1.20.3', null, null], 'office', 2],
    ['a stated subnet alone', [false, null, '10.1.0.0', null], 'office', 1],
    ['an office subnet, no real public address', [false, '10.1.20.3', null, '192.168.1.1'], 'office', 2],
    ['a public address elsewhere', [false, '192.168.1.7', '192.168.1.0', '81.2.69.160'], 'home', null],
    ['a public address elsewhere as IPv6', [false, null, null, '::ffff:81.2.69.160'], 'home', null],
    ['public addresses inside', [false, '2001:db8:1::5', null, '2001:db8:1::5'], 'office', 1],
    ['a private address nobody knows', [false, '192.168.1.7', '192.168.1.0', null], 'unknown', null],
    ['nothing', [null, null, null, null], 'unknown', null],
  ])('tells a call with %s', async (_name, given, place, siteId) => {
    const join = placeOfAddresses({
      tunnel: 'given.tunnel',
      local: 'given.local',
      subnet: 'given.subnet',
      public: 'given.public',
    });
    const rows = await database.dataSource.query<unknown[]>(
      `select address_place.place, address_place.site_id from (
         select $1::boolean as tunnel, $2::inet as local, $3::inet as subnet, $4::inet as public) as given ${join}`,
      given,
    );
    expect(rows).toEqual([{ place, site_id: siteId }]);
  });

  it('finds ranges in the index, among five thousand', async () => {
    const many = await createTestDatabase();
    try {
      await many.dataSource.query(`
        insert into network_site (name, changed_by) select 'Site ' || n, 'system:test' from generate_series(1, 100) as n;
        insert into network_range (kind, network, site_id, changed_by)
        select 'site_subnet', set_masklen(inet '10.0.0.0' + n * 256::bigint, 24)::cidr, 1 + n % 100, 'system:test'
        from generate_series(0, 4999) as n;
        analyze network_range;
      `);
      const join = placeOfAddresses({
        tunnel: 'false',
        local: 'given.address',
        subnet: 'null::inet',
        public: 'given.address',
      });
      const [explained] = await many.dataSource.query<{ 'QUERY PLAN': unknown }[]>(
        `explain (format json) select place, site_id
         from (select inet '10.0.0.9' + n * 10::bigint as address from generate_series(1, 1000) as n) as given ${join}`,
      );
      const plan = JSON.stringify(explained?.['QUERY PLAN']);
      expect(plan).toContain('"network_range_network_index"');
      expect(plan).not.toContain('"Seq Scan"');
      const [index] = await many.dataSource.query<{ indexdef: string }[]>(
        `select indexdef from pg_indexes where indexname = 'network_range_network_index'`,
      );
      // A tree of prefixes: several times faster here than the tree of boxes (GiST).
      expect(index?.indexdef).toContain('USING spgist (network)');
      expect(await placeOf(many.dataSource.manager, '10.7.9.200')).toMatchObject({
        place: 'office',
        siteName: 'Site 2',
      });
    } finally {
      await many.drop();
    }
  });
});
