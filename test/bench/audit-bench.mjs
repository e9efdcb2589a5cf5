// The audit trail: what appending costs, and time and memory of walking it.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { appendToAudit } from '../../dist/audit/audit-trail.js';
import { verifyChain } from '../../dist/audit/chain-verification.js';
import { createDataSource, JOB_LIMITS } from '../../dist/database/data-source.js';
import { startEmbeddedPostgres } from '../../dist/database/embedded-postgres.js';
import { migrate } from '../../dist/database/migrator.js';
import { Transactor } from '../../dist/database/transactor.js';

const BULK = 500;
const WRITERS = 20;
const SINGLES = 2_000;

const entry = (number) => ({
  event: 'sync.run-finished',
  actor: 'person:05e9a617-0261-4cee-bb44-138d3ef5d965',
  subject: { kind: 'sync-run', id: number },
  details: { source: 'managed-devices', trigger: 'schedule', dryRun: false, rowsRead: number, changed: number % 97 },
});

/** Measures a trail of `size` entries; returns the lines to print. */
export async function benchAudit(size) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-bench-'));
  const postgres = await startEmbeddedPostgres(path.join(folder, 'data'));
  try {
    const { host, user: username, database } = postgres.connection;
    const limits = { ...JOB_LIMITS, connections: WRITERS };
    const dataSource = await createDataSource({ host, username, database }, limits).initialize();
    await migrate(dataSource);
    await dataSource.query('create table floor (id bigint generated always as identity primary key, content jsonb)');
    const transactor = new Transactor(dataSource);
    const append = (entries) => transactor.run((tx) => appendToAudit(tx, entries));
    const insert = (content) =>
      transactor.run((tx) => tx.query('insert into floor (content) values ($1)', [JSON.stringify(content)]));

    const floors = [];
    const appends = [];
    for (const writers of [1, WRITERS]) {
      floors.push(await inParallel(writers, SINGLES, (number) => insert(entry(number))));
      appends.push(await inParallel(writers, SINGLES, (number) => append(entry(number))));
    }
    const [head] = await dataSource.query('select head_id::int as id from audit_chain');
    const filling = await seconds(async () => {
      for (let at = head.id; at < size; at += BULK) {
        await append(Array.from({ length: Math.min(BULK, size - at) }, (_none, index) => entry(at + index)));
      }
    });
    await dataSource.query('vacuum analyze audit_event');

    const reading = await seconds(async () => {
      for (let after = 0, rows = [0]; rows.length > 0; after += rows.length) {
        rows = await dataSource.query('select * from audit_event where id > $1 order by id limit 5000', [after]);
      }
    });
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    let highest = before;
    let verified;
    const cpu = process.cpuUsage();
    const walking = await seconds(async () => {
      verified = await verifyChain(dataSource, {
        onProgress: () => (highest = Math.max(highest, process.memoryUsage.rss())),
      });
    });
    const { user: inCode, system } = process.cpuUsage(cpu);
    const [{ bytes }] = await dataSource.query(`select pg_total_relation_size('audit_event')::bigint as bytes`);
    await dataSource.destroy();
    if (verified.firstBreak !== null || verified.entries !== size) throw new Error('The trail is not whole.');
    const shown = size.toLocaleString('en-GB');
    const rate = (writers) => Math.round(SINGLES / appends[writers]);
    return [
      `audit trail of ${shown} entries (${Math.round(Number(bytes) / 1e6)} MB with its indexes)`,
      `  one entry a transaction, 1 writer: ${rate(0)}/s = ${(appends[0] / floors[0]).toFixed(2)}x the time of a plain insert`,
      `  one entry a transaction, ${WRITERS} writers: ${rate(1)}/s = ${(appends[1] / floors[1]).toFixed(2)}x`,
      `  ${BULK} entries a transaction: ${Math.round((size - head.id) / filling)}/s`,
      `  verifying: ${walking.toFixed(1)} s = ${(walking / reading).toFixed(2)}x reading the same rows (${reading.toFixed(1)} s), ${Math.round(size / walking)} entries/s, ${((inCode + system) / 1e6).toFixed(1)} s of one core`,
      `  memory: ${Math.round(before / 1e6)} MB before, ${Math.round(highest / 1e6)} MB at the most`,
    ];
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inParallel(writers, times, work) {
  let next = 0;
  const writer = async () => {
    while (next < times) await work(next++);
  };
  return seconds(() => Promise.all(Array.from({ length: writers }, writer)));
}

async function seconds(work) {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
