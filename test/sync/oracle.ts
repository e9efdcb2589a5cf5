import type { CollectionName, GraphRecord, TenantStore } from '../../src/demo/tenant/tenant-store.js';
import type { SyncBench } from '../support/sync-bench.js';

/**
 * What the database must hold for a tenant, worked out from the tenant's own records without any of the product's code:
 * a second opinion on every field.
 */
export interface ExpectedRow {
  readonly key: string;
  readonly values: Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;
const ZERO = /^[0-]*$/;

const plain = (value: unknown): unknown => (typeof value === 'string' && value.trim() === '' ? null : (value ?? null));
const time = (value: unknown): unknown =>
  typeof value !== 'string' || value === '' || value.startsWith('0001-01-01') ? null : new Date(value).toISOString();
const link = (value: unknown): string | null =>
  typeof value !== 'string' || ZERO.test(value.trim())
    ? null
    : /^[0-9a-f-]{36}$/i.test(value)
      ? value.toLowerCase()
      : value;
const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : (value ?? null));

/** Rows of `person` by Entra id. */
export function expectedPeople(tenant: TenantStore): ExpectedRow[] {
  return tenant.list('users').map((user) => {
    const organisation = (user['employeeOrgData'] ?? {}) as Json;
    const extensions = Object.entries((user['onPremisesExtensionAttributes'] ?? {}) as Json).filter(
      ([, value]) => plain(value) !== null,
    );
    return {
      key: user.id,
      values: {
        user_principal_name: plain(user['userPrincipalName']),
        display_name: plain(user['displayName']),
        given_name: plain(user['givenName']),
        surname: plain(user['surname']),
        mail: plain(user['mail']),
        job_title: plain(user['jobTitle']),
        department: plain(user['department']),
        company_name: plain(user['companyName']),
        office_location: plain(user['officeLocation']),
        city: plain(user['city']),
        country: plain(user['country']),
        usage_location: plain(user['usageLocation']),
        employee_id: plain(user['employeeId']),
        employee_type: plain(user['employeeType']),
        division: plain(organisation['division']),
        cost_centre: plain(organisation['costCenter']),
        employee_hired_at: time(user['employeeHireDate']),
        account_enabled: user['accountEnabled'] ?? null,
        user_type: plain(user['userType']),
        created_in_entra_at: time(user['createdDateTime']),
        on_premises_sync_enabled: user['onPremisesSyncEnabled'] ?? null,
        on_premises_extension_attributes: extensions.length === 0 ? null : Object.fromEntries(extensions),
        manager_entra_id: tenant.managerOf(user.id),
        licence_assignments: expectedLicences(user),
      },
    };
  });
}

