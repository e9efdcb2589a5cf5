import { randomUUID } from 'node:crypto';
import { stateOf } from '../../../test/support/state-of.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Transactor } from '../../database/transactor.js';
import { CallQualityService, type CallsTakenOver } from './call-quality.service.js';
import type { CallSide, MeasuredCall } from '../domain/call-measurement.js';

const ADA = '0a0a0a0a-0000-4000-8000-000000000001';
const BEN = '0b0b0b0b-0000-4000-8000-000000000002';
const STRANGER = '0c0c0c0c-0000-4000-8000-000000000003';
const DAY = 86_400_000;
const TABLES = ['call_record', 'call_stream', 'call_quality_person_week', 'call_quality_site_hour', 'network_change'];

/** Noon of the latest Wednesday that is a week away or more: its week is over. */
const WEDNESDAY = (() => {
  const noon = new Date(Date.now() - 7 * DAY);
  noon.setUTCHours(12, 0, 0, 0);
  return noon.getTime() - ((noon.getUTCDay() + 4) % 7) * DAY;
})();
const MONDAY = new Date(WEDNESDAY - 2 * DAY).toISOString().slice(0, 10);
const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

const OFFICE = { localAddress: '10.20.0.9', subnet: '10.20.0.0', publicAddress: '198.51.100.1' };
const HOME = { localAddress: '192.168.1.9', subnet: '192.168.1.0', publicAddress: '192.0.2.77' };
const GATEWAY = { localAddress: '10.250.3.4', subnet: null, publicAddress: '192.0.2.77' };

