#!/usr/bin/env node
import { NestFactory } from '@nestjs/core';
import { AttestationJobs } from './attestation/attestation.jobs.js';
import { followParentProcess } from './common/parent-process.js';
import { loadConfig } from './config/config.js';
import { ConfigError } from './config/config.error.js';
import { createLogger, NestLogger } from './config/logger.js';
import { createDataSource, JOB_LIMITS, openDatabase } from './database/data-source.js';
import { pendingMigrations } from './database/migrator.js';
import { JobQueueService } from './jobs/job-queue.service.js';
import { CallQualityJobs } from './network/call-quality/call-quality.jobs.js';
import { ConnectionCheckJobs } from './network/connection-check/connection-checks.jobs.js';
import { BurndownJobs } from './rollout/burndown/burndown.jobs.js';
import { ReadinessJobs } from './rollout/readiness/readiness.jobs.js';
import { WavesJobs } from './rollout/waves/waves.jobs.js';
import { NotificationsJobs } from './notifications/notifications.jobs.js';
import { DecisionsJobs } from './requests/decisions/decisions.jobs.js';
import { FulfilmentJobs } from './requests/fulfilment/fulfilment.jobs.js';
import { StockJobs } from './requests/stock/stock.jobs.js';
import { LowStockJobs } from './requests/messages/low-stock.jobs.js';
import { RolloutMessagesJobs } from './rollout/messages/messages.jobs.js';
import { RolloutJobs } from './rollout/rollout.jobs.js';
import { CallRecordsJobs } from './sync/call-records/call-records.jobs.js';
import { SyncJobs } from './sync/sync.jobs.js';
import { WorkerModule } from './worker.module.js';

/** sysexits.h: the configuration is wrong. Restarting does not help. */
const EXIT_CONFIGURATION = 78;

/** The job process: runs what is scheduled or queued until it is told to stop. */
async function main(): Promise<void> {
  followParentProcess();
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  const { address, embedded } = await openDatabase(config);
  const dataSource = await createDataSource(address, JOB_LIMITS).initialize();
  const pending = await pendingMigrations(dataSource);
  await dataSource.destroy();
  if (pending.length > 0) {
    throw new ConfigError([
      { name: 'DATABASE_URL', reason: 'names a database that is not up to date.', fix: 'Run "npx untether migrate".' },
    ]);
  }
  const application = await NestFactory.createApplicationContext(WorkerModule.forRoot(config, address), {
    logger: new NestLogger(logger),
  });
  await application.get(JobQueueService).start();
  await application.get(SyncJobs).register();
  await application.get(CallRecordsJobs).register();
  await application.get(CallQualityJobs).register();
  await application.get(AttestationJobs).register();
  await application.get(RolloutJobs).register();
  await application.get(BurndownJobs).register();
  await application.get(ReadinessJobs).register();
  await application.get(WavesJobs).register();
  await application.get(DecisionsJobs).register();
  await application.get(FulfilmentJobs).register();
  await application.get(StockJobs).register();
  await application.get(LowStockJobs).register();
  await application.get(RolloutMessagesJobs).register();
  await application.get(NotificationsJobs).register();
  await application.get(ConnectionCheckJobs).register();
  logger.info('worker ready');

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'worker stopping');
    // The process must end in time even when something hangs; an interrupted run is made again.
    setTimeout(() => process.exit(1), 28_000).unref();
    void application
      .close()
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
