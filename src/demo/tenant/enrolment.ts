import { directoryDeviceRecord } from './directory-device-record.js';
import { drawHostname } from './hostnames.js';
import type { Machine } from './machine.js';
import { isWindows } from './machine.js';
import type { FormFactor, MachineModel } from './machine-models.js';
import type { Enrolment } from './managed-device-record.js';
import { managedDeviceRecord } from './managed-device-record.js';
import type { Random } from './random.js';
import { readinessRecord } from './readiness-record.js';
import { drawSerial } from './serial-numbers.js';
import { DAY } from './simulated-time.js';
import type { CollectionName, GraphRecord } from './tenant-store.js';
import type { World } from './world.js';

/** A row of the readiness report goes when its machine sent nothing for longer than this (Microsoft, work from anywhere). */
export const REPORTED_DAYS = 29;

/** A machine that no source knows yet; adds it to the world. */
export function addMachine(
  world: World,
  random: Random,
  what: { readonly model: MachineModel; readonly owner: string | null; readonly bought: number; readonly code: string },
): Machine {
  const form: FormFactor = what.model.form;
  const machine: Machine = {
    model: what.model,
    form,
    serial: drawSerial(random, what.model, what.bought),
    bought: what.bought,
    hostname: drawHostname(world, random, form, what.code),
    owner: what.owner,
    inUse: true,
    rhythm: 0.55 + 0.42 * random.fraction(),
    signInInterval: random.between(9, 19),
    entraId: null,
    deviceId: null,
    managedId: null,
    metricId: null,
    autopilotId: null,
    retiresOn: null,
  };
  world.machines.push(machine);
  return machine;
}

/** Puts a machine under management: writes its Intune record, with a new id each time. */
export function enrol(world: World, random: Random, machine: Machine, enrolment: Enrolment): GraphRecord {
  machine.managedId = random.uuid();
  const record = managedDeviceRecord(random, machine, machine.managedId, enrolment);
  world.store.put('managedDevices', record);
  return record;
}

/** Ends the management of a machine: its Intune record and its readiness row go for good. */
export function retire(world: World, machine: Machine): void {
  removeKnown(world, 'managedDevices', machine.managedId);
  removeKnown(world, 'metricDevices', machine.metricId);
  machine.managedId = null;
  machine.metricId = null;
}

/** Removes a record for good, unless something else already did. */
export function removeKnown(world: World, collection: CollectionName, id: string | null): void {
  if (id !== null && world.store.get(collection, id) !== undefined) world.store.remove(collection, id, 'deleted');
}

/** Gives a machine its device object in the directory, or renews the one that it has, whose hardware marks stay. */
export function register(
  world: World,
  random: Random,
  machine: Machine,
  registration: Parameters<typeof directoryDeviceRecord>[3],
): void {
  machine.entraId ??= random.uuid();
  machine.deviceId ??= random.uuid();
  const ids = { id: machine.entraId, deviceId: machine.deviceId };
  const record = directoryDeviceRecord(random, machine, ids, registration);
  const before = world.store.get('devices', ids.id);
  world.store.put(
    'devices',
    before === undefined
      ? record
      : { ...record, physicalIds: before['physicalIds'], registrationDateTime: before['registrationDateTime'] },
  );
}

/** Adds or removes a machine's row in the readiness report, by when it last sent anything. */
export function reportReadiness(world: World, random: Random, machine: Machine): void {
  const managed = machine.managedId === null ? undefined : world.store.get('managedDevices', machine.managedId);
  const recent =
    managed !== undefined &&
    isWindows(machine) &&
    machine.form !== 'server' &&
    Date.parse(String(managed['lastSyncDateTime'])) > world.now - REPORTED_DAYS * DAY;
  if (recent && machine.metricId === null) {
    machine.metricId = random.uuid();
    world.store.put('metricDevices', readinessRecord(random, machine, machine.metricId, managed));
  } else if (!recent && machine.metricId !== null) {
    removeKnown(world, 'metricDevices', machine.metricId);
    machine.metricId = null;
  }
}
