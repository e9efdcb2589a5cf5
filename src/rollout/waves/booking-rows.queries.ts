import type { EntityManager } from 'typeorm';
import type { BookingState } from '../domain/waves/booking-words.js';
import type { MoveState } from '../domain/move-words.js';

/** A slot, locked until the transaction ends. */
export interface LockedSlot {
  readonly id: number;
  readonly programmeId: number;
  readonly site: string;
  readonly startsAt: Date;
  readonly cutOffAt: Date;
  readonly capacity: number;
  readonly state: 'open' | 'closed';
}

/** A move, locked until the transaction ends. */
export interface LockedMove {
  readonly id: number;
  readonly programmeId: number;
  readonly personEntraId: string;
  readonly state: MoveState;
  readonly readiness: string | null;
  readonly site: string | null;
  readonly workStyle: string | null;
  readonly laptopId: number | null;
}

/** Whether somebody can be booked: ready, also to begin again after a roll back. */
export function isReady({ state, readiness }: Pick<LockedMove, 'state' | 'readiness'>): boolean {
  return state === 'ready' || (state === 'rolled_back' && readiness === 'ready');
}

/** A booking as its command finds it. */
export interface FoundBooking {
  readonly id: number;
  readonly moveId: number;
  readonly slotId: number | null;
  readonly deliverOn: string | null;
  readonly state: BookingState;
  readonly laptopId: number | null;
  readonly laptopPutAside: boolean;
}

/**
 * Locks slots, in the order of their numbers. Everything that books takes its locks in one order: slots, then moves, then
 * laptops, then the audit trail.
 */
export async function lockSlots(tx: EntityManager, ids: readonly number[]): Promise<Map<number, LockedSlot>> {
  const rows = await tx.query<LockedSlot[]>(
    `select id, programme_id as "programmeId", site, starts_at as "startsAt", cut_off_at as "cutOffAt", capacity, state
     from slot where id = any($1::integer[]) order by id for no key update`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Locks moves, in the order of their numbers. */
export async function lockMoves(tx: EntityManager, ids: readonly number[]): Promise<Map<number, LockedMove>> {
  const rows = await tx.query<LockedMove[]>(
    `select id, programme_id as "programmeId", person_entra_id as "personEntraId", state, readiness, site,
            work_style as "workStyle", laptop_id as "laptopId"
     from move where id = any($1::integer[]) order by id for no key update`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

const BOOKING = `
  select id, move_id as "moveId", slot_id as "slotId", deliver_on::text as "deliverOn", state, laptop_id as "laptopId",
         laptop_put_aside as "laptopPutAside"
  from booking`;

/** A booking by its number. */
export async function bookingOf(tx: EntityManager, id: number): Promise<FoundBooking | null> {
  const [row] = await tx.query<FoundBooking[]>(`${BOOKING} where id = $1`, [id]);
  return row ?? null;
}

/** The booking of a move that is not over. */
export async function liveBookingOf(tx: EntityManager, moveId: number): Promise<FoundBooking | null> {
  const [row] = await tx.query<FoundBooking[]>(`${BOOKING} where move_id = $1 and state in ('booked', 'waiting')`, [
    moveId,
  ]);
  return row ?? null;
}

/** Who waits for a slot, whoever waits longest first. */
export async function waitingFor(tx: EntityManager, slotIds: readonly number[]): Promise<FoundBooking[]> {
  return tx.query<FoundBooking[]>(`${BOOKING} where slot_id = any($1::integer[]) and state = 'waiting' order by id`, [
    slotIds,
  ]);
}

/** The lowest place of a slot that nobody has; null when all are taken. Only under the lock of the slot. */
export async function freePlace(tx: EntityManager, slot: LockedSlot): Promise<number | null> {
  const [row] = await tx.query<{ place: number }[]>(
    `select place from generate_series(1, $2::integer) as place
     where not exists (select from booking where booking.slot_id = $1 and booking.place = place.place)
     order by place limit 1`,
    [slot.id, slot.capacity],
  );
  return row?.place ?? null;
}
