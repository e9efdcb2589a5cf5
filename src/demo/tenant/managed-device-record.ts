import type { Machine } from './machine.js';
import type { Random } from './random.js';
import type { Properties } from './record-store.js';
import { DAY, INTUNE_NULL_DATE, instant } from './simulated-time.js';
import type { GraphRecord } from './tenant-store.js';

/** What Intune writes for a machine without a device in the directory. */
export const NO_DEVICE_ID = '00000000-0000-0000-0000-000000000000';

const GIGABYTE = 1024 ** 3;
const COMPLIANCE = [
  { state: 'compliant', weight: 84 },
  { state: 'noncompliant', weight: 8 },
  { state: 'inGracePeriod', weight: 3 },
  { state: 'unknown', weight: 2.5 },
  { state: 'error', weight: 1 },
  { state: 'conflict', weight: 0.5 },
];

/** Draws what Intune makes of a machine's compliance. */
export function drawCompliance(random: Random): string {
  return random.weighted(COMPLIANCE).state;
}

/** How a machine came under management. */
export interface Enrolment {
  /** `hybrid`: joined to the on-premises domain and co-managed; `cloud`: joined to Entra ID, by Autopilot or by hand; `mobile`. */
  readonly way: 'hybrid' | 'cloud' | 'mobile';
  /** Whom Intune shows as the user: the owner, a technician who enrolled it, or nobody. */
  readonly user: GraphRecord | undefined;
  readonly enrolled: number;
  readonly lastSync: number;
  readonly osVersion: string;
  readonly personal: boolean;
}

/** The properties by which an Intune record names its user; empty strings for nobody. */
export function userProperties(user: GraphRecord | undefined): Properties {
  return {
    userId: user?.id ?? '',
    userPrincipalName: user?.['userPrincipalName'] ?? '',
    emailAddress: user?.['mail'] ?? '',
    userDisplayName: user?.['displayName'] ?? '',
  };
}

/** An instant as Intune writes the time of enrolment, with seven digits of a second. */
function preciseInstant(random: Random, milliseconds: number): string {
  return `${instant(milliseconds).slice(0, -1)}.${random.text('0123456789', 6)}${random.between(1, 9)}Z`;
}

function macAddress(random: Random): string {
  return random.text('0123456789ABCDEF', 12);
}

function agent(random: Random, way: Enrolment['way']): string {
  if (way !== 'hybrid') return 'mdm';
  return random.chance(0.9) ? 'configurationManagerClientMdm' : 'configurationManagerClient';
}

function enrolmentType(random: Random, machine: Machine, enrolment: Enrolment): string {
  if (enrolment.way === 'hybrid') return random.chance(0.7) ? 'windowsCoManagement' : 'windowsAutoEnrollment';
  if (enrolment.way === 'mobile') {
    return machine.model.manufacturer === 'Apple' && !enrolment.personal ? 'appleBulkWithUser' : 'userEnrollment';
  }
  return enrolment.user === undefined ? 'windowsBulkUserless' : 'windowsAzureADJoin';
}

/** The operating system as the directory and Intune name it. */
export function operatingSystem(machine: Machine): string {
  if (machine.model.manufacturer === 'Apple') return machine.form === 'phone' ? 'iOS' : 'iPadOS';
  return machine.form === 'phone' ? 'Android' : 'Windows';
}

/** An Intune record of a machine, with true values where a list would show defaults (such as the memory size). */
export function managedDeviceRecord(random: Random, machine: Machine, id: string, enrolment: Enrolment): GraphRecord {
  const handheld = enrolment.way === 'mobile';
  const storage = handheld ? 128 : random.pick(machine.model.year < 2016 ? [128, 256, 500] : [256, 256, 512]);
  const memory = handheld
    ? 6
    : machine.model.year < 2015
      ? 4
      : random.pick(machine.model.year < 2021 ? [8, 8, 16] : [16, 16, 32]);
  const company = enrolment.personal ? 'personal' : 'company';
  return {
    id,
    azureADDeviceId: machine.deviceId ?? NO_DEVICE_ID,
    deviceName: machine.hostname,
    managedDeviceName: `${machine.owner === null ? 'shared' : 'person'}_${operatingSystem(machine)}_${id.slice(0, 8)}`,
    serialNumber: machine.serial,
    manufacturer: machine.model.manufacturer,
    model: machine.model.model,
    operatingSystem: operatingSystem(machine),
    osVersion: enrolment.osVersion,
    complianceState: enrolment.way === 'hybrid' && random.chance(0.1) ? 'configManager' : drawCompliance(random),
    complianceGracePeriodExpirationDateTime: INTUNE_NULL_DATE,
    managementAgent: agent(random, enrolment.way),
    managementState: random.chance(0.995) ? 'managed' : random.pick(['retirePending', 'wipePending', 'unhealthy']),
    managedDeviceOwnerType: random.chance(0.985) ? company : 'unknown',
    deviceEnrollmentType: enrolmentType(random, machine, enrolment),
    deviceRegistrationState: random.chance(0.99) ? 'registered' : 'keyConflict',
    azureADRegistered: machine.deviceId === null ? false : random.chance(0.98) ? true : null,
    enrolledDateTime: preciseInstant(random, enrolment.enrolled),
    lastSyncDateTime: instant(enrolment.lastSync),
    managementCertificateExpirationDate: instant(enrolment.lastSync + random.between(10, 365) * DAY),
    ...userProperties(enrolment.user),
    deviceCategoryDisplayName: random.chance(0.15) ? random.pick(['Office', 'Shared', 'Front line']) : '',
    enrollmentProfileName: machine.autopilotId === null ? null : 'Council standard laptop',
    isEncrypted: machine.form === 'laptop' || handheld ? random.chance(0.97) : random.chance(0.4),
    isSupervised: handheld && !enrolment.personal,
    jailBroken: handheld ? 'False' : 'Unknown',
    totalStorageSpaceInBytes: storage * GIGABYTE,
    freeStorageSpaceInBytes: Math.floor(storage * GIGABYTE * (0.1 + 0.7 * random.fraction())),
    physicalMemoryInBytes: memory * GIGABYTE,
    wiFiMacAddress: machine.form === 'laptop' || handheld || random.chance(0.25) ? macAddress(random) : '',
    ethernetMacAddress: handheld ? null : macAddress(random),
    partnerReportedThreatState: random.chance(0.7) ? 'activated' : 'unknown',
    easActivated: false,
    easActivationDateTime: INTUNE_NULL_DATE,
    exchangeAccessState: 'none',
    exchangeAccessStateReason: 'none',
    exchangeLastSuccessfulSyncDateTime: INTUNE_NULL_DATE,
    phoneNumber: machine.form === 'phone' && random.chance(0.5) ? `07700 900${random.between(100, 999)}` : '',
    imei: machine.form === 'phone' ? random.text('0123456789', 15) : '',
    notes: random.chance(0.02) ? 'Collected from the service desk' : null,
    requireUserEnrollmentApproval: null,
  };
}
