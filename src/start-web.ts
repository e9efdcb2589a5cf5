import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { AppModule } from './app.module.js';
import { RoutePolicies, type RoutePolicy } from './auth/route-policies.js';
import type { Config } from './config/config.types.js';
import { createLogger, NestLogger } from './config/logger.js';
import type { DatabaseAddress, DatabaseLimits } from './database/data-source.js';
import type { SourceStatus } from './sync/source-status.js';
import { SourceStatusQueries } from './sync/source-status.queries.js';
import { registerSyncMetrics } from './sync/web/sync-metrics.js';
import { ApiDescription } from './web/api-description.js';
import { loadAssets } from './web/assets.js';
import { DataAge } from './web/data-age.js';
import { ErrorFilter } from './web/error.filter.js';
import { createFastifyAdapter } from './web/fastify-server.js';
import { Lifecycle } from './web/lifecycle.js';
import { startMetricsServer } from './web/metrics-server.js';
import { PageRenderer } from './web/page-renderer.js';
import { ParametersPipe } from './web/parameters.pipe.js';
import { ProblemReplies } from './web/problem-replies.js';
import type { Shell } from './web/shell.js';
import { ReadinessQueries } from './web/readiness.queries.js';
import { RequestMetrics } from './web/request-metrics.js';
import { Views } from './web/views.js';

/** The web process at work. */
export interface RunningWeb {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Every route, and who may call it. */
  readonly routes: readonly RoutePolicy[];
  /** Where its metrics are, or null when they are off. */
  readonly metricsUrl: string | null;
  /**
   * Stops in order: says "not ready", waits `drainMilliseconds` for balancers to notice, takes no new connections,
   * finishes requests (20 s at the most), closes the database pool.
   */
  close(drainMilliseconds?: number): Promise<void>;
}

/** What a caller may choose; tests do. */
export interface WebOptions {
  readonly address: DatabaseAddress;
  readonly logger?: Logger;
  readonly limits?: DatabaseLimits;
}

/** Longest that requests may take to finish when the process is told to stop. */
const FINISH_MILLISECONDS = 20_000;

/** Starts the web process: pages, API and health checks over a database that is up to date. */
export async function startWeb(config: Config, options: WebOptions): Promise<RunningWeb> {
  const logger = options.logger ?? createLogger(config.logLevel);
  const assets = loadAssets(config.brand);
  const { brand } = config;
  const overHttps = config.publicUrl?.startsWith('https:') === true;
  const views = new Views({ assets, brand, demonstration: config.tenant.kind === 'demonstration' });
  const dataAge = new DataAge(async () => stalest(await application.get(SourceStatusQueries, { strict: false }).all()));
  const lifecycle = new Lifecycle();
  const metrics = new RequestMetrics();
  const pages = new PageRenderer(views, { dataAge, overHttps, formTargets: formTargetsOf(config) });
  const replies = new ProblemReplies(pages, logger);

  const adapter = createFastifyAdapter({
    logger,
    replies,
    metrics,
    lifecycle,
    publicUrl: config.publicUrl,
    alsoThisMachine: config.tenant.kind === 'demonstration',
    trustedProxies: config.web.trustedProxies,
  });
  const application: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(
      config,
      options.address,
      { assets, pages, lifecycle, metrics, address: addressOf(config) },
      options.limits,
    ),
    adapter,
    { logger: new NestLogger(logger), abortOnError: false, bodyParser: false },
  );
  application.useGlobalFilters(new ErrorFilter(replies));
  application.useGlobalPipes(new ParametersPipe());
  application.get(ApiDescription).describe(application);
  await application.init();
  const routes = application.get(RoutePolicies, { strict: false });
  routes.check(replies.routes.served);
  await dataAge.refresh();
  await application.listen(config.port, config.web.host);

  const status = application.get(SourceStatusQueries, { strict: false });
  registerSyncMetrics(metrics.registry, () => status.all());
  registerPoolMetrics(metrics.registry, application.get(ReadinessQueries, { strict: false }));
  const metricsServer =
    config.metricsPort === null ? null : await startMetricsServer(metrics.registry, config.metricsPort);

  return {
    url: await application.getUrl(),
    routes: routes.all(),
    metricsUrl: metricsServer && `http://127.0.0.1:${(metricsServer.address() as AddressInfo).port}/metrics`,
    close: async (drainMilliseconds = 0) => {
      lifecycle.stop();
      await delay(drainMilliseconds);
      metricsServer?.close();
      // A request that never ends must not keep the process: its connection is cut.
      const patience = setTimeout(() => adapter.getHttpServer().closeAllConnections(), FINISH_MILLISECONDS);
      await application.close();
      clearTimeout(patience);
    },
  };
}

/** Where signing out may lead a browser: the sign-in service has a session of its own to end. */
function formTargetsOf({ signIn }: Config): string[] {
  return signIn === null ? [] : [new URL(signIn.issuer).origin];
}

/** When the source that was read longest ago was read; sources that are off or left out do not count. */
function stalest(sources: readonly SourceStatus[]): Date | null {
  const times = sources.flatMap(({ lastSuccessAt }) => (lastSuccessAt === null ? [] : [Date.parse(lastSuccessAt)]));
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** Where links in print lead. */
function addressOf({ publicUrl, port }: Config): Shell['address'] {
  return { origin: publicUrl?.replace(/\/$/, '') ?? `http://localhost:${port}`, public: publicUrl !== null };
}

function registerPoolMetrics(registry: Registry, readiness: ReadinessQueries): void {
  new Gauge({
    name: 'untether_database_connections',
    help: 'Connections of the web process by what they do, and requests that wait for one.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { inUse, idle, waiting } = readiness.pool();
      this.set({ state: 'in_use' }, inUse);
      this.set({ state: 'idle' }, idle);
      this.set({ state: 'waiting' }, waiting);
    },
  });
}
