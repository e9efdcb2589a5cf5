import { setTimeout as delay } from 'node:timers/promises';
import type { Call, CallBook, CallJson } from '../../src/demo/tenant/call-book.js';
import { createTenant } from '../../src/demo/tenant/demonstration-tenant.js';
import type { CallRecordsRead } from '../../src/sync/call-records/call-records.service.js';
import { guid } from '../support/emulator-fixture.js';
import { fastTimings } from '../support/fast-timings.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';
import { enterRanges } from '../support/call-fixture.js';

const HOUR = 3_600_000;

/** Calls that a test makes up, one a minute from two days ago on. */
class ScriptedCalls implements CallBook {
  readonly broken = new Set<string>();
  readonly fresh = new Set<string>();
  sessionsOfCall = 1;
  count = 10;
  version = 1;
  private readonly begins = Date.now() - 48 * HOUR;

  constructor(private readonly people: readonly string[]) {}

  *between(from: number, until: number, after: string | null): Iterable<Call> {
    for (let index = after === null ? 0 : numberOf(after) + 1; index < this.count; index += 1) {
      const call = this.call(index);
      if (call.startedAt >= from && call.startedAt < until) yield call;
    }
  }

  find(id: string): Call | undefined {
    return numberOf(id) < this.count ? this.call(numberOf(id)) : undefined;
  }

  versionAt(): number {
    return this.version;
  }

  isReadable({ id }: Call): boolean {
    return !this.fresh.has(id);
  }

  record({ id, startedAt, endedAt }: Call, version: number): CallJson {
    const start = { startDateTime: new Date(startedAt).toISOString(), endDateTime: new Date(endedAt).toISOString() };
    return { id, version, type: 'groupCall', ...start };
  }

  sessions({ id, startedAt, endedAt }: Call): readonly CallJson[] {
    const times = { startDateTime: new Date(startedAt).toISOString(), endDateTime: new Date(endedAt).toISOString() };
    const media = this.broken.has(id) ? 'none' : [{ label: 'main-audio', callerNetwork: {}, streams: [] }];
    return Array.from({ length: this.sessionsOfCall }, (_, index) => ({
      id: guid(index),
      caller: { identity: { user: { id: this.people[index % this.people.length] } } },
      segments: [{ id: guid(index), ...times, media }],
    }));
  }

  private call(index: number): Call {
    const startedAt = this.begins + index * 60_000;
    return { id: guid(index), startedAt, endedAt: startedAt + 30_000 };
  }
}

function numberOf(id: string): number {
  return Number(id.slice(-12));
}

