import {
  FieldRejected,
  flag,
  identifier,
  instant,
  text,
  textList,
  type ConversionNotes,
  type FieldValue,
} from '../domain/field-conversion.js';
import { named, type GraphRecord, type ReadKind, type RecordShape } from '../domain/record-conversion.js';
import { columnsOf, type Source } from './source.js';

/** What is read of a person: this list is the inventory of personal data that the synchronisation collects. */
const SELECTED = [
  'id',
  'userPrincipalName',
  'displayName',
  'givenName',
  'surname',
  'mail',
  'jobTitle',
  'department',
  'companyName',
  'officeLocation',
  'city',
  'country',
  'usageLocation',
  'employeeId',
  'employeeType',
  'employeeOrgData',
  'employeeHireDate',
  'accountEnabled',
  'userType',
  'createdDateTime',
  'onPremisesSyncEnabled',
  'onPremisesExtensionAttributes',
  'assignedLicenses',
  'licenseAssignmentStates',
].join(',');

const shape: RecordShape = {
  idProperty: 'id',
  properties: [
    { property: 'userPrincipalName', column: 'user_principal_name', convert: text() },
    { property: 'displayName', column: 'display_name', convert: text(256) },
    { property: 'givenName', column: 'given_name', convert: text(256) },
    { property: 'surname', column: 'surname', convert: text(256) },
    { property: 'mail', column: 'mail', convert: text() },
    { property: 'jobTitle', column: 'job_title', convert: text() },
    { property: 'department', column: 'department', convert: text() },
    { property: 'companyName', column: 'company_name', convert: text() },
    { property: 'officeLocation', column: 'office_location', convert: text() },
    { property: 'city', column: 'city', convert: text() },
    { property: 'country', column: 'country', convert: text() },
    { property: 'usageLocation', column: 'usage_location', convert: text() },
    { property: 'employeeId', column: 'employee_id', convert: text() },
    { property: 'employeeType', column: 'employee_type', convert: text() },
    { property: 'employeeHireDate', column: 'employee_hired_at', convert: instant },
    { property: 'accountEnabled', column: 'account_enabled', convert: flag },
    { property: 'userType', column: 'user_type', convert: text() },
    { property: 'createdDateTime', column: 'created_in_entra_at', convert: instant },
    { property: 'onPremisesSyncEnabled', column: 'on_premises_sync_enabled', convert: flag },
  ],
  derivedFrom: [
    'employeeOrgData',
    'onPremisesExtensionAttributes',
    'manager',
    'manager@delta',
    'assignedLicenses',
    'licenseAssignmentStates',
  ],
  derive: (user, notes, read) => ({
    ...organisation(user, notes),
    ...extensionAttributes(user, notes),
    ...managerLink(user, notes, read),
    ...licences(user, notes),
  }),
};

/**
 * People with their managers and licences. The list is read with `$expand=manager`, the delta tracks `manager`, so the
 * links cost no request of their own.
 */
export const users: Source = {
  name: 'users',
  label: 'People and their managers',
  permission: 'User.Read.All',
  lane: 'directory',
  optional: false,
  listPath: `/users?$select=${SELECTED}&$expand=manager($select=id)&$top=999`,
  deltaPath: `/users/delta?$select=${SELECTED},manager`,
  pageSize: 999,
  // GET users costs 2, $select takes one off and $expand puts one on.
  resourceUnitsPerPage: 2,
  shape,
  target: {
    table: 'person',
    key: 'entra_id',
    shared: false,
    columns: columnsOf(shape, [
      'division',
      'cost_centre',
      'on_premises_extension_attributes',
      'manager_entra_id',
      'licence_assignments',
    ]),
    hasAttributes: false,
  },
};

function organisation(user: GraphRecord, notes: ConversionNotes): Record<string, FieldValue> {
  const data = user['employeeOrgData'];
  if (data === undefined) return {};
  const { division, costCenter } = objectOf('employeeOrgData', data ?? {});
  return {
    division: named('employeeOrgData.division', () => text()(division ?? null, notes)),
    cost_centre: named('employeeOrgData.costCenter', () => text()(costCenter ?? null, notes)),
  };
}

