import type { CallBook } from '../../src/demo/tenant/call-book.js';
import { whereaboutsOf } from '../../src/demo/tenant/call-whereabouts.js';
import { addressesOf, REMOTE_ACCESS_POOL, SHARED_EGRESS } from '../../src/demo/tenant/network-addresses.js';
import { SITES } from '../../src/demo/tenant/organisation.js';
import type { TenantStore } from '../../src/demo/tenant/tenant-store.js';
import type { SyncBench } from './sync-bench.js';

const DAY = 86_400_000;

/** Tables that calls are taken over into. */
export const CALL_TABLES = [
  'call_record',
  'call_stream',
  'call_quality_person_week',
  'call_quality_site_hour',
] as const;

type Query = Pick<SyncBench, 'query'>;

/** Enters the demonstration's sites with their addresses, as its network team would. */
export async function enterRanges({ query }: Query): Promise<void> {
  const sites = SITES.flatMap((site) => {
    const addresses = addressesOf(site);
    return addresses === null ? [] : [{ name: site.name, ...addresses }];
  });
  await query(
    `with given as (select * from jsonb_to_recordset($1::jsonb) as site(name text, subnet cidr, egress text)),
       site as (insert into network_site (name, changed_by) select name, 'test' from given returning id, name),
       gateway as (insert into remote_access (name, sessions, download_kbps, upload_kbps, all_traffic, changed_by)
         values ('Gateway', 800, 1000000, 1000000, true, 'test') returning id)
     insert into network_range (kind, network, site_id, remote_access_id, changed_by)
     select 'site_subnet', given.subnet, site.id, null::integer, 'test' from given join site using (name)
     union all select 'egress', given.egress::cidr, site.id, null, 'test' from given join site using (name) where egress <> $2
     union all select 'egress', $2::cidr, null, null, 'test'
     union all select 'remote_access', $3::cidr, null, id, 'test' from gateway`,
    [JSON.stringify(sites), SHARED_EGRESS, REMOTE_ACCESS_POOL],
  );
}

/** One row of what should have been taken over, as text. */
export function streamText(row: {
  readonly call: string;
  readonly person: string;
  readonly media: string;
  readonly place: string;
  readonly site: string | null;
  readonly connection: string;
}): string {
  return [row.call, row.person, row.media, row.place, row.site ?? '-', row.connection].join(' ');
}

/** What was taken over, as text. */
export async function streamsTakenOver({ query }: Query): Promise<string[]> {
  const rows = await query<Parameters<typeof streamText>[0]>(
    `select call_id as call, person_entra_id as person, media, place, site.name as site, connection
     from call_stream left join network_site as site on site.id = site_id`,
  );
  return rows.map(streamText).sort();
}

const MEDIA: Readonly<Record<string, string>> = {
  'main-audio': 'audio',
  'main-video': 'video',
  vbss: 'screen_sharing',
};

/**
 * What should be taken over of the calls that began in a window and can be had at `now`: who was where follows from the
 * tenant's whereabouts, not from the addresses in the records.
 */
export function streamsOf(
  book: CallBook,
  tenant: Pick<TenantStore, 'seed' | 'get'>,
  window: { readonly from: number; readonly until: number; readonly now: number },
): string[] {
  const rows = new Set<string>();
  for (const call of book.between(window.from, window.until, null)) {
    const version = book.versionAt(call, window.now);
    if (version === 0 || !book.isReadable(call, window.now)) continue;
    for (const session of book.sessions(call, version)) {
      const { caller, callee, segments } = session as {
        caller: End;
        callee: End;
        segments: { media: { label: string }[] }[];
      };
      for (const { label } of segments.flatMap(({ media }) => media)) {
        for (const person of [idOf(caller), idOf(callee)]) {
          const user = person === null ? undefined : tenant.get('users', person);
          if (person === null || user === undefined) continue;
          const office = typeof user['officeLocation'] === 'string' ? user['officeLocation'] : null;
          const where = whereaboutsOf(tenant.seed, person, office, Math.floor(call.startedAt / DAY));
          const { place, connection } = where;
          const site = place === 'office' ? office : null;
          rows.add(streamText({ call: call.id, person, media: MEDIA[label] ?? 'other', place, site, connection }));
        }
      }
    }
  }
  return [...rows].sort();
}

interface End {
  readonly identity?: { readonly user?: { readonly id: string } | null };
  readonly associatedIdentity?: { readonly id: string };
}

function idOf(end: End): string | null {
  return end.identity?.user?.id ?? end.associatedIdentity?.id ?? null;
}

