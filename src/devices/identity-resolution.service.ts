import type { EntityManager } from 'typeorm';
import { assignDevices } from './domain/identity/device-assignment.js';
import { resolveMachines } from './domain/identity/machines.js';
import { summarise } from './domain/identity/machine-summary.js';
import { followResolution } from './lifecycle/after-resolution.service.js';
import { insertDevices, mergeEmptiedDevices, newDeviceIds, updateDevices } from './device-summary.service.js';
import {
  arrayLiteral,
  KEY_EXPRESSIONS,
  readNeighbourhood,
  type SharedKey,
  type StoredRecord,
} from './neighbourhood.queries.js';
import { recordFindings } from './review-findings.service.js';

/** Key of the advisory lock that lets one resolver work at a time; any constant will do. */
const IDENTITY_LOCK = 7_310_234;

/** What a resolution did. */
export interface ResolutionSummary {
  /** Records that waited and are resolved now. */
  readonly records: number;
  /** Devices that were made. */
  readonly created: number;
  /** Records that were linked to a device for the first time. */
  readonly linked: number;
  /** Records that went from one device to another. */
  readonly moved: number;
  /** Reviews that were opened. */
  readonly reviews: number;
  /** Devices whose summary was written, those made included. */
  readonly devicesRefreshed: number;
}

export const NOTHING_RESOLVED: ResolutionSummary = {
  records: 0,
  created: 0,
  linked: 0,
  moved: 0,
  reviews: 0,
  devicesRefreshed: 0,
};

/** Waits until no other transaction resolves identities; the lock ends with the transaction. */
export async function takeIdentityLock(tx: EntityManager): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [IDENTITY_LOCK]);
}

/**
 * Resolves these records and all that they touch, in the caller's transaction, which must hold the identity lock.
 * Writes only what differs from what is stored.
 * @param former devices that records shall go back to if they can, by record id
 */
export async function resolveRecords(
  tx: EntityManager,
  ids: readonly number[],
  former: ReadonlyMap<number, number> = new Map(),
): Promise<ResolutionSummary> {
  const now = await beginResolution(tx);
  const neighbourhood = await readNeighbourhood(tx, ids);
  for (const key of neighbourhood.newlyShared) await setKeyAside(tx, key);

  const { records, decisions, sharedKeys } = neighbourhood;
  const byId = new Map(records.map((record) => [record.id, record]));
  const { machines, reviews } = resolveMachines(records, decisions, sharedKeys, now);
  const members = machines.map((machine) => machine.flatMap((id) => byId.get(id) ?? []));
  const { devices, emptied } = assignDevices(members, now, former);

  const fresh = await newDeviceIds(tx, devices.filter((device) => device === null).length);
  const made: Parameters<typeof insertDevices>[1][number][] = [];
  const kept: typeof made = [];
  const deviceOf = devices.map((device, machine) => {
    const id = device ?? fresh[made.length] ?? 0;
    (device === null ? made : kept).push({ id, ...summarise(members[machine] ?? [], now) });
    return id;
  });
  await insertDevices(tx, made);
  const changed = await updateDevices(tx, kept);
  await mergeEmptiedDevices(
    tx,
    [...emptied].map(([device, machine]) => [device, deviceOf[machine] ?? 0]),
  );
  const links = members.flatMap((machine, index) =>
    machine.map((record) => ({ record, device: deviceOf[index] ?? 0 })),
  );
  await writeLinks(
    tx,
    links.filter(({ record, device }) => record.pending || record.deviceId !== device),
  );
  const opened = await recordFindings(tx, neighbourhood.reviewIds, reviews);
  await followResolution(tx, [...new Set([...deviceOf, ...emptied.keys()])]);
  return {
    records: records.filter((record) => record.pending).length,
    created: made.length,
    linked: links.filter(({ record }) => record.deviceId === null).length,
    moved: links.filter(({ record, device }) => record.deviceId !== null && record.deviceId !== device).length,
    reviews: opened,
    devicesRefreshed: made.length + changed,
  };
}

/**
 * Has the planner look rows up by the keys given, as every statement here means to: it would rather go through whole
 * tables, once for each batch. Postgres 15 counts a forbidden plan as so costly that it would compile it first, hence
 * `jit`. Returns the database's time in milliseconds since 1970.
 */
async function beginResolution(tx: EntityManager): Promise<number> {
  const [row] = await tx.query<{ now: number }[]>(
    `select (extract(epoch from now()) * 1000)::float8 as now, set_config('enable_seqscan', 'off', true),
            set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)`,
  );
  return row?.now ?? Date.now();
}

/** A record that was changed since it was read keeps waiting, so that what changed is not lost. */
async function writeLinks(
  tx: EntityManager,
  links: readonly { readonly record: StoredRecord; readonly device: number }[],
): Promise<void> {
  if (links.length === 0) return;
  await tx.query(
    `update device_record record
     set device_id = link.device_id,
         resolution_pending = record.resolution_pending and record.xmin <> link.version
     from unnest($1::integer[], $2::integer[], $3::xid[]) as link(id, device_id, version)
     where record.id = link.id`,
    [
      arrayLiteral(links.map(({ record }) => record.id)),
      arrayLiteral(links.map(({ device }) => device)),
      arrayLiteral(links.map(({ record }) => record.version)),
    ],
  );
}

/** Remembers that a key identifies nothing, and has every record that carries it resolved again without it. */
async function setKeyAside(tx: EntityManager, { kind, value }: SharedKey): Promise<void> {
  await tx.query('insert into device_shared_key (kind, value) values ($1, $2) on conflict do nothing', [kind, value]);
  await tx.query(
    `update device_record set resolution_pending = true
     where ${KEY_EXPRESSIONS[kind]} = $1 and not resolution_pending`,
    [value],
  );
}
