// One reading of call records in a process of its own, which a spec may kill or starve. Works on dist/, as a deployed
// process does. The task comes as JSON in the first argument, the outcome leaves as JSON on the last line of output.
import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '../../dist/config/config.module.js';
import { loadConfig } from '../../dist/config/config.js';
import { createLogger, NestLogger } from '../../dist/config/logger.js';
import { DatabaseModule } from '../../dist/database/database.module.js';
import { GRAPH_CLIENT_OPTIONS } from '../../dist/graph/graph-client.js';
import { CALL_RECORD_TIMINGS, CallRecordsService } from '../../dist/sync/call-records/call-records.service.js';
import { SyncModule } from '../../dist/sync/sync.module.js';

const { url, settings, leaseSeconds = 90, level } = JSON.parse(process.argv[2]);

// Time that passes only while somebody sleeps: the pace that Microsoft Graph is asked at would make hours of it.
let ahead = 0;
const timings = {
  clock: { now: () => new Date(Date.now() + ahead) },
  random: () => 0.5,
  sleep: async (milliseconds) => {
    ahead += milliseconds;
    await delay(0);
  },
};
const extras = [
  { provide: GRAPH_CLIENT_OPTIONS, useValue: { timings } },
  { provide: CALL_RECORD_TIMINGS, useValue: { leaseSeconds, readingSeconds: 10_000_000 } },
];
class Extras {}
class ChildModule {}
const limits = { connections: 4, statementTimeout: 0, idleTransactionTimeout: 60_000 };
const application = await NestFactory.createApplicationContext(
  {
    module: ChildModule,
    imports: [
      ConfigModule.forRoot(loadConfig({})),
      DatabaseModule.forRoot({ url }, limits),
      { module: Extras, global: true, providers: extras, exports: extras.map((extra) => extra.provide) },
      SyncModule.forRoot(() => settings),
    ],
  },
  { logger: level ? new NestLogger(createLogger(level)) : false },
);
const started = performance.now();
const outcome = await application.get(CallRecordsService).read({ trigger: 'command', requestedBy: 'system:command' });
await application.close();
const { maxRSS } = process.resourceUsage();
const milliseconds = performance.now() - started;
process.stdout.write(`\n${JSON.stringify({ outcome, peakMegabytes: maxRSS / 1024, milliseconds })}\n`);
