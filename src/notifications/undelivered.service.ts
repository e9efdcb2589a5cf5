import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { appendToAudit } from '../audit/audit-trail.js';
import { ConflictError, NotFoundError } from '../common/errors.js';
import { Transactor } from '../database/transactor.js';
import type { MessageState } from './message-words.js';

/** What a person can decide about a message that was not sent, or of which nobody knows. */
export const DECISIONS = ['send-again', 'arrived', 'give-up'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What is open to a person in each state; nothing in any other. */
export const DECISIONS_IN: Readonly<Partial<Record<MessageState, readonly Decision[]>>> = {
  dead: ['send-again', 'give-up'],
  uncertain: ['arrived', 'send-again', 'give-up'],
};

const EVENTS = {
  'send-again': 'message.retried',
  arrived: 'message.settled-as-arrived',
  'give-up': 'message.given-up',
} as const;

const CHANGES: Readonly<Record<Decision, string>> = {
  'send-again': `state = 'waiting', attempts = 0, next_try_at = now(), claim = null`,
  arrived: `state = 'sent', ended_at = now(), claim = null`,
  'give-up': `state = 'stopped', stop_reason = 'given-up', ended_at = now(), claim = null`,
};

/** Decisions about messages that could not be sent. */
@Injectable()
export class UndeliveredService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Whoever was sending it can change nothing any more afterwards.
   * @throws NotFoundError; ConflictError when this cannot be decided of it any more
   */
  decide(id: number, decision: Decision, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      const [message] = await tx.query<{ state: MessageState; late: boolean; error: string | null }[]>(
        'select state, use_by <= now() as late from message where id = $1 for update',
        [id],
      );
      if (message === undefined) throw new NotFoundError('There is no such message.');
      if (!DECISIONS_IN[message.state]?.includes(decision)) {
        throw new ConflictError('Somebody has decided about this message already, or it is being sent.');
      }
      if (decision === 'send-again' && message.late) {
        throw new ConflictError('It is too late for this message. Give it up.');
      }
      await tx.query(`update message set ${CHANGES[decision]} where id = $1`, [id]);
      await appendToAudit(tx, {
        event: EVENTS[decision],
        actor,
        subject: { kind: 'message', id },
        details: { from: message.state },
      });
    });
  }

  /**
   * Sends everything again that is certain not to have arrived and that it is not too late for.
   * @returns how many messages
   */
  sendAllAgain(actor: Actor): Promise<number> {
    return this.transactor.run(async (tx) => {
      const count = await sendAgain(tx);
      if (count > 0)
        await appendToAudit(tx, { event: 'message.all-retried', actor, subject: null, details: { count } });
      return count;
    });
  }
}

async function sendAgain(tx: EntityManager): Promise<number> {
  const [row] = await tx.query<{ count: number }[]>(
    `with chosen as (
       select id from message where state = 'dead' and use_by > now() order by id for update),
     changed as (update message set ${CHANGES['send-again']} from chosen where message.id = chosen.id returning 1)
     select count(*)::integer as count from changed`,
  );
  return row?.count ?? 0;
}
