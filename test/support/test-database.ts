import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource, type DatabaseAddress } from '../../src/database/data-source.js';

/** Where globalSetup leaves the address of the test server for the specs. */
export const SERVER_VARIABLE = 'UNTETHER_TEST_SERVER';

/** The server that the specs use: the embedded one, or the one that TEST_DATABASE_URL names. */
export interface TestServer {
  readonly connection: pg.ClientConfig;
  readonly template: string;
}

function server(): TestServer {
  const file = process.env[SERVER_VARIABLE];
  if (!file) throw new Error('The test server was not started: run the specs through Jest.');
  return JSON.parse(readFileSync(file, 'utf8')) as TestServer;
}

/** A database of its own for one spec, copied from the migrated template. */
export interface TestDatabase {
  readonly name: string;
  readonly address: DatabaseAddress;
  /** The same address as a URL, for processes started by a spec. */
  readonly url: string;
  readonly dataSource: DataSource;
  drop(): Promise<void>;
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(server().connection);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The address of a database on the test server. */
export function testAddress(name: string): DatabaseAddress {
  const { connection } = server();
  if (connection.connectionString) {
    const url = new URL(connection.connectionString);
    url.pathname = `/${name}`;
    return { url: url.href };
  }
  return { host: connection.host ?? '', username: connection.user ?? '', database: name };
}

/** The same address as a `postgres://` URL; a socket folder goes into the query, as libpq has it. */
export function testUrl(name: string): string {
  const address = testAddress(name);
  if ('url' in address) return address.url;
  return `postgres://${address.username}@localhost/${name}?host=${encodeURIComponent(address.host)}`;
}

/** Copies the migrated template into a new database and connects to it. Call `drop` when done. */
export async function createTestDatabase(
  options: { connections?: number; empty?: boolean } = {},
): Promise<TestDatabase> {
  const name = `untether_test_${randomBytes(6).toString('hex')}`;
  await onServer(async (client) => {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query(`create database ${name} ${options.empty ? '' : `template ${server().template}`}`);
        return;
      } catch (error) {
        // Another worker is copying the template at this moment.
        if ((error as { code?: string }).code !== '55006' || attempt > 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  });
  const address = testAddress(name);
  const dataSource = createDataSource(address, { connections: options.connections ?? 5, statementTimeout: 0 });
  await dataSource.initialize();
  return {
    name,
    address,
    url: testUrl(name),
    dataSource,
    drop: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await onServer((client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}
