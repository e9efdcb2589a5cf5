import type { MoveState } from '../domain/move-words.js';

/** What a state means for the person whose move it is, and what comes next; without names and without jargon. */
export const MY_MOVE_WORDS: Readonly<Record<MoveState, { readonly now: string; readonly next: string }>> = {
  not_started: {
    now: 'You are to move from your desktop to a laptop.',
    next: 'Answer the questions below. Then we check whether everything is there for you.',
  },
  assessed: {
    now: 'We know what you need.',
    next: 'We are checking whether everything is there for you. You can book a date when it is.',
  },
  blocked: {
    now: 'You cannot move yet.',
    next: 'What stands in the way is below, with whose turn it is. You need not do anything unless it names you.',
  },
  ready: { now: 'You can move.', next: 'Book a date for the hand-over.' },
  scheduled: {
    now: 'Your hand-over is booked.',
    next: 'Bring your desktop’s charger, dock and screen cables if you were asked to, and come in person.',
  },
  handed_over: {
    now: 'You have your laptop.',
    next: 'Your desktop is still to come back. Bring it to your appointment, or tell the service desk where it stands.',
  },
  desktop_recovered: { now: 'Your desktop is back.', next: 'It is being wiped. There is nothing for you to do.' },
  closed: { now: 'Your move is done.', next: 'There is nothing left to do.' },
  rolled_back: {
    now: 'Your move was rolled back, and you work on a desktop again.',
    next: 'You can book a new date when what went wrong has been put right.',
  },
  deferred: { now: 'Your move is deferred.', next: 'We take it up again by itself on the day below.' },
  already_mobile: { now: 'You work on a laptop already.', next: 'There is nothing for you to do.' },
  exempt: { now: 'You keep what you work with.', next: 'If you think that this is wrong, speak to your line manager.' },
  out_of_scope: {
    now: 'You do not take part in the rollout.',
    next: 'If you think that this is wrong, speak to your line manager.',
  },
  left: { now: 'You do not take part in the rollout any more.', next: 'Return your equipment to your line manager.' },
};
