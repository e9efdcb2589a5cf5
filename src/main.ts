#!/usr/bin/env node
import { announceAddress, followParentProcess } from './common/parent-process.js';
import { loadConfig } from './config/config.js';
import { ConfigError } from './config/config.error.js';
import { createLogger } from './config/logger.js';
import { refuseWithoutSignIn } from './config/sign-in-settings.js';
import { createDataSource, openDatabase, WEB_LIMITS } from './database/data-source.js';
import { migrate, pendingMigrations } from './database/migrator.js';
import { startWeb } from './start-web.js';

/** sysexits.h: the configuration is wrong. Restarting does not help. */
const EXIT_CONFIGURATION = 78;
/** Time in which whoever sends requests here notices that no more are wanted. */
const DRAIN_MILLISECONDS = 2_000;
/** The process must end in time even when something hangs. */
const LAST_RESORT_MILLISECONDS = 29_000;

/** The web process: answers requests until it is told to stop. */
async function main(): Promise<void> {
  followParentProcess();
  const config = loadConfig();
  refuseWithoutSignIn(config);
  const logger = createLogger(config.logLevel);
  const { address, embedded } = await openDatabase(config);
  const dataSource = await createDataSource(address, { ...WEB_LIMITS, statementTimeout: 0 }).initialize();
  // The embedded database belongs to this program alone; a server is brought up to date when its owner says so.
  const pending = embedded ? (await migrate(dataSource), []) : await pendingMigrations(dataSource);
  await dataSource.destroy();
  if (pending.length > 0) {
    const reason = `names a database that lacks ${pending.length} migrations.`;
    throw new ConfigError([{ name: 'DATABASE_URL', reason, fix: 'Run "npx untether migrate".' }]);
  }

  const web = await startWeb(config, { address, logger });
  logger.info({ url: web.url, metrics: web.metricsUrl }, 'web ready');
  announceAddress(web.url);

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'web stopping');
    setTimeout(() => process.exit(1), LAST_RESORT_MILLISECONDS).unref();
    void web
      .close(DRAIN_MILLISECONDS)
      .then(() => embedded?.stop())
      .then(() => process.exit(0));
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

main().catch((error: unknown) => {
  const expected = error instanceof ConfigError;
  process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(expected ? EXIT_CONFIGURATION : 1);
});
