import type { Machine } from './machine.js';
import { NO_DEVICE_ID } from './managed-device-record.js';
import type { Random } from './random.js';
import { INTUNE_NULL_DATE, instant } from './simulated-time.js';
import type { GraphRecord } from './tenant-store.js';

/** Group tags by which the council says what a new laptop is for. */
export const GROUP_TAGS: readonly string[] = ['LAPTOP-STANDARD', 'LAPTOP-STANDARD', 'LAPTOP-POWER', 'LAPTOP-KIOSK'];

/** The Autopilot identity of a machine: one in its box has no managed device yet, said by an empty id or one of zeros. */
export function autopilotRecord(
  random: Random,
  machine: Machine,
  id: string,
  enrolment: { readonly groupTag: string; readonly user: GraphRecord | undefined; readonly contacted: number | null },
): GraphRecord {
  const enrolled = machine.managedId !== null;
  return {
    id,
    serialNumber: machine.serial,
    manufacturer: machine.model.manufacturer,
    model: machine.model.model,
    productKey: '',
    groupTag: enrolment.groupTag,
    purchaseOrderIdentifier: random.chance(0.7) ? `PO-${4_500_000 + Math.floor(machine.bought / 86_400_000 / 7)}` : '',
    enrollmentState: enrolled ? 'enrolled' : enrolment.contacted === null ? 'notContacted' : 'unknown',
    lastContactedDateTime: enrolment.contacted === null ? INTUNE_NULL_DATE : instant(enrolment.contacted),
    addressableUserName: '',
    userPrincipalName: enrolment.user?.['userPrincipalName'] ?? '',
    resourceName: '',
    skuNumber: '',
    systemFamily: machine.model.manufacturer.startsWith('Dell') ? 'Latitude' : '',
    azureActiveDirectoryDeviceId: machine.deviceId ?? NO_DEVICE_ID,
    managedDeviceId: machine.managedId ?? (random.chance(0.7) ? '' : NO_DEVICE_ID),
    displayName: '',
  };
}
