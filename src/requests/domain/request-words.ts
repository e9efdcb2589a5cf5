/** Where a request stands; what becomes of its lines is told by their own states. */
export const REQUEST_STATES = [
  'draft',
  'submitted',
  'returned',
  'rejected',
  'approved',
  'cancelled',
  'closed',
] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

export const REQUEST_STATE_WORDS: Readonly<Record<RequestState, string>> = {
  draft: 'Draft',
  submitted: 'Waiting for a decision',
  returned: 'Returned for changes',
  rejected: 'Rejected',
  approved: 'Approved',
  cancelled: 'Cancelled',
  closed: 'Closed',
};

/** Where one line of a request stands. */
export const LINE_STATES = [
  'open',
  'reserved',
  'back_ordered',
  'picking',
  'fulfilled',
  'received',
  'cancelled',
  'superseded',
] as const;
export type LineState = (typeof LINE_STATES)[number];

/** States of lines of which nothing more comes. */
export const FINISHED_LINE_STATES: ReadonlySet<LineState> = new Set(['received', 'cancelled', 'superseded']);

export const LINE_STATE_WORDS: Readonly<Record<LineState, string>> = {
  open: 'Not decided yet',
  reserved: 'Reserved',
  back_ordered: 'Waiting for stock',
  picking: 'Being picked or on its way',
  fulfilled: 'Handed over',
  received: 'Received',
  cancelled: 'Cancelled',
  superseded: 'Replaced by a later version',
};

/** Where things are brought to. */
export const DELIVERIES = ['site', 'home'] as const;
export type Delivery = (typeof DELIVERIES)[number];

export const DELIVERY_WORDS: Readonly<Record<Delivery, string>> = {
  site: 'To a site',
  home: 'To each person’s home',
};

/** Everything that the history of a request can hold. */
export const REQUEST_EVENTS = [
  'begun',
  'copied',
  'edited',
  'submitted',
  'cancelled',
  'step-opened',
  'step-left-out',
  'step-rerouted',
  'step-escalated',
  'reminded',
  'step-approved',
  'approved',
  'rejected',
  'returned',
  'reserved',
  'back-ordered',
  'reservation-expired',
  'released',
  'picked',
  'put-back',
  'dispatched',
  'handed-over',
  'received',
  'receipt-observed',
  'brought-back',
  'closed',
] as const;
export type RequestEventName = (typeof REQUEST_EVENTS)[number];

export const REQUEST_EVENT_WORDS: Readonly<Record<RequestEventName, string>> = {
  begun: 'Draft begun',
  copied: 'Draft made as a copy of another request',
  edited: 'Opened again to be changed',
  submitted: 'Submitted',
  cancelled: 'Cancelled',
  'step-opened': 'Asked for a decision',
  'step-left-out': 'Not asked twice: the same person decides another step',
  'step-rerouted': 'Given to somebody else to decide',
  'step-escalated': 'Escalated, because nobody decided in time',
  reminded: 'Reminder sent',
  'step-approved': 'A step was approved',
  approved: 'Approved',
  rejected: 'Rejected',
  returned: 'Returned for changes',
  reserved: 'Reserved in stock',
  'back-ordered': 'Waiting for stock',
  'reservation-expired': 'Reservation expired',
  released: 'Released',
  picked: 'Picked',
  'put-back': 'Put back',
  dispatched: 'Sent',
  'handed-over': 'Handed over',
  received: 'Receipt confirmed',
  'receipt-observed': 'Receipt taken from a first sign-in',
  'brought-back': 'Brought back',
  closed: 'Closed',
};
