import type { EntityManager } from 'typeorm';
import type { Held, MachineCustody, NamedPerson } from '../domain/lifecycle/decision.js';
import { standingOf, type CustodyState, type Substate } from '../domain/lifecycle/standing.js';
import { arrayLiteral } from '../neighbourhood.queries.js';

/** A machine that a command is about, locked until the transaction ends. */
export interface LockedMachine extends MachineCustody {
  readonly deviceId: number;
  /** The machine that it turned out to be; null for one in its own right. */
  readonly mergedIntoId: number | null;
  /** Row of custody; null while none is recorded. */
  readonly custodyId: number | null;
  /** Version of the custody; `0` while none is recorded. */
  readonly version: string;
  readonly since: string | null;
  /** The step that `before` is from, and since when that held. */
  readonly lastStep: { readonly eventId: number; readonly since: string | null } | null;
}

interface CustodyColumns {
  readonly device_id: number;
  readonly id: number;
  readonly state: CustodyState;
  readonly substate: Substate | null;
  readonly holder_entra_id: string | null;
  readonly place: string | null;
  readonly version: string;
  readonly since: string;
}

interface StepColumns {
  readonly device_id: number;
  readonly event_id: number;
  readonly from_state: CustodyState | null;
  readonly from_substate: Substate | null;
  readonly holder_before: string | null;
  readonly place_before: string | null;
  readonly since_before: string | null;
}

const TIME = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * Locks machines and their custody, always in the order of their ids, so that two commands about the same machines wait
 * for each other and never in a circle; the resolver cannot make one machine of two of them meanwhile.
 * @param withLastStep whether the step is wanted that a correction would take back
 */
export async function lockMachines(
  tx: EntityManager,
  deviceIds: readonly number[],
  withLastStep: boolean,
): Promise<Map<number, LockedMachine>> {
  const ids = arrayLiteral(deviceIds);
  const devices = await tx.query<{ id: number; merged_into_id: number | null }[]>(
    'select id, merged_into_id from device where id = any($1::integer[]) order by id for share',
    [ids],
  );
  const custodies = await tx.query<CustodyColumns[]>(
    `select device_id, id, state, substate, holder_entra_id, place, version::text, ${TIME('since')} as since
     from device_custody where device_id = any($1::integer[]) and set_aside_at is null
     order by device_id for update`,
    [ids],
  );
  const contested = await tx.query<{ device_id: number }[]>(
    'select distinct device_id from device_custody where contested and device_id = any($1::integer[])',
    [ids],
  );
  const steps = withLastStep
    ? await tx.query<StepColumns[]>(LAST_STEPS, [arrayLiteral(custodies.map(({ id }) => id))])
    : [];
  const custodyOf = new Map(custodies.map((row) => [row.device_id, row]));
  const stepOf = new Map(steps.map((row) => [row.device_id, row]));
  const inDoubt = new Set(contested.map((row) => row.device_id));
  return new Map(
    devices.map((device) => [
      device.id,
      machineOf(device, custodyOf.get(device.id), stepOf.get(device.id), inDoubt.has(device.id)),
    ]),
  );
}

function machineOf(
  device: { id: number; merged_into_id: number | null },
  custody: CustodyColumns | undefined,
  step: StepColumns | undefined,
  contested: boolean,
): LockedMachine {
  const before: Held | null = step
    ? {
        standing: step.from_state === null ? 'none' : standingOf(step.from_state, step.from_substate),
        holder: step.holder_before,
        place: step.place_before,
      }
    : null;
  return {
    deviceId: device.id,
    mergedIntoId: device.merged_into_id,
    custodyId: custody?.id ?? null,
    standing: custody ? standingOf(custody.state, custody.substate) : 'none',
    holder: custody?.holder_entra_id ?? null,
    place: custody?.place ?? null,
    version: custody?.version ?? '0',
    since: custody?.since ?? null,
    before,
    lastStep: step ? { eventId: step.event_id, since: step.since_before } : null,
    contested,
  };
}

/**
 * The last step of each custody that has not been taken back: notes change nothing, and what came before people settled
 * a contradiction is not brought back by one word.
 */
const LAST_STEPS = `
  select custody.device_id, step.id::integer as event_id, step.from_state, step.from_substate, step.holder_before,
         step.place_before, ${TIME('step.since_before')} as since_before
  from device_custody custody
  cross join lateral (
    select event.* from custody_event event
    where event.custody_id = custody.id and event.command not in ('note', 'join', 'correct')
      and not exists (select from custody_event correction where correction.corrects_id = event.id)
    order by event.id desc limit 1
  ) as step
  where custody.id = any($1::integer[]) and step.command <> 'settle'
    and (step.to_state, step.to_substate) is not distinct from (custody.state, custody.substate)`;

/** The person whom somebody named by object id or user principal name; of two of one name, the one who is there. */
export async function personNamed(tx: EntityManager, name: string): Promise<NamedPerson> {
  const [person] = await tx.query<{ entraId: string; present: boolean; enabled: boolean }[]>(
    `select entra_id as "entraId", presence = 'present' as present, account_enabled is true as enabled
     from person where entra_id = lower($1) or lower(user_principal_name) = lower($1)
     order by presence = 'present' desc, account_enabled is true desc, id limit 1`,
    [name],
  );
  return person ?? null;
}

/** Whether a piece of evidence belongs to one of these machines, or to a device that turned out to be one of them. */
export async function evidenceBelongs(
  tx: EntityManager,
  evidenceId: number,
  deviceIds: readonly number[],
): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `with recursive chain as (
       select device.id, device.merged_into_id from custody_evidence evidence
       join device on device.id = evidence.device_id where evidence.id = $1
       union all select device.id, device.merged_into_id from chain join device on device.id = chain.merged_into_id)
     select from chain where id = any($2::integer[])`,
    [evidenceId, arrayLiteral(deviceIds)],
  );
  return rows.length > 0;
}
