/** Where something stands that was taken from the shelf for somebody. */
export const PICK_STATES = ['picked', 'dispatched', 'handed_over', 'received', 'put_back', 'returned'] as const;
export type PickState = (typeof PICK_STATES)[number];

export const PICK_STATE_WORDS: Readonly<Record<PickState, string>> = {
  picked: 'Picked',
  dispatched: 'Sent',
  handed_over: 'Handed over',
  received: 'Received',
  put_back: 'Put back',
  returned: 'Brought back',
};

/** How it is known that somebody has what they were given. */
export const RECEIPTS = ['confirmed', 'observed'] as const;
export type ReceivedHow = (typeof RECEIPTS)[number];

export const RECEIVED_HOW_WORDS: Readonly<Record<ReceivedHow, string>> = {
  confirmed: 'Confirmed by the person',
  observed: 'Observed: the person signed in on it',
};
