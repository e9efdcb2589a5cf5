import type { Actor } from '../../audit/actor.js';

/** Who gives a command about waves, slots or bookings, and what they may do. */
export interface BookingActor {
  readonly actor: Actor;
  /** Their own object id, or null for a program. */
  readonly personEntraId: string | null;
  readonly permissions: ReadonlySet<string>;
}
