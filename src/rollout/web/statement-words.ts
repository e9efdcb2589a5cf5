import type { FormStatement } from './statement-fields.js';

/** What a statement does, for whoever is about to make it, and what is said once it is made. */
export const STATEMENT_EXPLANATIONS: Readonly<
  Record<FormStatement, { readonly explanation: string; readonly done: string }>
> = {
  'confirm-work-style': {
    explanation: 'How somebody works decides which rules have to be ready before they can move.',
    done: 'Work style confirmed.',
  },
  'confirm-receipt': {
    explanation: 'Says that the laptop arrived and that this person works with it.',
    done: 'Receipt confirmed.',
  },
  defer: {
    explanation: 'The person stays in the programme, waits for nothing and holds nobody up until the day.',
    done: 'Deferred.',
  },
  'end-deferral': { explanation: 'The move is taken up again now.', done: 'Deferral ended.' },
  exempt: {
    explanation: 'The person leaves the programme’s scope. This is counted as a change of scope, never as progress.',
    done: 'Exempted.',
  },
  'end-exemption': { explanation: 'The person counts in the programme again.', done: 'Exemption ended.' },
  'state-no-desktop': {
    explanation:
      'Says that there is no desktop to take back, so that the move can be done without one. If a source knows one all the same, that is shown as a doubt.',
    done: 'Stated.',
  },
  'state-desktop': {
    explanation:
      'Adds a desktop that the person uses and that no source ties to them. The move waits until it is back.',
    done: 'Desktop added.',
  },
  'release-desktop': {
    explanation: 'For desktops that several people share: this person does not wait for it any more, the others do.',
    done: 'Stated.',
  },
  'roll-back': {
    explanation: 'The person works on a desktop again. The move begins anew with the next booking.',
    done: 'Rolled back.',
  },
  reopen: {
    explanation: 'The move is not done after all. It is done again once what was missing is known.',
    done: 'Reopened.',
  },
  retract: {
    explanation:
      'Nothing is deleted: what was wrong stays in the history, struck through, and the state is worked out without it. What a source says comes back if the source says it again.',
    done: 'Retracted.',
  },
};
