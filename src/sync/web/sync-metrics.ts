import { Gauge, type Registry } from 'prom-client';
import type { SourceStatus } from '../source-status.js';

/** The figures of a source's last run that are worth a graph. */
const OF_LAST_RUN: readonly (readonly [
  name: string,
  help: string,
  value: (run: NonNullable<SourceStatus['lastRun']>) => number,
])[] = [
  ['pages', 'Pages read by the last run.', (run) => run.pages],
  ['rows_read', 'Records read by the last run.', (run) => run.rowsRead],
  ['held', 'Removals that the last run left for a person.', (run) => run.held],
  ['quarantined', 'Records that the last run set aside.', (run) => run.quarantined],
  [
    'throttled_seconds',
    'Seconds the last run waited because Microsoft asked for it.',
    (run) => run.throttledMilliseconds / 1_000,
  ],
];

/** Adds gauges of every source's age and last run; they are read from the database when somebody asks. */
export function registerSyncMetrics(registry: Registry, read: () => Promise<readonly SourceStatus[]>): void {
  const lastRun = OF_LAST_RUN.map(([name, help, value]) => ({
    gauge: new Gauge({ name: `untether_sync_last_run_${name}`, help, labelNames: ['source'], registers: [registry] }),
    value,
  }));
  new Gauge({
    name: 'untether_sync_age_seconds',
    help: 'Seconds since the source was last read successfully.',
    labelNames: ['source'],
    registers: [registry],
    async collect() {
      const sources = await read();
      for (const { source, lastSuccessAt, lastRun: run } of sources) {
        if (lastSuccessAt) this.set({ source }, (Date.now() - Date.parse(lastSuccessAt)) / 1_000);
        if (run) for (const { gauge, value } of lastRun) gauge.set({ source }, value(run));
      }
    },
  });
}
