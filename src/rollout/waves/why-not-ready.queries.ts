import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { MoveState } from '../domain/move-words.js';
import { RULE_WORDS, type ReadinessRule } from '../domain/readiness/rules.js';

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
  const blockers = await tx.query<{ rule: ReadinessRule }[]>(
    'select distinct rule from readiness_result where move_id = $1 and blocks order by rule',
    [moveId],
  );
  if (blockers.length === 0) return 'Only somebody who is ready can be booked, and this move is not.';
  const named = blockers.map(({ rule }) => RULE_WORDS[rule]).join(', ');
  return `Only somebody who is ready can be booked. In the way of this move: ${named}.`;
}

/** The same for pages. */
@Injectable()
export class WhyNotReadyQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Why somebody who is not ready cannot be booked. */
  of(moveId: number, state: MoveState): Promise<string> {
    return whyNotReady(this.dataSource.manager, moveId, state);
  }
}
