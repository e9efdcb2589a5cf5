import type { EntityManager } from 'typeorm';
import { manufacturerKey } from '../domain/identity/manufacturer-name.js';
import type { DeliveryLine } from '../domain/lifecycle/delivery-line.js';
import { KEY_EXPRESSIONS } from '../neighbourhood.queries.js';

/** What is known of the machine of a delivery line. */
export interface LineMatch {
  /** The machine; null for one that nobody knows yet. */
  readonly deviceId: number | null;
  /** Its entry of the register. */
  readonly registerId: number | null;
  /** Why the line cannot be about one machine; null when it can. */
  readonly problem: string | null;
}

interface MachineColumns {
  readonly line: number;
  readonly id: number;
  readonly manufacturer: string | null;
}

interface EntryColumns {
  readonly line: number;
  readonly id: number;
  readonly device_id: number | null;
  readonly asset_tag_key: string | null;
  readonly manufacturer_key: string | null;
  readonly by_serial: boolean;
}

/**
 * Finds the machine and the register entry of every line, by its serial number and manufacturer; in two statements
 * that look up by indexes. The tag of another machine is a problem, never a match.
 */
export async function matchDelivery(tx: EntityManager, lines: readonly DeliveryLine[]): Promise<LineMatch[]> {
  const serials = lines.map(({ serialKey }) => serialKey);
  const tags = lines.map(({ assetTag }) => assetTag?.toUpperCase() ?? null);
  const machines = await tx.query<MachineColumns[]>(MACHINES, [serials]);
  const machinesOf = grouped(machines);
  const devices = lines.map((line, index) => fittingMachines(line, machinesOf.get(index + 1) ?? []));
  const entries = await tx.query<EntryColumns[]>(ENTRIES, [serials, tags, devices.map(([first = null]) => first)]);
  const entriesOf = grouped(entries);
  return lines.map((line, index) => matchLine(line, devices[index] ?? [], entriesOf.get(index + 1) ?? []));
}

/** Machines with the serial number of a line that do not have another maker. */
function fittingMachines(line: DeliveryLine, machines: readonly MachineColumns[]): number[] {
  const fitting = machines.filter(({ manufacturer }) => isSameMaker(line, manufacturerKey(manufacturer)));
  return [...new Set(fitting.map(({ id }) => id))];
}

function isSameMaker(line: DeliveryLine, maker: string | null): boolean {
  return maker === null || line.makerKey === null || maker === line.makerKey;
}

function matchLine(line: DeliveryLine, devices: readonly number[], entries: readonly EntryColumns[]): LineMatch {
  const none = { deviceId: null, registerId: null };
  if (devices.length > 1) return { ...none, problem: 'Several machines have this serial number.' };
  const [deviceId = null] = devices;
  const own = entries.filter(
    (entry) =>
      (entry.by_serial && isSameMaker(line, entry.manufacturer_key)) ||
      (deviceId !== null && entry.device_id === deviceId),
  );
  const ownIds = new Set(own.map(({ id }) => id));
  if (ownIds.size > 1) return { ...none, problem: 'Several entries of the register have this serial number.' };
  const [entry] = own;
  const tag = line.assetTag?.toUpperCase() ?? null;
  if (tag !== null && entries.some((other) => other.asset_tag_key === tag && other.id !== entry?.id)) {
    return { ...none, problem: 'The asset tag belongs to another machine.' };
  }
  if (tag !== null && entry && entry.asset_tag_key !== null && entry.asset_tag_key !== tag) {
    return { ...none, problem: 'The register has another asset tag for this serial number.' };
  }
  return { deviceId: deviceId ?? entry?.device_id ?? null, registerId: entry?.id ?? null, problem: null };
}

function grouped<T extends { readonly line: number }>(rows: readonly T[]): Map<number, T[]> {
  const byLine = new Map<number, T[]>();
  for (const row of rows) byLine.set(row.line, [...(byLine.get(row.line) ?? []), row]);
  return byLine;
}

/** Machines in their own right with a record of that serial number, and boxed ones that have not joined one. */
const MACHINES = `
  select wanted.line::integer as line, machine.id, machine.manufacturer
  from unnest($1::text[]) with ordinality as wanted(serial_key, line)
  cross join lateral (
    select distinct device_id from (
      select device_id from device_record where ${KEY_EXPRESSIONS.serial} = wanted.serial_key
      union all
      select device_id from boxed_device where serial_key = wanted.serial_key
    ) as bearer
  ) as bearer
  join device machine on machine.id = bearer.device_id and machine.merged_into_id is null`;

const ENTRIES = `
  select wanted.line::integer as line, entry.id, entry.device_id, entry.asset_tag_key, entry.manufacturer_key,
         entry.serial_key is not distinct from wanted.serial_key as by_serial
  from unnest($1::text[], $2::text[], $3::integer[]) with ordinality as wanted(serial_key, tag_key, device_id, line)
  cross join lateral (
    select * from device_register where serial_key = wanted.serial_key
    union
    select * from device_register where asset_tag_key = wanted.tag_key
    union
    select * from device_register where device_id = wanted.device_id
  ) as entry`;