describe('call records under fire', () => {
  const tenant = createTenant({ seed: 3, people: 130 });
  const people = tenant.list('users').map(({ id }) => id);
  const calls = new ScriptedCalls(people);
  // The tenant's clock goes with ours, which moves on with every wait: pauses that are asked for have passed after it.
  const timings = fastTimings();
  let bench: SyncBench;
  beforeAll(async () => {
    bench = await createSyncBench({
      tenant,
      emulator: { calls, clock: () => timings.clock.now().getTime() },
      graph: { timings },
      // Every wait for the pace of the lists moves the clock of these timings on by a second.
      callTimings: { leaseSeconds: 1, readingSeconds: 100_000 },
    });
    await bench.run('users');
    await enterRanges(bench);
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.query('truncate call_record_run, call_record cascade');
    Object.assign(calls, { count: 10, sessionsOfCall: 1, version: 1 });
    calls.broken.clear();
    calls.fresh.clear();
    bench.emulator.faults.clear();
  });

  const read = async (signal?: AbortSignal): Promise<CallRecordsRead> => {
    const outcome = await bench.callRecords.read({ trigger: 'schedule' }, signal);
    if (outcome.outcome === 'refused') throw new Error(outcome.message);
    return outcome;
  };
  const taken = async (): Promise<number> => {
    const [row] = await bench.query<{ count: number }>('select count(*)::int as count from call_record');
    return row?.count ?? 0;
  };

  it('that are not ready are left for the next reading, which takes them over', async () => {
    calls.fresh.add(guid(4));
    expect(await read()).toMatchObject({ status: 'succeeded', listed: 10, takenOver: 9, notReady: 1 });
    calls.fresh.clear();
    // They began two days ago: within the overlap of a reading that ended then.
    await bench.query(`update call_record_run set read_until = now() - interval '40 hours'`);
    expect(await read()).toMatchObject({ status: 'succeeded', takenOver: 1, notReady: 0, unchanged: 9 });
  });

  it('that cannot be understood are counted, and the others taken over', async () => {
    calls.broken.add(guid(2));
    expect(await read()).toMatchObject({ status: 'succeeded', takenOver: 9, unreadable: 1 });
  });

  it('fail the reading when more than one in a hundred cannot be understood; the next begins where it began', async () => {
    for (const index of [1, 2, 3]) calls.broken.add(guid(index));
    const failed = await read();
    expect(failed).toMatchObject({ status: 'failed', unreadable: 3, error: { code: 'too_many_bad_records' } });
    expect(await taken()).toBe(7);
    calls.broken.clear();
    expect(await read()).toMatchObject({ status: 'succeeded', unchanged: 7, takenOver: 3 });
  });

  it('with more sessions than a page are read to the last', async () => {
    Object.assign(calls, { count: 2, sessionsOfCall: 125 });
    expect(await read()).toMatchObject({ status: 'succeeded', takenOver: 2, unreadable: 0, streams: 250 });
  });

  it('say which permission is missing', async () => {
    const other = await createSyncBench({ tenant, emulator: { calls, roles: ['User.Read.All'] } });
    await other.run('users');
    await enterRanges(other);
    const outcome = await other.callRecords.read({ trigger: 'schedule' });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'forbidden', fix: expect.stringContaining('CallRecords.Read.All') as string },
    });
    expect(await other.query('select error_fix from call_record_run')).toEqual([
      { error_fix: expect.stringContaining('CallRecords.Read.All') as string },
    ]);
    await other.close();
  });

  it('are read in the end when Microsoft Graph throttles, fails and cuts connections', async () => {
    const { faults } = bench.emulator;
    faults.add({ name: 'throttled', path: 'callRecords', first: 2, seconds: 3 });
    faults.add({ name: 'connection-reset', path: '\\$batch', first: 1 });
    expect(await read()).toMatchObject({ status: 'succeeded', takenOver: 10, unreadable: 0 });
  });

  it('stop at the next page when they are asked to, and go on from there', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await read(stop.signal)).toMatchObject({ status: 'stopped', error: null });
    expect(await read()).toMatchObject({ status: 'succeeded', takenOver: 10 });
  });

  it('are read by one process at a time', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => bench.callRecords.read({ trigger: 'schedule' })));
    expect(outcomes.filter(({ outcome }) => outcome === 'refused')).toHaveLength(2);
    expect(outcomes.find(({ outcome }) => outcome === 'refused')).toMatchObject({ reason: 'already-running' });
    expect(await taken()).toBe(10);
  });

  it('are taken over from a process that died; a zombie writes nothing more', async () => {
    await bench.query(
      `insert into call_record_run (trigger, lease_until, read_from, read_until) values ('schedule', now() - interval '1 second', now(), now())`,
    );
    await bench.query(
      `update call_record_run set read_until = now() - interval '10 days', read_from = now() - interval '10 days'`,
    );
    expect(await read()).toMatchObject({ status: 'succeeded', takenOver: 10 });
    expect(await bench.query('select status, error_code from call_record_run order by id')).toEqual([
      { status: 'abandoned', error_code: 'abandoned' },
      { status: 'succeeded', error_code: null },
    ]);
    calls.version = 2;
    await bench.query(`update call_record_run set read_until = now() - interval '40 hours' where status = 'succeeded'`);
    // A reading whose record another process closes while it waits for Graph.
    bench.emulator.faults.add({ name: 'slow-body', path: 'callRecords', first: 1, seconds: 2 });
    const zombie = read();
    await delay(300);
    await bench.query(`update call_record_run set status = 'abandoned', finished_at = now() where status = 'running'`);
    expect(await zombie).toMatchObject({ status: 'abandoned', takenOver: 0 });
    expect(await bench.query('select distinct version::int as version from call_record')).toEqual([{ version: 1 }]);
  });
});
