import { Injectable } from '@nestjs/common';
import { appendToAudit } from '../../audit/audit-trail.js';
import { InputError, NotFoundError } from '../../common/errors.js';
import { addDays, londonDay } from '../../common/uk-time.js';
import { Transactor } from '../../database/transactor.js';
import { personNamed } from '../../devices/lifecycle/custody-facts.queries.js';
import type { BookingActor } from './booking-actor.js';
import { BookingRights } from './booking-rights.queries.js';

/** Longest time for which somebody may stand in for somebody else. */
const MOST_DAYS = 366;

/** Somebody is to stand in for the person of a move. */
export interface NewDelegate {
  readonly moveId: number;
  /** Object id or user principal name. */
  readonly delegate: string;
  /** The last day. */
  readonly untilDay: string;
}

/** Names who may book and answer for somebody, until a day. */
@Injectable()
export class DelegatesService {
  constructor(
    private readonly transactor: Transactor,
    private readonly rights: BookingRights,
  ) {}

  /**
   * Names a delegate, or changes until when one is.
   * @throws ForbiddenError for those who only stand in themselves; InputError for somebody whom the directory does not have, for the person themselves, or a day out of range
   */
  name(
    { moveId, delegate, untilDay }: NewDelegate,
    by: BookingActor,
    now = new Date(),
  ): Promise<{ delegateId: number }> {
    const today = londonDay(now);
    if (untilDay < today || untilDay > addDays(today, MOST_DAYS)) {
      return Promise.reject(wrong('untilDay', 'Enter a day from today to a year ahead.'));
    }
    return this.transactor.run(async (tx) => {
      const [move] = await tx.query<{ personEntraId: string }[]>(
        'select person_entra_id as "personEntraId" from move where id = $1',
        [moveId],
      );
      if (!move) throw new NotFoundError('There is no such move.');
      await this.rights.checkNaming(tx, moveId, by);
      const person = await personNamed(tx, delegate);
      if (!person?.present || !person.enabled) {
        throw wrong('delegate', 'The directory has nobody of that name with an enabled account.');
      }
      if (person.entraId === move.personEntraId) throw wrong('delegate', 'Name somebody else than the person.');
      const [row] = await tx.query<{ id: number }[]>(
        `insert into move_delegate (principal_entra_id, delegate_entra_id, until_day, named_by, named_at)
         values ($1, $2, $3, $4, $5)
         on conflict (principal_entra_id, delegate_entra_id) where ended_at is null
           do update set until_day = excluded.until_day, named_by = excluded.named_by, named_at = excluded.named_at
         returning id`,
        [move.personEntraId, person.entraId, untilDay, by.actor, now],
      );
      const delegateId = row?.id ?? 0;
      await appendToAudit(tx, {
        event: 'delegate.named',
        actor: by.actor,
        subject: { kind: 'delegate', id: delegateId },
        details: { move: moveId, until: untilDay },
      });
      return { delegateId };
    });
  }

  /** Ends what a delegate may do. */
  end(moveId: number, delegateId: number, by: BookingActor, now = new Date()): Promise<void> {
    return this.transactor.run(async (tx) => {
      await this.rights.checkNaming(tx, moveId, by);
      const [rows] = await tx.query<[unknown[], number]>(
        `update move_delegate set ended_at = $3 from move
         where move.id = $1 and move_delegate.id = $2 and move_delegate.principal_entra_id = move.person_entra_id
           and ended_at is null returning move_delegate.id`,
        [moveId, delegateId, now],
      );
      if (rows.length === 0) throw new NotFoundError('There is no such delegate.');
      await appendToAudit(tx, {
        event: 'delegate.ended',
        actor: by.actor,
        subject: { kind: 'delegate', id: delegateId },
        details: { move: moveId },
      });
    });
  }
}

function wrong(field: string, message: string): InputError {
  return new InputError(message, [{ field, message }]);
}
