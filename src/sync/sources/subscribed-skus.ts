import {
  FieldRejected,
  identifier,
  plainText,
  wholeNumber,
  type ConversionNotes,
  type FieldValue,
} from '../domain/field-conversion.js';
import { named, type RecordShape } from '../domain/record-conversion.js';
import { columnsOf, type Source } from './source.js';

const UNITS = {
  enabled: 'enabled_units',
  suspended: 'suspended_units',
  warning: 'warning_units',
  lockedOut: 'locked_out_units',
};

const shape: RecordShape = {
  idProperty: 'skuId',
  properties: [
    { property: 'skuPartNumber', column: 'sku_part_number', convert: plainText },
    { property: 'capabilityStatus', column: 'capability_status', convert: plainText },
    { property: 'appliesTo', column: 'applies_to', convert: plainText },
    { property: 'consumedUnits', column: 'consumed_units', convert: wholeNumber(0) },
  ],
  derivedFrom: ['id', 'prepaidUnits', 'servicePlans'],
  derive: (sku, notes) => ({ ...units(sku['prepaidUnits']), ...plans(sku['servicePlans'], notes) }),
};

/** Products that the tenant subscribes to, with units bought and in use. */
export const subscribedSkus: Source = {
  name: 'subscribed-skus',
  label: 'Licences bought',
  permission: 'LicenseAssignment.Read.All',
  lane: 'directory',
  optional: false,
  listPath:
    '/subscribedSkus?$select=id,skuId,skuPartNumber,capabilityStatus,appliesTo,consumedUnits,prepaidUnits,servicePlans',
  deltaPath: null,
  pageSize: null,
  // GET subscribedSkus costs 3 and $select takes one off.
  resourceUnitsPerPage: 2,
  shape,
  target: {
    table: 'subscribed_sku',
    key: 'sku_id',
    shared: false,
    columns: columnsOf(shape, [...Object.values(UNITS), 'service_plans']),
  },
};

function units(value: unknown): Record<string, number | null> {
  if (value === undefined) return {};
  const prepaid = (value ?? {}) as Record<string, unknown>;
  if (typeof prepaid !== 'object' || Array.isArray(prepaid))
    throw new FieldRejected('is not an object', 'prepaidUnits');
  return Object.fromEntries(
    Object.entries(UNITS).map(([property, column]) => [
      column,
      named(`prepaidUnits.${property}`, () => wholeNumber(0)(prepaid[property] ?? null, { sanitised: 0 })) as
        number | null,
    ]),
  );
}

function plans(value: unknown, notes: ConversionNotes): Record<string, FieldValue> {
  if (value === undefined) return {};
  if (!Array.isArray(value)) throw new FieldRejected('is not a list', 'servicePlans');
  return {
    service_plans: value.map((plan: Record<string, unknown> | null) =>
      named('servicePlans', () => ({
        id: identifier(plan?.['servicePlanId'] ?? null, notes),
        name: plainText(plan?.['servicePlanName'] ?? null, notes),
        status: plainText(plan?.['provisioningStatus'] ?? null, notes),
      })),
    ),
  };
}
