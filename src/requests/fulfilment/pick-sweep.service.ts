import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AuditEntry } from '../../audit/audit-entry.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { recordRequestEvent } from '../asking/request-rows.queries.js';
import { closeIfDone } from './closing.js';
import { giveOut } from './giving-out.js';
import { settleLines } from './line-standing.js';
import { changePicks, lockPick, SURVIVOR_OF, type LockedPick } from './pick-rows.queries.js';
import { afterPutBack } from './handover.service.js';
import { putPicksBack, FOLLOWING } from './putting-back.js';
import { receive } from './receipt.service.js';

/** Picks that one round looks at; the rest is for the next. */
const AT_ONCE = 200;

const MACHINES = `
  from pick join request_line as line on line.id = pick.request_line_id
  join device on device.id = ${SURVIVOR_OF('pick.device_id')}
  left join device_custody as custody on custody.device_id = device.id and custody.set_aside_at is null`;

const IS_THEIRS = 'custody.holder_entra_id = line.beneficiary_entra_id';

/** Machines that custody handed over by itself. */
const HANDED_OVER = `
  select pick.id ${MACHINES} where pick.state in ('picked', 'dispatched') and ${IS_THEIRS}
    and custody.state in ('in_use', 'return_due') order by pick.id limit ${AT_ONCE}`;

/** Machines that custody took elsewhere before they were handed over. */
const ASTRAY = `
  select pick.id ${MACHINES} where pick.state in ('picked', 'dispatched')
    and not coalesce(${IS_THEIRS} and custody.state in ('allocated', 'in_use', 'return_due'), false)
  order by pick.id limit ${AT_ONCE}`;

/** Machines that the person does not have any more; a missing one is still theirs to find. */
const ELSEWHERE = `
  select pick.id ${MACHINES} where pick.state in ('handed_over', 'received')
    and (custody.state in ('on_order', 'in_stock', 'recovered', 'wiped', 'awaiting_disposal', 'disposed')
         or custody.state in ('allocated', 'in_use', 'return_due') and not coalesce(${IS_THEIRS}, false))
  order by pick.id limit ${AT_ONCE}`;

/** Machines on which the person, whom Intune names as its user, was seen since they got it. */
const SIGNED_IN = `
  select pick.id ${MACHINES} where pick.state = 'handed_over' and device.user_entra_id = line.beneficiary_entra_id
    and device.last_seen_at > pick.handed_over_at and device.last_seen_at <= $1
  order by pick.id limit ${AT_ONCE}`;

/** Keeps picks true to what custody and sign-ins say of their machines. */
@Injectable()
export class PickSweep {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactor: Transactor,
  ) {}

  /**
   * Takes first sign-ins as receipts, and says so of each.
   * @returns how many were received
   */
  observe(now = new Date()): Promise<number> {
    return this.#each(SIGNED_IN, [now], async (tx, locked) => {
      if (locked.pick.state !== 'handed_over') return 0;
      await receive(tx, locked, 'observed', FOLLOWING.actor);
      return 1;
    });
  }

  /** Follows what was done to machines without looking at their requests. @returns how many picks changed */
  async follow(): Promise<number> {
    const given = await this.#each(HANDED_OVER, [], handedOver);
    const astray = await this.#each(ASTRAY, [], goneAstray);
    const elsewhere = await this.#each(ELSEWHERE, [], broughtBack);
    return given + astray + elsewhere;
  }

  async #each(
    statement: string,
    parameters: readonly unknown[],
    work: (tx: EntityManager, locked: LockedPick) => Promise<number>,
  ): Promise<number> {
    let done = 0;
    for (const { id } of await this.dataSource.query<{ id: number }[]>(statement, [...parameters])) {
      try {
        done += await this.transactor.run(async (tx) => {
          const locked = await lockPick(tx, id, null);
          const still = await tx.query<{ id: number }[]>(`select id from (${statement}) as found where id = ${id}`, [
            ...parameters,
          ]);
          return still.length === 0 ? 0 : work(tx, locked);
        });
      } catch (error) {
        // Somebody changed it at the same moment; the next round sees what it came to.
        if (!(error instanceof ConflictError)) throw error;
      }
    }
    return done;
  }
}

async function handedOver(tx: EntityManager, locked: LockedPick): Promise<number> {
  const { entries, recalledId } = await giveOut(tx, locked, FOLLOWING);
  await changePicks(tx, [locked.pick.id], 'handed_over', { handedOverBy: FOLLOWING.actor });
  await settleLines(tx, [locked.line.id]);
  return conclude(tx, locked, 'handed-over', entries, { recalled: recalledId });
}

async function goneAstray(tx: EntityManager, locked: LockedPick): Promise<number> {
  const entries = await putPicksBack(tx, [locked.pick], { by: FOLLOWING, reason: 'Custody has it elsewhere' });
  await afterPutBack(tx, locked, FOLLOWING);
  return conclude(tx, locked, 'put-back', entries);
}

async function broughtBack(tx: EntityManager, locked: LockedPick): Promise<number> {
  await changePicks(tx, [locked.pick.id], 'returned');
  await settleLines(tx, [locked.line.id]);
  return conclude(tx, locked, 'brought-back', []);
}

async function conclude(
  tx: EntityManager,
  { pick, request, line, machine }: LockedPick,
  event: 'handed-over' | 'put-back' | 'brought-back',
  entries: readonly AuditEntry[],
  more: Readonly<Record<string, number | null>> = {},
): Promise<number> {
  const { actor } = FOLLOWING;
  const details = { pick: pick.id, quantity: pick.quantity, ...more };
  await recordRequestEvent(tx, {
    requestId: request.id,
    revision: line.revision,
    lineId: line.id,
    event,
    actor,
    details,
  });
  const closed = await closeIfDone(tx, request, actor);
  await appendToAudit(tx, [
    ...entries,
    {
      event: `request.${event}` as const,
      actor,
      subject: { kind: 'request', id: request.id },
      details: { line: line.id, device: machine?.deviceId ?? null, ...details },
    },
    ...closed,
  ]);
  return 1;
}
