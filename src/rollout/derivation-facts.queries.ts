import type { EntityManager } from 'typeorm';
import type { RecordedMoveFact } from './domain/move-fact.js';

/** The facts that some moves and the desktops of their people are derived from. */
export interface FactsToDerive {
  /** Facts of each move, with every machine under the number that it has today. */
  readonly ofMoves: ReadonlyMap<number, readonly RecordedMoveFact[]>;
  /** Facts of each desktop, whoever's it is. */
  readonly ofDesktops: ReadonlyMap<number, readonly RecordedMoveFact[]>;
  /** Desktops that turned out to be another machine, which has their facts now. */
  readonly merged: readonly number[];
}

interface FactColumns {
  readonly move_id: number | null;
  readonly device_id: number | null;
  readonly kind: string;
  readonly at: Date;
  readonly recorded_at: Date;
  readonly details: Readonly<Record<string, unknown>>;
  readonly key: string;
}

const COLUMNS = 'move_id, device_id, kind, at, recorded_at, details, key';

/** Facts that say that a machine is a desktop of the programme. */
const DESKTOP_KINDS = `('entered-scope', 'desktop-assigned', 'desktop-returned-to-use')`;

/** Moves that are derived together, and the machines that they touch. */
interface Closure {
  /** Those that were asked for and those that share a desktop with them. */
  readonly moves: readonly number[];
  readonly desktops: readonly number[];
  /** The machine that each device is today. */
  readonly machines: ReadonlyMap<number, number>;
}

/** Rounds after which the locks are what they are; everybody who adds to a desktop waits for who has it locked. */
const MOST_ROUNDS = 5;

/**
 * Locks the desktops that moves touch, then the moves and those of everybody else who has one of these desktops, until the
 * transaction ends; always in the order of their numbers, so that two of these wait for each other and not in a circle.
 * Facts that are read afterwards hold all that others have recorded about them.
 * @param devices desktops besides those of the moves
 */
export async function lockForDerivation(
  tx: EntityManager,
  programmeId: number,
  moves: readonly number[],
  devices: readonly number[],
): Promise<Closure> {
  let known = await closureOf(tx, programmeId, moves, devices);
  for (let round = 1; ; round++) {
    await tx.query(
      `select device_id from rollout_desktop where programme_id = $1 and device_id = any($2::integer[])
       order by device_id for update`,
      [programmeId, known.desktops],
    );
    await tx.query('select id from move where id = any($1::integer[]) order by id for no key update', [known.moves]);
    const now = await closureOf(tx, programmeId, moves, devices);
    const isWhole = now.moves.length === known.moves.length && now.desktops.length === known.desktops.length;
    if (isWhole || round === MOST_ROUNDS) return now;
    known = now;
  }
}

async function closureOf(
  tx: EntityManager,
  programmeId: number,
  moves: readonly number[],
  devices: readonly number[],
): Promise<Closure> {
  const named = await tx.query<{ device_id: number }[]>(
    `select distinct device_id from move_fact
     where programme_id = $1 and move_id = any($2::integer[]) and device_id is not null`,
    [programmeId, moves],
  );
  const machines = await machinesOf(tx, [...devices, ...named.map((row) => row.device_id)]);
  const known = [...machines.keys()];
  await tx.query(ADD_DESKTOPS, [programmeId, known, [...new Set(machines.values())]]);
  const desktops = (await desktopsAmong(tx, programmeId, known)).sort((one, other) => one - other);
  const sharing = await tx.query<{ move_id: number }[]>(
    `select distinct move_id from move_fact where programme_id = $1 and device_id = any($2::integer[])
       and move_id is not null and move_id <> all($3::integer[])`,
    [programmeId, familyOf(machines, desktops), moves],
  );
  return { moves: [...moves, ...sharing.map((row) => row.move_id)], desktops, machines };
}

async function desktopsAmong(tx: EntityManager, programmeId: number, devices: readonly number[]): Promise<number[]> {
  const rows = await tx.query<{ device_id: number }[]>(
    'select device_id from rollout_desktop where programme_id = $1 and device_id = any($2::integer[])',
    [programmeId, devices],
  );
  return rows.map((row) => row.device_id);
}

