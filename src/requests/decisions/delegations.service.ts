import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { addDays, londonDay } from '../../common/uk-time.js';
import { onceForKey } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import { personNamed } from '../../devices/lifecycle/custody-facts.queries.js';
import type { RequestActor } from '../request-actor.js';
import { decidingPerson } from './decision-rights.queries.js';

/** Longest time for which one delegation holds, as the database has it: a quarter of a year. */
const MOST_DAYS = 92;
/** How far ahead one can begin. An assumption: leave is not planned further. */
const MOST_DAYS_AHEAD = 366;

/** Somebody is to decide in somebody else's place. */
export interface NewDelegation {
  /** Whose decisions: object id or user principal name; null for one's own. */
  readonly from: string | null;
  /** Who decides: object id or user principal name. */
  readonly to: string;
  readonly fromDay: string;
  /** The last day. */
  readonly untilDay: string;
  readonly reason: string;
  readonly idempotencyKey: string | null;
}

/** Who decides in whose place, for some days. */
@Injectable()
export class DelegationsService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Gives one's own decisions to somebody for some days; an administrator gives those of somebody else, who is ill.
   * @throws InputError for somebody unknown, oneself, or days out of range; ForbiddenError for an administrator who would
   * decide themselves, and for everybody else who names another person's decisions
   */
  make(delegation: NewDelegation, by: RequestActor, now = new Date()): Promise<{ delegationId: number }> {
    const { idempotencyKey: key, ...request } = delegation;
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor: by.actor, key, request: { delegate: request } }, () => this.#make(tx, request, by, now)),
    );
  }

  async #make(
    tx: EntityManager,
    { from, to, fromDay, untilDay, reason }: Omit<NewDelegation, 'idempotencyKey'>,
    by: RequestActor,
    now: Date,
  ): Promise<{ delegationId: number }> {
    const person = decidingPerson(by);
    checkDays(fromDay, untilDay, londonDay(now));
    const giver = from === null ? person : await personOfName(tx, 'from', from);
    const taker = await personOfName(tx, 'to', to);
    const behind = await personsBehind(tx, [person, giver, taker]);
    if (behind.get(giver) === behind.get(taker)) throw wrong('to', 'Name somebody else than the person who delegates.');
    if (giver !== person) {
      if (!by.permissions.has('requests:administer')) {
        throw new ForbiddenError('Only an administrator delegates the decisions of somebody else.');
      }
      if (behind.get(taker) === behind.get(person)) {
        throw new ForbiddenError('Nobody gives themselves the decisions of somebody else.');
      }
    }
    const [row] = await tx.query<{ id: number }[]>(
      `insert into approval_delegation (from_entra_id, to_entra_id, from_day, until_day, reason, created_by, created_at)
       values ($1, $2, $3, $4, $5, $6, $7) returning id`,
      [giver, taker, fromDay, untilDay, reason, by.actor, now],
    );
    if (!row) throw new Error('The delegation was not stored.');
    await appendToAudit(tx, {
      event: 'approval-delegation.made',
      actor: by.actor,
      subject: { kind: 'approval-delegation', id: row.id },
      details: { from: giver, to: taker, first: fromDay, last: untilDay },
    });
    return { delegationId: row.id };
  }

  /**
   * Ends a delegation before its last day.
   * @throws NotFoundError for one that has ended, and for who neither gave nor got it and is no administrator
   */
  end(delegationId: number, by: RequestActor, now = new Date()): Promise<void> {
    return this.transactor.run(async (tx) => {
      const person = decidingPerson(by);
      const [rows] = await tx.query<[unknown[], number]>(
        `update approval_delegation set ended_at = $2
         where id = $1 and ended_at is null and (from_entra_id = $3 or to_entra_id = $3 or $4::boolean) returning id`,
        [delegationId, now, person, by.permissions.has('requests:administer')],
      );
      if (rows.length === 0) throw new NotFoundError('There is no such delegation.');
      await appendToAudit(tx, {
        event: 'approval-delegation.ended',
        actor: by.actor,
        subject: { kind: 'approval-delegation', id: delegationId },
      });
    });
  }
}

function checkDays(fromDay: string, untilDay: string, today: string): void {
  if (fromDay < today) throw wrong('fromDay', 'Enter a first day that is not in the past.');
  if (fromDay > addDays(today, MOST_DAYS_AHEAD)) throw wrong('fromDay', 'Enter a first day within the next year.');
  if (untilDay < fromDay) throw wrong('untilDay', 'Enter a last day that is not before the first.');
  if (untilDay > addDays(fromDay, MOST_DAYS)) {
    throw wrong('untilDay', `Enter a last day at most ${MOST_DAYS} days after the first.`);
  }
}

async function personOfName(tx: EntityManager, field: string, name: string): Promise<string> {
  const person = await personNamed(tx, name);
  if (person?.present && person.enabled) return person.entraId;
  throw wrong(field, 'The directory has nobody of that name with an enabled account.');
}

/** The person behind each account. */
export async function personsBehind(tx: EntityManager, accounts: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ account: string; person: string }[]>(
    'select account, person_behind(account) as person from unnest($1::text[]) as account',
    [accounts],
  );
  return new Map(rows.map(({ account, person }) => [account, person]));
}

function wrong(field: string, message: string): InputError {
  return new InputError(message, [{ field, message: message.replace(/\.$/, '') }]);
}
