import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { appendToAudit } from '../audit/audit-trail.js';
import { Transactor } from '../database/transactor.js';
import { AccountsService, type StatedPerson } from './accounts.service.js';
import { RightsQueries, type SessionRights } from './rights.queries.js';
import { hashOf, newSecret } from './secret.js';
import { ABSOLUTE_SECONDS } from './session-lifetime.js';

/** A session that has begun: what the cookie gets, and when the session ends at the latest. */
export interface StartedSession {
  readonly cookie: string;
  readonly expiresAt: Date;
  readonly accountId: number;
}

/** The name is looked up in the directory only to find the object id, which is what identifies the person. */
const OF_PERSON = `account_id in (
  select account.id from account join person on person.entra_id = account.object_id::text
  where lower(person.user_principal_name) = lower($1))`;

interface SessionRow {
  readonly id: number;
  readonly object_id: string;
}

/** Sessions of browsers. Every process sees the same ones at once, since they live in the database only. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly transactor: Transactor,
    private readonly accounts: AccountsService,
    private readonly rights: RightsQueries,
  ) {}

  /**
   * Begins a session under a new cookie value for a person whom Entra ID has just signed in.
   * @param replaces value of the cookie that the browser has come with; that session is over.
   */
  start(person: StatedPerson, replaces: string | null = null): Promise<StartedSession> {
    const cookie = newSecret();
    return this.transactor.run(async (tx) => {
      const accountId = await this.accounts.keep(tx, person);
      const [session] = await tx.query<{ id: number; expires_at: Date }[]>(
        `with signed_in as (update account set last_sign_in_at = now() where id = $1),
              run_out as (delete from sign_in_session where expires_at < now())
         insert into sign_in_session (secret_hash, account_id, expires_at)
         values ($2, $1, now() + interval '${ABSOLUTE_SECONDS} seconds') returning id, expires_at`,
        [accountId, hashOf(cookie)],
      );
      if (!session) throw new Error('The session was not stored.');
      const replaced = replaces === null ? [] : await remove(tx, 'secret_hash = $1', hashOf(replaces));
      const actor: Actor = `person:${person.objectId.toLowerCase()}`;
      await appendToAudit(tx, [
        ...replaced.map(endOf),
        { event: 'session.started' as const, actor, subject: { kind: 'session', id: session.id } },
      ]);
      return { cookie, expiresAt: session.expires_at, accountId };
    });
  }

  /** The session of a cookie with the rights of its person at this moment; null when there is none or it has run out. */
  async find(cookie: string): Promise<SessionRights | null> {
    const session = await this.rights.ofSession(hashOf(cookie));
    if (session?.useIsStale) {
      await this.transactor.run((tx) =>
        tx.query('update sign_in_session set last_used_at = now() where id = $1', [session.id]),
      );
    }
    return session;
  }

  /** Ends the session of a cookie. Nothing happens when there is none any more. */
  async end(cookie: string): Promise<void> {
    await this.transactor.run(async (tx) => {
      const ended = await remove(tx, 'secret_hash = $1', hashOf(cookie));
      if (ended.length > 0) await appendToAudit(tx, ended.map(endOf));
    });
  }

  /**
   * Ends every session of a person, in all browsers (OWASP ASVS 5.0, v5.0.0-7.4.5).
   * @returns how many there were.
   */
  endAllOf(userPrincipalName: string, actor: Actor): Promise<number> {
    return this.transactor.run(async (tx) => {
      const ended = await remove(tx, OF_PERSON, userPrincipalName);
      if (ended.length > 0)
        await appendToAudit(
          tx,
          ended.map((session) => ({ ...endOf(session), actor })),
        );
      return ended.length;
    });
  }
}

/**
 * A secret that only the browser of this sign-in and this application know, made of the cookie and kept nowhere; form tokens
 * are derived from it.
 */
export function sessionSecretOf(cookie: string): string {
  return hash('sha256', `form tokens of ${cookie}`, 'base64url');
}

function remove(tx: EntityManager, condition: string, value: Buffer | string): Promise<SessionRow[]> {
  return tx.query<SessionRow[]>(
    `with ended as (delete from sign_in_session where ${condition} returning id, account_id)
     select ended.id, account.object_id::text as object_id from ended join account on account.id = ended.account_id`,
    [value],
  );
}

function endOf(session: SessionRow): {
  event: 'session.ended';
  actor: Actor;
  subject: { kind: string; id: number };
} {
  return {
    event: 'session.ended',
    actor: `person:${session.object_id}`,
    subject: { kind: 'session', id: session.id },
  };
}
