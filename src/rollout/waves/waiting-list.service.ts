import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BookingChanges, type Changes } from './booking-changes.service.js';
import { freePlace, isReady, type FoundBooking, type LockedMove, type LockedSlot } from './booking-rows.queries.js';
import { putLaptopAside } from './laptops-put-aside.service.js';

/** Gives places that have become free to those who wait for them. */
@Injectable()
export class WaitingList {
  constructor(private readonly bookings: BookingChanges) {}

  /**
   * Gives every free place to whoever has waited longest and is ready; who is not keeps their turn. Nobody is promoted after
   * the cut-off, who would then have to come at short notice without having been asked.
   * @param moves locked, all of those who wait
   * @returns the bookings that have a place now
   */
  async fill(
    tx: EntityManager,
    changes: Changes,
    slot: LockedSlot,
    { waiting, moves }: { readonly waiting: readonly FoundBooking[]; readonly moves: ReadonlyMap<number, LockedMove> },
  ): Promise<readonly number[]> {
    if (slot.state !== 'open' || slot.cutOffAt <= changes.now) return [];
    const promoted: number[] = [];
    for (const each of waiting) {
      const move = moves.get(each.moveId);
      if (each.slotId !== slot.id || !move || !isReady(move)) continue;
      const place = await freePlace(tx, slot);
      if (place === null) break;
      const laptop = await putLaptopAside(tx, move, slot.site);
      if (laptop === null) break;
      await this.bookings.promote(tx, changes, each, slot, { place, laptop });
      promoted.push(each.id);
    }
    return promoted;
  }
}
