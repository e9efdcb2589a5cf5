import { Writable } from 'node:stream';
import { createLogger } from '../../src/config/logger.js';
import { loadConfig } from '../../src/config/config.js';
import type { DatabaseLimits } from '../../src/database/data-source.js';
import { startWeb, type RunningWeb } from '../../src/start-web.js';
import type { TestDatabase } from './test-database.js';

/** A web process over a test database, and every line that it logged. */
export interface TestWeb extends RunningWeb {
  readonly logLines: readonly string[];
}

/** Starts the web process on a free port. */
export async function startTestWeb(
  database: Pick<TestDatabase, 'address'>,
  options: { environment?: Record<string, string>; limits?: DatabaseLimits } = {},
): Promise<TestWeb> {
  const logLines: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logLines.push(...chunk.toString().split('\n').filter(Boolean));
      done();
    },
  });
  const config = loadConfig({ PORT: '0', ...options.environment });
  const logger = createLogger(config.logLevel, stream as NodeJS.WriteStream);
  const web = await startWeb(config, {
    address: database.address,
    logger,
    ...(options.limits ? { limits: options.limits } : {}),
  });
  return { ...web, logLines };
}
