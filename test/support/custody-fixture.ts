import type { DataSource } from 'typeorm';
import { PERMISSIONS, type Permission } from '../../src/auth/permissions.js';
import { readCommandInput, type CommandInput } from '../../src/devices/domain/lifecycle/command-input.js';
import type { CustodyCommand } from '../../src/devices/domain/lifecycle/commands.js';
import type { Standing } from '../../src/devices/domain/lifecycle/standing.js';
import { partsOf } from '../../src/devices/domain/lifecycle/standing.js';
import type { CustodyActor } from '../../src/devices/lifecycle/custody-actor.js';

/** The object id of the person with this number. */
export function personId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** The user principal name of the person with this number. */
export function upn(number: number): string {
  return `person${number}@council.example`;
}

/** People numbered from 1; a leaver is there with a disabled account. */
export async function insertPeople(
  dataSource: DataSource,
  count: number,
  leavers: readonly number[] = [],
): Promise<void> {
  await dataSource.query(
    `insert into person (entra_id, user_principal_name, display_name, account_enabled)
     select '00000000-0000-4000-8000-' || lpad(n::text, 12, '0'), 'person' || n || '@council.example', 'Person ' || n,
            not n = any($2::integer[])
     from generate_series(1, $1) as n`,
    [count, leavers],
  );
}

/** Machines that a source knows, without custody; their ids. */
export async function insertMachines(dataSource: DataSource, count: number, prefix = 'SER'): Promise<number[]> {
  const rows = await dataSource.query<{ id: number }[]>(
    `insert into device (serial_number, manufacturer, model, name, record_count, last_seen_at)
     select $2 || lpad(n::text, 6, '0'), 'HP', 'EliteBook 840 G8', 'PC-' || n, 1, now() from generate_series(1, $1) as n
     returning id`,
    [count, prefix],
  );
  await dataSource.query(
    `insert into device_record (source, external_id, device_id, resolution_pending, serial_number, manufacturer)
     select 'managed-devices', 'm-' || id, id, false, serial_number, manufacturer from device where id = any($1)`,
    [rows.map(({ id }) => id)],
  );
  return rows.map(({ id }) => id);
}

/** Puts machines into a standing, as if commands had. */
export async function place(
  dataSource: DataSource,
  deviceIds: readonly number[],
  standing: Standing,
  holder: string | null = null,
): Promise<void> {
  const { state, substate } = partsOf(standing);
  await dataSource.query(
    `insert into device_custody (device_id, recorded_for, state, substate, holder_entra_id, place)
     select id, id, $2, $3, $4, 'Stores' from unnest($1::integer[]) as id`,
    [deviceIds, state, substate, holder],
  );
}

/** Somebody with these permissions, all of them unless said otherwise. */
export function actorWith(person: number, permissions: readonly Permission[] = PERMISSIONS): CustodyActor {
  const personEntraId = personId(person);
  return { actor: `person:${personEntraId}`, personEntraId, permissions: new Set(permissions) };
}

/** Values that every field of a command accepts. */
export const GOOD_VALUES: Readonly<Record<string, unknown>> = {
  holder: upn(1),
  place: 'Civic Centre, stores',
  reason: 'As agreed on the telephone',
  reference: 'INC-4711',
  condition: 'good',
  accessories: ['charger', 'dock'],
  method: 'disk-erasure',
  performedBy: 'Erasure Ltd',
  performedOn: '2026-11-20',
  grade: 'b',
  cleanUp: ['autopilot'],
  certificate: 'CERT-1',
  weight: 1.4,
  weeeReference: 'WEEE-1',
  collectedOn: '2026-11-20',
};

/** The input of a command, from good values with some replaced; undefined leaves one out. */
export function inputFor(
  command: CustodyCommand,
  values: Readonly<Record<string, unknown>>,
  replaced: Readonly<Record<string, unknown>> = {},
): CommandInput {
  const sent = Object.fromEntries(
    Object.entries({ ...values, ...replaced }).filter(([, value]) => value !== undefined),
  );
  const reading = readCommandInput(command, sent, '2026-11-23');
  if (!reading.ok) throw new Error(JSON.stringify(reading.errors));
  return reading.input;
}

/** Empties everything that custody writes, and what it stands on. */
export async function emptyCustody(dataSource: DataSource): Promise<void> {
  await dataSource.query(
    `truncate device, device_record, device_custody, custody_event, custody_evidence, custody_bulk, custody_bulk_line,
       boxed_device, device_register, person, command_receipt, device_review, device_review_record, device_decision,
       device_decision_record, device_former_name, device_shared_key restart identity cascade`,
  );
}
