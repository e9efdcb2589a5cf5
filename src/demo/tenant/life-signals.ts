import { isCompliant } from './directory-device-record.js';
import { reportReadiness } from './enrolment.js';
import type { Day } from './day.js';
import type { Machine } from './machine.js';
import { isWindows } from './machine.js';
import { drawCompliance } from './managed-device-record.js';
import { osDescription, upgradedProperties } from './readiness-record.js';
import type { Properties } from './record-store.js';
import { DAY, duringWork, instant } from './simulated-time.js';
import type { GraphRecord } from './tenant-store.js';
import { isWindows11, runsWindows11, updated, WINDOWS_11 } from './windows-versions.js';

const WEEKEND_USE = 0.06;
const COMPLIANCE_CHANGE = 0.004;
const MONTHLY_UPDATE = 0.18;
const UPGRADE_TO_11 = 0.0015;

/** Machines in use sign in and report: last sync at once, last sign-in only when the directory's is old enough. */
export function useMachines(day: Day): void {
  const { world, random, weekend, count } = day;
  for (const machine of world.machines) {
    if (machine.inUse && random.chance(weekend ? WEEKEND_USE : machine.rhythm)) {
      useMachine(day, machine, duringWork(world.now, random.fraction()));
      count('machines used');
    }
    reportReadiness(world, random, machine);
  }
}

function useMachine({ world, random, count }: Day, machine: Machine, at: number): void {
  const managed = machine.managedId === null ? undefined : world.store.get('managedDevices', machine.managedId);
  const device = machine.entraId === null ? undefined : world.store.get('devices', machine.entraId);
  const seen = device === undefined ? null : device['approximateLastSignInDateTime'];
  const deviceChange: Properties = {};
  if (typeof seen === 'string' && at - Date.parse(seen) > machine.signInInterval * DAY) {
    deviceChange['approximateLastSignInDateTime'] = instant(at);
  }
  if (managed !== undefined) {
    const change: Properties = { lastSyncDateTime: instant(at) };
    if (managed['complianceState'] !== 'configManager' && random.chance(COMPLIANCE_CHANGE)) {
      change['complianceState'] = drawCompliance(random);
      deviceChange['isCompliant'] = isCompliant(change['complianceState']);
      count('compliance changes');
    }
    const version = newVersion({ random, now: world.now }, machine, managed);
    if (version !== null) {
      change['osVersion'] = version;
      deviceChange['operatingSystemVersion'] = version;
      if (machine.metricId !== null)
        world.store.patch('metricDevices', machine.metricId, readinessAfter(managed, version));
      count('system updates');
    }
    world.store.patch('managedDevices', managed.id, change);
  }
  if (device !== undefined) world.store.patch('devices', device.id, deviceChange);
}

/** The version after today's update, or null when there is none: monthly updates within days, Windows 11 now and then. */
function newVersion(
  { random, now }: { readonly random: Day['random']; readonly now: number },
  machine: Machine,
  managed: GraphRecord,
): string | null {
  if (!isWindows(machine)) return null;
  const version = String(managed['osVersion']);
  const current = updated(version, now);
  if (runsWindows11(machine.model) && !isWindows11(version) && random.chance(UPGRADE_TO_11)) {
    return updated(WINDOWS_11, now);
  }
  return current !== version && random.chance(MONTHLY_UPDATE) ? current : null;
}

function readinessAfter(managed: GraphRecord, version: string): Properties {
  const properties: Properties = { osVersion: version, osDescription: osDescription(version) };
  const upgraded = isWindows11(version) && !isWindows11(String(managed['osVersion']));
  return upgraded ? { ...properties, ...upgradedProperties() } : properties;
}
