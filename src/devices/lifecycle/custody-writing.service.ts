import type { EntityManager } from 'typeorm';
import type { CommandInput } from '../domain/lifecycle/command-input.js';
import type { EventCommand } from '../domain/lifecycle/commands.js';
import type { Held } from '../domain/lifecycle/decision.js';
import { partsOf, type Origin } from '../domain/lifecycle/standing.js';
import { arrayLiteral } from '../neighbourhood.queries.js';
import type { LockedMachine } from './custody-facts.queries.js';

/** A step that was decided. */
export interface Step {
  readonly machine: LockedMachine;
  readonly to: Held;
}

/** A step that is in the history. */
export interface WrittenStep extends Step {
  readonly eventId: number;
}

interface Parts {
  readonly state: string | null;
  readonly substate: string | null;
}

function parts(standing: Origin): Parts {
  return standing === 'none' ? { state: null, substate: null } : partsOf(standing);
}

/**
 * Brings custody from where each machine was seen to where its step leads. A machine whose row is no longer as it was
 * seen is left alone.
 * @returns the numbers of the rows of custody, by device; machines that were left alone are not there
 */
export async function writeCustody(
  tx: EntityManager,
  steps: readonly Step[],
  command: EventCommand,
): Promise<Map<number, number>> {
  const changed = steps.filter(({ machine, to }) => machine.custodyId !== null && to.standing !== 'none');
  const fresh = steps.filter(({ machine, to }) => machine.custodyId === null && to.standing !== 'none');
  const ended = steps.filter(({ machine, to }) => machine.custodyId !== null && to.standing === 'none');
  const written = new Map<number, number>();
  const note = (rows: readonly { device_id: number; id: number }[]): void => {
    for (const row of rows) written.set(row.device_id, row.id);
  };
  if (changed.length > 0) {
    const [rows] = await tx.query<[{ device_id: number; id: number }[], number]>(UPDATE, [
      JSON.stringify(changed.map((step) => rowOf(step, command))),
    ]);
    note(rows);
  }
  if (fresh.length > 0) {
    note(
      await tx.query<{ device_id: number; id: number }[]>(INSERT, [
        JSON.stringify(fresh.map((step) => rowOf(step, command))),
      ]),
    );
  }
  if (ended.length > 0) {
    const [rows] = await tx.query<[{ device_id: number; id: number }[], number]>(
      `delete from device_custody custody using unnest($1::integer[], $2::bigint[]) as row(id, version)
       where custody.id = row.id and custody.version = row.version and custody.set_aside_at is null
       returning custody.device_id, custody.id`,
      [
        arrayLiteral(ended.map(({ machine }) => machine.custodyId ?? 0)),
        `{${ended.map(({ machine }) => machine.version).join(',')}}`,
      ],
    );
    note(rows);
    await forgetBoxed(
      tx,
      ended.map(({ machine }) => machine.deviceId),
    );
  }
  for (const { machine, to } of steps) {
    // A note about a machine of which no custody is recorded.
    if (machine.custodyId === null && to.standing === 'none') written.set(machine.deviceId, 0);
  }
  return written;
}

function rowOf({ machine, to }: Step, command: EventCommand): object {
  const moved = to.standing !== machine.standing || to.holder !== machine.holder;
  return {
    id: machine.custodyId,
    device_id: machine.deviceId,
    version: machine.version,
    from_state: parts(machine.standing).state,
    ...parts(to.standing),
    holder: to.holder,
    place: to.place,
    is_note: command === 'note',
    moved,
    since: command === 'correct' ? (machine.lastStep?.since ?? null) : null,
  };
}

const ROW = `jsonb_to_recordset($1::jsonb) as row(id integer, device_id integer, version bigint, from_state text, state text,
  substate text, holder text, place text, is_note boolean, moved boolean, since timestamptz)`;