/** Reads what is known of locked moves and of the desktops that they and `devices` name. */
export async function factsOf(
  tx: EntityManager,
  programmeId: number,
  moves: readonly number[],
  devices: readonly number[],
): Promise<FactsToDerive> {
  const rows = await tx.query<FactColumns[]>(
    `select ${COLUMNS} from move_fact where programme_id = $1 and move_id = any($2::integer[])`,
    [programmeId, moves],
  );
  const named = rows.flatMap((row) => (row.device_id === null ? [] : [row.device_id]));
  const machines = await machinesOf(tx, [...devices, ...named]);
  const family = familyOf(machines, await desktopsAmong(tx, programmeId, [...machines.keys()]));
  const aboutDesktops = await tx.query<FactColumns[]>(
    `select ${COLUMNS} from move_fact where programme_id = $1 and device_id = any($2::integer[])`,
    [programmeId, family],
  );
  const ofMoves = new Map<number, RecordedMoveFact[]>(moves.map((id) => [id, []]));
  const ofDesktops = new Map<number, RecordedMoveFact[]>(
    family.map((id): [number, RecordedMoveFact[]] => [machines.get(id) ?? id, []]),
  );
  for (const row of rows) if (row.move_id !== null) ofMoves.get(row.move_id)?.push(factOf(row, machines));
  for (const row of aboutDesktops) {
    const fact = factOf(row, machines);
    if (fact.deviceId !== null) ofDesktops.get(fact.deviceId)?.push(fact);
  }
  return { ofMoves, ofDesktops, merged: family.filter((id) => machines.get(id) !== id) };
}

function factOf(row: FactColumns, machines: ReadonlyMap<number, number>): RecordedMoveFact {
  const { move_id: moveId, device_id: deviceId, recorded_at: recordedAt, ...rest } = row;
  // The journal's kinds and details are written by `recordFacts` alone, from facts of this type.
  return {
    ...rest,
    moveId,
    deviceId: deviceId === null ? null : (machines.get(deviceId) ?? deviceId),
    recordedAt,
  } as RecordedMoveFact;
}

/** All numbers of the machines that these numbers stand for. */
function familyOf(machines: ReadonlyMap<number, number>, devices: readonly number[]): number[] {
  const wanted = new Set(devices.map((id) => machines.get(id) ?? id));
  return [...machines].filter(([, machine]) => wanted.has(machine)).map(([id]) => id);
}

/** The machine that each of these devices is today, and everything else that turned out to be one of these machines. */
async function machinesOf(tx: EntityManager, devices: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (devices.length === 0) return new Map();
  const rows = await tx.query<{ id: number; machine_id: number }[]>(
    `with recursive upwards as (
       select id, merged_into_id from device where id = any($1::integer[])
       union select device.id, device.merged_into_id from upwards join device on device.id = upwards.merged_into_id
     ), downwards as (
       select id, id as machine_id from upwards where merged_into_id is null
       union all
       select device.id, downwards.machine_id from downwards join device on device.merged_into_id = downwards.id
     )
     select id, machine_id from downwards`,
    [[...new Set(devices)]],
  );
  return new Map(rows.map((row) => [row.id, row.machine_id]));
}

/** Machines that facts call desktops of the programme; one that others were merged into is one because they were. */
const ADD_DESKTOPS = `
  insert into rollout_desktop (programme_id, device_id, baseline, model, enrolled_at)
  select $1, device.id, exists (select from baseline_desktop as baseline
                                where baseline.programme_id = $1 and baseline.device_id = device.id),
         device.model, device.enrolled_at
  from device
  where device.id = any($3::integer[]) and device.form_factor_superclass <> 'portable'
    and (exists (select from move_fact as fact where fact.programme_id = $1 and fact.device_id = device.id
                 and (fact.move_id is null or fact.kind <> 'entered-scope') and fact.kind in ${DESKTOP_KINDS})
         or exists (select from rollout_desktop as other join device as part on part.id = other.device_id
                    where other.programme_id = $1 and other.device_id = any($2::integer[])
                      and part.merged_into_id = device.id))
  order by device.id
  on conflict do nothing`;
