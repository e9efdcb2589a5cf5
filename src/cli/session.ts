import type { Config } from '../config/config.types.js';
import { createDataSource, JOB_LIMITS, openDatabase, type DatabaseAddress } from '../database/data-source.js';
import type { EmbeddedPostgres } from '../database/embedded-postgres.js';
import { migrate, pendingMigrations } from '../database/migrator.js';
import { Transactor } from '../database/transactor.js';
import { installJobQueue } from '../jobs/job-queue.service.js';
import { SourceStatusQueries } from '../sync/source-status.queries.js';
import { SyncQueries } from '../sync/sync.queries.js';
import { CommandError, EXIT } from './command-error.js';

type Connection = ReturnType<typeof createDataSource>;

/** What a command has of the database while it runs. */
export interface Session {
  readonly config: Config;
  readonly address: DatabaseAddress;
  readonly dataSource: Connection;
  readonly transactor: Transactor;
  readonly sync: SyncQueries;
  readonly sources: SourceStatusQueries;
  close(): Promise<void>;
}

/** Opens the database for `work` and closes it afterwards, whatever happens. */
export async function withSession<T>(config: Config, work: (session: Session) => Promise<T>): Promise<T> {
  const { address, embedded } = await openDatabase(config);
  const session = await openSession(config, address, embedded);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/**
 * Connects to a database that is up to date. An embedded one that this process has started is brought up to date, since
 * nobody else can be using it; any other has to be migrated by the command for it.
 * @throws CommandError when migrations are pending
 */
export async function openSession(
  config: Config,
  address: DatabaseAddress,
  embedded: EmbeddedPostgres | null,
): Promise<Session> {
  let dataSource: Connection | null = null;
  try {
    dataSource = await createDataSource(address, JOB_LIMITS).initialize();
    if (embedded?.owned === true) await migrateAll(dataSource, address);
    else await refusePending(dataSource);
  } catch (error) {
    await dataSource?.destroy().catch(() => undefined);
    await embedded?.stop();
    throw error;
  }
  const connected = dataSource;
  const sync = new SyncQueries(connected);
  return {
    config,
    address,
    dataSource: connected,
    transactor: new Transactor(connected),
    sync,
    sources: new SourceStatusQueries(sync, config),
    close: async () => {
      await connected.destroy();
      await embedded?.stop();
    },
  };
}

/** Brings tables and job queue up to date; the names of the migrations that were run. */
export async function migrateAll(dataSource: Connection, address: DatabaseAddress): Promise<string[]> {
  const executed = await migrate(dataSource);
  await installJobQueue(address);
  return executed;
}

async function refusePending(dataSource: Connection): Promise<void> {
  const pending = await pendingMigrations(dataSource);
  if (pending.length === 0) return;
  const missing = pending.length === 1 ? '1 migration is' : `${pending.length} migrations are`;
  throw new CommandError(
    `The database is not up to date: ${missing} pending.`,
    'Run "npx untether migrate".',
    EXIT.configuration,
  );
}

/**
 * Lets go of the sources that processes held when they were killed. Only right for an embedded database that this
 * process has just started: whoever held a lease there has lost its connection. The fencing number keeps even a
 * sleeping one from applying anything.
 */
export async function forgetDeadLeases(session: Session): Promise<void> {
  await session.transactor.run((tx) =>
    tx.query('update sync_source set lease_until = null where lease_until is not null'),
  );
}
