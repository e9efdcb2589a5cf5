// The one box: how long an answer takes and how many a second, signed in, beside a bare server that asks the same.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import autocannon from 'autocannon';
import pg from 'pg';
import { hashOf } from '../../dist/auth/secret.js';
import { WEB_NODE_OPTIONS } from '../../dist/config/node-options.js';
import { createDataSource, JOB_LIMITS } from '../../dist/database/data-source.js';
import { startEmbeddedPostgres } from '../../dist/database/embedded-postgres.js';
import { migrate } from '../../dist/database/migrator.js';
import { searchText } from '../../dist/reports/domain/search-text.js';
import { SEARCH } from '../../dist/reports/search-statement.js';
import { insertSearchEstate } from '../support/search-estate.mjs';
import { planOf, text, texts } from '../support/search-plans.mjs';

const CONNECTIONS = [1, 10, 50];
const SECONDS = Number(process.env.BENCH_SECONDS ?? 8);
const AUDIT_ROWS = 1_000_000;
/** The commonest surnames, the commonest model and the commonest beginning. */
const WORST = ['smith', 'jones', 'john', 'latitude', 'wc'];

/** Measures an estate with so many machines; returns the lines to print. */
export async function benchSearch(devices) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-bench-'));
  const postgres = await startEmbeddedPostgres(path.join(folder, 'data'), ['fsync=off', 'synchronous_commit=off']);
  try {
    return await benchSize(postgres.connection, devices);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchSize({ host, user }, devices) {
  const database = `search_${devices}`;
  const admin = new pg.Client({ host, user, database: 'postgres' });
  await admin.connect();
  await admin.query(`create database ${database}`);
  await admin.end();
  const address = { host, username: user, database };
  const dataSource = await createDataSource(address, JOB_LIMITS).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
  const client = new pg.Client({ host, user, database });
  await client.connect();
  await client.query(`set work_mem = '128MB'; set maintenance_work_mem = '512MB'`);
  await insertSearchEstate((sql) => client.query(sql), devices);
  const lines = await measureEstate(client, address, devices);
  await client.end();
  return lines;
}

/**
 * Measures an estate that is there.
 * @param client connected to its database, whose owner it is
 */
export async function measureEstate(client, address, devices) {
  await insertAudit(client);
  await refuseScans(client);
  const token = await insertToken(client);
  const mixed = await ordinaryTexts(client, devices);
  const floor = await start('search-floor-process.mjs', address);
  const product = await start('search-web-process.mjs', address);
  try {
    // A server at work has compiled what it runs; the larger program takes longer over it.
    for (const [server, headers] of [
      [floor, {}],
      [product, { authorization: `Bearer ${token}` }],
    ]) {
      await measure(server, [...mixed, ...WORST], 10, headers);
    }
    const lines = [
      `search in ${devices.toLocaleString('en-GB')} devices, ${AUDIT_ROWS.toLocaleString('en-GB')} audit rows`,
    ];
    for (const [name, searches] of [
      ['as typed at a desk', mixed],
      ['worst terms', WORST],
    ]) {
      for (const connections of CONNECTIONS) {
        const load = (server, headers) => measure(server, searches, connections, headers);
        // Both sides of the product, so that a machine that slows down slows both down.
        const before = await load(floor, {});
        const signedIn = await load(product, { authorization: `Bearer ${token}` });
        const after = await load(floor, {});
        lines.push(report(`${name}, ${connections} connections`, mean(before, after), signedIn));
      }
    }
    return lines;
  } finally {
    for (const { process: child } of [floor, product]) {
      if (child.connected) child.disconnect();
      if (child.exitCode === null) await once(child, 'exit');
    }
  }
}

/** No table that grows is read from end to end, whatever is looked for. */
async function refuseScans(client) {
  const query = async (sql) => (await client.query(sql)).rows;
  for (const typed of [...WORST, 'john smith', 'smith latitude', 'smith wexcombe latitude', 'no such thing at all']) {
    const { phrase, compact, lookalike, words } = searchText(typed);
    const values = [text(phrase), text(compact), text(lookalike), texts(words), 20, 201];
    const { scanned } = await planOf(query, 'search', SEARCH, values);
    if (scanned.length > 0) throw new Error(`"${typed}" reads all of ${scanned.join(', ')}.`);
  }
}

/** Entries that a year of work would leave; the chain of hashes is of no interest here. */
async function insertAudit(client) {
  await client.query(`
    insert into audit_event (id, form, at, event, actor, subject_kind, subject_id, details, previous_hash, hash)
    select n, 1, timestamptz '2026-01-01' + make_interval(secs => n), 'device.handed-over', 'person:' || n % 500, 'device',
           (n % 10000)::text, '{}', sha256(int8send(n)), sha256(int8send(n + 1))
    from generate_series(1, ${AUDIT_ROWS}::bigint) as n`);
  await client.query('vacuum (analyze) audit_event');
}

async function insertToken(client) {
  const token = `untether_${randomBytes(32).toString('base64url')}`;
  const { rows } = await client.query(
    `insert into account (service_name, display_name) values ('bench', 'bench') returning id`,
  );
  await client.query(
    `insert into api_token (secret_hash, prefix, name, account_id, scopes, issued_by, expires_at)
     values ($1, $2, 'bench', $3, array['estate:read'], 'system:bench', now() + interval '1 day')`,
    [hashOf(token), token.slice(0, 15), rows[0].id],
  );
  return token;
}

/** What a desk types in a day: numbers mostly, then people, a few of several words and a few mistyped. */
async function ordinaryTexts(client, devices) {
  const { rows } = await client.query(
    `select device.name, device.serial_number, asset_tag, person.display_name, person.surname, user_principal_name
     from generate_series(1, 20) as n
     join device on device.id = n * ${Math.floor(devices / 50)} + 1
     left join device_register on device_id = device.id
     join person on person.id = n * ${Math.floor(devices / 50)} + 7`,
  );
  return rows.flatMap((row, at) => [
    row.serial_number,
    row.serial_number.toLowerCase(),
    row.asset_tag ?? row.serial_number,
    row.name ?? row.serial_number,
    row.user_principal_name,
    row.display_name,
    row.surname,
    ...(at % 4 === 0 ? [`${row.surname} latitude`] : []),
    ...(at % 5 === 0 ? [`${row.serial_number.slice(0, 4)}${row.serial_number.slice(5)}`] : []),
  ]);
}

async function start(file, address) {
  const child = fork(path.join(import.meta.dirname, file), [JSON.stringify(address)], {
    execArgv: [...WEB_NODE_OPTIONS],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [url] = await once(child, 'message');
  return { process: child, url };
}

async function measure({ process: child, url }, searches, connections, headers) {
  const requests = searches.map((typed) => ({
    method: 'GET',
    path: `/api/v1/search?q=${encodeURIComponent(typed)}`,
    headers,
  }));
  const run = (seconds) => autocannon({ url, connections, duration: seconds, requests, timeout: 30 });
  // Statements are planned and files read the first time.
  await run(2);
  const times = [];
  const before = await processorTime(child);
  const instance = run(SECONDS);
  instance.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds));
  const result = await instance;
  if (result.non2xx + result.errors + result.timeouts > 0) throw new Error(`${url} did not answer everything.`);
  const processor = (await processorTime(child)) - before;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { perSecond: times.length / SECONDS, p50: at(0.5), p95: at(0.95), processor: processor / times.length };
}

/** Milliseconds of processor time that a server has used; other work of the machine does not change it much. */
async function processorTime(child) {
  child.send('processor');
  const [{ user, system }] = await once(child, 'message');
  return (user + system) / 1000;
}

const mean = (a, b) => ({
  perSecond: (a.perSecond + b.perSecond) / 2,
  p50: (a.p50 + b.p50) / 2,
  p95: (a.p95 + b.p95) / 2,
  processor: (a.processor + b.processor) / 2,
});

function report(name, floor, product) {
  const figures = ({ perSecond, p50, p95, processor }) =>
    `${perSecond.toFixed(0)}/s, p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, ${processor.toFixed(2)} ms of the server’s processor`;
  const ratios = `${(product.perSecond / floor.perSecond).toFixed(2)}x the requests, ${(product.p95 / floor.p95).toFixed(2)}x the p95`;
  return `  ${name}: floor ${figures(floor)}; signed in ${figures(product)} = ${ratios}`;
}