describe('what calls say of networks', () => {
  let database: TestDatabase;
  let service: CallQualityService;
  let transactor: Transactor;
  let site: number;
  const query = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => database.dataSource.query(sql, values);
  const take = (calls: readonly MeasuredCall[], again = false): Promise<CallsTakenOver> =>
    transactor.run((tx) => service.takeOver(tx, calls, again));
  const state = (): Promise<string[]> => stateOf({ query }, TABLES);

  beforeAll(async () => {
    database = await createTestDatabase();
    transactor = new Transactor(database.dataSource);
    service = new CallQualityService(transactor);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await query(
      `truncate ${TABLES.join(', ')}, network_range, network_site, remote_access, person restart identity cascade`,
    );
    for (const id of [ADA, BEN]) await query(`insert into person (entra_id, presence) values ($1, 'present')`, [id]);
    const [made] = await query<{ id: number }>(
      `insert into network_site (name, changed_by) values ('Town Hall', 'test') returning id`,
    );
    site = made?.id ?? 0;
    await query(
      `with gateway as (insert into remote_access (name, sessions, download_kbps, upload_kbps, all_traffic, changed_by)
         values ('Gateway', 500, 1000000, 1000000, true, 'test') returning id)
       insert into network_range (kind, network, site_id, remote_access_id, changed_by)
       select 'site_subnet', '10.20.0.0/16'::cidr, $1::integer, null::integer, 'test'
       union all select 'egress', '198.51.100.1/32', null::integer, null::integer, 'test'
       union all select 'remote_access', '10.250.0.0/16', null, id, 'test' from gateway`,
      [site],
    );
  });

  it('are figures and places by week and by hour, and no address', async () => {
    const roundTrips = [10, 20, 30, 40, 100];
    const calls = roundTrips.map((roundTripMs, index) =>
      call({
        startedAt: at(WEDNESDAY + index * 60_000),
        sides: [
          side(ADA, { ...HOME, connection: 'wifi', roundTripMs, jitterMs: index, lossRatio: index / 100 }),
          side(BEN, { ...OFFICE, connection: 'wired', roundTripMs, jitterMs: null, lossRatio: null }),
          side(STRANGER, { ...HOME, roundTripMs: 900 }),
        ],
      }),
    );
    expect(await take(calls)).toEqual({ calls: 5, streams: 10 });
    // The 90th percentile between the fourth and the fifth of five: 40 + 0.6 * (100 - 40), 3 + 0.6, 0.03 + 0.006.
    expect(await weeks()).toEqual([
      { ...week(ADA, 'home'), calls: 5, streams: 5, seconds: 3_000, wifi: 5, ...quality(76, 3.6, 0.036) },
      { ...week(BEN, 'office'), calls: 5, streams: 5, seconds: 3_000, wired: 5, ...quality(76, null, null) },
    ]);
    expect(await hours()).toEqual([
      { site, hour: at(WEDNESDAY), people: 1, streams: 5, wired: 5, wifi: 0, ...quality(76, null, null) },
    ]);
    expect(await query('select kind, subject from network_change order by kind')).toEqual([
      { kind: 'home', subject: ADA },
      { kind: 'site', subject: 'town hall' },
    ]);
    for (const table of TABLES) {
      const text = JSON.stringify(await query(`select * from ${table}`));
      expect(text).not.toMatch(/10\.20\.0\.9|192\.168\.1\.9|198\.51\.100\.1|192\.0\.2\.77/);
      expect(text).not.toContain(STRANGER);
    }
  });

  it('tell remote access by the gateway and by the adapter of a tunnel', async () => {
    await take([
      call({ sides: [side(ADA, GATEWAY)] }),
      call({ sides: [side(BEN, { ...HOME, connection: 'tunnel' })] }),
    ]);
    expect((await weeks()).map(({ place, tunnel }) => [place, tunnel])).toEqual([
      ['remote_access', 0],
      ['remote_access', 1],
    ]);
  });

  it('are taken over once: the same version again, or an earlier one, changes nothing', async () => {
    const given = call({ version: 4, sides: [side(ADA, HOME), side(BEN, OFFICE)] });
    await take([given]);
    const before = await state();
    expect(await take([given])).toEqual({ calls: 0, streams: 0 });
    expect(await take([{ ...given, version: 3, sides: [] }])).toEqual({ calls: 0, streams: 0 });
    expect(await state()).toEqual(before);
  });

  it('follow a later version: sides change, come and go, and places without one are no more', async () => {
    const given = call({ version: 1, sides: [side(ADA, HOME, { roundTripMs: 50 }), side(BEN, OFFICE)] });
    await take([given]);
    const moved = side(ADA, OFFICE, { roundTripMs: 20 });
    expect(await take([{ ...given, version: 2, sides: [moved] }])).toEqual({ calls: 1, streams: 1 });
    expect(await weeks()).toEqual([
      { ...week(ADA, 'office'), calls: 1, streams: 1, seconds: 600, ...quality(20, 5, 0) },
    ]);
    expect(await hours()).toMatchObject([{ people: 1, streams: 1, round_trip_ms: 20 }]);
    await take([{ ...given, version: 3, sides: [] }]);
    expect([await weeks(), await hours()]).toEqual([[], []]);
  });

  it('can be taken over again when the ranges have changed', async () => {
    const given = call({ sides: [side(ADA, { ...OFFICE, localAddress: '10.21.0.9', subnet: '10.21.0.0' })] });
    await take([given]);
    expect(await hours()).toEqual([]);
    await query(
      `insert into network_range (kind, network, site_id, changed_by) values ('site_subnet', '10.21.0.0/16', $1, 'test')`,
      [site],
    );
    expect(await take([given])).toEqual({ calls: 0, streams: 0 });
    expect(await take([given], true)).toEqual({ calls: 1, streams: 1 });
    expect(await hours()).toHaveLength(1);
    const before = await stateOf({ query }, ['call_stream', 'call_quality_person_week', 'call_quality_site_hour']);
    expect(await take([given], true)).toEqual({ calls: 1, streams: 0 });
    expect(await stateOf({ query }, ['call_stream', 'call_quality_person_week', 'call_quality_site_hour'])).toEqual(
      before,
    );
  });

  it('belong to the week of UK time', async () => {
    // A Monday of the last weeks at midnight in London, which is Sunday 23:00 in UTC while summer time lasts.
    const [monday] = await query<{ midnight: Date; week: string }>(
      `select (date_trunc('week', now() at time zone 'Europe/London') - interval '7 days') at time zone 'Europe/London' as midnight,
         (date_trunc('week', now() at time zone 'Europe/London') - interval '7 days')::date::text as week`,
    );
    const midnight = monday?.midnight.getTime() ?? 0;
    await take([midnight - 1, midnight].map((start) => call({ startedAt: at(start), sides: [side(ADA, HOME)] })));
    const before = new Date(Date.parse(monday?.week ?? '') - 7 * DAY).toISOString().slice(0, 10);
    expect(await query('select week::text, calls from call_quality_person_week order by week')).toEqual([
      { week: before, calls: 1 },
      { week: monday?.week, calls: 1 },
    ]);
  });

  it('are not asked to make sense of what is no address', async () => {
    const broken = { localAddress: '999.1.2.3', subnet: '10.20', publicAddress: '::ffff:nothing' };
    expect(await take([call({ sides: [side(ADA, broken)] })])).toEqual({ calls: 1, streams: 1 });
    expect(await weeks()).toMatchObject([{ place: 'unknown' }]);
  });

  it('are left out when they are too old to be worked out whole, or from the future', async () => {
    const calls = [-34 * DAY, 2 * DAY].map((offset) =>
      call({ startedAt: at(Date.now() + offset), sides: [side(ADA, HOME)] }),
    );
    expect(await take(calls)).toEqual({ calls: 0, streams: 0 });
  });

  it('go after their time; the weeks that came of them stay as they are until theirs', async () => {
    await take([call({ sides: [side(ADA, HOME), side(BEN, OFFICE)] })]);
    const shown = [await weeks(), await hours()];
    await query(`update call_record set started_at = now() - interval '41 days'`);
    expect(await service.dropOld()).toEqual({ calls: 1, weeks: 0, hours: 0 });
    expect(await query('select 1 from call_stream')).toEqual([]);
    expect([await weeks(), await hours()]).toEqual(shown);
    await query(`update call_quality_person_week set week = week - 7 * 27`);
    await query(`update call_quality_site_hour set hour = hour - interval '27 weeks'`);
    expect(await service.dropOld()).toEqual({ calls: 0, weeks: 2, hours: 1 });
  });

  it('of somebody who is gone from the directory go with them', async () => {
    await take([call({ sides: [side(ADA, HOME), side(BEN, OFFICE)] })]);
    await query(`update person set presence = 'gone' where entra_id = $1`, [ADA]);
    expect(await service.forgetGonePeople()).toEqual({ streams: 1, weeks: 1 });
    expect((await weeks()).map(({ person }) => person)).toEqual([BEN]);
    expect(await take([call({ sides: [side(ADA, HOME)] })])).toEqual({ calls: 1, streams: 0 });
  });

  it('of several readers at once end as those of one', async () => {
    const calls = Array.from({ length: 30 }, (_, index) =>
      call({ startedAt: at(WEDNESDAY + index * 60_000), sides: [side(ADA, HOME), side(BEN, OFFICE)] }),
    );
    await Promise.all([take(calls), take([...calls].reverse()), take(calls)]);
    expect(await weeks()).toMatchObject([{ calls: 30 }, { calls: 30 }]);
  });

  interface WeekRow {
    readonly person: string;
    readonly place: string;
    readonly tunnel: number;
  }
  const weeks = (): Promise<WeekRow[]> =>
    query(
      `select person_entra_id as person, week::text, place, calls, streams, seconds::integer, wired, wifi, mobile, tunnel,
         round_trip_ms, jitter_ms, loss_ratio from call_quality_person_week order by 1, 2, 3`,
    );
  const hours = (): Promise<object[]> =>
    query(
      `select site_id as site, to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as hour, people, streams,
         wired, wifi, round_trip_ms, jitter_ms, loss_ratio from call_quality_site_hour order by 1, 2`,
    );
});

