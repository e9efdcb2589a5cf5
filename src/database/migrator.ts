import { MigrationExecutor, type DataSource } from 'typeorm';
import { setTimeout as delay } from 'node:timers/promises';
import { SQLSTATE, sqlstateOf } from './sqlstate.js';

/** Key of the advisory lock that keeps two processes from migrating at once; any constant will do. */
const MIGRATION_LOCK = 7_310_233;

/** Names of the migrations that the database still lacks, oldest first. */
export async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  const pending = await new MigrationExecutor(dataSource).getPendingMigrations();
  return pending.map((migration) => migration.name);
}

/**
 * Brings the schema up to date, each migration in a transaction of its own, one process at a time.
 * @returns the names of the migrations that were run.
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const holder = dataSource.createQueryRunner();
  await holder.connect();
  try {
    await holder.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    for (let attempt = 1; ; attempt++) {
      try {
        const executed = await dataSource.runMigrations({ transaction: 'each' });
        return executed.map((migration) => migration.name);
      } catch (error) {
        if (attempt >= 3 || sqlstateOf(error) !== SQLSTATE.deadlockDetected) throw error;
        await delay(200 * attempt);
      }
    }
  } finally {
    await holder.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await holder.release();
  }
}
