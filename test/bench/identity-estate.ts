import type { DataSource } from 'typeorm';
import { Transactor } from '../../src/database/transactor.js';
import { IdentityService } from '../../src/devices/identity.service.js';

/** A record of the generated estate; the columns of `device_record` by their names. */
export interface EstateRecord {
  readonly source: 'entra-devices' | 'managed-devices' | 'windows-readiness' | 'autopilot';
  readonly external_id: string;
  readonly presence: 'present' | 'missing' | 'gone';
  readonly name: string | null;
  readonly serial_number: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly entra_device_id: string | null;
  readonly managed_device_id: string | null;
  readonly autopilot_id: string | null;
  readonly operating_system: string;
  readonly enrolled_at: string | null;
  readonly last_seen_at: string | null;
}

/** A generated estate: the records, shuffled, and for each the number of the machine that it truly describes. */
export interface IdentityEstate {
  readonly records: readonly EstateRecord[];
  readonly machineOf: ReadonlyMap<string, number>;
}

/** How well and how fast identities were resolved. */
export interface IdentityMeasurement {
  readonly records: number;
  readonly seconds: number;
  /** Of the pairs of records that were put on one device, the percentage that are one machine. */
  readonly precision: number;
  /** Of the pairs of records that are one machine, the percentage that were put on one device. */
  readonly recall: number;
  /** Devices that hold records of more than one machine. */
  readonly wronglyMerged: number;
}

const PLACEHOLDERS = ['To Be Filled By O.E.M.', 'Default string', 'System Serial Number', '0', '00000000', 'INVALID'];
const MORE_PLACEHOLDERS = [
  '0123456789',
  'Not Specified',
  'None',
  'N/A',
  'to be filled by o.e.m.',
  ' DEFAULT  STRING ',
  '',
];
const MAKERS = [
  ['HP', 'Hewlett-Packard', 'HP Inc.'],
  ['Dell Inc.', 'Dell', 'DELL'],
  ['LENOVO', 'Lenovo', 'LENOVO'],
  ['Microsoft Corporation', 'Microsoft', 'Microsoft Corporation'],
] as const;
const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);

/** A small generator of numbers from 0 to 1 that gives the same series for the same seed (mulberry32, public domain). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Builds an estate of about `size` records: machines with Entra, Intune, Autopilot and readiness records of which
 * 5 % share a real serial number with another machine while both are enrolled, 10 % carry placeholder serials, 8 % are
 * re-enrolled (a few of them with the old enrolment still shown), 6 % are hybrid Autopilot twins, 4 % are still boxed,
 * and many reuse the hostname of another. The same seed gives the same estate.
 */
