import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Config } from '../config/config.types.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';

/** An address in the form that TypeORM's Postgres driver takes. */
export type DatabaseAddress =
  { readonly url: string } | { readonly host: string; readonly username: string; readonly database: string };

/** What one process may take of the database. */
export interface DatabaseLimits {
  /** Connections at the most; 4 to 8 were the fastest on two cores. */
  readonly connections: number;
  /** Milliseconds after which the server ends a statement; 0 never does. */
  readonly statementTimeout: number;
  /** Milliseconds after which the server ends a transaction whose process has fallen silent; its locks go with it. */
  readonly idleTransactionTimeout?: number;
  /** Milliseconds for which somebody waits for a connection that others use; 5 seconds unless given. */
  readonly connectionWait?: number;
}

/** A process that is paused in the middle of a transaction must not keep the others waiting for longer. */
const IDLE_TRANSACTION_TIMEOUT = 60_000;

/**
 * Web requests are short; a report that runs away must not keep a connection from the service desk. When many come at once
 * they wait their turn, as long as a statement may take, before they are told to come back.
 */
export const WEB_LIMITS: DatabaseLimits = { connections: 8, statementTimeout: 15_000, connectionWait: 15_000 };
/** Merging a whole tenant is one long statement. */
export const JOB_LIMITS: DatabaseLimits = { connections: 6, statementTimeout: 0 };

const ENTITIES = await exportedClasses(path.join(import.meta.dirname, '..'), /\.entity\.[jt]s$/);
const MIGRATIONS = await exportedClasses(path.join(import.meta.dirname, 'migrations'), /\d-[a-z-]+\.[jt]s$/);

/**
 * The classes of all files with such a name, so that adding an entity or a migration needs no list to be kept. TypeORM
 * would look for them too, but with an import that belongs to nobody: where several module systems live in one process,
 * as under Jest, it asks the wrong one.
 */
async function exportedClasses(folder: string, name: RegExp): Promise<(new () => never)[]> {
  const classes: (new () => never)[] = [];
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.test(file)) continue;
    const exported = (await import(pathToFileURL(path.join(folder, file)).href)) as Record<string, unknown>;
    for (const value of Object.values(exported))
      if (typeof value === 'function') classes.push(value as new () => never);
  }
  return classes;
}

/** The address that the settings name; on the embedded default the server is started or joined first. */
export async function openDatabase(
  config: Config,
): Promise<{ address: DatabaseAddress; embedded: EmbeddedPostgres | null }> {
  if (config.databaseUrl !== null) return { address: { url: config.databaseUrl }, embedded: null };
  const embedded = await startEmbeddedPostgres(path.join(config.home, 'postgres'));
  const { host, user, database } = embedded.connection;
  return { address: { host, username: user, database }, embedded };
}

/** Options of the one TypeORM data source that all parts of the application share. */
export function dataSourceOptions(address: DatabaseAddress, limits: DatabaseLimits): DataSourceOptions {
  return {
    type: 'postgres',
    ...address,
    applicationName: 'untether',
    poolSize: limits.connections,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migration',
    synchronize: false,
    logging: false,
    extra: {
      statement_timeout: limits.statementTimeout,
      idle_in_transaction_session_timeout: limits.idleTransactionTimeout ?? IDLE_TRANSACTION_TIMEOUT,
      connectionTimeoutMillis: limits.connectionWait ?? 5_000,
      keepAlive: true,
    },
  };
}

/** A data source that is not connected yet. */
export function createDataSource(address: DatabaseAddress, limits: DatabaseLimits): DataSource {
  return new DataSource(dataSourceOptions(address, limits));
}
