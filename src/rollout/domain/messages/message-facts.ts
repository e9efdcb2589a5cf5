import type { MoveState } from '../move-words.js';
import { isInScope } from '../move-words.js';
import type { RolloutTemplate } from './templates.js';

/** An appointment as a message tells it. */
export interface MessageAppointment {
  readonly state: string;
  readonly startsAt: Date;
  /** Null for a delivery to the home. */
  readonly site: string | null;
}

/** What a message of the rollout is made of, read when it is sent. */
export interface MessageFacts {
  /** First name of whoever gets it; null when the directory has none. */
  readonly firstName: string | null;
  readonly programmeRuns: boolean;
  readonly enabled: boolean;
  readonly moveState: MoveState;
  /** Whether who is to get it is still the person of the move, or their line manager. */
  readonly recipientFits: boolean;
  readonly appointment: MessageAppointment | null;
  /** Whether the person has an appointment that is to come. */
  readonly bookedAgain: boolean;
  readonly missedThreeTimes: boolean;
  readonly desktopsToReturn: number;
}

/** Why a message of the rollout is stopped, in words. */
export const STOPS = {
  'switched-off': 'Messages of this kind are switched off',
  'programme-ended': 'The programme does not run',
  left: 'The person has left the council',
  deferred: 'The move is deferred',
  'out-of-scope': 'The person does not count in the programme any more',
  done: 'The move is done',
  'recipient-changed': 'The person has another line manager now',
  'booking-changed': 'The appointment was cancelled, moved or has taken place',
  'too-late': 'The appointment has begun',
  'booked-again': 'The person has booked again',
  'desktop-returned': 'No desktop is left to return',
  'nothing-to-say': 'The move has nothing that this message could tell',
} as const;
export type StopReason = keyof typeof STOPS;

/**
 * Why a message must not be sent any more, or null when it may be.
 * @param plannedFor when the appointment was to begin as the message was planned; null for one that tells of none
 */
export function stopReason(
  template: RolloutTemplate,
  facts: MessageFacts,
  plannedFor: Date | null,
  now: Date,
): StopReason | null {
  const { moveState, appointment } = facts;
  if (!facts.enabled) return 'switched-off';
  if (!facts.programmeRuns) return 'programme-ended';
  if (moveState === 'left' || moveState === 'deferred') return moveState;
  if (!isInScope(moveState)) return 'out-of-scope';
  if (moveState === 'closed') return 'done';
  if (!facts.recipientFits) return 'recipient-changed';
  if (template === 'desktop-not-returned') {
    return moveState === 'handed_over' && facts.desktopsToReturn > 0 ? null : 'desktop-returned';
  }
  if (template === 'missed-three-times') {
    return facts.missedThreeTimes && !facts.bookedAgain ? null : 'booked-again';
  }
  if (appointment === null) return 'nothing-to-say';
  const moved = plannedFor !== null && appointment.startsAt.getTime() !== plannedFor.getTime();
  if (template === 'missed') {
    if (appointment.state !== 'missed' || moved) return 'booking-changed';
    return facts.bookedAgain ? 'booked-again' : null;
  }
  if (appointment.state !== 'booked' || moved) return 'booking-changed';
  return appointment.site !== null && appointment.startsAt <= now ? 'too-late' : null;
}
