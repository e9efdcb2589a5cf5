import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SCHEDULE, type Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { londonDay } from '../../common/uk-time.js';
import { once } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import { readinessSettingsOf } from '../domain/readiness/settings.js';
import { waiverErrors, type WantedWaiver } from '../domain/readiness/waiver.js';
import type { ReadinessRule } from '../domain/readiness/rules.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { ReadinessService } from './readiness.service.js';

/** Who decides about a waiver. */
export interface WaiverActor {
  readonly actor: Actor;
  /** Object id in Entra ID; a service of its own has none and grants nothing. */
  readonly personEntraId: string | null;
}

/** Waivers that one run of the job ends. */
const EXPIRED_AT_ONCE = 500;

/** Lets one rule not stop one move until a day: by a named person who is not the one who moves, with a reason. */
@Injectable()
export class WaiversService {
  constructor(
    private readonly transactor: Transactor,
    private readonly programmes: ProgrammeQueries,
    private readonly readiness: ReadinessService,
  ) {}

  /**
   * Grants a waiver and works the move's readiness out anew.
   * @throws ForbiddenError for one's own move, and for who is no person; InputError for a rule that cannot be waived or a day
   * that is over or too far; ConflictError when one holds already
   */
  grant(
    wanted: WantedWaiver & { readonly moveId: number; readonly idempotencyKey: string | null },
    by: WaiverActor,
    now: Date = new Date(),
  ): Promise<{ readonly waiverId: number }> {
    const { idempotencyKey: key, ...request } = wanted;
    return this.transactor.run((tx) => {
      const work = (): Promise<{ readonly waiverId: number }> => this.#grant(tx, request, by, now);
      return key === null ? work() : once(tx, { actor: by.actor, key, request }, work);
    });
  }

  /**
   * Ends a waiver before its day.
   * @throws NotFoundError for one that the move does not have, ConflictError for one that has ended
   */
  withdraw(
    { moveId, waiverId, reason }: { readonly moveId: number; readonly waiverId: number; readonly reason: string },
    by: WaiverActor,
    now: Date = new Date(),
  ): Promise<void> {
    return this.transactor.run(async (tx) => {
      const programmeId = await this.#programmeOf(tx, moveId, by);
      const rows = await tx.query<{ rule: ReadinessRule; ended: boolean }[]>(
        `select rule, ended_at is not null as ended from readiness_waiver where id = $1 and move_id = $2 for update`,
        [waiverId, moveId],
      );
      if (rows[0] === undefined) throw new NotFoundError('This move has no such waiver.');
      if (rows[0].ended) throw new ConflictError('This waiver has ended already. Load the page again.');
      await tx.query('update readiness_waiver set ended_at = $2, ended_by = $3, end_reason = $4 where id = $1', [
        waiverId,
        now,
        by.actor,
        reason,
      ]);
      await this.readiness.evaluate(tx, programmeId, [moveId], now);
      await appendToAudit(tx, {
        event: 'waiver.withdrawn',
        actor: by.actor,
        subject: { kind: 'move', id: moveId },
        details: { waiver: waiverId, rule: wordOf(rows[0].rule) },
      });
    });
  }

  /** Ends the waivers whose day is over. @returns how many */
  expire(now: Date = new Date()): Promise<number> {
    return this.transactor.run(async (tx) => {
      const ended = await tx.query<{ id: number; moveId: number; programmeId: number; rule: ReadinessRule }[]>(
        `with due as (
           select waiver.id from readiness_waiver as waiver
           where waiver.ended_at is null and waiver.expires_on < $1::date order by waiver.id limit $4 for update skip locked),
         ended as (
           update readiness_waiver as waiver set ended_at = $2, ended_by = $3, end_reason = 'The day is over.' from due
           where waiver.id = due.id returning waiver.id, waiver.move_id, waiver.rule)
         select ended.id, ended.move_id as "moveId", ended.rule, move.programme_id as "programmeId"
         from ended join move on move.id = ended.move_id order by ended.id`,
        [londonDay(now), now, SCHEDULE, EXPIRED_AT_ONCE],
      );
      for (const programmeId of new Set(ended.map((each) => each.programmeId))) {
        const moves = ended.filter((each) => each.programmeId === programmeId).map(({ moveId }) => moveId);
        await this.readiness.evaluate(tx, programmeId, [...new Set(moves)], now);
      }
      await appendToAudit(
        tx,
        ended.map(({ id, moveId, rule }) => ({
          event: 'waiver.expired' as const,
          actor: SCHEDULE,
          subject: { kind: 'move', id: moveId },
          details: { waiver: id, rule: wordOf(rule) },
        })),
      );
      return ended.length;
    });
  }

  async #grant(
    tx: EntityManager,
    { moveId, rule, reason, expiresOn }: WantedWaiver & { readonly moveId: number },
    by: WaiverActor,
    now: Date,
  ): Promise<{ readonly waiverId: number }> {
    const programmeId = await this.#programmeOf(tx, moveId, by);
    const programme = await this.programmes.one(programmeId, tx);
    const errors = waiverErrors(
      { rule, reason, expiresOn },
      readinessSettingsOf(programme?.settings ?? {}),
      londonDay(now),
    );
    if (errors.length > 0) throw new InputError('This waiver cannot be granted.', errors);
    const [waiver] = await tx.query<{ id: number }[]>(
      `insert into readiness_waiver (move_id, rule, reason, expires_on, granted_by, granted_at)
       values ($1, $2, $3, $4, $5, $6) on conflict (move_id, rule) where ended_at is null do nothing returning id`,
      [moveId, rule, reason, expiresOn, by.actor, now],
    );
    if (waiver === undefined) {
      throw new ConflictError('This rule is waived for this move already. Withdraw that waiver first.');
    }
    await this.readiness.evaluate(tx, programmeId, [moveId], now);
    await appendToAudit(tx, {
      event: 'waiver.granted',
      actor: by.actor,
      subject: { kind: 'move', id: moveId },
      details: { waiver: waiver.id, rule: wordOf(rule), until: expiresOn },
    });
    return { waiverId: waiver.id };
  }

  async #programmeOf(tx: EntityManager, moveId: number, { personEntraId }: WaiverActor): Promise<number> {
    const [move] = await tx.query<{ programme_id: number; person_entra_id: string }[]>(
      'select programme_id, person_entra_id from move where id = $1',
      [moveId],
    );
    if (move === undefined) throw new NotFoundError('There is no move with this number.');
    if (personEntraId === null) throw new ForbiddenError('Waivers are decided by a person. Sign in as yourself.');
    if (move.person_entra_id === personEntraId) {
      throw new ForbiddenError('Nobody decides about waivers for their own move. Ask another rollout manager.');
    }
    return move.programme_id;
  }
}

/** The trail takes words without digits. */
function wordOf(rule: ReadinessRule): string {
  return rule === 'windows-11' ? 'windows-eleven' : rule;
}
