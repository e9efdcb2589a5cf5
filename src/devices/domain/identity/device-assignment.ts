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
 */
export function assignDevices(machines: readonly (readonly LinkedRecord[])[], now: number): DeviceAssignment {
  const claims = new Map<number, { machine: number; record: LinkedRecord }[]>();
  for (const [machine, records] of machines.entries()) {
    for (const record of records) {
      if (record.deviceId === null) continue;
      const claim = claims.get(record.deviceId);
      if (claim) claim.push({ machine, record });
      else claims.set(record.deviceId, [{ machine, record }]);
    }
  }
  const devices = new Array<number | null>(machines.length).fill(null);
  const left: number[] = [];
  const inOrder = [...claims.keys()].sort((a, b) => a - b);
  for (const claim of claims.values()) claim.sort((a, b) => compareTrust(a.record, b.record, now));
  for (const device of inOrder) {
    const owner = claims.get(device)?.[0]?.machine;
    if (owner !== undefined && devices[owner] === null) devices[owner] = device;
    else left.push(device);
  }
  const emptied = new Map<number, number>();
  for (const device of left) {
    const claim = claims.get(device) ?? [];
    const heir = claim.find(({ machine }) => devices[machine] === null);
    if (heir) devices[heir.machine] = device;
    else if (claim[0]) emptied.set(device, claim[0].machine);
  }
  return { devices, emptied };
}
