import { identifier, instant, text } from '../domain/field-conversion.js';
import type { RecordShape } from '../domain/record-conversion.js';
import { columnsOf, type Source } from './source.js';

const shape: RecordShape = {
  idProperty: 'id',
  properties: [
    { property: 'serialNumber', column: 'serial_number', convert: text(256) },
    { property: 'manufacturer', column: 'manufacturer', convert: text() },
    { property: 'model', column: 'model', convert: text() },
    { property: 'displayName', column: 'name', convert: text() },
    { property: 'azureActiveDirectoryDeviceId', column: 'entra_device_id', convert: identifier },
    { property: 'managedDeviceId', column: 'managed_device_id', convert: identifier },
    { property: 'userPrincipalName', column: 'user_principal_name', convert: text() },
    { property: 'lastContactedDateTime', column: 'last_seen_at', convert: instant },
    { property: 'groupTag', convert: text() },
    { property: 'purchaseOrderIdentifier', convert: text() },
    { property: 'enrollmentState', convert: text() },
    { property: 'productKey', convert: text() },
    { property: 'resourceName', convert: text() },
    { property: 'skuNumber', convert: text() },
    { property: 'systemFamily', convert: text() },
    { property: 'addressableUserName', convert: text() },
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
    hasAttributes: true,
  },
};
