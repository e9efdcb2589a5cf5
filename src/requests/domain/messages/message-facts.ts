import type { LineState, RequestState } from '../request-words.js';
import type { AboutRequest } from './request-templates.js';

/** So many of one thing, by its name in the catalogue. */
export interface NamedThing {
  readonly name: string;
  readonly quantity: number;
  /** Assistive technology is nobody's business, and is not named in mails. */
  readonly isPrivate: boolean;
}

/** Something that lies ready for whoever gets the message, is on its way to them, or with them. */
export interface ThingForThem extends NamedThing {
  readonly state: 'picked' | 'dispatched' | 'handed_over' | 'received' | 'put_back' | 'returned';
  readonly isObserved: boolean;
  readonly place: string;
  readonly tracking: string | null;
}

/** The lines of a revision: how many things of them are where. */
export type ThingCounts = Readonly<Partial<Record<LineState, number>>>;

/** What a message about a request is made of, read when it is sent. */
export interface RequestMessageFacts {
  readonly requestId: number;
  /** First name of whoever gets it; null when the directory has none. */
  readonly firstName: string | null;
  readonly state: RequestState;
  /** Whether the revision that it tells of is the current one. */
  readonly isCurrent: boolean;
  readonly isRequester: boolean;
  readonly people: number;
  readonly things: number;
  readonly totalPence: number;
  /** Day such as `2026-12-01`; null when there is none. */
  readonly neededBy: string | null;
  /** Whether whoever gets it is to decide a step that waits, and until when (instant); null when they are not. */
  readonly decideBy: Date | null;
  readonly counts: ThingCounts;
  /** What was picked for whoever gets it. */
  readonly theirs: readonly ThingForThem[];
  /** Machines that they are to bring back because of this request. */
  readonly toReturn: number;
}

/** Why a message about a request is stopped, in words. */
export const REQUEST_STOPS = {
  'moved-on': 'The request has moved on since',
  decided: 'It was decided, or somebody else decides',
  'not-theirs': 'The request is somebody else’s',
  'nothing-waits': 'Nothing waits for stock any more',
  'nothing-kept': 'Nothing is kept for it any more',
  'nothing-expired': 'It is kept again',
  'not-ready': 'Nothing lies ready any more',
  'not-on-its-way': 'Nothing is on its way any more',
  confirmed: 'Receipt was confirmed, or the thing came back',
  'brought-back': 'The machine was brought back, or is not asked back any more',
  'enough-stock': 'Nothing is to be ordered any more',
  'not-a-stock-holder': 'The person does not look after stock any more',
  'nothing-to-say': 'There is nothing that this message could tell',
} as const;
export type RequestStop = keyof typeof REQUEST_STOPS;

/** Why a message must not be sent any more, or null when it may be. */
export function requestStop(template: AboutRequest, facts: RequestMessageFacts): RequestStop | null {
  if (WHOSE[template] === 'requester' && !facts.isRequester) return 'not-theirs';
  return STOP[template](facts);
}

const WHOSE: Readonly<Partial<Record<AboutRequest, 'requester'>>> = {
  'request-submitted': 'requester',
  'request-approved': 'requester',
  'request-returned': 'requester',
  'request-rejected': 'requester',
  'request-waiting': 'requester',
  'request-kept': 'requester',
  'reservation-expired': 'requester',
};

type Stop = (facts: RequestMessageFacts) => RequestStop | null;

const unless = (stop: RequestStop, holds: (facts: RequestMessageFacts) => boolean): Stop => {
  return (facts) => (holds(facts) ? null : stop);
};
const unlessMovedOn = (...states: readonly RequestState[]): Stop =>
  unless('moved-on', ({ state, isCurrent }) => isCurrent && states.includes(state));
const waiting = ({ state, counts }: RequestMessageFacts): boolean =>
  state === 'approved' && (counts.back_ordered ?? 0) > 0;
const has =
  (test: (thing: ThingForThem) => boolean) =>
  ({ theirs }: RequestMessageFacts): boolean =>
    theirs.some(test);
const decidable = unless('decided', ({ decideBy }) => decideBy !== null);

const STOP: Readonly<Record<AboutRequest, Stop>> = {
  'request-submitted': unlessMovedOn('submitted'),
  'decision-wanted': decidable,
  'decision-reminder': decidable,
  'request-approved': unlessMovedOn('approved', 'closed'),
  'request-returned': unlessMovedOn('returned'),
  'request-rejected': unlessMovedOn('rejected'),
  'request-waiting': unless('nothing-waits', waiting),
  'request-kept': unless(
    'nothing-kept',
    ({ state, counts }) => state === 'approved' && (counts.reserved ?? 0) + (counts.picking ?? 0) > 0,
  ),
  'reservation-expired': unless('nothing-expired', waiting),
  'request-ready': unless('not-ready', has(isReady)),
  'request-sent': unless('not-on-its-way', has(isOnItsWay)),
  'confirm-receipt': unless('confirmed', has(isToConfirm)),
  'receipt-observed': unless('confirmed', has(isTakenAsReceived)),
  'return-replaced': unless('brought-back', ({ toReturn }) => toReturn > 0),
  'request-cancelled': unless(
    'moved-on',
    ({ state }) => state === 'cancelled' || state === 'closed' || state === 'approved',
  ),
};

export function isReady({ state }: ThingForThem): boolean {
  return state === 'picked';
}

export function isOnItsWay({ state }: ThingForThem): boolean {
  return state === 'dispatched';
}

export function isToConfirm({ state }: ThingForThem): boolean {
  return state === 'handed_over';
}

export function isTakenAsReceived({ state, isObserved }: ThingForThem): boolean {
  return state === 'received' && isObserved;
}
