import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { InputError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import { lockRecord } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';

/** The budget of a team in a financial year. */
export interface TeamBudgetInput {
  /** Department of the directory, in any case. */
  readonly team: string;
  /** In which the financial year begins, 2000 to 2100. */
  readonly year: number;
  /** 0 to 1,000,000,000 pounds, in pence. */
  readonly amountPence: number;
}

const TEAM_BUDGET = { table: 'team_budget', called: 'budget of a team' };
const SENTENCES = { team_budget_team_key: 'This team has a budget for this year already. Change that one.' };

/** Sets what teams may ask for in a financial year. */
@Injectable()
export class TeamBudgetsService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Gives a team a budget for a year.
   * @param key the same key is done once
   * @throws ConflictError when it has one for the year; InputError for a team that the directory does not have
   */
  add(input: TeamBudgetInput, key: string | null, actor: Actor): Promise<{ readonly id: number }> {
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { add: 'team-budget', ...input } }, async () => {
        const { year, amountPence } = input;
        const [row] = await tx
          .query<{ id: number }[]>(
            'insert into team_budget (team, year, amount_pence, changed_by) values ($1, $2, $3, $4) returning id',
            [await teamOf(tx, input.team), year, amountPence, actor],
          )
          .catch(orConflictOf(SENTENCES));
        const id = row?.id ?? 0;
        await appendToAudit(tx, {
          event: 'budget.set',
          actor,
          subject: { kind: 'team-budget', id },
          details: { year, amountPence },
        });
        return { id };
      }),
    );
  }

  /**
   * Says anew what a team may ask for.
   * @param amountPence 0 to 1,000,000,000 pounds, in pence
   * @param version of the budget that was looked at
   * @throws NotFoundError; ChangedMeanwhileError
   */
  change(id: number, amountPence: number, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockRecord(tx, TEAM_BUDGET, id, version);
      await tx.query(
        `update team_budget set amount_pence = $2, changed_by = $3, changed_at = now(),
           version = nextval('equipment_version_sequence')
         where id = $1`,
        [id, amountPence, actor],
      );
      await appendToAudit(tx, {
        event: 'budget.set',
        actor,
        subject: { kind: 'team-budget', id },
        details: { amountPence },
      });
    });
  }

  /**
   * Takes a team's budget of a year away; what it asked for stays.
   * @param version of the budget that was looked at
   * @throws NotFoundError; ChangedMeanwhileError
   */
  remove(id: number, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockRecord(tx, TEAM_BUDGET, id, version);
      await tx.query('delete from team_budget where id = $1', [id]);
      await appendToAudit(tx, { event: 'budget.removed', actor, subject: { kind: 'team-budget', id } });
    });
  }
}

/** The team as the directory spells it. */
async function teamOf(tx: EntityManager, named: string): Promise<string> {
  const [found] = await tx.query<{ team: string | null }[]>(
    'select min(department) as team from person where lower(department) = lower($1)',
    [named],
  );
  if (typeof found?.team === 'string') return found.team;
  throw new InputError('The directory has no team of this name.', [
    { field: 'team', message: 'Enter a department of the directory, in full' },
  ]);
}
