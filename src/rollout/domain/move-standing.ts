import type { DesktopStanding } from './derive-desktop.js';
import type { MoveDoubt } from './move-doubt.js';
import type { MoveState, ReadinessOutcome, ScopeReason, WorkStyle } from './move-words.js';

/** One desktop of a person. */
export interface MoveDesktop {
  readonly deviceId: number;
  readonly since: Date;
  /** Whether the move waits for it, or waited. */
  readonly counts: boolean;
  /** When it came back from this person; null while it is still to come. */
  readonly recoveredAt: Date | null;
  /** When it was wiped after that, with evidence. */
  readonly wipedAt: Date | null;
  readonly evidence: string | null;
  readonly standing: DesktopStanding;
}

/** Where a move stands, as it follows from its facts. */
export interface MoveStanding {
  readonly state: MoveState;
  /** Time of the fact that brought the state, or of the day that did. */
  readonly stateSince: Date;
  readonly scopeReason: ScopeReason;
  /** Null until the rules have been asked. */
  readonly readiness: ReadinessOutcome | null;
  /** Booked, and not ready. */
  readonly atRisk: boolean;
  readonly workStyle: WorkStyle | null;
  readonly workStyleConfirmed: boolean;
  readonly laptopId: number | null;
  readonly laptopSince: Date | null;
  /** All that the person has or had, in the order of their ids. */
  readonly desktops: readonly MoveDesktop[];
  /** Desktops that count, those of them that came back, and those of these that were wiped with evidence. */
  readonly desktopCount: number;
  readonly recoveredCount: number;
  readonly wipedCount: number;
  readonly bookingId: number | null;
  readonly appointmentAt: Date | null;
  /** Bookings that were missed, and all that came to nothing (missed or cancelled). */
  readonly missedCount: number;
  readonly attemptCount: number;
  /** A day (ISO 8601, Europe/London), while the deferral lasts. */
  readonly deferredUntil: string | null;
  readonly doubts: readonly MoveDoubt[];
  /** When time alone may change something of this. */
  readonly nextCheckAt: Date | null;
}
