import type { EntityManager } from 'typeorm';
import type { MoveState } from '../domain/move-words.js';

const SENTENCES: Readonly<Record<Exclude<MoveState, 'ready' | 'blocked'>, string>> = {
  not_started: 'The questions about this move are not answered yet. Answer them first.',
  assessed: 'Readiness has not been worked out yet. Try again in a few minutes.',
  scheduled: 'There is a booking already. Change or cancel that one.',
  handed_over: 'The laptop has been handed over already.',
  desktop_recovered: 'The laptop has been handed over already.',
  closed: 'This move is done.',
  rolled_back: 'This move was rolled back, and the person is not ready to move again.',
  deferred: 'This move is deferred. End the deferral first.',
  already_mobile: 'The person has a laptop and no desktop: there is nothing to book.',
  exempt: 'The person is exempt from this programme.',
  out_of_scope: 'The person is not in the scope of this programme.',
  left: 'The person has left the council.',
};

/** Why somebody cannot be booked, as a sentence that names what stands in the way. */
export async function whyNotReady(tx: EntityManager, moveId: number, state: MoveState): Promise<string> {
  if (state !== 'ready' && state !== 'blocked') return SENTENCES[state];
  const [move] = await tx.query<{ readiness: string | null }[]>('select readiness from move where id = $1', [moveId]);
  return `Only somebody who is ready can be booked, and this move is ${move?.readiness === 'unknown' ? 'not known to be' : 'not'}.`;
}
