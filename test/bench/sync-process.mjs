// The product: every source run as `untether sync` runs it, on a heap that is given to the process from outside.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '../../dist/config/config.module.js';
import { loadConfig } from '../../dist/config/config.js';
import { SOURCE_NAMES } from '../../dist/config/sources.js';
import { JOB_LIMITS } from '../../dist/database/data-source.js';
import { DatabaseModule } from '../../dist/database/database.module.js';
import { SyncModule } from '../../dist/sync/sync.module.js';
import { SyncRoundService } from '../../dist/sync/sync-round.service.js';

const { settings, address } = JSON.parse(process.argv[2]);
class BenchModule {}
const application = await NestFactory.createApplicationContext(
  {
    module: BenchModule,
    imports: [
      ConfigModule.forRoot(loadConfig({})),
      DatabaseModule.forRoot(address, JOB_LIMITS),
      SyncModule.forRoot(() => settings),
    ],
  },
  { logger: false },
);

process.on('message', async ({ kind }) => {
  const started = performance.now();
  const request = { trigger: 'command', full: kind === 'full' };
  let appliedAt = started;
  const runs = await application.get(SyncRoundService).run(
    SOURCE_NAMES,
    () => request,
    () => {
      appliedAt = performance.now();
    },
  );
  const bad = runs.find((run) => run.status !== 'succeeded');
  if (bad) throw new Error(`${bad.source}: ${bad.status} ${bad.note ?? ''} ${bad.error?.message ?? ''}`);
  const sum = (field) => runs.reduce((total, run) => total + run[field], 0);
  // Reading and merging end with the last commit; what comes after it is finding the machines and what they are.
  process.send({
    syncMs: appliedAt - started,
    resolvingMs: performance.now() - appliedAt,
    rows: sum('rowsRead'),
    requests: sum('requests'),
    minimumRequests: sum('minimumRequests'),
    resourceUnits: sum('resourceUnits'),
    minimumResourceUnits: sum('minimumResourceUnits'),
    written: runs.reduce((total, { counts }) => total + counts.added + counts.changed + counts.returned, 0),
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  });
});
process.on('disconnect', () => process.exit(0));
process.send('ready');