/** The fifteen extension attributes; most are empty and only the others are kept. */
function extensionAttributes(user: GraphRecord, notes: ConversionNotes): Record<string, FieldValue> {
  const data = user['onPremisesExtensionAttributes'];
  if (data === undefined) return {};
  const filled = Object.entries(objectOf('onPremisesExtensionAttributes', data ?? {}))
    .filter(([name]) => /^extensionAttribute\d{1,2}$/.test(name))
    .map(([name, value]) => [name, named(`onPremisesExtensionAttributes.${name}`, () => text()(value, notes))] as const)
    .filter(([, value]) => value !== null);
  return { on_premises_extension_attributes: filled.length === 0 ? null : Object.fromEntries(filled) };
}

/**
 * A list read with `$expand` leaves `manager` out for a person without one; a delta says `manager@delta` when the link
 * changed, with `@removed` on the manager who no longer is.
 */
function managerLink(user: GraphRecord, notes: ConversionNotes, read: ReadKind): Record<string, FieldValue> {
  const idOf = (manager: unknown): FieldValue =>
    named('manager', () => identifier(objectOf('manager', manager)['id'] ?? null, notes));
  const changes = user['manager@delta'];
  if (changes !== undefined) {
    if (!Array.isArray(changes)) throw new FieldRejected('is not a list', 'manager@delta');
    const current = changes.filter((entry) => !('@removed' in objectOf('manager@delta', entry)));
    return { manager_entra_id: current.length === 0 ? null : idOf(current.at(-1)) };
  }
  const manager = user['manager'];
  if (manager === undefined && read === 'delta') return {};
  return { manager_entra_id: manager === undefined || manager === null ? null : idOf(manager) };
}

/** Licences with the way they come: from the assignment states, else from the bare list of products. */
function licences(user: GraphRecord, notes: ConversionNotes): Record<string, FieldValue> {
  const assigned = user['assignedLicenses'];
  const states = user['licenseAssignmentStates'];
  if (assigned === undefined && states === undefined) return {};
  const stated = listOf('licenseAssignmentStates', states ?? []).map((entry) => licence(entry, notes));
  const covered = new Set(stated.map((entry) => entry.sku_id));
  const bare = listOf('assignedLicenses', assigned ?? [])
    .map((entry) => licence({ skuId: entry['skuId'], disabledPlans: entry['disabledPlans'] }, notes))
    .filter((entry) => !covered.has(entry.sku_id));
  const all = [...stated, ...bare];
  // Graph promises no order; a stable one keeps an unchanged person unchanged.
  const order = (entry: (typeof all)[number]): string => `${entry.sku_id} ${entry.group_id ?? ''}`;
  return { licence_assignments: all.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0)) };
}

function licence(entry: Readonly<Record<string, unknown>>, notes: ConversionNotes) {
  return named('licenseAssignmentStates', () => {
    const skuId = identifier(entry['skuId'] ?? null, notes) as string | null;
    if (skuId === null) throw new FieldRejected('has an entry without a skuId');
    return {
      sku_id: skuId,
      group_id: identifier(entry['assignedByGroup'] ?? null, notes) as string | null,
      state: text(64)(entry['state'] ?? null, notes) as string | null,
      error: text(64)(entry['error'] ?? null, notes) as string | null,
      disabled_plans: textList(entry['disabledPlans'] ?? [], notes),
      updated_at: instant(entry['lastUpdatedDateTime'] ?? null, notes),
    };
  });
}

function objectOf(field: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FieldRejected('is not an object', field);
  return value as Record<string, unknown>;
}

function listOf(field: string, value: unknown): Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value) || value.length > 500) throw new FieldRejected('is not a list', field);
  return value.map((entry) => objectOf(field, entry));
}
