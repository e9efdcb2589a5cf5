// Teams call records of a month: read, placed and worked out into weeks and hours, on a small heap.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createDataSource, JOB_LIMITS } from '../../dist/database/data-source.js';
import { startEmbeddedPostgres } from '../../dist/database/embedded-postgres.js';
import { migrate } from '../../dist/database/migrator.js';
import { addressesOf, REMOTE_ACCESS_POOL, SHARED_EGRESS } from '../../dist/demo/tenant/network-addresses.js';
import { SITES } from '../../dist/demo/tenant/organisation.js';

const HEAP_MEGABYTES = 96;
const TENANT_HEAP_MEGABYTES = 192;
/** Working days in 30 days, about. */
const WORKDAYS = 21;

/** Measures one number of calls in a month; returns the lines to print. */
export async function benchCalls(calls) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-bench-'));
  const postgres = await startEmbeddedPostgres(path.join(folder, 'data'));
  const task = { folder: path.join(folder, 'tenant'), people: 3_500, callsPerWorkday: Math.ceil(calls / WORKDAYS) };
  const tenant = fork(path.join(import.meta.dirname, 'call-tenant-process.mjs'), [JSON.stringify(task)], {
    execArgv: [`--max-old-space-size=${TENANT_HEAP_MEGABYTES}`],
    stdio: 'inherit',
  });
  try {
    const [settings] = await once(tenant, 'message');
    const client = new pg.Client(postgres.connection);
    await client.connect();
    await client.query('create database calls');
    await client.end();
    const { host, user } = postgres.connection;
    const address = { host, username: user, database: 'calls' };
    const dataSource = await createDataSource(address, JOB_LIMITS).initialize();
    await migrate(dataSource);
    await readPeople(dataSource, task.people);
    await enterRanges(dataSource);

    const url = `postgres://${user}@localhost/calls?host=${encodeURIComponent(host)}`;
    const first = await read(url, settings);
    const again = await read(url, settings);
    const [kept] = await dataSource.query(`select
      (select count(*)::int from call_stream) as streams,
      (select count(*)::int from call_quality_person_week) as weeks,
      (select count(*)::int from call_quality_site_hour) as hours,
      pg_size_pretty(pg_total_relation_size('call_stream')) as size`);
    await dataSource.destroy();
    tenant.send('memory');
    const [{ peakMegabytes }] = await once(tenant, 'message');
    const { outcome, milliseconds } = first;
    return [
      `call records of a month, ${outcome.listed.toLocaleString('en-GB')} calls`,
      `  read in ${seconds(milliseconds)}: ${Math.round(outcome.takenOver / (milliseconds / 1000))} calls/s, ${outcome.requests} requests, ${outcome.unreadable} set aside`,
      `  ${kept.streams} rows of people in calls (${kept.size}), ${kept.weeks} weeks of people, ${kept.hours} hours of sites`,
      `  peak memory of the process ${first.peakMegabytes.toFixed(0)} MB with the heap capped at ${HEAP_MEGABYTES} MB; of the emulator ${peakMegabytes.toFixed(0)} MB, capped at ${TENANT_HEAP_MEGABYTES} MB`,
      `  the last 25 hours again: ${seconds(again.milliseconds)}, ${again.outcome.unchanged} known, ${again.outcome.takenOver} taken over`,
    ];
  } finally {
    tenant.disconnect();
    if (tenant.exitCode === null) await once(tenant, 'exit');
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same people as the tenant's, since equal settings make equal tenants. */
async function readPeople(dataSource, people) {
  const { createTenant } = await import('../../dist/demo/tenant/demonstration-tenant.js');
  const ids = createTenant({ seed: 1, people })
    .list('users')
    .map(({ id }) => id);
  await dataSource.query(
    `insert into person (entra_id, presence) select id, 'present' from unnest($1::text[]) as given(id)`,
    [ids],
  );
  await dataSource.query('analyze person');
}

async function enterRanges(dataSource) {
  for (const site of SITES) {
    const addresses = addressesOf(site);
    if (addresses === null) continue;
    await dataSource.query(
      `with site as (insert into network_site (name, changed_by) values ($1, 'bench') returning id)
       insert into network_range (kind, network, site_id, changed_by) select 'site_subnet', $2::cidr, id, 'bench' from site`,
      [site.name, addresses.subnet],
    );
    await dataSource.query(
      `insert into network_range (kind, network, changed_by) values ('egress', $1::cidr, 'bench') on conflict do nothing`,
      [addresses.egress],
    );
  }
  await dataSource.query(
    `with gateway as (insert into remote_access (name, sessions, download_kbps, upload_kbps, all_traffic, changed_by)
       values ('Gateway', 800, 1000000, 1000000, true, 'bench') returning id)
     insert into network_range (kind, network, remote_access_id, changed_by) select 'remote_access', $1::cidr, id, 'bench' from gateway
     union all select 'egress', $2::cidr, null, 'bench' on conflict do nothing`,
    [REMOTE_ACCESS_POOL, SHARED_EGRESS],
  );
}

async function read(url, settings) {
  const script = path.join(import.meta.dirname, '..', 'sync', 'call-records-child.mjs');
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MEGABYTES}`, script, JSON.stringify({ url, settings })],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', (data) => (output += data.toString()));
  await once(child, 'close');
  const answer = JSON.parse(output.trim().split('\n').at(-1) ?? '{}');
  if (answer.outcome?.status !== 'succeeded') throw new Error(`Call records were not read: ${output.slice(-500)}`);
  return answer;
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
