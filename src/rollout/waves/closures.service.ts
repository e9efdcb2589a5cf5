import { Injectable } from '@nestjs/common';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { once } from '../../database/command-receipts.js';
import { SQLSTATE, sqlstateOf } from '../../database/sqlstate.js';
import { Transactor } from '../../database/transactor.js';
import { ProgrammeQueries } from '../programme.queries.js';
import type { BookingActor } from './booking-actor.js';
import { BookingChanges } from './booking-changes.service.js';
import { closeSlots } from './slot-closing.service.js';
import { lockProgramme, spanOf } from './slots.service.js';

/** Days on which nobody is to be booked. */
export interface NewClosure {
  /** Null for every site. */
  readonly site: string | null;
  readonly fromDay: string;
  /** The last day, which is closed too. */
  readonly untilDay: string;
  readonly reason: string;
}

/** What a closure came to. */
export interface ClosureOutcome {
  readonly closureId: number;
  readonly closed: number;
  readonly cancelled: number;
}

/** Closes sites for days, and opens them again. */
@Injectable()
export class ClosuresService {
  constructor(
    private readonly transactor: Transactor,
    private readonly programmes: ProgrammeQueries,
    private readonly changes: BookingChanges,
  ) {}

  /** Closes a site, or all, for some days: the slots there are closed, and whoever is booked is cancelled with the reason. */
  make(closure: NewClosure, key: string | null, by: BookingActor, now = new Date()): Promise<ClosureOutcome> {
    const { site, fromDay, untilDay, reason } = closure;
    if (untilDay < fromDay) {
      const message = 'Enter a last day that is not before the first.';
      return Promise.reject(new InputError(message, [{ field: 'untilDay', message }]));
    }
    return this.transactor.run((tx) => {
      const work = (): Promise<ClosureOutcome> =>
        this.changes.gather(tx, { by: by.actor, now }, async (changes) => {
          const programmeId = await lockProgramme(tx, this.programmes);
          const [row] = await tx.query<{ id: number }[]>(
            `insert into slot_closure (programme_id, site, from_day, until_day, reason, created_by)
             values ($1, $2, $3, $4, $5, $6) returning id`,
            [programmeId, site, fromDay, untilDay, reason, by.actor],
          );
          const closureId = row?.id ?? 0;
          const { from, until } = spanOf(fromDay, untilDay);
          const slots = await tx.query<{ id: number }[]>(
            `select id from slot where programme_id = $1 and state = 'open' and ($2::text is null or site = $2)
               and starts_at >= $3 and starts_at < $4 and starts_at > $5 order by id`,
            [programmeId, site, from, until, now],
          );
          const ids = slots.map(({ id }) => id);
          const cancelled = await closeSlots(tx, this.changes, changes, ids, { reason, closureId });
          changes.entries.push({
            event: 'slot-closure.made',
            actor: by.actor,
            subject: { kind: 'slot-closure', id: closureId },
            details: { from: fromDay, until: untilDay, slots: ids.length, bookings: cancelled ?? 0 },
          });
          return { closureId, closed: ids.length, cancelled: cancelled ?? 0 };
        });
      return key === null ? work() : once(tx, { actor: by.actor, key, request: closure }, work);
    });
  }

  /**
   * Takes a closure back: its slots open again, without those who were cancelled, unless another closure holds for them.
   * @throws NotFoundError for one that does not hold; ConflictError when an engineer has another slot at the time by now
   */
  withdraw(closureId: number, by: BookingActor, now = new Date()): Promise<{ readonly opened: number }> {
    return this.transactor.run((tx) =>
      this.changes.gather(tx, { by: by.actor, now }, async (changes) => {
        await lockProgramme(tx, this.programmes);
        const [rows] = await tx.query<[unknown[], number]>(
          'update slot_closure set withdrawn_at = $2 where id = $1 and withdrawn_at is null returning id',
          [closureId, now],
        );
        if (rows.length === 0) throw new NotFoundError('There is no such closure that holds.');
        const [slots] = await tx.query<[{ state: string }[], number]>(REOPEN, [closureId]).catch((error: unknown) => {
          if (sqlstateOf(error) === SQLSTATE.exclusionViolation) {
            throw new ConflictError(
              'An engineer has another slot at one of these times meanwhile. Close that one first.',
            );
          }
          throw error;
        });
        const opened = slots.filter(({ state }) => state === 'open').length;
        changes.entries.push({
          event: 'slot-closure.withdrawn',
          actor: by.actor,
          subject: { kind: 'slot-closure', id: closureId },
          details: { slots: opened },
        });
        return { opened };
      }),
    );
  }
}

/** Opens the slots of a closure, or leaves them to another one that holds on their day. */
const REOPEN = `
  update slot set closure_id = holding.id, state = case when holding.id is null then 'open' else 'closed' end,
    version = nextval('rollout_version_sequence')
  from (
    select slot.id as slot_id, (
      select min(closure.id) from slot_closure as closure
      where closure.programme_id = slot.programme_id and closure.withdrawn_at is null
        and (closure.site is null or closure.site = slot.site)
        and (slot.starts_at at time zone 'Europe/London')::date between closure.from_day and closure.until_day) as id
    from slot where slot.closure_id = $1
  ) as holding
  where slot.id = holding.slot_id
  returning slot.state`;
