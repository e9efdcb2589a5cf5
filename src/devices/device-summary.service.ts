import type { EntityManager } from 'typeorm';
import type { MachineSummary } from './domain/identity/machine-summary.js';

/** A device's row as far as its records make it. */
export interface DeviceRow extends MachineSummary {
  readonly id: number;
}

const COLUMNS = {
  presence: 'presence',
  name: 'name',
  serial_number: 'serialNumber',
  manufacturer: 'manufacturer',
  model: 'model',
  operating_system: 'operatingSystem',
  operating_system_version: 'operatingSystemVersion',
  user_entra_id: 'userEntraId',
  ownership: 'ownership',
  compliance_state: 'complianceState',
  upgrade_eligibility: 'upgradeEligibility',
  enrolled_at: 'enrolledAt',
  last_seen_at: 'lastSeenAt',
  record_count: 'recordCount',
} as const satisfies Record<string, keyof MachineSummary>;

const NAMES = Object.keys(COLUMNS);
const TYPES: Readonly<Record<string, string>> = { enrolledAt: 'float8', lastSeenAt: 'float8', recordCount: 'integer' };
const VALUES = Object.values(COLUMNS).map((property) =>
  TYPES[property] === 'float8' ? `to_timestamp(row."${property}" / 1000)` : `row."${property}"`,
);
const ROWS = `jsonb_to_recordset($1::jsonb) as row(id integer, ${Object.values(COLUMNS)
  .map((property) => `"${property}" ${TYPES[property] ?? 'text'}`)
  .join(', ')})`;

/** Ids for devices to be made. */
export async function newDeviceIds(tx: EntityManager, count: number): Promise<number[]> {
  if (count === 0) return [];
  const rows = await tx.query<{ id: number }[]>(
    `select nextval(pg_get_serial_sequence('device', 'id'))::integer as id from generate_series(1, $1::integer)`,
    [count],
  );
  return rows.map((row) => row.id);
}

export async function insertDevices(tx: EntityManager, devices: readonly DeviceRow[]): Promise<void> {
  if (devices.length === 0) return;
  await tx.query(
    `insert into device (id, ${NAMES.join(', ')}) overriding system value select row.id, ${VALUES.join(', ')} from ${ROWS}`,
    [JSON.stringify(devices)],
  );
}

/** Writes those that differ from what is stored, and takes back that they are another machine; returns how many. */
export async function updateDevices(tx: EntityManager, devices: readonly DeviceRow[]): Promise<number> {
  if (devices.length === 0) return 0;
  const [, changed] = await tx.query<[unknown[], number]>(
    `update device
     set (${NAMES.join(', ')}, merged_into_id, changed_at) = row (${VALUES.join(', ')}, null, now())
     from ${ROWS}
     where device.id = row.id
       and (device.merged_into_id is not null
            or (${NAMES.map((name) => `device.${name}`).join(', ')}) is distinct from (${VALUES.join(', ')}))`,
    [JSON.stringify(devices)],
  );
  return changed;
}

/** Notes of devices without records which machine they turned out to be. */
export async function mergeEmptiedDevices(
  tx: EntityManager,
  merged: readonly (readonly [device: number, into: number])[],
): Promise<void> {
  if (merged.length === 0) return;
  await tx.query(
    `update device set merged_into_id = row.into_id, record_count = 0, changed_at = now()
     from unnest($1::integer[], $2::integer[]) as row(id, into_id)
     where device.id = row.id`,
    [merged.map(([device]) => device), merged.map(([, into]) => into)],
  );
}
