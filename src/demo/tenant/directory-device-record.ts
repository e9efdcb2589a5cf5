import type { Machine } from './machine.js';
import { operatingSystem } from './managed-device-record.js';
import type { Random } from './random.js';
import { instant } from './simulated-time.js';
import type { GraphRecord } from './tenant-store.js';

/** Microsoft's application ids for Intune and for the Configuration Manager client, as the directory shows them. */
const INTUNE_APPLICATION = '0000000a-0000-0000-c000-000000000000';
const CONFIGURATION_MANAGER_APPLICATION = '54b943f8-d761-4f8d-951e-9cea1846db5a';

/** How a device stands in the directory. */
export interface Registration {
  /** `ServerAd`: hybrid; `AzureAd`: joined to Entra ID; `Workplace`: registered only, as a person's own phone is. */
  readonly trust: 'ServerAd' | 'AzureAd' | 'Workplace';
  readonly registered: number;
  /** Null for one that has never signed in, such as a laptop in its box. */
  readonly lastSignIn: number | null;
  readonly osVersion: string | null;
  /** The Intune record, where there is one. */
  readonly managed: GraphRecord | undefined;
  readonly ownership: 'Company' | 'Personal' | null;
  /** The Autopilot group tag, or null for a machine without Autopilot. */
  readonly groupTag: string | null;
}

/** A device object of the directory for a machine, under the given object id and `deviceId`. */
export function directoryDeviceRecord(
  random: Random,
  machine: Machine,
  ids: { readonly id: string; readonly deviceId: string },
  registration: Registration,
): GraphRecord {
  const { managed } = registration;
  const hybrid = registration.trust === 'ServerAd';
  return {
    id: ids.id,
    deletedDateTime: null,
    deviceId: ids.deviceId,
    displayName: machine.hostname,
    accountEnabled: true,
    operatingSystem: operatingSystem(machine),
    operatingSystemVersion: registration.osVersion,
    trustType: registration.trust,
    profileType: 'RegisteredDevice',
    isManaged: managed === undefined ? null : true,
    isCompliant: managed === undefined ? null : isCompliant(managed['complianceState']),
    managementType: managed === undefined ? null : 'MDM',
    mdmAppId: managed === undefined ? null : hybrid ? CONFIGURATION_MANAGER_APPLICATION : INTUNE_APPLICATION,
    manufacturer: managed === undefined ? null : machine.model.manufacturer,
    model: managed === undefined ? null : machine.model.model,
    enrollmentType: enrolmentType(registration),
    enrollmentProfileName: registration.groupTag !== null && managed !== undefined ? 'Council standard laptop' : null,
    deviceOwnership: registration.ownership,
    deviceCategory: null,
    registrationDateTime: hybrid && random.chance(0.01) ? null : instant(registration.registered),
    approximateLastSignInDateTime: registration.lastSignIn === null ? null : instant(registration.lastSignIn),
    onPremisesSyncEnabled: hybrid ? true : null,
    onPremisesLastSyncDateTime: hybrid ? instant(registration.lastSignIn ?? registration.registered) : null,
    physicalIds: physicalIds(random, registration.groupTag),
  };
}

/** How the directory tells compliance: true, false, or null where Intune does not know. */
export function isCompliant(state: unknown): boolean | null {
  if (state === 'compliant' || state === 'inGracePeriod' || state === 'configManager') return true;
  return state === 'unknown' ? null : false;
}

function enrolmentType(registration: Registration): string | null {
  if (registration.trust === 'ServerAd') return 'OnPremiseCoManaged';
  if (registration.trust === 'Workplace') return null;
  return registration.managed === undefined ? null : 'AzureDomainJoined';
}

/** Marks of the hardware; those of Autopilot carry its own id and the group tag as `[OrderID]`. */
function physicalIds(random: Random, groupTag: string | null): readonly string[] {
  const hardware = [`[HWID]:h:${random.text('0123456789', 16)}`];
  if (groupTag === null) return hardware;
  return [`[ZTDID]:${random.uuid()}`, `[OrderID]:${groupTag}`, ...hardware];
}
