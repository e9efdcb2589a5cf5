import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { appendToAudit } from '../audit/audit-trail.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError, type FieldError } from '../common/errors.js';
import { once } from '../database/command-receipts.js';
import { Transactor } from '../database/transactor.js';
import { isPermission, type Permission } from './permissions.js';
import { RightsQueries, type TokenRights } from './rights.queries.js';
import { hashOf, newSecret } from './secret.js';

/** How every token of ours begins, so that a leaked one is recognised wherever it turns up. */
export const TOKEN_MARK = 'untether_';
/** Characters of a token that lists show. */
const PREFIX_LENGTH = TOKEN_MARK.length + 6;
/** Longest life of a token; the table checks the same. */
export const MOST_DAYS = 90;
const LONGEST_NAME = 100;
/** A service is called like a machine: small letters, digits and dashes. */
const SERVICE_NAME = /^[a-z][a-z0-9-]{1,62}$/;

/** Whose a token is: somebody of the directory, by user principal name, or a service of our own, by its name. */
export type TokenOwner = { readonly person: string } | { readonly service: string };

/** What is asked for when a token is issued. */
export interface TokenRequest {
  readonly name: string;
  readonly owner: TokenOwner;
  readonly scopes: readonly string[];
  /** Days until it runs out, from 1 to 90. */
  readonly days: number;
}

/** Who issues a token; through the web nobody gives away what they may not do themselves. */
export interface TokenIssuer {
  readonly actor: Actor;
  /** Null at the command line, where whoever runs it owns the database anyway. */
  readonly permissions: ReadonlySet<Permission> | null;
}

/** A token that was issued. */
export interface IssuedToken {
  readonly id: number;
  /** Shown once and kept nowhere; null when the same request was sent before, which issued nothing again. */
  readonly secret: string | null;
  /** ISO 8601 in UTC. */
  readonly expiresAt: string;
}

/** Tokens for programs. */
@Injectable()
export class ApiTokens {
  constructor(
    private readonly transactor: Transactor,
    private readonly rights: RightsQueries,
  ) {}

  /** A token that counts, with what it may do at the most and the rights of whose it is; else null. */
  async find(secret: string): Promise<TokenRights | null> {
    const token = await this.rights.ofToken(hashOf(secret));
    if (token?.useIsStale) {
      await this.transactor.run((tx) =>
        tx.query('update api_token set last_used_at = now() where id = $1', [token.id]),
      );
    }
    return token;
  }

  /**
   * Issues a token.
   * @param key the form's submission or the caller's Idempotency-Key: sent again, it issues nothing again.
   * @throws InputError for a name, scope or time that is not right, or a person whom the directory does not have;
   *   ForbiddenError for a scope that the issuer lacks.
   */
  async issue(issuer: TokenIssuer, request: TokenRequest, key: string = randomUUID()): Promise<IssuedToken> {
    const scopes = checked(request);
    const beyond = scopes.filter((scope) => issuer.permissions !== null && !issuer.permissions.has(scope));
    if (beyond.length > 0) {
      throw new ForbiddenError(`A token may not be given what you may not do yourself: ${beyond.join(', ')}.`);
    }
    const secret = TOKEN_MARK + newSecret();
    const { outcome, isNew } = await this.transactor.run(async (tx) => {
      let isNew = false;
      const outcome = await once(tx, { actor: issuer.actor, key, request }, async () => {
        isNew = true;
        return insertToken(tx, issuer.actor, secret, { ...request, scopes });
      });
      return { outcome, isNew };
    });
    return { ...outcome, secret: isNew ? secret : null };
  }

  /**
   * Makes a token worthless, at once and everywhere.
   * @throws NotFoundError for a token that does not exist; ConflictError for one that was revoked before.
   */
  async revoke(id: number, actor: Actor): Promise<void> {
    await this.transactor.run(async (tx) => {
      const rows = await tx.query<{ id: number }[]>(
        `with revoked as (update api_token set revoked_at = now(), revoked_by = $2
                          where id = $1 and revoked_at is null returning id)
         select id from revoked`,
        [id, actor],
      );
      if (rows.length === 0) {
        const known = await tx.query<unknown[]>('select 1 from api_token where id = $1', [id]);
        if (known.length > 0) throw new ConflictError('The token was revoked before.');
        throw new NotFoundError(`There is no token ${id}.`);
      }
      await appendToAudit(tx, { event: 'token.revoked', actor, subject: { kind: 'token', id } });
    });
  }
}

async function insertToken(
  tx: EntityManager,
  actor: Actor,
  secret: string,
  { name, owner, scopes, days }: TokenRequest & { readonly scopes: readonly Permission[] },
): Promise<{ id: number; expiresAt: string }> {
  const accountId = await accountOf(tx, owner);
  const [token] = await tx.query<{ id: number; expires_at: Date }[]>(
    `insert into api_token (secret_hash, prefix, name, account_id, scopes, issued_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, now() + make_interval(hours => $7::int)) returning id, expires_at`,
    [hashOf(secret), secret.slice(0, PREFIX_LENGTH), name.trim(), accountId, scopes, actor, days * 24],
  );
  if (!token) throw new Error('The token was not stored.');
  await appendToAudit(tx, {
    event: 'token.issued',
    actor,
    subject: { kind: 'token', id: token.id },
    details: { account: accountId, scopes: scopes.map((scope) => scope.replace(':', '-')), days },
  });
  return { id: token.id, expiresAt: token.expires_at.toISOString() };
}

function checked({ name, scopes, days, owner }: TokenRequest): Permission[] {
  const problems: FieldError[] = [];
  const wrong = (field: string, message: string): void => void problems.push({ field, message });
  if (!/^[^\p{Cc}\p{Cs}]+$/u.test(name.trim()) || name.trim().length > LONGEST_NAME) {
    wrong('name', `Say what the token is for, in at most ${LONGEST_NAME} characters.`);
  }
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) wrong('days', `Give 1 to ${MOST_DAYS} days.`);
  const known = [...new Set(scopes)].filter(isPermission);
  if (known.length === 0 || scopes.some((scope) => !isPermission(scope))) {
    wrong('scopes', 'Choose at least one of the permissions that there are.');
  }
  if ('service' in owner && !SERVICE_NAME.test(owner.service)) {
    wrong('service', 'Name the service in small letters, digits and dashes, such as nightly-report.');
  }
  if (problems.length > 0) throw new InputError('The token cannot be issued.', problems);
  return known;
}

/** The account that a token belongs to, made when there is none. A person gets no role by it: Entra ID states those. */
async function accountOf(tx: EntityManager, owner: TokenOwner): Promise<number> {
  const [account] =
    'service' in owner
      ? await tx.query<{ id: number }[]>(
          `insert into account (service_name, display_name) values ($1, $1)
           on conflict on constraint account_service_key do update set display_name = excluded.display_name
           returning id`,
          [owner.service],
        )
      : await tx.query<{ id: number }[]>(
          `insert into account as known (tenant_id, object_id, display_name)
           select sync_tenant.tenant_id::uuid, person.entra_id::uuid, coalesce(person.display_name, 'Somebody without a name')
           from person cross join sync_tenant
           where lower(person.user_principal_name) = lower($1) and person.presence = 'present' and person.account_enabled
           on conflict on constraint account_object_key do update set display_name = known.display_name
           returning id`,
          [owner.person],
        );
  if (account) return account.id;
  const message = 'The directory has nobody with this user principal name whose account is enabled.';
  throw new InputError('The token cannot be issued.', [{ field: 'person', message }]);
}
