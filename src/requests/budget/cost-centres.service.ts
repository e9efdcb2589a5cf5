import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { InputError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import { lockRecord } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';

/** What is said of a cost centre; its code stays what it is. */
export interface CostCentreInput {
  readonly name: string;
  /** User principal name or object id of who decides about its money; null for nobody. */
  readonly budgetHolder: string | null;
}

const COST_CENTRE = { table: 'cost_centre', called: 'cost centre' };
const SENTENCES = { cost_centre_pkey: 'This cost centre is entered already. Change that one.' };

/** Enters who pays, and what they may spend in a financial year. */
@Injectable()
export class CostCentresService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Enters a cost centre.
   * @param input.code as the directory spells it
   * @param key the same key is done once
   * @throws ConflictError for a code that is there; InputError for a budget holder whom the directory does not have
   */
  add(
    input: CostCentreInput & { readonly code: string },
    key: string | null,
    actor: Actor,
  ): Promise<{ readonly id: number }> {
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { add: 'cost-centre', ...input } }, async () => {
        const holder = await holderOf(tx, input.budgetHolder);
        const [row] = await tx
          .query<{ id: number }[]>(
            'insert into cost_centre (code, name, budget_holder_entra_id, changed_by) values ($1, $2, $3, $4) returning id',
            [input.code, input.name, holder, actor],
          )
          .catch(orConflictOf(SENTENCES));
        const id = row?.id ?? 0;
        await appendToAudit(tx, { event: 'cost-centre.added', actor, subject: { kind: 'cost-centre', id } });
        return { id };
      }),
    );
  }

  /**
   * Says anew what a cost centre is called and who decides about its money.
   * @param version of the cost centre that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; InputError for a budget holder whom the directory does not have
   */
  change(id: number, input: CostCentreInput, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockRecord(tx, COST_CENTRE, id, version);
      await tx.query(
        `update cost_centre set name = $2, budget_holder_entra_id = $3, changed_by = $4, changed_at = now(),
           version = nextval('equipment_version_sequence')
         where id = $1`,
        [id, input.name, await holderOf(tx, input.budgetHolder), actor],
      );
      await appendToAudit(tx, { event: 'cost-centre.changed', actor, subject: { kind: 'cost-centre', id } });
    });
  }

  /**
   * Sets what a cost centre may spend in a financial year.
   * @param budget.year in which the financial year begins, 2000 to 2100
   * @param budget.amountPence 0 to 1,000,000,000 pounds, in pence
   * @param version of the cost centre that was looked at
   * @throws NotFoundError; ChangedMeanwhileError
   */
  setBudget(
    id: number,
    { year, amountPence }: { readonly year: number; readonly amountPence: number },
    version: string,
    actor: Actor,
  ): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockRecord(tx, COST_CENTRE, id, version);
      await tx.query(
        `insert into budget (cost_centre_code, year, amount_pence, changed_by)
         select code, $2, $3, $4 from cost_centre where id = $1
         on conflict on constraint budget_pkey do update set amount_pence = excluded.amount_pence,
           changed_by = excluded.changed_by, changed_at = now(), version = nextval('equipment_version_sequence')`,
        [id, year, amountPence, actor],
      );
      await tx.query(`update cost_centre set version = nextval('equipment_version_sequence') where id = $1`, [id]);
      await appendToAudit(tx, {
        event: 'budget.set',
        actor,
        subject: { kind: 'cost-centre', id },
        details: { year, amountPence },
      });
    });
  }
}

async function holderOf(tx: EntityManager, named: string | null): Promise<string | null> {
  if (named === null) return null;
  const [person] = await tx.query<{ entraId: string }[]>(
    `select entra_id as "entraId" from person
     where (lower(user_principal_name) = lower($1) or entra_id = lower($1)) and presence = 'present'
     order by entra_id = lower($1) desc limit 1`,
    [named],
  );
  if (person) return person.entraId;
  throw new InputError('The directory has nobody of this name.', [
    { field: 'budgetHolder', message: 'Enter the user principal name of somebody in the directory' },
  ]);
}