function expectedLicences(user: GraphRecord): unknown[] {
  const states = (user['licenseAssignmentStates'] ?? []) as Json[];
  const assigned = (user['assignedLicenses'] ?? []) as Json[];
  const rows = states.map((state) => ({
    sku_id: link(state['skuId']),
    group_id: link(state['assignedByGroup']),
    state: plain(state['state']),
    error: plain(state['error']),
    disabled_plans: state['disabledPlans'] ?? [],
    updated_at: state['lastUpdatedDateTime'] ?? null,
  }));
  for (const licence of assigned) {
    if (rows.some((row) => row.sku_id === link(licence['skuId']))) continue;
    const disabled = licence['disabledPlans'] ?? [];
    rows.push({
      sku_id: link(licence['skuId']),
      group_id: null,
      state: null,
      error: null,
      disabled_plans: disabled,
      updated_at: null,
    });
  }
  return rows.sort((a, b) => {
    const [left, right] = [
      `${String(a.sku_id)} ${String(a.group_id ?? '')}`,
      `${String(b.sku_id)} ${String(b.group_id ?? '')}`,
    ];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

const gigabytes = (value: unknown): unknown => (typeof value === 'number' ? Math.round(value / 1e8) / 10 : null);

function storage(device: GraphRecord): Record<string, unknown> {
  const sizes = ['totalStorageSpaceInBytes', 'freeStorageSpaceInBytes'].map(
    (name) => [name, gigabytes(device[name])] as const,
  );
  return Object.fromEntries(sizes.filter(([, value]) => value !== null));
}

function attributes(
  record: GraphRecord,
  names: readonly string[],
  times: readonly string[] = [],
): Record<string, unknown> {
  const all = [
    ...names.map((name) => [name, plain(record[name])] as const),
    ...times.map(
      (name) =>
        [name, typeof record[name] === 'string' && !record[name].startsWith('0001') ? record[name] : null] as const,
    ),
  ];
  // What is not set is not kept.
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

function tagged(record: GraphRecord, tag: string): unknown {
  const entry = ((record['physicalIds'] ?? []) as string[]).find((id) => id.toLowerCase().startsWith(`[${tag}]:`));
  return entry === undefined ? null : link(entry.slice(tag.length + 3));
}

/** Rows of `device_record` of each source, by the source's own ids. */
export const EXPECTED_RECORDS: Readonly<
  Record<string, { collection: CollectionName; row: (record: GraphRecord) => Json }>
> = {
  'entra-devices': {
    collection: 'devices',
    row: (device) => ({
      entra_device_id: link(device['deviceId']),
      name: plain(device['displayName']),
      operating_system: plain(device['operatingSystem']),
      operating_system_version: plain(device['operatingSystemVersion']),
      manufacturer: plain(device['manufacturer']),
      model: plain(device['model']),
      ownership: lower(device['deviceOwnership']),
      enrolled_at: time(device['registrationDateTime']),
      last_seen_at: time(device['approximateLastSignInDateTime']),
      autopilot_id: tagged(device, 'ztdid'),
      attributes: {
        ...attributes(
          device,
          [
            'accountEnabled',
            'trustType',
            'profileType',
            'isManaged',
            'isCompliant',
            'managementType',
            'mdmAppId',
            'enrollmentType',
            'enrollmentProfileName',
            'deviceCategory',
            'onPremisesSyncEnabled',
          ],
          ['onPremisesLastSyncDateTime'],
        ),
        ...(tagged(device, 'orderid') === null ? {} : { orderIdentifier: tagged(device, 'orderid') }),
      },
    }),
  },
  'managed-devices': {
    collection: 'managedDevices',
    row: (device) => ({
      name: plain(device['deviceName']),
      serial_number: plain(device['serialNumber']),
      manufacturer: plain(device['manufacturer']),
      model: plain(device['model']),
      operating_system: plain(device['operatingSystem']),
      operating_system_version: plain(device['osVersion']),
      entra_device_id: link(device['azureADDeviceId']),
      managed_device_id: link(device.id),
      user_entra_id: link(device['userId']),
      user_principal_name: plain(device['userPrincipalName']),
      ownership: plain(device['managedDeviceOwnerType']),
      compliance_state: plain(device['complianceState']),
      enrolled_at: time(device['enrolledDateTime']),
      last_seen_at: time(device['lastSyncDateTime']),
      attributes: {
        ...attributes(
          device,
          [
            'managementAgent',
            'managementState',
            'deviceEnrollmentType',
            'deviceCategoryDisplayName',
            'isEncrypted',
            'azureADRegistered',
            'deviceRegistrationState',
            'enrollmentProfileName',
            'partnerReportedThreatState',
          ],
          ['managementCertificateExpirationDate'],
        ),
        ...storage(device),
        hasWiFiAdapter: link(device['wiFiMacAddress']) !== null,
      },
    }),
  },
  'windows-readiness': {
    collection: 'metricDevices',
    row: (device) => ({
      managed_device_id: link(device['deviceId']),
      entra_device_id: link(device['azureAdDeviceId']),
      name: plain(device['deviceName']),
      serial_number: plain(device['serialNumber']),
      manufacturer: plain(device['manufacturer']),
      model: plain(device['model']),
      operating_system: plain(device['osDescription']),
      operating_system_version: plain(device['osVersion']),
      upgrade_eligibility: plain(device['upgradeEligibility']),
    }),
  },
  autopilot: {
    collection: 'windowsAutopilotDeviceIdentities',
    row: (identity) => ({
      serial_number: plain(identity['serialNumber']),
      manufacturer: plain(identity['manufacturer']),
      model: plain(identity['model']),
      name: plain(identity['displayName']),
      entra_device_id: link(identity['azureActiveDirectoryDeviceId']),
      managed_device_id: link(identity['managedDeviceId']),
      user_principal_name: plain(identity['userPrincipalName']),
      last_seen_at: time(identity['lastContactedDateTime']),
      autopilot_id: link(identity.id),
    }),
  },
};

/** Rows of `subscribed_sku` by product id. */
export function expectedSkus(tenant: TenantStore): ExpectedRow[] {
  return tenant.list('subscribedSkus').map((sku) => {
    const prepaid = (sku['prepaidUnits'] ?? {}) as Json;
    return {
      key: String(sku['skuId']),
      values: {
        sku_part_number: plain(sku['skuPartNumber']),
        capability_status: plain(sku['capabilityStatus']),
        applies_to: plain(sku['appliesTo']),
        consumed_units: sku['consumedUnits'] ?? null,
        enabled_units: prepaid['enabled'] ?? null,
        suspended_units: prepaid['suspended'] ?? null,
        warning_units: prepaid['warning'] ?? null,
        locked_out_units: prepaid['lockedOut'] ?? null,
      },
    };
  });
}

/**
 * Differences between the tenant and the database, in words; none is what every test wants. `only` names what is
 * compared: `person`, `sku` or a source of devices; everything when absent.
 */
export async function differences(bench: SyncBench, only?: readonly string[]): Promise<string[]> {
  const { tenant } = bench;
  const found: string[] = [];
  const compare = async (what: string, sql: string, expected: readonly ExpectedRow[]): Promise<void> => {
    if (only && !only.includes(what)) return;
    const rows = await bench.query<Json & { key: string; presence: string; absent_since: Date | null }>(sql);
    const stored = new Map(rows.map((row) => [row.key, row]));
    for (const { key, values } of expected) {
      const row = stored.get(key);
      stored.delete(key);
      if (row === undefined) found.push(`${what} ${key}: not stored`);
      else if (row.presence !== 'present' || row.absent_since !== null)
        found.push(`${what} ${key}: stored as ${row.presence}`);
      else {
        for (const [name, value] of Object.entries(values)) {
          const actual = row[name] instanceof Date ? row[name].toISOString() : row[name];
          if (canonical(actual) !== canonical(value) && !sameInstant(row[name], value)) {
            found.push(`${what} ${key}.${name}: stored ${canonical(actual)}, tenant ${canonical(value)}`);
          }
        }
      }
    }
    // Whatever the tenant does not have must at least be marked as not shown.
    for (const row of stored.values()) {
      if (row.presence === 'present' && row.absent_since === null) found.push(`${what} ${row.key}: not in the tenant`);
    }
  };
  await compare('person', 'select *, entra_id as key from person', expectedPeople(tenant));
  for (const [source, { collection, row }] of Object.entries(EXPECTED_RECORDS)) {
    const expected = tenant.list(collection).map((record) => ({ key: record.id, values: row(record) }));
    await compare(source, `select *, external_id as key from device_record where source = '${source}'`, expected);
  }
  await compare('sku', 'select *, sku_id as key from subscribed_sku', expectedSkus(tenant));
  const [staged] = await bench.query<{ rows: number }>('select count(*)::int as rows from sync_staging');
  if (staged?.rows !== 0) found.push(`staging: ${staged?.rows} rows left`);
  return found;
}

/** Postgres rounds an instant where JavaScript cuts it off: a millisecond either way is the same. */
function sameInstant(stored: unknown, value: unknown): boolean {
  return stored instanceof Date && typeof value === 'string' && Math.abs(stored.getTime() - Date.parse(value)) <= 1;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
