import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import type { RequestActor } from '../request-actor.js';
import { decidingPerson } from './decision-rights.queries.js';
import { personsBehind } from './delegations.service.js';

/** Says which accounts belong to one person, so that nobody decides for themselves with a second one. */
@Injectable()
export class LinkedAccountsService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Confirms that an account belongs to a person who has another one. Accounts that were linked to either are that
   * person's too.
   * @param account object id or user principal name of the second account; `person` of the usual one
   * @throws InputError for accounts that the directory does not have, or that are linked already; ForbiddenError for
   * one's own accounts
   */
  confirm({ account, person }: { account: string; person: string }, by: RequestActor, now = new Date()): Promise<void> {
    return this.transactor.run(async (tx) => {
      await oneAfterTheOther(tx);
      const accountId = await knownAccount(tx, 'account', account);
      const namedId = await knownAccount(tx, 'person', person);
      const behind = await checkOthers(tx, [accountId, namedId], by);
      const personId = behind.get(namedId) ?? namedId;
      if (behind.get(accountId) === personId) {
        const message = 'Name two accounts that are not linked yet';
        throw new InputError(`${message}.`, [{ field: 'account', message }]);
      }
      const joined = behind.get(accountId) ?? accountId;
      await tx.query('update linked_account set person_entra_id = $2 where person_entra_id = $1', [joined, personId]);
      await tx.query(
        'insert into linked_account (entra_id, person_entra_id, linked_by, linked_at) values ($1, $2, $3, $4)',
        [joined, personId, by.actor, now],
      );
      await appendToAudit(tx, {
        event: 'linked-account.confirmed',
        actor: by.actor,
        subject: { kind: 'account', id: accountId },
        details: { person: personId },
      });
    });
  }

  /**
   * Says that an account is not somebody's second one.
   * @throws NotFoundError for one that is not linked; ForbiddenError for one's own accounts
   */
  remove(account: string, by: RequestActor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await oneAfterTheOther(tx);
      await checkOthers(tx, [account], by);
      const [rows] = await tx.query<[{ person: string }[], number]>(
        'delete from linked_account where entra_id = $1 returning person_entra_id as person',
        [account],
      );
      const [row] = rows;
      if (!row) throw new NotFoundError('This account is not linked.');
      await appendToAudit(tx, {
        event: 'linked-account.removed',
        actor: by.actor,
        subject: { kind: 'account', id: account },
        details: { person: row.person },
      });
    });
  }
}

/** Links are read before they are written, so that none leads to an account that is itself linked. */
async function oneAfterTheOther(tx: EntityManager): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('linked accounts', 0))`);
}

/** @throws ForbiddenError for accounts of whoever asks: somebody else says what belongs to them */
async function checkOthers(
  tx: EntityManager,
  accounts: readonly string[],
  by: RequestActor,
): Promise<ReadonlyMap<string, string>> {
  const person = decidingPerson(by);
  const behind = await personsBehind(tx, [...accounts, person]);
  if (accounts.some((account) => behind.get(account) === behind.get(person))) {
    throw new ForbiddenError('Somebody else says which accounts are yours.');
  }
  return behind;
}

async function knownAccount(tx: EntityManager, field: string, name: string): Promise<string> {
  const [row] = await tx.query<{ entraId: string }[]>(
    `select entra_id as "entraId" from person where entra_id = lower($1) or lower(user_principal_name) = lower($1)
     order by presence = 'present' desc, id limit 1`,
    [name],
  );
  if (row) return row.entraId;
  const message = 'The directory has no account of that name';
  throw new InputError(`${message}.`, [{ field, message }]);
}
