import type { EntityManager } from 'typeorm';
import type { BookingChanges, Changes } from './booking-changes.service.js';
import { lockMoves, lockSlots, type FoundBooking } from './booking-rows.queries.js';

/**
 * Closes slots and cancels whoever is booked or waits there, with their laptops back into stock.
 * @returns how many bookings were cancelled; null when none of the slots is open
 */
export async function closeSlots(
  tx: EntityManager,
  bookings: BookingChanges,
  changes: Changes,
  slotIds: readonly number[],
  { reason, closureId }: { readonly reason: string; readonly closureId: number | null },
): Promise<number | null> {
  const open = [...(await lockSlots(tx, slotIds)).values()].filter(({ state }) => state === 'open').map(({ id }) => id);
  if (open.length === 0) return null;
  const live = await tx.query<FoundBooking[]>(
    `select id, move_id as "moveId", slot_id as "slotId", null as "deliverOn", state, laptop_id as "laptopId",
            laptop_put_aside as "laptopPutAside"
     from booking where slot_id = any($1::integer[]) and state in ('booked', 'waiting') order by id`,
    [open],
  );
  const moves = await lockMoves(
    tx,
    live.map(({ moveId }) => moveId),
  );
  for (const booking of live) {
    const person = moves.get(booking.moveId)?.personEntraId ?? '';
    await bookings.end(tx, changes, booking, person, { state: 'cancelled', reason });
  }
  await tx.query(
    `update slot set state = 'closed', closure_id = $2, version = nextval('rollout_version_sequence')
     where id = any($1::integer[])`,
    [open, closureId],
  );
  for (const id of open) {
    changes.entries.push({ event: 'slot.closed', actor: changes.by, subject: { kind: 'slot', id }, details: {} });
  }
  return live.length;
}
