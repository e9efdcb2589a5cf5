import type { EntityManager } from 'typeorm';
import { ConflictError, NotFoundError } from '../../common/errors.js';
import { ChangedMeanwhileError } from '../../database/record-version.js';
import { lockMachines, type LockedMachine } from '../../devices/lifecycle/custody-facts.queries.js';
import { lockRequest, type LockedRequest } from '../asking/request-rows.queries.js';
import { PICK_STATE_WORDS, type PickState } from '../domain/pick-words.js';
import { lockLines, type LockedLine } from './line-standing.js';

/** Something that was taken from the shelf, as its row has it. */
export interface PickRow {
  readonly id: number;
  readonly lineId: number;
  readonly requestId: number;
  readonly productId: number;
  readonly placeId: number;
  readonly place: string;
  /** The machine that it is now, should it have turned out to be one with another; null for what is counted. */
  readonly deviceId: number | null;
  readonly quantity: number;
  readonly state: PickState;
  readonly version: string;
  readonly beneficiaryEntraId: string;
  /** The machine that is to come back for it. */
  readonly replacesDeviceId: number | null;
}

/** The machine that a device turned out to be, by a correlated subquery. */
export const SURVIVOR_OF = (device: string): string => `(
  with recursive step as (
    select device.id, device.merged_into_id from device where device.id = ${device}
    union all select device.id, device.merged_into_id from step join device on device.id = step.merged_into_id)
  select step.id from step where step.merged_into_id is null)`;

const PICKS = `
  select pick.id, pick.request_line_id as "lineId", line.request_id as "requestId", pick.product_id as "productId",
    pick.place_id as "placeId", place.name as place, ${SURVIVOR_OF('pick.device_id')} as "deviceId", pick.quantity, pick.state,
    pick.version::text, line.beneficiary_entra_id as "beneficiaryEntraId", ${SURVIVOR_OF('line.replaces_device_id')} as "replacesDeviceId"
  from pick join request_line as line on line.id = pick.request_line_id join stock_place as place on place.id = pick.place_id`;

/** The picks of lines that have not been handed over, in the order of their numbers; the lines are locked. */
export function picksOnTheWay(tx: EntityManager, lineIds: readonly number[]): Promise<PickRow[]> {
  return tx.query<PickRow[]>(
    `${PICKS} where pick.request_line_id = any($1::integer[]) and pick.state in ('picked', 'dispatched') order by pick.id`,
    [lineIds],
  );
}

/** A pick with all that it hangs on, locked until the end of the transaction. */
export interface LockedPick {
  readonly pick: PickRow;
  readonly request: LockedRequest;
  readonly line: LockedLine;
  /** Null for what is counted. */
  readonly machine: LockedMachine | null;
}

/**
 * Locks a pick: its request, its line, its machine and the machine that it replaces, then itself.
 * @param version of the pick that was looked at; null when it does not matter
 * @throws NotFoundError when there is none, ChangedMeanwhileError when it has another version now
 */
export async function lockPick(tx: EntityManager, pickId: number, version: string | null): Promise<LockedPick> {
  const [found] = await tx.query<PickRow[]>(`${PICKS} where pick.id = $1`, [pickId]);
  const request = found ? await lockRequest(tx, found.requestId) : null;
  const [line] = found ? await lockLines(tx, [found.lineId]) : [];
  if (!found || request === null || !line)
    throw new NotFoundError('There is nothing that was picked under this number.');
  const { deviceId, replacesDeviceId } = found;
  const machines = await lockMachines(
    tx,
    [deviceId, replacesDeviceId].filter((id) => id !== null),
    false,
  );
  const [pick] = await tx.query<PickRow[]>(`${PICKS} where pick.id = $1 for no key update of pick`, [pickId]);
  if (!pick) throw new NotFoundError('There is nothing that was picked under this number.');
  if (version !== null && pick.version !== version) throw new ChangedMeanwhileError('pick');
  return { pick, request, line, machine: deviceId === null ? null : (machines.get(deviceId) ?? null) };
}

/** @throws ConflictError unless the pick is in one of these states */
export function expectPick({ state }: PickRow, states: readonly PickState[], what: string): void {
  if (states.includes(state)) return;
  throw new ConflictError(`It cannot be ${what}: it is ${PICK_STATE_WORDS[state].toLowerCase()} already.`);
}

/** Columns of a pick that a step writes besides its state. */
export interface PickChange {
  readonly tracking?: string;
  readonly handedOverBy?: string;
  readonly receivedHow?: 'confirmed' | 'observed';
}

/** Brings picks, all of them locked, to another state. @returns their versions, by number */
export async function changePicks(
  tx: EntityManager,
  pickIds: readonly number[],
  state: PickState,
  { tracking, handedOverBy, receivedHow }: PickChange = {},
): Promise<ReadonlyMap<number, string>> {
  const [rows] = await tx.query<[{ id: number; version: string }[], number]>(
    `update pick set state = $2, version = nextval('equipment_version_sequence'),
       tracking = coalesce($3, tracking), dispatched_at = case when $2 = 'dispatched' then now() else dispatched_at end,
       handed_over_by = coalesce($4, handed_over_by),
       handed_over_at = case when $4::text is not null then now() else handed_over_at end,
       received_how = coalesce($5, received_how), received_at = case when $5::text is not null then now() else received_at end,
       ended_at = case when $2 in ('put_back', 'returned') then now() end
     where id = any($1::integer[]) returning id, version::text`,
    [pickIds, state, tracking ?? null, handedOverBy ?? null, receivedHow ?? null],
  );
  return new Map(rows.map(({ id, version }) => [id, version]));
}
