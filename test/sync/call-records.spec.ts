import { jest } from '@jest/globals';
import { DemonstrationCalls } from '../../src/demo/tenant/calls.js';
import { createTenant } from '../../src/demo/tenant/demonstration-tenant.js';
import type { CallRecordsRead, CallRecordsRefused } from '../../src/sync/call-records/call-records.service.js';
import {
  CALL_TABLES,
  disagreements,
  enterRanges,
  kept,
  recounted,
  streamsOf,
  streamsTakenOver,
} from '../support/call-fixture.js';
import { fastTimings } from '../support/fast-timings.js';
import { stateOf } from '../support/state-of.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TENANT_ID = '11111111-2222-4333-8444-555555555555';

// A month of calls is read several times, which takes a busy machine longer than other tests.
jest.setTimeout(120_000);

describe('call records', () => {
  const tenant = createTenant({ seed: 5, people: 150 });
  const calls = new DemonstrationCalls(tenant, TENANT_ID, 50);
  let bench: SyncBench;
  // Late on the last Wednesday but one or so: there are calls of today, whatever day it is.
  let now = lastWednesday() + 17 * HOUR;
  let started: number;

  beforeAll(async () => {
    bench = await createSyncBench({
      tenant,
      emulator: { calls, pageSizeLimit: 25, clock: () => now },
      graph: { timings: fastTimings() },
    });
  });
  afterAll(() => bench.close());

  const read = (request: { everything?: boolean } = {}): Promise<CallRecordsRead | CallRecordsRefused> =>
    bench.callRecords.read({ trigger: 'command', requestedBy: 'system:command', ...request });
  const expectEqualsTenant = async (): Promise<void> => {
    expect(await streamsTakenOver(bench)).toEqual(streamsOf(calls, tenant, { from: started, until: now, now }));
    expect(disagreements(await kept(bench), await recounted(bench))).toEqual([]);
  };

  /** A reading goes on from the last one by the database's clock, and the tenant's is up to nine days behind. */
  const goBack = (): Promise<unknown> =>
    bench.query(
      `update call_record_run set read_until = now() - interval '12 days' where read_until > now() - interval '12 days'`,
    );

  it('are not read before there are people and addresses by which places are told', async () => {
    expect(await read()).toMatchObject({ outcome: 'refused', reason: 'no-people' });
    await bench.run('users');
    expect(await read()).toMatchObject({ outcome: 'refused', reason: 'no-ranges' });
    expect(await bench.query('select 1 from call_record_run')).toEqual([]);
    await enterRanges(bench);
  });

  it('of 30 days become figures of people at places, and those of weeks and hours follow from them', async () => {
    const outcome = await read();
    expect(outcome).toMatchObject({
      outcome: 'finished',
      status: 'succeeded',
      unreadable: 0,
      unchanged: 0,
      error: null,
    });
    const [run] = await bench.query<{ begins: Date; until: Date; started: Date; listed: number }>(
      'select read_from as begins, read_until as until, started_at as started, listed from call_record_run',
    );
    started = run?.begins.getTime() ?? 0;
    expect(run?.until).toEqual(run?.started);
    expect(Math.abs(Date.now() - 30 * DAY - started)).toBeLessThan(HOUR);
    expect(run?.listed).toBeGreaterThan(500);
    await expectEqualsTenant();
    const places = await bench.query<{ place: string }>('select distinct place from call_stream order by place');
    expect(places.map(({ place }) => place)).toEqual(['home', 'office', 'remote_access']);
  });

  it('that were read are listed again and not read again, and not a row is written', async () => {
    await goBack();
    const before = await stateOf(bench, [...CALL_TABLES, 'network_change']);
    const requests = bench.emulator.requests.counters().requests;
    const outcome = await read();
    expect(outcome).toMatchObject({ status: 'succeeded', takenOver: 0, streams: 0 });
    expect(outcome.outcome === 'finished' && outcome.unchanged).toBeGreaterThan(60);
    // Lists of a week of 25 a page, and a try at the few that had not been ready.
    expect(bench.emulator.requests.counters().requests - requests).toBeLessThan(35);
    expect(await stateOf(bench, [...CALL_TABLES, 'network_change'])).toEqual(before);
  });

  it('of the last 25 hours of a reading are asked for again by the next', async () => {
    const [last] = await bench.query<{ begins: Date; until: Date }>(
      `select max(read_from) as begins, (select max(read_until) from call_record_run where id < (select max(id) from call_record_run)) as until
       from call_record_run`,
    );
    expect((last?.until.getTime() ?? 0) - (last?.begins.getTime() ?? 0)).toBe(25 * HOUR);
  });

  it('are replaced by later versions, and only those are read', async () => {
    const before = await bench.query<{ call_id: string; version: string }>('select call_id, version from call_record');
    now += 21 * HOUR;
    await goBack();
    const rose = before.filter(({ call_id, version }) => {
      const call = calls.find(call_id);
      return call !== undefined && calls.versionAt(call, now) > Number(version);
    });
    expect(rose.length).toBeGreaterThan(1);
    expect(await read()).toMatchObject({ status: 'succeeded' });
    for (const { call_id, version } of await bench.query<{ call_id: string; version: string }>(
      'select call_id, version from call_record',
    )) {
      const call = calls.find(call_id);
      expect(Number(version)).toBe(call && calls.versionAt(call, now));
    }
    await expectEqualsTenant();
  });

  it('can all be read again, which changes nothing but their age', async () => {
    const before = [await streamsTakenOver(bench), await stateOf(bench, CALL_TABLES.slice(1))];
    expect(await read({ everything: true })).toMatchObject({ status: 'succeeded', unchanged: 0, streams: 0 });
    expect([await streamsTakenOver(bench), await stateOf(bench, CALL_TABLES.slice(1))]).toEqual(before);
  });

  it('are in the trail as one entry a reading', async () => {
    const entries = await bench.query<{ event: string; details: object }>(
      `select event, details from audit_event where event = 'sync.call-records-read' order by id`,
    );
    expect(entries).toHaveLength(4);
    expect(entries[0]?.details).toMatchObject({ status: 'succeeded', trigger: 'command' });
  });
});

/** Midnight (UTC) of the last Wednesday that is over, and the day after it too. */
function lastWednesday(): number {
  const midnight = Math.floor(Date.now() / DAY) * DAY - 2 * DAY;
  return midnight - ((new Date(midnight).getUTCDay() + 4) % 7) * DAY;
}
