// Runs in a process of their own, which a spec may kill, pause or starve. Works on dist/, as a deployed process does.
// The task comes as JSON in the first argument, the outcome leaves as JSON on the last line of standard output.
import 'reflect-metadata';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '../../dist/config/config.module.js';
import { loadConfig } from '../../dist/config/config.js';
import { createLogger, NestLogger } from '../../dist/config/logger.js';
import { DatabaseModule } from '../../dist/database/database.module.js';
import { RUN_HOOK, RUN_TIMINGS } from '../../dist/sync/run-hooks.js';
import { SyncModule } from '../../dist/sync/sync.module.js';
import { SyncService } from '../../dist/sync/sync.service.js';

const task = JSON.parse(process.argv[2]);
const {
  url,
  settings,
  sources = [],
  deaths = [],
  point,
  visit = 1,
  signal,
  leaseSeconds = 90,
  clockOffsetMinutes = 0,
  level,
} = task;

if (clockOffsetMinutes !== 0) {
  const RealDate = Date;
  const offset = clockOffsetMinutes * 60_000;
  globalThis.Date = class extends RealDate {
    constructor(...values) {
      if (values.length === 0) super(RealDate.now() + offset);
      else super(...values);
    }
    static now() {
      return RealDate.now() + offset;
    }
  };
}

/** The death that the run at hand is to die. */
const fate = new AsyncLocalStorage();
let awaited = deaths.length;
let [anyReached, visits] = [false, 0];

/** Kills the process once every run stands at its point, or has ended without coming to it. */
const oneLess = async () => {
  awaited--;
  if (awaited > 0 || !anyReached) return;
  process.kill(process.pid, 'SIGKILL');
  await delay(60_000);
};
const hook = async (reached) => {
  const death = fate.getStore();
  if (death) {
    if (reached !== death.point || ++death.visits !== death.visit) return;
    anyReached = true;
    process.stdout.write(`${JSON.stringify({ reached })}\n`);
    await oneLess();
    await delay(60_000);
  }
  if (reached !== point || ++visits !== visit) return;
  process.kill(process.pid, signal);
  // The signal arrives a moment later; nothing may happen until then.
  await delay(200);
};
class Extras {}
const extras = [
  { provide: RUN_HOOK, useValue: hook },
  { provide: RUN_TIMINGS, useValue: { leaseSeconds, runSeconds: 600 } },
];
class ChildModule {}
const limits = { connections: 4, statementTimeout: 0, idleTransactionTimeout: deaths.length > 0 ? 30_000 : 2_000 };
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
const outcomes = [];
try {
  const sync = application.get(SyncService);
  await Promise.all(
    deaths.map(async ({ source, ...death }) => {
      await fate.run({ ...death, visits: 0 }, () => sync.run(source, { trigger: 'command' }));
      await oneLess();
    }),
  );
  for (const source of sources) outcomes.push(await sync.run(source, { trigger: 'command' }));
} catch (error) {
  // A database that cannot be reached ends a run without a record; a process says so in its log.
  if (level) createLogger(level).error({ err: error }, 'the run threw');
  process.exit(1);
}
await application.close();
process.stdout.write(`\n${JSON.stringify({ outcomes, peakMegabytes: process.resourceUsage().maxRSS / 1024 })}\n`);
