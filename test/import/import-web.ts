import { Writable } from 'node:stream';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '../../src/config/config.js';
import { createLogger, NestLogger } from '../../src/config/logger.js';
import { WEB_LIMITS } from '../../src/database/data-source.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { ImportModule } from '../../src/devices/import/import.module.js';
import { loadAssets } from '../../src/web/assets.js';
import { DataAge } from '../../src/web/data-age.js';
import { ErrorFilter } from '../../src/web/error.filter.js';
import { createFastifyAdapter } from '../../src/web/fastify-server.js';
import { Lifecycle } from '../../src/web/lifecycle.js';
import { PageRenderer } from '../../src/web/page-renderer.js';
import { ParametersPipe } from '../../src/web/parameters.pipe.js';
import { ProblemReplies } from '../../src/web/problem-replies.js';
import { RequestMetrics } from '../../src/web/request-metrics.js';
import { Views } from '../../src/web/views.js';
import type { TestDatabase } from '../support/test-database.js';

/** The import feature behind the real server, error filter and parameter checks. */
export interface ImportWeb {
  readonly url: string;
  readonly logLines: readonly string[];
  close(): Promise<void>;
}

class ImportWebModule {}

export async function startImportWeb(database: Pick<TestDatabase, 'address'>): Promise<ImportWeb> {
  const logLines: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logLines.push(...chunk.toString().split('\n').filter(Boolean));
      done();
    },
  });
  const logger = createLogger('info', stream as NodeJS.WriteStream);
  const { brand } = loadConfig({});
  const views = new Views({ assets: loadAssets(brand), brand, demonstration: false });
  const replies = new ProblemReplies(
    new PageRenderer(views, { dataAge: new DataAge(async () => null), overHttps: false }),
    logger,
  );
  const parts = { logger, replies, metrics: new RequestMetrics(), lifecycle: new Lifecycle(), overHttps: false };
  const application = await NestFactory.create<NestFastifyApplication>(
    { module: ImportWebModule, imports: [DatabaseModule.forRoot(database.address, WEB_LIMITS), ImportModule] },
    createFastifyAdapter(parts),
    { logger: new NestLogger(logger), abortOnError: false, bodyParser: false },
  );
  application.useGlobalFilters(new ErrorFilter(replies));
  application.useGlobalPipes(new ParametersPipe());
  await application.listen(0, '127.0.0.1');
  return { url: await application.getUrl(), logLines, close: () => application.close() };
}
