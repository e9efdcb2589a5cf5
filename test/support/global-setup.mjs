// Plain JavaScript against dist/: Jest does not apply its module mapping to a global setup.
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createDataSource } from '../../dist/database/data-source.js';
import { startEmbeddedPostgres } from '../../dist/database/embedded-postgres.js';
import { migrate } from '../../dist/database/migrator.js';

/** In memory where there is room (a container may have 64 MB): specs copy and empty databases all the time. */
function fastFolder() {
  const memory = '/dev/shm';
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize > 8 * 1024 ** 3) return memory;
  } catch {
    // There is none, as on other systems than Linux.
  }
  return os.tmpdir();
}

/** Starts one Postgres for all specs (or uses TEST_DATABASE_URL's) and migrates the template that specs copy. */
export default async function globalSetup() {
  const folder = mkdtempSync(path.join(fastFolder(), 'untether-test-'));
  // What specs keep in temporary folders goes there too, and away with it; a server that runs as somebody else passes it.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  const url = process.env.TEST_DATABASE_URL;
  const embedded = url
    ? null
    : await startEmbeddedPostgres(path.join(folder, 'data'), [
        'fsync=off',
        'synchronous_commit=off',
        'full_page_writes=off',
        'max_connections=120',
      ]);
  const connection = embedded ? embedded.connection : { connectionString: url };
  const template = `untether_template_${process.pid}`;
  const file = path.join(folder, 'server.json');
  writeFileSync(file, JSON.stringify({ connection, template }), { mode: 0o600 });
  process.env.UNTETHER_TEST_SERVER = file;
  globalThis.untetherTestServer = { embedded, connection, folder, template };

  await onServer(connection, async (client) => {
    await client.query(`drop database if exists ${template}`);
    await client.query(`create database ${template}`);
  });
  const address = embedded
    ? { host: connection.host, username: connection.user, database: template }
    : { url: Object.assign(new URL(url), { pathname: `/${template}` }).href };
  const dataSource = createDataSource(address, { connections: 2, statementTimeout: 0 });
  await dataSource.initialize();
  await migrate(dataSource);
  await dataSource.destroy();
}

/** Ends what the set-up started. */
export async function stopTestServer() {
  const { embedded, connection, folder, template } = globalThis.untetherTestServer ?? {};
  if (!folder) return;
  if (embedded) await embedded.stop();
  else await onServer(connection, (client) => client.query(`drop database if exists ${template} with (force)`));
  rmSync(folder, { recursive: true, force: true });
}

async function onServer(connection, work) {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
