import { flag, gigabytes, identifier, instant, plainText, text } from '../domain/field-conversion.js';
import type { RecordShape } from '../domain/record-conversion.js';
import { columnsOf, type Source } from './source.js';

const shape: RecordShape = {
  idProperty: 'id',
  properties: [
    { property: 'deviceName', column: 'name', convert: plainText },
    { property: 'serialNumber', column: 'serial_number', convert: text(256) },
    { property: 'manufacturer', column: 'manufacturer', convert: plainText },
    { property: 'model', column: 'model', convert: plainText },
    { property: 'operatingSystem', column: 'operating_system', convert: plainText },
    { property: 'osVersion', column: 'operating_system_version', convert: plainText },
    { property: 'azureADDeviceId', column: 'entra_device_id', convert: identifier },
    { property: 'userId', column: 'user_entra_id', convert: identifier },
    { property: 'userPrincipalName', column: 'user_principal_name', convert: plainText },
    { property: 'managedDeviceOwnerType', column: 'ownership', convert: plainText },
    { property: 'complianceState', column: 'compliance_state', convert: plainText },
    { property: 'enrolledDateTime', column: 'enrolled_at', convert: instant },
    { property: 'lastSyncDateTime', column: 'last_seen_at', convert: instant },
    { property: 'managementAgent', convert: plainText },
    { property: 'managementState', convert: plainText },
    { property: 'deviceEnrollmentType', convert: plainText },
    { property: 'deviceCategoryDisplayName', convert: plainText },
    { property: 'isEncrypted', convert: flag },
    { property: 'totalStorageSpaceInBytes', convert: gigabytes },
    { property: 'freeStorageSpaceInBytes', convert: gigabytes },
    { property: 'azureADRegistered', convert: flag },
    { property: 'deviceRegistrationState', convert: plainText },
    { property: 'enrollmentProfileName', convert: plainText },
    { property: 'partnerReportedThreatState', convert: plainText },
    { property: 'managementCertificateExpirationDate', convert: instant },
  ],
  derivedFrom: ['wiFiMacAddress'],
  /** The Wi-Fi address is personal data and only says that there is an adapter: that much is kept. */
  derive: (device, notes) => ({
    managed_device_id: identifier(device['id'] ?? null, notes),
    ...(device['wiFiMacAddress'] === undefined
      ? {}
      : { attributes: { hasWiFiAdapter: identifier(device['wiFiMacAddress'], notes) !== null } }),
  }),
};

const SELECTED = ['id', ...shape.properties.map((map) => map.property), 'wiFiMacAddress'].join(',');

/**
 * Devices that Intune manages. There is no delta and no `$skip`; pages hold 1,000 records by default, which is also the
 * most. What a list only gives as a default (memory, wired address, chassis) is not asked for.
 */
export const managedDevices: Source = {
  name: 'managed-devices',
  label: 'Intune managed devices',
  permission: 'DeviceManagementManagedDevices.Read.All',
  lane: 'intune',
  optional: false,
  listPath: `/deviceManagement/managedDevices?$select=${SELECTED}`,
  deltaPath: null,
  pageSize: 1_000,
  resourceUnitsPerPage: 1,
  shape,
  target: {
    table: 'device_record',
    key: 'external_id',
    shared: true,
    columns: columnsOf(shape, ['managed_device_id']),
  },
};
