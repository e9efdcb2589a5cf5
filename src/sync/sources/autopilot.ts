import { identifier, instant, plainText, text } from '../domain/field-conversion.js';
import type { RecordShape } from '../domain/record-conversion.js';
import { columnsOf, type Source } from './source.js';

const shape: RecordShape = {
  idProperty: 'id',
  properties: [
    { property: 'serialNumber', column: 'serial_number', convert: text(256) },
    { property: 'manufacturer', column: 'manufacturer', convert: plainText },
    { property: 'model', column: 'model', convert: plainText },
    { property: 'displayName', column: 'name', convert: plainText },
    { property: 'azureActiveDirectoryDeviceId', column: 'entra_device_id', convert: identifier },
    { property: 'managedDeviceId', column: 'managed_device_id', convert: identifier },
    { property: 'userPrincipalName', column: 'user_principal_name', convert: plainText },
    { property: 'lastContactedDateTime', column: 'last_seen_at', convert: instant },
    { property: 'groupTag', convert: plainText },
    { property: 'purchaseOrderIdentifier', convert: plainText },
    { property: 'enrollmentState', convert: plainText },
    { property: 'productKey', convert: plainText },
    { property: 'resourceName', convert: plainText },
    { property: 'skuNumber', convert: plainText },
    { property: 'systemFamily', convert: plainText },
    { property: 'addressableUserName', convert: plainText },
  ],
  derive: (identity, notes) => ({ autopilot_id: identifier(identity['id'] ?? null, notes) }),
};

/** Machines registered with Windows Autopilot, boxed ones that nobody has signed in to included. */
export const autopilot: Source = {
  name: 'autopilot',
  label: 'Windows Autopilot identities',
  permission: 'DeviceManagementServiceConfig.Read.All',
  lane: 'intune',
  optional: true,
  listPath: '/deviceManagement/windowsAutopilotDeviceIdentities',
  deltaPath: null,
  pageSize: null,
  resourceUnitsPerPage: 1,
  shape,
  target: {
    table: 'device_record',
    key: 'external_id',
    shared: true,
    columns: columnsOf(shape, ['autopilot_id']),
  },
};
