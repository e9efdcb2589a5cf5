import type { EntityManager } from 'typeorm';
import { readDeliveryLine, type DeliveryLine } from '../../devices/domain/lifecycle/delivery-line.js';
import { matchDelivery } from '../../devices/lifecycle/delivery-match.queries.js';
import type { HistoryMachine, ProgrammeHistory } from './programme-history.js';

/** A machine that only the records know, by its serial number. */
export interface UnknownMachine {
  readonly key: string;
  readonly line: DeliveryLine;
  readonly registerId: number | null;
  readonly enrolledAt: Date | null;
}

/** Something of the records that cannot be taken over, or only in part. */
export interface Mismatch {
  /** The person or machine as the file names it. */
  readonly named: string;
  readonly message: string;
}

/** Who and what the names of a file are here. */
export interface Matched {
  /** Object id of everybody whom the file names, by the name in lower case. */
  readonly people: ReadonlyMap<string, string>;
  /** Machines that are known, by their key in the file. */
  readonly devices: ReadonlyMap<string, number>;
  readonly unknown: readonly UnknownMachine[];
  readonly mismatches: readonly Mismatch[];
}

const OBJECT_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Finds the people and machines that a history names; changes nothing. */
export async function matchHistory(tx: EntityManager, history: ProgrammeHistory): Promise<Matched> {
  const mismatches: Mismatch[] = [];
  const people = await matchPeople(tx, namesOf(history), mismatches);
  const machines = await matchMachines(tx, history.machines, mismatches);
  return { people, ...machines, mismatches };
}

/** Everybody whom the file names, in whatever list. */
function namesOf(history: ProgrammeHistory): readonly string[] {
  const names = new Set<string>();
  const add = (record: object): void => {
    const { person, manager, by, engineer } = record as Readonly<Record<string, unknown>>;
    for (const name of [person, manager, by, engineer]) if (typeof name === 'string') names.add(name.toLowerCase());
  };
  for (const list of [...Object.values(history), history.baseline.people, history.baseline.desktops] as unknown[]) {
    if (Array.isArray(list)) for (const record of list as readonly object[]) add(record);
  }
  for (const { people } of history.waves) for (const name of people) names.add(name.toLowerCase());
  return [...names];
}

async function matchPeople(
  tx: EntityManager,
  names: readonly string[],
  mismatches: Mismatch[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ name: string; entra_id: string }[]>(
    `select lower(entra_id) as name, entra_id from person where lower(entra_id) = any($1::text[])
     union select lower(user_principal_name), entra_id from person where lower(user_principal_name) = any($1::text[])`,
    [names],
  );
  const people = new Map(rows.map(({ name, entra_id: id }) => [name, id]));
  for (const name of names) {
    if (people.has(name)) continue;
    if (OBJECT_ID.test(name)) people.set(name, name);
    const message = OBJECT_ID.test(name)
      ? 'Is not in the directory (any more). The records are taken over under the object id.'
      : 'Is nobody in the directory. Give the object id, or the present user principal name; left out.';
    mismatches.push({ named: name, message });
  }
  return people;
}

async function matchMachines(
  tx: EntityManager,
  machines: readonly HistoryMachine[],
  mismatches: Mismatch[],
): Promise<Pick<Matched, 'devices' | 'unknown'>> {
  const byId = await devicesByIds(tx, machines);
  const devices = new Map<string, number>();
  const lines: { readonly machine: HistoryMachine; readonly line: DeliveryLine }[] = [];
  for (const machine of machines) {
    const known =
      byId.get(machine.intuneDeviceId?.toLowerCase() ?? '') ?? byId.get(machine.entraDeviceId?.toLowerCase() ?? '');
    if (known !== undefined) {
      devices.set(machine.machine, known);
      continue;
    }
    const { serialNumber, manufacturer, model } = machine;
    const reading = readDeliveryLine({ serialNumber, manufacturer, model });
    if (reading.ok) lines.push({ machine, line: reading.line });
    else {
      const message = `${reading.errors.map((error) => error.message).join(' ')} No source knows its ids; left out.`;
      mismatches.push({ named: machine.machine, message });
    }
  }
  const matches = await matchDelivery(
    tx,
    lines.map(({ line }) => line),
  );
  const unknown: UnknownMachine[] = [];
  for (const [index, { machine, line }] of lines.entries()) {
    const match = matches[index];
    if (match === undefined || match.problem !== null) {
      mismatches.push({ named: machine.machine, message: `${match?.problem ?? ''} Left out.` });
    } else if (match.deviceId !== null) devices.set(machine.machine, match.deviceId);
    else {
      const { enrolledAt } = machine;
      unknown.push({ key: machine.machine, line, registerId: match.registerId, enrolledAt });
    }
  }
  return { devices: withoutRepetition(devices, mismatches), unknown };
}

/** Machines by the ids of their records in Intune and in the directory, in lower case. */
async function devicesByIds(
  tx: EntityManager,
  machines: readonly HistoryMachine[],
): Promise<ReadonlyMap<string, number>> {
  const ids = machines.flatMap(({ intuneDeviceId, entraDeviceId }) =>
    [intuneDeviceId, entraDeviceId].flatMap((id) => (id === null ? [] : [id.toLowerCase()])),
  );
  const rows = await tx.query<{ id: string; device_id: number }[]>(
    `select id, device_id from (
       select lower(external_id) as id, device_id from device_record where source = 'managed-devices'
       union select lower(entra_device_id), device_id from device_record where entra_device_id is not null
     ) as record
     where device_id is not null and id = any($1::text[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.device_id]));
}

/** Two names of one machine would tell its history twice: the first counts. */
function withoutRepetition(devices: ReadonlyMap<string, number>, mismatches: Mismatch[]): ReadonlyMap<string, number> {
  const seen = new Set<number>();
  const kept = new Map<string, number>();
  for (const [key, device] of devices) {
    if (seen.has(device)) {
      mismatches.push({ named: key, message: 'Is the same machine as another of the list; left out.' });
      continue;
    }
    seen.add(device);
    kept.set(key, device);
  }
  return kept;
}