/** Every address and identifier of a network that the calls of a window show, in lower case. */
export function addressesIn(book: CallBook, from: number, until: number): ReadonlySet<string> {
  const found = new Set<string>();
  for (const call of book.between(from, until, null)) {
    for (let version = 1; version <= 3; version += 1) {
      const text = JSON.stringify(book.sessions(call, version));
      const names = 'ipAddress|subnet|reflexiveIPAddress|macAddress|basicServiceSetIdentifier';
      for (const [, value = ''] of text.matchAll(new RegExp(`"(?:${names})":"([^"]+)"`, 'g'))) {
        found.add(value.toLowerCase());
      }
    }
  }
  found.delete('00-00-00-00-00-00');
  return found;
}

/** Figures of weeks and hours by what they are of. */
export type Aggregates = ReadonlyMap<string, readonly (number | null)[]>;

interface Stream {
  readonly call: string;
  readonly person: string;
  readonly week: string;
  readonly place: string;
  readonly site: number | null;
  readonly hour: Date;
  readonly seconds: number;
  readonly connection: string;
  readonly roundTrip: number | null;
  readonly jitter: number | null;
  readonly loss: number | null;
}

/** The person-weeks and site-hours as they follow from the streams, worked out row by row. */
export async function recounted({ query }: Query): Promise<Aggregates> {
  const rows = await query<Stream>(
    `select call_id as call, person_entra_id as person, place, site_id as site, seconds, connection,
       round_trip_ms as "roundTrip", jitter_ms as jitter, loss_ratio as loss,
       to_char(date_trunc('week', started_at at time zone 'Europe/London'), 'YYYY-MM-DD') as week,
       date_trunc('hour', started_at, 'UTC') as hour from call_stream`,
  );
  const inOffices = rows.filter(({ site }) => site !== null);
  return new Map([
    ...groups(rows, ({ person, week, place }) => [person, week, place].join(' ')).map(
      ([key, group]) =>
        [
          key,
          [
            distinct(group.map(({ call }) => call)),
            group.length,
            group.reduce((sum, { seconds }) => sum + seconds, 0),
            ...connected(group, ['wired', 'wifi', 'mobile', 'tunnel']),
            ...quality(group),
          ],
        ] as const,
    ),
    ...groups(inOffices, ({ site, hour }) => `${site} ${hour.toISOString()}`).map(
      ([key, group]) =>
        [
          key,
          [
            distinct(group.map(({ person }) => person)),
            group.length,
            ...connected(group, ['wired', 'wifi']),
            ...quality(group),
          ],
        ] as const,
    ),
  ]);
}

/** The person-weeks and site-hours as they are kept. */
export async function kept({ query }: Query): Promise<Aggregates> {
  const weeks = await query<{ key: string; figures: (number | null)[] }>(
    `select concat_ws(' ', person_entra_id, to_char(week, 'YYYY-MM-DD'), place) as key,
       json_build_array(calls, streams, seconds, wired, wifi, mobile, tunnel, round_trip_ms, jitter_ms, loss_ratio) as figures
     from call_quality_person_week`,
  );
  const hours = await query<{ site: number; hour: Date; figures: (number | null)[] }>(
    `select site_id as site, hour, json_build_array(people, streams, wired, wifi, round_trip_ms, jitter_ms, loss_ratio) as figures
     from call_quality_site_hour`,
  );
  return new Map([
    ...weeks.map(({ key, figures }) => [key, figures] as const),
    ...hours.map(({ site, hour, figures }) => [`${site} ${hour.toISOString()}`, figures] as const),
  ]);
}

/** What two sets of figures do not agree on; single precision keeps about seven digits. */
export function disagreements(left: Aggregates, right: Aggregates): string[] {
  const same = (one: number | null, other: number | null): boolean =>
    one === null || other === null ? one === other : Math.abs(one - other) <= 1e-5 * Math.max(1e-3, Math.abs(other));
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => {
    const [here, there] = [left.get(key), right.get(key)];
    const equal = here?.length === there?.length && here?.every((value, index) => same(value, there?.[index] ?? null));
    return equal === true ? [] : [`${key}: ${JSON.stringify(here)} and ${JSON.stringify(there)}`];
  });
}

function groups<T>(rows: readonly T[], keyOf: (row: T) => string): [string, T[]][] {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const group = found.get(keyOf(row)) ?? [];
    group.push(row);
    found.set(keyOf(row), group);
  }
  return [...found];
}

function distinct(values: readonly string[]): number {
  return new Set(values).size;
}

function connected(group: readonly Stream[], connections: readonly string[]): number[] {
  return connections.map((name) => group.filter(({ connection }) => connection === name).length);
}

function quality(group: readonly Stream[]): (number | null)[] {
  return (['roundTrip', 'jitter', 'loss'] as const).map((name) => ninetieth(group.flatMap((row) => row[name] ?? [])));
}

function ninetieth(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((left, right) => left - right);
  const place = 0.9 * (sorted.length - 1);
  const [below = 0, above = below] = sorted.slice(Math.floor(place), Math.floor(place) + 2);
  return below + (above - below) * (place % 1);
}
