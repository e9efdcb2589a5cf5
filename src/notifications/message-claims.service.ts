import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Transactor } from '../database/transactor.js';
import { MOST_TRIES, pauseAfter, type MessageReference } from './message-words.js';

/** A message that this process alone may send, until its lease runs out. */
export interface ClaimedMessage {
  readonly id: string;
  /** Number of this claim; whoever does not have the last one can change nothing. */
  readonly claim: string;
  readonly recipientEntraId: string;
  readonly template: string;
  readonly reference: MessageReference;
  readonly messageKey: string;
  readonly attempts: number;
}

/** Seconds for which a message is claimed: more than the longest that the mail server is waited for. */
const LEASE_SECONDS = 120;

/** What was to be sent by this process has been taken over by another, or by a person. */
export class LostClaimError extends Error {
  constructor() {
    super('The claim on the message is lost.');
    this.name = new.target.name;
  }
}

/** Who sends which message, and what became of it: each method is one short transaction, none waits for a mail server. */
@Injectable()
export class MessageClaims {
  constructor(private readonly transactor: Transactor) {}

  /** Claims messages that are due. Those that others are claiming at this moment are passed by. */
  claim(count: number, leaseSeconds = LEASE_SECONDS): Promise<ClaimedMessage[]> {
    return this.transactor.run((tx) =>
      tx.query<ClaimedMessage[]>(
        `with due as (
           select id from message where state = 'waiting' and next_try_at <= now() and use_by > now()
           order by next_try_at, id limit $1 for update skip locked),
         claimed as (
           update message set state = 'claimed', claim = $2, lease_until = now() + make_interval(secs => $3),
                              attempts = attempts + 1
           from due where message.id = due.id returning message.*)
         select id::text, claim::text, recipient_entra_id as "recipientEntraId", template, reference,
                message_key as "messageKey", attempts from claimed order by id`,
        [count, randomUUID(), leaseSeconds],
      ),
    );
  }

  /**
   * Writes down that the mail is being handed over now. From here on it is not sent again unless it is known that it did
   * not arrive.
   * @throws LostClaimError when it may not be sent by this process any more
   */
  async handingOver(message: ClaimedMessage, leaseSeconds = LEASE_SECONDS): Promise<void> {
    await this.#change(
      message,
      `state = 'claimed' and lease_until > now()`,
      `state = 'sending', lease_until = now() + make_interval(secs => $3)`,
      [leaseSeconds],
    );
  }

  /** It arrived. Also when another process has doubted it in the meantime. */
  async sent(message: ClaimedMessage): Promise<void> {
    await this.#change(
      message,
      `state in ('sending', 'uncertain')`,
      `state = 'sent', ended_at = now(), lease_until = null, last_error = null`,
    );
  }

  /** It arrived in a mailbox of this database, in the transaction that put it there. */
  async sentWithin(tx: EntityManager, message: ClaimedMessage): Promise<void> {
    const set = `state = 'sent', ended_at = now(), lease_until = null, last_error = null`;
    await change(tx, message, `state = 'claimed' and lease_until > now()`, set, []);
  }

  /** It did not arrive, which is certain: it is tried again later, or left to a person. */
  async failed(message: ClaimedMessage, error: string, permanent: boolean): Promise<void> {
    const dead = permanent || message.attempts >= MOST_TRIES;
    await this.#change(
      message,
      `state in ('claimed', 'sending')`,
      `state = $3, lease_until = null, last_error = $4, next_try_at = now() + make_interval(mins => $5)`,
      [dead ? 'dead' : 'waiting', error, pauseAfter(message.attempts)],
    );
  }

  /** Nobody knows whether it arrived. */
  async uncertain(message: ClaimedMessage, error: string): Promise<void> {
    await this.#change(message, `state = 'sending'`, `state = 'uncertain', lease_until = null, last_error = $3`, [
      error,
    ]);
  }

  /** It must not be sent any more. */
  async stopped(message: ClaimedMessage, reason: string): Promise<void> {
    await this.#change(
      message,
      `state = 'claimed'`,
      `state = 'stopped', ended_at = now(), lease_until = null, stop_reason = $3`,
      [reason],
    );
  }

  /**
   * Puts right what processes that ended left behind, and stops what is too late: what they had only claimed is due
   * again, what they were handing over is uncertain.
   */
  async tidy(): Promise<void> {
    await this.transactor.run(async (tx) => {
      await tx.query(
        `update message set lease_until = null, last_error = 'interrupted', next_try_at = now(),
           state = case when state = 'sending' then 'uncertain' when attempts >= $1 then 'dead' else 'waiting' end
         where id in (select id from message where state in ('claimed', 'sending') and lease_until <= now()
                      order by id for update skip locked)`,
        [MOST_TRIES],
      );
      await tx.query(
        `update message set state = 'stopped', stop_reason = 'too-late', ended_at = now()
         where id in (select id from message where state = 'waiting' and use_by <= now() order by id for update skip locked)`,
      );
    });
  }

  async #change(message: ClaimedMessage, from: string, set: string, values: readonly unknown[] = []): Promise<void> {
    await this.transactor.run((tx) => change(tx, message, from, set, values));
  }
}

/** @param from what must be so of the message besides the claim; `set` has the values from `$3` on. */
async function change(
  tx: EntityManager,
  { id, claim }: ClaimedMessage,
  from: string,
  set: string,
  values: readonly unknown[],
): Promise<void> {
  const rows = await tx.query<unknown[]>(
    `with changed as (update message set ${set} where id = $1 and claim = $2 and ${from} returning 1)
     select 1 from changed`,
    [id, claim, ...values],
  );
  if (rows.length === 0) throw new LostClaimError();
}
