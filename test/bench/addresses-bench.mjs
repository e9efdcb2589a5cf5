// Where a million addresses are, beside a bare join of the same addresses with the same ranges.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDataSource, JOB_LIMITS } from '../../dist/database/data-source.js';
import { startEmbeddedPostgres } from '../../dist/database/embedded-postgres.js';
import { migrate } from '../../dist/database/migrator.js';
import { placeOfAddresses } from '../../dist/network/address-places.queries.js';

const SITES = 250;
const EGRESS = 100;
const ROUNDS = 2;

/** Measures so many addresses against so many ranges; returns the lines to print. */
export async function benchAddresses(addresses, ranges) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-bench-'));
  const postgres = await startEmbeddedPostgres(path.join(folder, 'data'), ['fsync=off', 'synchronous_commit=off']);
  try {
    const { host, user } = postgres.connection;
    const admin = await createDataSource({ host, username: user, database: 'postgres' }, JOB_LIMITS).initialize();
    await admin.query('create database addresses');
    await admin.destroy();
    const dataSource = await createDataSource({ host, username: user, database: 'addresses' }, JOB_LIMITS).initialize();
    await migrate(dataSource);
    await insertRanges(dataSource, ranges);
    const lines = await measure(dataSource, addresses, ranges);
    await dataSource.destroy();
    return lines;
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A network of /24 in a /16 for each site, the internet addresses of the council, and a gateway's pool. */
async function insertRanges(dataSource, ranges) {
  await dataSource.query(
    `insert into network_site (name, changed_by) select 'Site ' || n, 'system:bench' from generate_series(1, ${SITES}) as n`,
  );
  await dataSource.query(
    `insert into remote_access (name, sessions, download_kbps, upload_kbps, all_traffic, changed_by)
     values ('Gateway', 1000, 1000000, 1000000, true, 'system:bench')`,
  );
  await dataSource.query(
    `insert into network_range (kind, network, site_id, changed_by)
     select 'site_subnet', set_masklen(inet '10.0.0.0' + (n - 1) * 65536::bigint, 16)::cidr, n, 'system:bench'
     from generate_series(1, ${SITES}) as n
     union all
     select 'egress', set_masklen(inet '198.18.0.0' + n * 16::bigint, 28)::cidr, null, 'system:bench'
     from generate_series(0, ${EGRESS - 1}) as n
     union all
     select 'site_subnet', set_masklen(inet '10.0.0.0' + n % ${SITES} * 65536::bigint + n / ${SITES} * 256::bigint, 24)::cidr,
            1 + n % ${SITES}, 'system:bench'
     from generate_series(0, $1::integer - 1) as n`,
    [ranges - SITES - EGRESS - 1],
  );
  await dataSource.query(
    `insert into network_range (kind, network, remote_access_id, changed_by) values ('remote_access', '172.20.0.0/16', 1, 'system:bench')`,
  );
  await dataSource.query('vacuum (analyze) network_range');
}

async function measure(dataSource, addresses, ranges) {
  // A quarter each: in an office, through the gateway, at home, and in an office's network from elsewhere.
  const given = `(
    select n % 4 as kind,
           case n % 4 when 1 then inet '172.20.0.0' + n % 65536 when 2 then inet '192.168.1.0' + n % 256
             else inet '10.0.0.0' + n % ${SITES} * 65536::bigint + n / ${SITES} % 65536 end as local_address,
           case n % 4 when 0 then inet '198.18.0.0' + n % ${EGRESS * 16} else inet '81.0.0.0' + n end as public_address
    from generate_series(0, ${addresses} - 1) as n) as given`;
  const join = placeOfAddresses({
    tunnel: 'false',
    local: 'given.local_address',
    subnet: 'null::inet',
    public: 'given.public_address',
  });
  const bare = `select count(*) from ${given}
    left join network_range as inside on inside.network >>= given.local_address
    left join network_range as outside on outside.network >>= given.public_address`;
  const product = `select given.kind, place, count(*)::integer as count, count(site_id)::integer as sites
    from ${given} ${join} group by 1, 2 order by 1, 2`;
  const time = async (statement) => {
    const started = performance.now();
    const rows = await dataSource.query(statement);
    return { seconds: (performance.now() - started) / 1000, rows };
  };
  const floors = [];
  const classified = [];
  // In turn, so that a machine that slows down slows both down.
  for (let round = 0; round < ROUNDS; round++) {
    floors.push((await time(bare)).seconds);
    const { seconds, rows } = await time(product);
    check(rows, addresses);
    classified.push(seconds);
  }
  const [floor, seconds] = [mean(floors), mean(classified)];
  return [
    `where ${addresses.toLocaleString('en-GB')} addresses are, among ${ranges.toLocaleString('en-GB')} ranges`,
    `  floor: ${floor.toFixed(2)} s for the bare join of the same addresses with the same ranges`,
    `  with place and site: ${seconds.toFixed(2)} s = ${(seconds / floor).toFixed(2)}x the floor, ${((seconds / addresses) * 1e6).toFixed(1)} µs each`,
  ];
}

/** Speed that tells something wrong is worth nothing. */
function check(rows, addresses) {
  const quarter = addresses / 4;
  const wanted = ['office', 'remote_access', 'home', 'remote_access'].map((place, kind) => ({
    kind,
    place,
    count: quarter,
    sites: place === 'office' ? quarter : 0,
  }));
  if (JSON.stringify(rows) !== JSON.stringify(wanted)) throw new Error(`Told wrongly: ${JSON.stringify(rows)}`);
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
