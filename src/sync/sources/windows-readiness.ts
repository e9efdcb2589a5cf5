import { decimal, flag, identifier, plainText, text } from '../domain/field-conversion.js';
import type { RecordShape } from '../domain/record-conversion.js';
import { columnsOf, type Source } from './source.js';

const shape: RecordShape = {
  idProperty: 'id',
  properties: [
    { property: 'deviceId', column: 'managed_device_id', convert: identifier },
    { property: 'azureAdDeviceId', column: 'entra_device_id', convert: identifier },
    { property: 'deviceName', column: 'name', convert: plainText },
    { property: 'serialNumber', column: 'serial_number', convert: text(256) },
    { property: 'manufacturer', column: 'manufacturer', convert: plainText },
    { property: 'model', column: 'model', convert: plainText },
    { property: 'osDescription', column: 'operating_system', convert: plainText },
    { property: 'osVersion', column: 'operating_system_version', convert: plainText },
    { property: 'upgradeEligibility', column: 'upgrade_eligibility', convert: plainText },
    // Null means that Intune does not know; it must never be read as "passed".
    { property: 'ramCheckFailed', convert: flag },
    { property: 'storageCheckFailed', convert: flag },
    { property: 'processorCoreCountCheckFailed', convert: flag },
    { property: 'processorSpeedCheckFailed', convert: flag },
    { property: 'tpmCheckFailed', convert: flag },
    { property: 'secureBootCheckFailed', convert: flag },
    { property: 'processorFamilyCheckFailed', convert: flag },
    { property: 'processor64BitCheckFailed', convert: flag },
    { property: 'osCheckFailed', convert: flag },
    { property: 'ownership', convert: plainText },
    { property: 'managedBy', convert: plainText },
    { property: 'azureAdJoinType', convert: plainText },
    { property: 'autoPilotRegistered', convert: flag },
    { property: 'autoPilotProfileAssigned', convert: flag },
    { property: 'healthStatus', convert: plainText },
    { property: 'workFromAnywhereScore', convert: decimal },
    { property: 'windowsScore', convert: decimal },
    { property: 'cloudManagementScore', convert: decimal },
    { property: 'cloudIdentityScore', convert: decimal },
    { property: 'cloudProvisioningScore', convert: decimal },
    { property: 'azureAdRegistered', convert: flag },
    { property: 'tenantAttached', convert: flag },
    { property: 'compliancePolicySetToIntune', convert: flag },
    { property: 'otherWorkloadsSetToIntune', convert: flag },
    { property: 'isCloudManagedGatewayEnabled', convert: flag },
  ],
};

/**
 * Windows 11 hardware readiness from endpoint analytics ("work from anywhere"). It shows only devices with an event in
 * the last 29 days, and nothing at all in a tenant that is not onboarded.
 */
export const windowsReadiness: Source = {
  name: 'windows-readiness',
  label: 'Windows 11 readiness',
  permission: 'DeviceManagementManagedDevices.Read.All',
  lane: 'intune',
  optional: true,
  listPath: "/deviceManagement/userExperienceAnalyticsWorkFromAnywhereMetrics('allDevices')/metricDevices",
  deltaPath: null,
  pageSize: null,
  resourceUnitsPerPage: 1,
  shape,
  target: {
    table: 'device_record',
    key: 'external_id',
    shared: true,
    columns: columnsOf(shape),
  },
};