function week(person: string, place: string): object {
  return { person, week: MONDAY, place, wired: 0, wifi: 0, mobile: 0, tunnel: 0 };
}

function quality(roundTrip: number, jitter: number | null, loss: number | null): object {
  return { round_trip_ms: roundTrip, jitter_ms: jitter, loss_ratio: loss };
}

function call(parts: Partial<MeasuredCall>): MeasuredCall {
  return { callId: randomUUID(), version: 1, startedAt: at(WEDNESDAY), sides: [], ...startsOf(parts) };
}

/** Sides begin with their call unless they say otherwise. */
function startsOf(parts: Partial<MeasuredCall>): Partial<MeasuredCall> {
  const { startedAt, sides } = parts;
  if (startedAt === undefined || sides === undefined) return parts;
  return { ...parts, sides: sides.map((one) => ({ ...one, startedAt })) };
}

function side(personEntraId: string, parts: Partial<CallSide>, more: Partial<CallSide> = {}): CallSide {
  return {
    segment: 'segment',
    media: 'audio',
    personEntraId,
    startedAt: at(WEDNESDAY),
    seconds: 600,
    connection: 'unknown',
    localAddress: null,
    subnet: null,
    publicAddress: null,
    roundTripMs: 30,
    jitterMs: 5,
    lossRatio: 0,
    ...parts,
    ...more,
  };
}
