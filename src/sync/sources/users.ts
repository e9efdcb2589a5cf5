import {
  FieldRejected,
  flag,
  identifier,
  instant,
  plainText,
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
    { property: 'userPrincipalName', column: 'user_principal_name', convert: plainText },
    { property: 'displayName', column: 'display_name', convert: text(256) },
    { property: 'givenName', column: 'given_name', convert: text(256) },
    { property: 'surname', column: 'surname', convert: text(256) },
    { property: 'mail', column: 'mail', convert: plainText },
    { property: 'jobTitle', column: 'job_title', convert: plainText },
    { property: 'department', column: 'department', convert: plainText },
    { property: 'companyName', column: 'company_name', convert: plainText },
    { property: 'officeLocation', column: 'office_location', convert: plainText },
    { property: 'city', column: 'city', convert: plainText },
    { property: 'country', column: 'country', convert: plainText },
    { property: 'usageLocation', column: 'usage_location', convert: plainText },
    { property: 'employeeId', column: 'employee_id', convert: plainText },
    { property: 'employeeType', column: 'employee_type', convert: plainText },
    { property: 'employeeHireDate', column: 'employee_hired_at', convert: instant },
    { property: 'accountEnabled', column: 'account_enabled', convert: flag },
    { property: 'userType', column: 'user_type', convert: plainText },
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
  },
};

/** A state or error of a licence. */
const word = text(64);

function organisation(user: GraphRecord, notes: ConversionNotes): Record<string, FieldValue> {
  const data = user['employeeOrgData'];
  if (data === undefined) return {};
  const { division, costCenter } = objectOf('employeeOrgData', data ?? {});
  return named('employeeOrgData', () => ({
    division: plainText(division ?? null, notes),
    cost_centre: plainText(costCenter ?? null, notes),
  }));
}

/** The fifteen extension attributes; most are empty and only the others are kept. */
function extensionAttributes(user: GraphRecord, notes: ConversionNotes): Record<string, FieldValue> {
  const data = user['onPremisesExtensionAttributes'];
  if (data === undefined) return {};
  const given = objectOf('onPremisesExtensionAttributes', data ?? {});
  const filled: Record<string, FieldValue> = {};
  named('onPremisesExtensionAttributes', () => {
    for (const name in given) {
      if (given[name] === null || !/^extensionAttribute\d{1,2}$/.test(name)) continue;
      const value = plainText(given[name], notes);
      if (value !== null) filled[name] = value;
    }
  });
  return { on_premises_extension_attributes: Object.keys(filled).length === 0 ? null : filled };
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

/** One licence of a person, as it is stored. */
interface Licence {
  readonly sku_id: string;
  readonly group_id: string | null;
  readonly state: FieldValue;
  readonly error: FieldValue;
  readonly disabled_plans: FieldValue;
  readonly updated_at: FieldValue;
}

/** Licences with the way they come: from the assignment states, else from the bare list of products. */
function licences(user: GraphRecord, notes: ConversionNotes): Record<string, FieldValue> {
  const assigned = user['assignedLicenses'];
  const states = user['licenseAssignmentStates'];
  if (assigned === undefined && states === undefined) return {};
  const all = named('licenseAssignmentStates', () => listOf(states ?? []).map((entry) => licence(entry, notes)));
  for (const entry of named('assignedLicenses', () => listOf(assigned ?? []).map((bare) => licence(bare, notes)))) {
    if (!all.some((known) => known.sku_id === entry.sku_id)) all.push(entry);
  }
  // Graph promises no order; a stable one keeps an unchanged person unchanged.
  return { licence_assignments: all.sort(bySkuAndGroup).map((entry) => ({ ...entry })) };
}

function bySkuAndGroup(a: Licence, b: Licence): number {
  const [left, right] = [`${a.sku_id} ${a.group_id ?? ''}`, `${b.sku_id} ${b.group_id ?? ''}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

function licence(entry: GraphRecord, notes: ConversionNotes): Licence {
  const skuId = identifier(entry['skuId'] ?? null, notes) as string | null;
  if (skuId === null) throw new FieldRejected('has an entry without a skuId');
  return {
    sku_id: skuId,
    group_id: identifier(entry['assignedByGroup'] ?? null, notes) as string | null,
    state: word(entry['state'] ?? null, notes),
    error: word(entry['error'] ?? null, notes),
    disabled_plans: textList(entry['disabledPlans'] ?? [], notes),
    updated_at: instant(entry['lastUpdatedDateTime'] ?? null, notes),
  };
}

function objectOf(field: string, value: unknown): GraphRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FieldRejected('is not an object', field);
  }
  return value as GraphRecord;
}

function listOf(value: unknown): GraphRecord[] {
  if (!Array.isArray(value) || value.length > 500) throw new FieldRejected('is not a list');
  return value.map((entry) => objectOf('', entry));
}
