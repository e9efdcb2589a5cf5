import { flag, identifier, instant, plainText, textList, type FieldValue } from '../domain/field-conversion.js';
import type { RecordShape } from '../domain/record-conversion.js';
import { columnsOf, type Source } from './source.js';

const shape: RecordShape = {
  idProperty: 'id',
  properties: [
    { property: 'deviceId', column: 'entra_device_id', convert: identifier },
    { property: 'displayName', column: 'name', convert: plainText },
    { property: 'operatingSystem', column: 'operating_system', convert: plainText },
    { property: 'operatingSystemVersion', column: 'operating_system_version', convert: plainText },
    { property: 'manufacturer', column: 'manufacturer', convert: plainText },
    { property: 'model', column: 'model', convert: plainText },
    { property: 'deviceOwnership', column: 'ownership', convert: ownership },
    { property: 'registrationDateTime', column: 'enrolled_at', convert: instant },
    { property: 'approximateLastSignInDateTime', column: 'last_seen_at', convert: instant },
    { property: 'accountEnabled', convert: flag },
    { property: 'trustType', convert: plainText },
    { property: 'profileType', convert: plainText },
    { property: 'isManaged', convert: flag },
    { property: 'isCompliant', convert: flag },
    { property: 'managementType', convert: plainText },
    { property: 'mdmAppId', convert: plainText },
    { property: 'enrollmentType', convert: plainText },
    { property: 'enrollmentProfileName', convert: plainText },
    { property: 'deviceCategory', convert: plainText },
    { property: 'onPremisesSyncEnabled', convert: flag },
    { property: 'onPremisesLastSyncDateTime', convert: instant },
  ],
  derivedFrom: ['physicalIds'],
  /** `physicalIds` carries the Autopilot id as `[ZTDID]:…` and the group tag as `[OrderID]:…`. */
  derive: (device, notes): Record<string, FieldValue> => {
    const ids = device['physicalIds'];
    if (ids === undefined) return {};
    const listed = textList(ids, notes) as readonly string[];
    const tagged = (tag: string): FieldValue => {
      const entry = listed.find((id) => id.toUpperCase().startsWith(`[${tag}]:`));
      return entry === undefined ? null : identifier(entry.slice(tag.length + 3), notes);
    };
    return { autopilot_id: tagged('ZTDID'), attributes: { orderIdentifier: tagged('ORDERID') } };
  },
};

const SELECTED = ['id', ...shape.properties.map((map) => map.property), 'physicalIds'].join(',');

/** Device objects of Entra ID: registered, joined and hybrid ones, twins and stale ones included. */
export const entraDevices: Source = {
  name: 'entra-devices',
  label: 'Entra devices',
  permission: 'Device.Read.All',
  lane: 'directory',
  optional: false,
  listPath: `/devices?$select=${SELECTED}&$top=999`,
  deltaPath: `/devices/delta?$select=${SELECTED}`,
  pageSize: 999,
  resourceUnitsPerPage: 1,
  shape,
  target: {
    table: 'device_record',
    key: 'external_id',
    shared: true,
    columns: columnsOf(shape, ['autopilot_id']),
  },
};

/** Entra writes `Company`, Intune `company`: one spelling for one thing. */
function ownership(value: unknown, notes: { sanitised: number }): FieldValue {
  return (plainText(value, notes) as string | null)?.toLowerCase() ?? null;
}
