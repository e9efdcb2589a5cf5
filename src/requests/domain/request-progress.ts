import { REQUEST_STATE_WORDS, type LineState, type RequestState } from './request-words.js';

/** How many lines of a request stand where. */
export type LineCounts = Readonly<Partial<Record<LineState, number>>>;

/** Where an approved request is on its way, as lists and pages call it. */
export const PROGRESS_WORDS = {
  waiting: 'Waiting for stock',
  partly_waiting: 'Partly waiting for stock',
  reserved: 'Reserved',
  picking: 'Being picked or on its way',
  partly_handed_over: 'Partly handed over',
  handed_over: 'Handed over',
  received: 'Received',
} as const;
export type Progress = keyof typeof PROGRESS_WORDS;

/** How far an approved request is, by the lines that still count; null before it was approved and when none is left. */
export function progressOf(state: RequestState, counts: LineCounts): Progress | null {
  if (state !== 'approved' && state !== 'closed') return null;
  const of = (...states: readonly LineState[]): number => states.reduce((sum, each) => sum + (counts[each] ?? 0), 0);
  const live = of('open', 'reserved', 'back_ordered', 'picking', 'fulfilled', 'received');
  if (live === 0) return null;
  if (of('received') === live) return 'received';
  const given = of('fulfilled', 'received');
  if (given === live) return 'handed_over';
  if (given > 0) return 'partly_handed_over';
  if (of('picking') > 0) return 'picking';
  if (of('back_ordered') === live) return 'waiting';
  return of('back_ordered') > 0 ? 'partly_waiting' : 'reserved';
}

/** What people are told of a request: its progress once it was approved, its state until then. */
export function standingWords(state: RequestState, counts: LineCounts): string {
  const progress = progressOf(state, counts);
  return progress === null ? REQUEST_STATE_WORDS[state] : PROGRESS_WORDS[progress];
}

/** What happens next with a request, in a sentence for whoever asked. */
export function nextStepWords(state: RequestState, counts: LineCounts): string {
  if (state === 'draft') return 'Nobody has been asked yet. Check it and submit it.';
  if (state === 'submitted') return 'Somebody decides about it. You are told as soon as they have.';
  if (state === 'returned') return 'It came back with a reason. Change it and submit it again.';
  if (state === 'rejected') return 'It was rejected. Make a copy to ask again with what was missing.';
  if (state === 'cancelled') return 'It was cancelled, and everything kept for it was released.';
  const progress = progressOf(state, counts);
  if (progress === null || progress === 'received' || state === 'closed') return 'There is nothing more to do.';
  const sentences = {
    waiting: 'Stock is on its way. Who was approved first is served first, whoever asks.',
    partly_waiting:
      'What is in stock is being put together; the rest waits for stock, and who was approved first is served first.',
    reserved: 'It is kept for you and will be picked.',
    picking: 'It is being put together for the hand-over or delivery.',
    partly_handed_over: 'The rest follows. Whoever got something confirms that they have it.',
    handed_over: 'Whoever got something confirms that they have it.',
  } as const;
  return sentences[progress];
}
