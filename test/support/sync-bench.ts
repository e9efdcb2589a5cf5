import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig } from '../../src/config/config.js';
import type { Config, GraphSettings } from '../../src/config/config.types.js';
import { SOURCE_NAMES, type SourceName } from '../../src/config/sources.js';
import { JOB_LIMITS } from '../../src/database/data-source.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { loadOrCreateServerCertificate, type ServerCertificate } from '../../src/demo/emulator/certificates.js';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../src/demo/emulator/emulator.js';
import { createTenant } from '../../src/demo/tenant/demonstration-tenant.js';
import type { TenantStore } from '../../src/demo/tenant/tenant-store.js';
import { GRAPH_CLIENT_OPTIONS, type GraphClientOptions } from '../../src/graph/graph-client.js';
import {
  CallRecordsService,
  CALL_RECORD_TIMINGS,
  type CallRecordTimings,
} from '../../src/sync/call-records/call-records.service.js';
import { HoldService } from '../../src/sync/hold.service.js';
import { PauseService } from '../../src/sync/pause.service.js';
import { RUN_HOOK, RUN_TIMINGS, type RunHook, type RunTimings } from '../../src/sync/run-hooks.js';
import { SyncModule } from '../../src/sync/sync.module.js';
import { SyncRoundService } from '../../src/sync/sync-round.service.js';
import { SyncService } from '../../src/sync/sync.service.js';
import type { FinishedRun, RunOutcome, RunRequest } from '../../src/sync/sync.types.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

const CREDENTIALS = { tenantId: '11111111-2222-4333-8444-555555555555', clientId: 'bench', clientSecret: 'bench-only' };

let certificate: Promise<ServerCertificate> | undefined;

/** One certificate for all emulators of a spec file, in a folder that ends with the process. */
function benchCertificate(): Promise<ServerCertificate> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  certificate ??= loadOrCreateServerCertificate(folder, new Date());
  return certificate;
}

export interface SyncBenchOptions {
  readonly people?: number;
  readonly seed?: number;
  readonly tenant?: TenantStore;
  readonly emulator?: Partial<EmulatorOptions>;
  readonly graph?: GraphClientOptions;
  readonly config?: Partial<Config>;
  readonly timings?: RunTimings;
  readonly callTimings?: CallRecordTimings;
  readonly hook?: RunHook;
  /** Settings other than the emulator's own, such as another address. */
  readonly settings?: Partial<GraphSettings>;
}

/** An emulated tenant, an empty database and the synchronisation between them. */
export interface SyncBench {
  readonly tenant: TenantStore;
  readonly emulator: Emulator;
  readonly settings: GraphSettings;
  readonly database: TestDatabase;
  readonly sync: SyncService;
  readonly rounds: SyncRoundService;
  readonly callRecords: CallRecordsService;
  readonly holds: HoldService;
  readonly pauses: PauseService;
  /** Runs a source that must not be refused. */
  run(source: SourceName, request?: Partial<RunRequest>): Promise<FinishedRun>;
  /** Runs every source once, in order. */
  runAll(request?: Partial<RunRequest>): Promise<FinishedRun[]>;
  query<T>(sql: string, parameters?: unknown[]): Promise<T[]>;
  /** A second application on the same database and emulator, as another process would be. */
  another(options?: Partial<SyncBenchOptions>): Promise<{ sync: SyncService; close(): Promise<void> }>;
  close(): Promise<void>;
}

/** Builds the bench; call `close` when done. */
export async function createSyncBench(options: SyncBenchOptions = {}): Promise<SyncBench> {
  const tenant = options.tenant ?? createTenant({ seed: options.seed ?? 7, people: options.people ?? 300 });
  const [made, database] = await Promise.all([benchCertificate(), createTestDatabase()]);
  const emulator = await startEmulator({
    tenant,
    certificate: made,
    credentials: CREDENTIALS,
    enforceLimits: false,
    ...options.emulator,
  });
  const settings: GraphSettings = {
    kind: 'tenant',
    tenantId: CREDENTIALS.tenantId,
    clientId: CREDENTIALS.clientId,
    credential: { kind: 'secret', secret: CREDENTIALS.clientSecret },
    baseUrl: emulator.origin,
    authority: emulator.origin,
    caFile: made.authorityFile,
    httpsProxy: null,
    ...options.settings,
  };
  const application = await createApplication(database, settings, options);
  const sync = application.get(SyncService);
  const run = async (source: SourceName, request: Partial<RunRequest> = {}): Promise<FinishedRun> =>
    finished(await sync.run(source, { trigger: 'command', ...request }));
  return {
    tenant,
    emulator,
    settings,
    database,
    sync,
    rounds: application.get(SyncRoundService),
    callRecords: application.get(CallRecordsService, { strict: false }),
    holds: application.get(HoldService, { strict: false }),
    pauses: application.get(PauseService, { strict: false }),
    run,
    runAll: async (request) => {
      const outcomes: FinishedRun[] = [];
      for (const source of SOURCE_NAMES) outcomes.push(await run(source, request));
      return outcomes;
    },
    query: (sql, parameters) => database.dataSource.query(sql, parameters),
    another: async (other = {}) => {
      const second = await createApplication(database, { ...settings, ...other.settings }, { ...options, ...other });
      return { sync: second.get(SyncService), close: () => second.close() };
    },
    close: async () => {
      await application.close();
      await emulator.stop();
      await database.drop();
    },
  };
}

/** The outcome as a run that happened. */
export function finished(outcome: RunOutcome): FinishedRun {
  if (outcome.outcome === 'refused') throw new Error(`The run was refused: ${outcome.message}`);
  return outcome;
}

async function createApplication(
  database: TestDatabase,
  settings: GraphSettings,
  options: SyncBenchOptions,
): Promise<TestingModule> {
  const config: Config = { ...loadConfig({}), ...options.config };
  const overrides = [
    { provide: GRAPH_CLIENT_OPTIONS, useValue: { log: () => undefined, ...options.graph } },
    ...(options.hook ? [{ provide: RUN_HOOK, useValue: options.hook }] : []),
    ...(options.timings ? [{ provide: RUN_TIMINGS, useValue: options.timings }] : []),
    ...(options.callTimings ? [{ provide: CALL_RECORD_TIMINGS, useValue: options.callTimings }] : []),
  ];
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot(database.address, JOB_LIMITS),
      SyncModule.forRoot(() => settings),
      { module: BenchOverrides, global: true, providers: overrides, exports: overrides.map((item) => item.provide) },
    ],
  })
    .setLogger(SILENT)
    .compile();
  return module.init();
}

class BenchOverrides {}

/** Specs look at what a run leaves in the database, not at its log. */
const SILENT: LoggerService = { log: () => undefined, warn: () => undefined, error: () => undefined };
