import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createLogger, NestLogger } from '../config/logger.js';
import { WorkerModule } from '../worker.module.js';
import type { Session } from './session.js';

/**
 * Runs `work` with the modules of a process that does work. The log goes to standard error: warnings for scripts, and
 * only errors on a terminal, where the command itself says what went wrong.
 */
export async function withApplication<T>(
  session: Session,
  work: (application: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const logger = createLogger(process.stderr.isTTY ? 'error' : 'warn', process.stderr);
  const application = await NestFactory.createApplicationContext(
    WorkerModule.forRoot(session.config, session.address),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  try {
    return await work(application);
  } finally {
    await application.close();
  }
}
