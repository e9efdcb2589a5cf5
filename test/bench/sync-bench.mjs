// Full and delta synchronisation against their floor, in one run on one machine.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createDataSource, JOB_LIMITS } from '../../dist/database/data-source.js';
import { startEmbeddedPostgres } from '../../dist/database/embedded-postgres.js';
import { migrate } from '../../dist/database/migrator.js';
import { advanceDemonstration } from '../../dist/demo/demonstration-client.js';

const HEAP_MEGABYTES = 256;

/** Measures one size of tenant; returns the lines to print. */
export async function benchSync(people) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-bench-'));
  const children = [];
  const postgres = await startEmbeddedPostgres(path.join(folder, 'data'));
  try {
    const start = async (script, argument, execArgv = []) => {
      const child = fork(path.join(import.meta.dirname, script), argument, { execArgv, stdio: 'inherit' });
      children.push(child);
      const [first] = await once(child, 'message');
      return { child, first };
    };
    const ask = async ({ child }, kind) => {
      child.send({ kind });
      const [answer] = await Promise.race([
        once(child, 'message'),
        once(child, 'exit').then(([code]) => Promise.reject(new Error(`A bench process ended with ${code}.`))),
      ]);
      return answer;
    };
    const database = async (name) => {
      const client = new pg.Client(postgres.connection);
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return { ...postgres.connection, database: name };
    };

    const tenant = await start(
      'tenant-process.mjs',
      [path.join(folder, 'tenant'), String(people)],
      ['--max-old-space-size=8000'],
    );
    const endpoint = tenant.first;
    const floor = await start(
      'floor-process.mjs',
      [JSON.stringify({ endpoint, connection: await database('floor') })],
      ['--max-old-space-size=8000'],
    );

    const { host, user, database: name } = await database('product');
    const address = { host, username: user, database: name };
    const dataSource = await createDataSource(address, JOB_LIMITS).initialize();
    await migrate(dataSource);
    await dataSource.destroy();
    const settings = {
      kind: 'tenant',
      tenantId: endpoint.tenantId,
      clientId: endpoint.clientId,
      credential: { kind: 'secret', secret: endpoint.clientSecret },
      baseUrl: endpoint.baseUrl,
      authority: endpoint.authority,
      caFile: endpoint.caFile,
      httpsProxy: null,
    };
    const product = await start(
      'sync-process.mjs',
      [JSON.stringify({ settings, address })],
      [`--max-old-space-size=${HEAP_MEGABYTES}`],
    );

    // The emulator keeps pages that it has served: one pass warms it, so that who comes first pays no more.
    await ask(floor, 'full');
    const floors = [await ask(floor, 'full')];
    const full = await ask(product, 'full');
    floors.push(await ask(floor, 'full'));
    await advanceDemonstration(endpoint, 1);
    const deltaFloor = await ask(floor, 'delta');
    const delta = await ask(product, 'delta');
    const unchanged = await ask(product, 'delta');
    return [
      ...report(`full sync, ${people.toLocaleString('en-GB')} people`, fastest(floors), full),
      ...report(`delta sync after one day, ${people.toLocaleString('en-GB')} people`, deltaFloor, delta),
      `  again, nothing changed: ${seconds(unchanged.syncMs + unchanged.resolvingMs)}, ${unchanged.written} rows written`,
    ];
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
    await Promise.all(children.map((child) => (child.exitCode === null ? once(child, 'exit') : null)));
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
const fastest = (floors) => floors.sort((a, b) => a.fetchMs + a.copyMs - b.fetchMs - b.copyMs)[0];

function report(title, floor, product) {
  const floorMs = floor.fetchMs + floor.copyMs;
  const totalMs = product.syncMs + product.resolvingMs;
  return [
    title,
    `  floor: ${seconds(floorMs)} (fetch and parse ${seconds(floor.fetchMs)}, one COPY ${seconds(floor.copyMs)}), ${floor.rows} rows, ${floor.requests} requests`,
    `  sync: ${seconds(product.syncMs)} = ${(product.syncMs / floorMs).toFixed(2)}x the floor; with machines resolved and classified ${seconds(totalMs)} = ${(totalMs / floorMs).toFixed(2)}x`,
    `  ${Math.round(product.rows / (totalMs / 1000))} rows/s, ${product.written} rows written, ${product.requests} requests (least possible ${product.minimumRequests}), ${product.resourceUnits} resource units (least possible ${product.minimumResourceUnits})`,
    `  peak memory of the process ${product.peakMegabytes.toFixed(0)} MB with the heap capped at ${HEAP_MEGABYTES} MB`,
  ];
}
