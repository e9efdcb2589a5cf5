import { directoryDeviceRecord } from './directory-device-record.js';
import type { Machine } from './machine.js';
import type { Random } from './random.js';
import { PLACEHOLDER_SERIALS } from './serial-numbers.js';
import { DAY } from './simulated-time.js';
import type { World } from './world.js';

/** What every real estate has: stale twins in the directory, names used twice, one serial number on two machines. */
export function addDataFaults(world: World, random: Random): void {
  for (const machine of [...world.machines]) {
    if (machine.entraId !== null && machine.managedId !== null && machine.form === 'desktop' && random.chance(0.05)) {
      addStaleTwin(world, random, machine);
    }
  }
  const managed = world.machines.filter((machine) => machine.managedId !== null && machine.form === 'desktop');
  const pairs = Math.floor(managed.length / 400);
  for (let one = 0; one < pairs; one++) reuseHostname(world, managed[one * 40], managed[one * 40 + 1]);
  const serials = Math.max(1, Math.floor(managed.length / 900));
  const real = managed.filter((machine) => !PLACEHOLDER_SERIALS.includes(machine.serial));
  for (let one = 0; one < serials; one++) repeatSerial(world, real[one * 30 + 20], real[one * 30 + 21]);
}

/** Another device object under the same name: the same PC once registered by its user, or joined before a re-install. */
function addStaleTwin(world: World, random: Random, machine: Machine): void {
  const seen = world.now - random.between(40, 700) * DAY;
  const registered = random.chance(0.5);
  const twin = directoryDeviceRecord(
    random,
    machine,
    { id: random.uuid(), deviceId: random.uuid() },
    {
      trust: registered ? 'Workplace' : 'ServerAd',
      registered: seen - random.between(10, 600) * DAY,
      lastSignIn: seen,
      osVersion: '10.0.18363.1556',
      managed: undefined,
      ownership: null,
      groupTag: null,
    },
  );
  world.store.put('devices', twin);
}

function reuseHostname(world: World, one: Machine | undefined, other: Machine | undefined): void {
  if (one === undefined || other === undefined) return;
  other.hostname = one.hostname;
  if (other.managedId !== null) world.store.patch('managedDevices', other.managedId, { deviceName: one.hostname });
  if (other.entraId !== null) world.store.patch('devices', other.entraId, { displayName: one.hostname });
  if (other.metricId !== null) world.store.patch('metricDevices', other.metricId, { deviceName: one.hostname });
}

function repeatSerial(world: World, one: Machine | undefined, other: Machine | undefined): void {
  if (one === undefined || other === undefined) return;
  other.serial = one.serial;
  if (other.managedId !== null) world.store.patch('managedDevices', other.managedId, { serialNumber: one.serial });
  if (other.metricId !== null) world.store.patch('metricDevices', other.metricId, { serialNumber: one.serial });
}
