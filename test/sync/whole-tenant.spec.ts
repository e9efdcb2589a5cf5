import { auditEntries, auditHead } from '../support/audit.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';
import { fillPersonOwnedTables, PERSON_OWNED_TABLES, stateOf } from '../support/state-of.js';
import { differences } from './oracle.js';

describe('a whole tenant', () => {
  let bench: SyncBench;
  beforeAll(async () => {
    bench = await createSyncBench({ people: 400 });
  });
  afterAll(() => bench.close());

  it('is read completely at the first synchronisation, field by field', async () => {
    const runs = await bench.runAll();
    expect(runs.map((run) => [run.source, run.status, run.error])).toEqual(
      runs.map((run) => [run.source, 'succeeded', null]),
    );
    expect(await differences(bench)).toEqual([]);
  });

  it('costs no more requests than the page sizes force', async () => {
    const runs = await bench.query<{ source: string; requests: number; minimum_requests: number }>(
      'select source, requests, minimum_requests from sync_run',
    );
    expect(runs.filter((run) => run.requests > run.minimum_requests)).toEqual([]);
  });

  it('writes no row but its record and one entry of the audit trail for each run when nothing has changed', async () => {
    const before = await stateOf(bench);
    const head = await auditHead(bench.database.dataSource);
    const runs = await bench.runAll();
    expect(runs.every((run) => run.status === 'succeeded' && run.counts.changed === 0)).toBe(true);
    expect(await stateOf(bench)).toEqual(before);
    const full = await bench.runAll({ full: true });
    expect(full.every((run) => run.counts.unchanged === run.rowsRead)).toBe(true);
    expect(await stateOf(bench)).toEqual(before);
    const entries = await auditEntries(bench.database.dataSource, head);
    expect(entries.map(({ event, subject }) => [event, subject])).toEqual(
      [...runs, ...full].map(({ runId }) => ['sync.run-finished', `sync-run:${runId}`]),
    );
  });

  it('is followed through thirty simulated days, and what people own stays as it was to the byte', async () => {
    await fillPersonOwnedTables(bench);
    const owned = await stateOf(bench, PERSON_OWNED_TABLES);
    for (let day = 0; day < 30; day++) {
      await bench.emulator.write({ kind: 'advance', days: 1 });
      if (day % 3 !== 0) continue;
      const runs = await bench.runAll();
      expect(runs.filter((run) => run.status !== 'succeeded')).toEqual([]);
    }
    await bench.runAll();
    expect(await differences(bench)).toEqual([]);
    expect(await stateOf(bench, PERSON_OWNED_TABLES)).toEqual(owned);
  });
});
