import type { Machine } from './machine.js';
import type { Random } from './random.js';
import type { Properties } from './record-store.js';
import type { GraphRecord } from './tenant-store.js';
import { isWindows11, runsWindows11 } from './windows-versions.js';

/**
 * A row of the work-from-anywhere report for a machine: upgraded when it runs Windows 11, otherwise capable or not by its age
 * with the checks that fail, and in one case in twenty-five unknown, with every check null.
 */
export function readinessRecord(random: Random, machine: Machine, id: string, managed: GraphRecord): GraphRecord {
  const autopilot = machine.autopilotId !== null;
  const cloudJoined = managed['managementAgent'] === 'mdm';
  return {
    id,
    deviceId: managed.id,
    deviceName: machine.hostname,
    serialNumber: machine.serial,
    manufacturer: machine.model.manufacturer,
    model: machine.model.model,
    ownership: 'company',
    managedBy: cloudJoined ? 'Intune' : 'Co-managed',
    azureAdDeviceId: managed['azureADDeviceId'],
    azureAdJoinType: cloudJoined ? 'azureADJoined' : 'hybridAzureADJoined',
    azureAdRegistered: managed['azureADRegistered'],
    osDescription: osDescription(String(managed['osVersion'])),
    osVersion: managed['osVersion'],
    autoPilotRegistered: autopilot,
    autoPilotProfileAssigned: autopilot ? random.chance(0.97) : false,
    tenantAttached: !cloudJoined,
    compliancePolicySetToIntune: cloudJoined ? null : random.chance(0.6),
    otherWorkloadsSetToIntune: cloudJoined ? null : random.chance(0.2),
    isCloudManagedGatewayEnabled: cloudJoined ? null : true,
    ...eligibility(random, machine, String(managed['osVersion'])),
    ...scores(random, autopilot, cloudJoined),
  };
}

/** The operating system as the report describes a version. */
export function osDescription(version: string): string {
  return isWindows11(version) ? 'Windows 11 Enterprise' : 'Windows 10 Enterprise';
}

/** The verdict and checks of a machine that runs the given version. */
function eligibility(random: Random, machine: Machine, version: string): Properties {
  if (!isWindows11(version) && random.chance(0.04)) return { upgradeEligibility: 'unknown', ...checks(null, []) };
  if (isWindows11(version)) return { upgradeEligibility: 'upgraded', ...checks(false, []) };
  if (runsWindows11(machine.model)) return { upgradeEligibility: 'capable', ...checks(false, []) };
  const failing = ['processorFamily'];
  if (machine.model.year < 2016) failing.push('tpm');
  if (machine.model.year < 2014) failing.push('secureBoot', 'ram');
  return { upgradeEligibility: 'notCapable', ...checks(false, failing) };
}

const CHECKS = [
  'ram',
  'storage',
  'processorCoreCount',
  'processorSpeed',
  'tpm',
  'secureBoot',
  'processorFamily',
  'processor64Bit',
  'os',
];

function checks(otherwise: boolean | null, failing: readonly string[]): Properties {
  const result: Properties = {};
  for (const check of CHECKS) result[`${check}CheckFailed`] = failing.includes(check) ? true : otherwise;
  return result;
}

/** What changes in a row when its machine has been upgraded to Windows 11. */
export function upgradedProperties(): Properties {
  return { upgradeEligibility: 'upgraded', ...checks(false, []) };
}

/** Scores from 0 to 100; a tenth are null as in the report for a machine with too little data. */
function scores(random: Random, autopilot: boolean, cloudJoined: boolean): Properties {
  if (random.chance(0.1)) {
    return {
      workFromAnywhereScore: null,
      windowsScore: null,
      cloudManagementScore: null,
      cloudIdentityScore: null,
      cloudProvisioningScore: null,
      healthStatus: 'insufficientData',
    };
  }
  const windows = random.between(60, 100);
  const management = cloudJoined ? 100 : random.between(20, 70);
  const identity = cloudJoined ? 100 : 80;
  const provisioning = autopilot ? 100 : 0;
  const overall = Math.round((windows + management + identity + provisioning) / 4);
  return {
    workFromAnywhereScore: overall,
    windowsScore: windows,
    cloudManagementScore: management,
    cloudIdentityScore: identity,
    cloudProvisioningScore: provisioning,
    healthStatus: overall >= 50 ? 'meetingGoals' : 'needsAttention',
  };
}
