import { jest } from '@jest/globals';
import { SOURCE_NAMES, type SourceName } from '../../src/config/sources.js';
import type { RunOutcome } from '../../src/sync/sync.types.js';
import { createSyncBench, finished, type SyncBench } from '../support/sync-bench.js';
import { differences } from './oracle.js';

/** How a round's runs ended, in the order in which they were asked for. */
function statuses(outcomes: readonly RunOutcome[]): [SourceName, string][] {
  return outcomes.map((outcome) => [outcome.source, finished(outcome).status]);
}

describe('a round over several sources', () => {
  let bench: SyncBench;
  beforeEach(async () => {
    bench = await createSyncBench({ people: 200 });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await bench.close();
  });

  it('reads everything side by side, and works the machines out once, after the last', async () => {
    const events: string[] = [];
    const workOut = bench.sync.workOutMachines.bind(bench.sync);
    jest.spyOn(bench.sync, 'workOutMachines').mockImplementation(async (signal) => {
      events.push('machines');
      await workOut(signal);
    });
    const outcomes = await bench.rounds.run(
      SOURCE_NAMES,
      () => ({ trigger: 'command' }),
      ({ source }) => {
        events.push(source);
      },
    );
    expect(statuses(outcomes)).toEqual(SOURCE_NAMES.map((source) => [source, 'succeeded']));
    expect(events.slice(0, -1).toSorted()).toEqual(SOURCE_NAMES.toSorted());
    expect(events.at(-1)).toBe('machines');
    expect(await differences(bench)).toEqual([]);
    const overlapping = await bench.query(
      `select from sync_run one join sync_run other on other.id > one.id and other.started_at < one.finished_at`,
    );
    expect(overlapping.length).toBeGreaterThan(0);
    expect(await bench.query('select from device_record where resolution_pending')).toEqual([]);
  });

  it('goes on without a source that fails', async () => {
    bench.emulator.faults.add({ name: 'forbidden', path: '/devices' });
    const outcomes = await bench.rounds.run(SOURCE_NAMES, () => ({ trigger: 'command' }));
    expect(statuses(outcomes)).toEqual(
      SOURCE_NAMES.map((source) => [source, source === 'entra-devices' ? 'failed' : 'succeeded']),
    );
  });

  it('begins no other source once it is told to stop', async () => {
    const stop = new AbortController();
    const outcomes = await bench.rounds.run(SOURCE_NAMES, () => ({
      trigger: 'command',
      signal: stop.signal,
      onProgress: () => stop.abort(),
    }));
    expect(outcomes.length).toBeLessThan(SOURCE_NAMES.length);
    expect(outcomes.map((outcome) => finished(outcome).status)).toContain('stopped');
  });

  it('lets the runs under way end before it reports a database that is out of reach', async () => {
    const ended: SourceName[] = [];
    const readAndApply = bench.sync.readAndApply.bind(bench.sync);
    jest.spyOn(bench.sync, 'readAndApply').mockImplementation(async (name, request) => {
      if (name === 'users') throw new Error('out of reach');
      return readAndApply(name, request);
    });
    const round = bench.rounds.run(
      SOURCE_NAMES,
      () => ({ trigger: 'command' }),
      ({ source }) => {
        ended.push(source);
      },
    );
    await expect(round).rejects.toThrow('out of reach');
    expect(await bench.query(`select from sync_run where status = 'running'`)).toEqual([]);
    expect(ended.length).toBeGreaterThan(0);
    expect(ended.length).toBeLessThan(SOURCE_NAMES.length - 1);
  });
});