/** A note leaves the version: it is no reason to look at the machine again. */
const UPDATE = `
  update device_custody custody
  set state = row.state, substate = row.substate, holder_entra_id = row.holder, place = row.place,
      since = case when row.moved then coalesce(row.since, now()) else custody.since end,
      changed_at = case when row.is_note then custody.changed_at else now() end,
      version = case when row.is_note then custody.version else nextval('device_custody_version_sequence') end
  from ${ROW}
  where custody.id = row.id and custody.state = row.from_state and custody.version = row.version
    and custody.set_aside_at is null
  returning custody.device_id, custody.id`;

/** In the order of the devices, so that two of these cannot wait for each other in a circle. */
const INSERT = `
  insert into device_custody (device_id, recorded_for, state, substate, holder_entra_id, place)
  select device_id, device_id, state, substate, holder, place from ${ROW} order by device_id
  on conflict (device_id) where set_aside_at is null do nothing
  returning device_id, id`;

/** A machine that was never received after all is none: what named its serial number may mean another one. */
async function forgetBoxed(tx: EntityManager, deviceIds: readonly number[]): Promise<void> {
  const [forgotten] = await tx.query<[{ device_id: number }[], number]>(
    `delete from boxed_device boxed using device
     where boxed.device_id = any($1::integer[]) and device.id = boxed.device_id and device.merged_into_id is null
     returning boxed.device_id`,
    [arrayLiteral(deviceIds)],
  );
  if (forgotten.length === 0) return;
  const ids = arrayLiteral(forgotten.map((row) => row.device_id));
  await tx.query(`update device set presence = 'gone', changed_at = now() where id = any($1::integer[])`, [ids]);
  await tx.query(
    'update device_register set device_id = null, linked_for = null where device_id = any($1::integer[])',
    [ids],
  );
}

/** What goes into the history besides the step itself. */
export interface StepRecord {
  readonly command: EventCommand;
  readonly actor: string;
  readonly input: CommandInput | null;
  readonly bulkId?: number | null;
}

/** Adds steps to the history. @returns them with their numbers in it */
export async function writeHistory(
  tx: EntityManager,
  steps: readonly (Step & { readonly custodyId: number | null })[],
  { command, actor, input, bulkId = null }: StepRecord,
): Promise<WrittenStep[]> {
  if (steps.length === 0) return [];
  const rows = steps.map(({ machine, to, custodyId }) => ({
    device_id: machine.deviceId,
    custody_id: custodyId,
    from_state: parts(machine.standing).state,
    from_substate: parts(machine.standing).substate,
    to_state: parts(to.standing).state,
    to_substate: parts(to.standing).substate,
    holder_before: machine.holder,
    holder_after: to.holder,
    place_before: machine.place,
    place_after: to.place,
    since_before: machine.since,
    corrects_id: command === 'correct' ? (machine.lastStep?.eventId ?? null) : null,
  }));
  const written = await tx.query<{ device_id: number; id: number }[]>(
    `insert into custody_event (device_id, custody_id, command, from_state, from_substate, to_state, to_substate,
       holder_before, holder_after, place_before, place_after, since_before, corrects_id, reason, reference, details,
       evidence_id, bulk_id, actor)
     select device_id, custody_id, $2, from_state, from_substate, to_state, to_substate, holder_before, holder_after,
            place_before, place_after, since_before, corrects_id, $3, $4, $5, $6, $7, $8
     from jsonb_to_recordset($1::jsonb) as row(device_id integer, custody_id integer, from_state text, from_substate text,
       to_state text, to_substate text, holder_before text, holder_after text, place_before text, place_after text,
       since_before timestamptz, corrects_id bigint)
     returning device_id, id::integer`,
    [
      JSON.stringify(rows),
      command,
      input?.reason ?? null,
      input?.reference ?? null,
      JSON.stringify(input?.details ?? {}),
      input?.evidenceId ?? null,
      bulkId,
      actor,
    ],
  );
  const eventOf = new Map(written.map((row) => [row.device_id, row.id]));
  return steps.map(({ machine, to }) => ({ machine, to, eventId: eventOf.get(machine.deviceId) ?? 0 }));
}
