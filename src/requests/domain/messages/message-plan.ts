import type { RequestEventName } from '../request-words.js';
import type { AboutRequest } from './request-templates.js';

/** Who is told, as a rule that the database answers. */
export type Audience =
  | 'requester'
  /** The requester, of a line that had to wait before. */
  | 'requester-after-waiting'
  /** Who gets the line. */
  | 'beneficiary'
  /** Who gets the line, where it is fetched from a site. */
  | 'collector'
  /** Those for whom something of the request was picked. */
  | 'expecting'
  /** Who decides the step. */
  | 'deciders';

/** A message that follows from something that happened to a request. */
export interface FollowingMessage {
  readonly template: AboutRequest;
  readonly audience: Audience;
  /** Whether what happens within minutes is told in one message: things are picked and handed over one by one. */
  readonly isGathered: boolean;
}

const at = (template: AboutRequest, audience: Audience): FollowingMessage => ({
  template,
  audience,
  isGathered: false,
});
const gathered = (template: AboutRequest, audience: Audience): FollowingMessage => ({
  ...{ template, audience },
  isGathered: true,
});

const DECISION_WANTED = [at('decision-wanted', 'deciders')];
/** Events that are not here tell nobody anything that they would not see themselves. */
const FOLLOWING: Readonly<Partial<Record<RequestEventName, readonly FollowingMessage[]>>> = {
  submitted: [at('request-submitted', 'requester')],
  'step-opened': DECISION_WANTED,
  'step-rerouted': DECISION_WANTED,
  'step-escalated': DECISION_WANTED,
  reminded: [at('decision-reminder', 'deciders')],
  approved: [at('request-approved', 'requester')],
  rejected: [at('request-rejected', 'requester')],
  returned: [at('request-returned', 'requester')],
  cancelled: [at('request-cancelled', 'requester'), at('request-cancelled', 'expecting')],
  'back-ordered': [gathered('request-waiting', 'requester')],
  reserved: [gathered('request-kept', 'requester-after-waiting')],
  'reservation-expired': [gathered('reservation-expired', 'requester')],
  picked: [gathered('request-ready', 'collector')],
  dispatched: [gathered('request-sent', 'beneficiary')],
  'handed-over': [gathered('confirm-receipt', 'beneficiary')],
  'receipt-observed': [gathered('receipt-observed', 'beneficiary')],
};
const RETURN_REPLACED = gathered('return-replaced', 'beneficiary');

/** Every message that follows from an event of a request; whichever of them asks a machine back says so in `recalled`. */
export function messagesAfter(
  event: RequestEventName,
  details: Readonly<Record<string, unknown>> = {},
): readonly FollowingMessage[] {
  const following = FOLLOWING[event] ?? [];
  return typeof details['recalled'] === 'number' ? [...following, RETURN_REPLACED] : following;
}

const MINUTE = 60_000;
/** What happens within so long is told together. */
const GATHERING = 5 * MINUTE;
/** A transaction that began at the end of that time has ended when the message is made: statements are given far less. */
const SETTLING = MINUTE;

/** The time in which things are told together that an instant falls into: its number, and when the message may be made. */
export function gatheringOf(instant: Date): { readonly number: number; readonly plannedFor: Date } {
  const number = Math.floor(instant.getTime() / GATHERING);
  return { number, plannedFor: new Date((number + 1) * GATHERING + SETTLING) };
}

/** Days for which a message is worth sending. */
export const DAYS_OF_USE: Readonly<Record<AboutRequest, number>> = {
  'request-submitted': 2,
  'decision-wanted': 5,
  'decision-reminder': 5,
  'request-approved': 5,
  'request-returned': 14,
  'request-rejected': 14,
  'request-waiting': 5,
  'request-kept': 5,
  'reservation-expired': 5,
  'request-ready': 5,
  'request-sent': 5,
  'confirm-receipt': 10,
  'receipt-observed': 10,
  'return-replaced': 14,
  'request-cancelled': 14,
};
