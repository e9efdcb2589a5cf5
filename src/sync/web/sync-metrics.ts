import { Gauge, type Registry } from 'prom-client';
import type { SourceStatus } from '../source-status.js';

type Figure = readonly [name: string, help: string, value: (source: SourceStatus) => number | undefined];

/** What is worth a graph of every source; undefined where there is nothing to tell yet. */
const FIGURES: readonly Figure[] = [
  ['age_seconds', 'Seconds since the source was last read successfully.', ageInSeconds],
  ['last_run_pages', 'Pages read by the last run.', ({ lastRun }) => lastRun?.pages],
  ['last_run_rows_read', 'Records read by the last run.', ({ lastRun }) => lastRun?.rowsRead],
  ['last_run_held', 'Removals that the last run left for a person.', ({ lastRun }) => lastRun?.held],
  ['last_run_quarantined', 'Records that the last run set aside.', ({ lastRun }) => lastRun?.quarantined],
  [
    'last_run_throttled_seconds',
    'Seconds that the last run waited because Microsoft asked for it.',
    ({ lastRun }) => (lastRun?.throttledMilliseconds === undefined ? undefined : lastRun.throttledMilliseconds / 1_000),
  ],
];

/** Adds gauges of every source's age and last run, read from the database once whenever somebody asks. */
export function registerSyncMetrics(registry: Registry, read: () => Promise<readonly SourceStatus[]>): void {
  let reading: Promise<readonly SourceStatus[]> | null = null;
  const readOnce = (): Promise<readonly SourceStatus[]> =>
    (reading ??= read().finally(() => {
      reading = null;
    }));
  for (const [name, help, value] of FIGURES) {
    new Gauge({
      name: `untether_sync_${name}`,
      help,
      labelNames: ['source'],
      registers: [registry],
      async collect() {
        for (const source of await readOnce()) {
          const figure = value(source);
          if (figure !== undefined) this.set({ source: source.source }, figure);
        }
      },
    });
  }
}

function ageInSeconds({ lastSuccessAt }: SourceStatus): number | undefined {
  return lastSuccessAt === null ? undefined : (Date.now() - Date.parse(lastSuccessAt)) / 1_000;
}