export function buildIdentityEstate(size = 100_000, seed = 1): IdentityEstate {
  const random = seededRandom(seed);
  const chance = (share: number): boolean => random() < share;
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const guid = (): string => {
    const hex = Array.from({ length: 4 }, () =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };
  const serialOf = (): string =>
    Array.from({ length: 8 }, () => pick([...'0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'])).join('') + String(machine);
  const untidy = (serial: string): string =>
    chance(0.2) ? serial.toLowerCase() : chance(0.1) ? ` ${serial.slice(0, 4)} ${serial.slice(4)}` : serial;
  const time = (day: number): string => new Date(START + day * DAY).toISOString();

  const records: EstateRecord[] = [];
  const machineOf = new Map<string, number>();
  let machine = 0;
  let lent = null as { readonly serial: string; readonly makers: readonly string[] } | null;
  while (records.length < size) {
    machine++;
    const add = (record: Omit<EstateRecord, 'operating_system'>): void => {
      records.push({ ...record, operating_system: 'Windows' });
      machineOf.set(`${record.source} ${record.external_id}`, machine);
    };
    const placeholder = chance(0.1);
    // Every second machine of those that share takes the serial number of the one before it.
    const shares = !placeholder && chance(0.05);
    const borrowed = shares ? lent : null;
    const makers = borrowed?.makers ?? pick(MAKERS);
    const serial = placeholder ? pick([...PLACEHOLDERS, ...MORE_PLACEHOLDERS]) : (borrowed?.serial ?? serialOf());
    if (shares) lent = borrowed ? null : { serial, makers };
    const says = (): Pick<EstateRecord, 'serial_number' | 'manufacturer' | 'model'> => ({
      serial_number: placeholder ? serial : untidy(serial),
      manufacturer: chance(0.02) ? null : pick(makers),
      model: 'Model 14',
    });
    const name = `PC-${chance(0.3) ? Math.floor(random() * 500) : machine}`;
    const hasAutopilot = chance(0.6);
    const autopilot = hasAutopilot ? guid() : null;
    const boxed = hasAutopilot && !placeholder && !shares && chance(0.06);
    const silent = { name, enrolled_at: null, last_seen_at: null, operating_system: 'Windows' };
    if (boxed) {
      add({
        ...silent,
        ...says(),
        source: 'autopilot',
        external_id: autopilot ?? '',
        presence: 'present',
        entra_device_id: null,
        managed_device_id: null,
        autopilot_id: autopilot,
      });
      if (chance(0.5)) continue;
    }
    const enrolments = !shares && chance(0.08) ? 2 : 1;
    const enrolledOn = Math.floor(random() * 300);
    const keepsEntra = placeholder || chance(0.6);
    const bothShown = enrolments === 2 && chance(0.05);
    let entra = guid();
    let managed = guid();
    for (let enrolment = 1; enrolment <= enrolments; enrolment++) {
      const current = enrolment === enrolments;
      if (enrolment > 1) managed = guid();
      if (enrolment > 1 && !keepsEntra) entra = guid();
      const from = enrolledOn + (enrolment - 1) * 300;
      const presence = current || bothShown ? 'present' : pick(['missing', 'gone'] as const);
      const seen = {
        name: chance(0.1) ? `${name}-OLD` : name,
        enrolled_at: time(from),
        last_seen_at: time(from + 250),
      };
      add({
        ...seen,
        ...says(),
        source: 'managed-devices',
        external_id: managed,
        presence,
        entra_device_id: entra,
        managed_device_id: managed,
        autopilot_id: null,
      });
      if (current && chance(0.4)) {
        add({
          ...seen,
          ...says(),
          source: 'windows-readiness',
          external_id: managed,
          presence: 'present',
          entra_device_id: entra,
          managed_device_id: managed,
          autopilot_id: null,
        });
      }
      const namesAutopilot = !boxed && autopilot !== null && (current || keepsEntra);
      if (enrolment === 1 || !keepsEntra) {
        add({
          ...seen,
          source: 'entra-devices',
          external_id: guid(),
          presence: 'present',
          serial_number: null,
          manufacturer: pick(makers),
          model: 'Model 14',
          entra_device_id: entra,
          managed_device_id: null,
          autopilot_id: namesAutopilot ? autopilot : null,
        });
      }
    }
    if (autopilot !== null && !boxed) {
      add({
        ...silent,
        ...says(),
        source: 'autopilot',
        external_id: autopilot,
        presence: 'present',
        entra_device_id: entra,
        managed_device_id: managed,
        autopilot_id: autopilot,
      });
      if (chance(0.1)) {
        add({
          ...silent,
          source: 'entra-devices',
          external_id: guid(),
          presence: 'present',
          serial_number: null,
          manufacturer: pick(makers),
          model: 'Model 14',
          entra_device_id: guid(),
          managed_device_id: null,
          autopilot_id: autopilot,
        });
      }
    }
  }
  for (let index = records.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [records[index], records[other]] = [records[other] as EstateRecord, records[index] as EstateRecord];
  }
  return { records, machineOf };
}

/** Puts records into `device_record` as the synchronisation would: new, and waiting to be resolved. */
export async function storeRecords(dataSource: DataSource, records: readonly EstateRecord[]): Promise<void> {
  for (let start = 0; start < records.length; start += 10_000) {
    await dataSource.query(
      `insert into device_record (source, external_id, presence, name, serial_number, manufacturer, model,
         entra_device_id, managed_device_id, autopilot_id, operating_system, enrolled_at, last_seen_at)
       select * from jsonb_to_recordset($1::jsonb) as row(source text, external_id text, presence text, name text,
         serial_number text, manufacturer text, model text, entra_device_id text, managed_device_id text,
         autopilot_id text, operating_system text, enrolled_at timestamptz, last_seen_at timestamptz)
       on conflict (source, external_id) do update
       set presence = excluded.presence, name = excluded.name, serial_number = excluded.serial_number,
           last_seen_at = excluded.last_seen_at, resolution_pending = true`,
      [JSON.stringify(records.slice(start, start + 10_000))],
    );
  }
}

/** Stores a generated estate in an empty database, resolves it, and compares the devices with the true machines. */
export async function measureIdentity(dataSource: DataSource, size = 100_000, seed = 1): Promise<IdentityMeasurement> {
  const estate = buildIdentityEstate(size, seed);
  await storeRecords(dataSource, estate.records);
  const started = performance.now();
  const { records } = await new IdentityService(new Transactor(dataSource)).resolvePending();
  const seconds = (performance.now() - started) / 1_000;
  const rows = await dataSource.query<{ record: string; device: number | null }[]>(
    `select source || ' ' || external_id as record, device_id as device from device_record`,
  );
  return { records, seconds, ...compare(rows, estate.machineOf) };
}

function compare(
  rows: readonly { readonly record: string; readonly device: number | null }[],
  machineOf: ReadonlyMap<string, number>,
): Pick<IdentityMeasurement, 'precision' | 'recall' | 'wronglyMerged'> {
  const [perDevice, perMachine, perBoth] = [
    new Map<number, number>(),
    new Map<number, number>(),
    new Map<string, number>(),
  ];
  const machinesOfDevice = new Map<number, Set<number>>();
  const count = <K>(counts: Map<K, number>, key: K): unknown => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { record, device } of rows) {
    const machine = machineOf.get(record);
    if (machine === undefined || device === null)
      throw new Error('A record was not resolved, or is not of this estate.');
    count(perDevice, device);
    count(perMachine, machine);
    count(perBoth, `${device} ${machine}`);
    const machines = machinesOfDevice.get(device);
    if (machines) machines.add(machine);
    else machinesOfDevice.set(device, new Set([machine]));
  }
  const pairs = (counts: ReadonlyMap<unknown, number>): number =>
    [...counts.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  return {
    precision: (100 * pairs(perBoth)) / pairs(perDevice),
    recall: (100 * pairs(perBoth)) / pairs(perMachine),
    wronglyMerged: [...machinesOfDevice.values()].filter((machines) => machines.size > 1).length,
  };
}
