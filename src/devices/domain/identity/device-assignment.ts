import { compareTrust, type IdentityRecord } from './identity-record.js';

/** A record and the device that it is linked to so far. */
export interface LinkedRecord extends IdentityRecord {
  readonly deviceId: number | null;
}

/** Which stored device each machine is. */
export interface DeviceAssignment {
  /** For each machine, in the order given: its device, or null for one that has to be made. */
  readonly devices: readonly (number | null)[];
  /** Devices that lost all their records, with the position of the machine that their best record went to. */
  readonly emptied: ReadonlyMap<number, number>;
}

/**
 * Keeps every machine on a device that its records were on: of two that turned out to be one the lower id stays, and
 * of one that turned out to be two the machine with the best record keeps it.
 * @param former devices that records shall go back to rather than stay on theirs, by record id
 */
export function assignDevices(
  machines: readonly (readonly LinkedRecord[])[],
  now: number,
  former: ReadonlyMap<number, number> = new Map(),
): DeviceAssignment {
  const claims = claimsOf(machines, now, (record) => former.get(record.id) ?? record.deviceId);
  const devices = new Array<number | null>(machines.length).fill(null);
  const left: number[] = [];
  for (const device of [...claims.keys()].sort((a, b) => a - b)) {
    const owner = claims.get(device)?.[0];
    if (owner !== undefined && devices[owner] === null) devices[owner] = device;
    else left.push(device);
  }
  for (const device of left) {
    const heir = claims.get(device)?.find((machine) => devices[machine] === null);
    if (heir !== undefined) devices[heir] = device;
  }
  const kept = new Set(devices);
  const emptied = new Map<number, number>();
  for (const [device, [best]] of claimsOf(machines, now, (record) => record.deviceId)) {
    if (best !== undefined && !kept.has(device)) emptied.set(device, best);
  }
  return { devices, emptied };
}

/** For each device the machines that have a record of it, that of the best record first. */
function claimsOf(
  machines: readonly (readonly LinkedRecord[])[],
  now: number,
  deviceOf: (record: LinkedRecord) => number | null,
): Map<number, number[]> {
  const claims = new Map<number, { machine: number; record: LinkedRecord }[]>();
  for (const [machine, records] of machines.entries()) {
    for (const record of records) {
      const device = deviceOf(record);
      if (device === null) continue;
      const claim = claims.get(device);
      if (claim) claim.push({ machine, record });
      else claims.set(device, [{ machine, record }]);
    }
  }
  const inOrder = new Map<number, number[]>();
  for (const [device, claim] of claims) {
    if (claim.length > 1) claim.sort((a, b) => compareTrust(a.record, b.record, now));
    inOrder.set(
      device,
      claim.map(({ machine }) => machine),
    );
  }
  return inOrder;
}
