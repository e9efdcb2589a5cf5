import type { AppointmentPicture } from './move-appointments.js';
import type { DesktopsAtTime } from './move-desktops.js';
import type { LaptopPicture } from './move-laptops.js';
import type { PlanPicture } from './move-plan.js';
import type { Scope, ScopePicture } from './move-scope.js';
import type { MoveState } from './move-words.js';

/** What the facts so far say about a move, by what they are about. */
export interface MovePicture {
  readonly scope: ScopePicture;
  readonly laptops: LaptopPicture;
  readonly appointments: AppointmentPicture;
  readonly plan: PlanPicture;
}

/** What a picture means at a time (milliseconds). */
export interface MoveSituation {
  readonly state: MoveState;
  readonly scope: Scope | { readonly state: 'in'; readonly reason: 'already_mobile' };
  readonly desktops: DesktopsAtTime;
  readonly booking: { readonly bookingId: number; readonly startsAt: string } | null;
  readonly time: number;
}
