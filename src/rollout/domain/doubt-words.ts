import type { MoveDoubtKind } from './move-doubt.js';

/** What a doubt says, and what to do next. */
export interface DoubtWords {
  readonly short: string;
  readonly text: string;
  readonly next: string;
}

/** The doubts about moves in the words of pages. */
export const DOUBT_WORDS: Readonly<Record<MoveDoubtKind, DoubtWords>> = {
  'handover-unconfirmed': {
    short: 'Hand-over not confirmed',
    text: 'A laptop was handed over, but nobody has confirmed it and no source has seen this person sign in to it.',
    next: 'Ask whether the laptop arrived. It is confirmed by itself once they have signed in to it.',
  },
  'recovered-desktop-seen': {
    short: 'Recovered desktop seen again',
    text: 'A desktop that was recovered has been seen online again.',
    next: 'Find out where the desktop is. If it was given out again, record that on its page.',
  },
  'laptop-gone': {
    short: 'Laptop gone',
    text: 'The laptop of this move has come back, is missing or was taken out of use.',
    next: 'Give them another laptop, or roll the move back and say why.',
  },
  'several-laptops': {
    short: 'Several laptops',
    text: 'This person has more than one laptop.',
    next: 'Take one back, or record why they need both.',
  },
  'desktop-denied-but-known': {
    short: 'Desktop said not to exist',
    text: 'Somebody said that there is no desktop to recover, but a source knows one.',
    next: 'Look at the desktop’s page and settle whose it is.',
  },
  'holder-and-user-differ': {
    short: 'Holder and user differ',
    text: 'Custody names another person than the one who uses the machine.',
    next: 'Correct the custody, or have the primary user changed in Intune.',
  },
  'leaver-has-equipment': {
    short: 'Left and has equipment',
    text: 'This person has left and still has equipment.',
    next: 'Ask the line manager to bring it back, and take it back on its page.',
  },
  'rolled-back-with-laptop': {
    short: 'Rolled back, laptop not returned',
    text: 'The move was rolled back, but this person still has the laptop.',
    next: 'Take the laptop back on its page, or retract the roll back.',
  },
  'missed-three-times': {
    short: 'Missed three appointments',
    text: 'Three appointments were missed.',
    next: 'Speak to the line manager before booking again.',
  },
  'deferral-over': {
    short: 'Deferral over',
    text: 'The day until which the move was deferred has passed.',
    next: 'Ask whether they are back, then book a date or defer again.',
  },
};
