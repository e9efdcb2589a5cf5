import type { EntityManager } from 'typeorm';
import { appendToAudit } from '../../audit/audit-trail.js';
import type { Actor } from '../../audit/actor.js';
import { moveRows, type CustodyMove, type CustodyRow } from '../domain/lifecycle/custody-rows.js';
import { standingOf, type CustodyState, type Substate } from '../domain/lifecycle/standing.js';
import { arrayLiteral } from '../neighbourhood.queries.js';
import { custodyAuditEntry } from './custody-audit.js';

const RESOLVER: Actor = 'system:identity';

/**
 * Lets custody and register entries follow their machines, after devices turned out to be one or came apart again. A
 * row of custody stays the custody of the device for which it was recorded and stands with whatever machine that is
 * now, so that undoing a merge brings everything back by itself; see `moveRows` for two of one machine.
 * @param deviceIds all devices that were resolved, gained or lost records, or were merged
 */
export async function followMachines(tx: EntityManager, deviceIds: readonly number[]): Promise<void> {
  if (deviceIds.length === 0) return;
  const ids = arrayLiteral(deviceIds);
  await tx.query(MOVE_REGISTER_BACK, [ids]);
  await tx.query(MOVE_REGISTER, [ids]);
  const rows = await tx.query<RowColumns[]>(ROWS, [ids]);
  const moves = moveRows(rows.map((row) => ({ ...row, standing: standingOf(row.state, row.substate) })));
  if (moves.length === 0) return;
  await writeMoves(tx, moves);
  await tell(
    tx,
    moves.filter(({ from, to }) => from !== to),
    rows,
  );
}

interface RowColumns extends Omit<CustodyRow, 'standing'> {
  readonly state: CustodyState;
  readonly substate: Substate | null;
  readonly place: string | null;
}

/** The machine that each row's device is now; whatever stands with one of the devices, or was recorded for one. */
const ROWS = `
  with recursive touched as (
    select id, recorded_for from device_custody where device_id = any($1::integer[])
    union select id, recorded_for from device_custody where recorded_for = any($1::integer[])
  ), step as (
    select touched.id, device.id as at, device.merged_into_id
    from touched cross join lateral (select id, merged_into_id from device where id = touched.recorded_for limit 1) as device
    union all
    select step.id, device.id, device.merged_into_id
    from step cross join lateral (select id, merged_into_id from device where id = step.merged_into_id limit 1) as device
  )
  select custody.id, custody.device_id as "deviceId", custody.recorded_for as "recordedFor", step.at as "machineId",
         custody.set_aside_at is null as live, custody.contested, custody.state, custody.substate, custody.place,
         custody.holder_entra_id as holder
  from step join device_custody custody on custody.id = step.id
  where step.merged_into_id is null
  order by custody.device_id, custody.id for update of custody`;

/**
 * First everything out of the way, then what counts, so that no machine has two that do at any moment. Stock looks at the
 * outcome only: what is out of the way for a moment is not gone.
 */
async function writeMoves(tx: EntityManager, moves: readonly CustodyMove[]): Promise<void> {
  const ids = arrayLiteral(moves.map(({ id }) => id));
  await tx.query(`select set_config('untether.custody_moves', 'on', true)`);
  await tx.query(
    `update device_custody set set_aside_at = coalesce(set_aside_at, now()) where id = any($1::integer[])`,
    [ids],
  );
  await tx.query(
    `update device_custody custody
     set device_id = row.device_id, set_aside_at = case when row.live then null else custody.set_aside_at end,
         contested = row.contested, version = nextval('device_custody_version_sequence')
     from unnest($1::integer[], $2::integer[], $3::boolean[], $4::boolean[]) as row(id, device_id, live, contested)
     where custody.id = row.id`,
    [
      ids,
      arrayLiteral(moves.map(({ to }) => to)),
      moves.map(({ live }) => live),
      moves.map(({ contested }) => contested),
    ],
  );
  await tx.query(`select set_config('untether.custody_moves', 'off', true)`);
  await tx.query('update device_custody set place = place where id = any($1::integer[])', [ids]);
}

/** The history of the machine says how it came by its custody; the machine that lost it has its own history still. */
async function tell(tx: EntityManager, moves: readonly CustodyMove[], rows: readonly RowColumns[]): Promise<void> {
  if (moves.length === 0) return;
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const written = await tx.query<{ id: number; device_id: number; custody_id: number }[]>(
    `insert into custody_event (device_id, custody_id, command, from_state, from_substate, to_state, to_substate,
       holder_before, holder_after, place_before, place_after, details, actor)
     select row.device_id, custody.id, 'join', custody.state, custody.substate, custody.state, custody.substate,
            custody.holder_entra_id, custody.holder_entra_id, custody.place, custody.place,
            jsonb_build_object('device', row.from_id, 'counts', custody.set_aside_at is null), $4
     from unnest($1::integer[], $2::integer[], $3::integer[]) as row(id, device_id, from_id)
     join device_custody custody on custody.id = row.id
     returning id::integer, device_id, custody_id`,
    [
      arrayLiteral(moves.map(({ id }) => id)),
      arrayLiteral(moves.map(({ to }) => to)),
      arrayLiteral(moves.map(({ from }) => from)),
      RESOLVER,
    ],
  );
  await appendToAudit(
    tx,
    written.flatMap(({ id, device_id: deviceId, custody_id: custodyId }) => {
      const row = rowOf.get(custodyId);
      if (!row) return [];
      const standing = standingOf(row.state, row.substate);
      return [
        custodyAuditEntry({ command: 'join', actor: RESOLVER, deviceId, eventId: id, from: standing, to: standing }),
      ];
    }),
  );
}

/** The machine that a device is now. */
const MACHINE_OF = (device: string): string => `(
  with recursive step as (
    select id, merged_into_id from device where id = ${device}
    union all
    select next.id, next.merged_into_id
    from step cross join lateral (select id, merged_into_id from device where id = step.merged_into_id limit 1) as next
  ) select id from step where merged_into_id is null)`;

/** An entry whose own device is a machine of its own again goes back to it. */
const MOVE_REGISTER_BACK = `
  update device_register entry set device_id = entry.linked_for, linked_for = null
  from device own
  where own.id = entry.linked_for and own.merged_into_id is null and entry.device_id = any($1::integer[])
    and not exists (select from device_register other where other.device_id = entry.linked_for)`;

/** An entry goes along with its device, unless the machine has an entry of its own: that one stays where it is. */
const MOVE_REGISTER = `
  with moved as (
    select entry.id, entry.device_id, ${MACHINE_OF('coalesce(entry.linked_for, entry.device_id)')} as machine_id
    from device_register entry
    join device own on own.id = coalesce(entry.linked_for, entry.device_id) and own.merged_into_id is not null
    where entry.device_id = any($1::integer[])
  ), one_each as (
    select min(id) as id, machine_id from moved where machine_id <> device_id group by machine_id
  )
  update device_register entry
  set device_id = one_each.machine_id, linked_for = coalesce(entry.linked_for, entry.device_id)
  from one_each
  where entry.id = one_each.id
    and not exists (select from device_register other where other.device_id = one_each.machine_id)`;
