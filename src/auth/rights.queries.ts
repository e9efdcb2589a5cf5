import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Client, type Pool } from 'pg';
import { DataSource } from 'typeorm';
import { BatchedLookup } from './batched-lookup.js';
import type { Permission, Role } from './permissions.js';
import type { Rights, Standing } from './rights.js';
import { IDLE_SECONDS } from './session-lifetime.js';

/** A session that has not run out, and the rights of whose it is. */
export interface SessionRights extends Rights {
  readonly id: number;
  /** Whether its last use has to be written down again. */
  readonly useIsStale: boolean;
}

/** A token that has neither run out nor been revoked, what it may do at the most, and the rights of whose it is. */
export interface TokenRights extends SessionRights {
  readonly scopes: readonly Permission[];
}

interface RightsRow {
  readonly key: string;
  readonly id: number;
  readonly stale: boolean;
  readonly scopes: Permission[] | null;
  readonly account_id: number;
  readonly object_id: string | null;
  readonly display_name: string;
  readonly roles: Role[];
  readonly standing: Standing;
  readonly is_manager: boolean;
}

/** Accuracy of the time of the last use; every request would be a write otherwise. */
const STALE = `interval '1 minute'`;

/** The account's rights, over a row called `account`: its roles, and what the directory says of the person right now. */
const RIGHTS = `
  account.id as account_id, account.object_id::text as object_id, account.display_name, account.roles,
  case when account.object_id is null then 'service'
       when person.id is null then 'unknown'
       when person.account_enabled and person.presence = 'present' then 'enabled'
       else 'disabled' end as standing,
  exists (select from person as report where report.manager_entra_id = person.entra_id and report.presence <> 'gone')
    as is_manager`;
const JOINS = 'left join person on person.entra_id = account.object_id::text';

const SESSIONS = `
  select encode(credential.secret_hash, 'hex') as key, credential.id,
         credential.last_used_at < now() - ${STALE} as stale, null as scopes, ${RIGHTS}
  from sign_in_session as credential join account on account.id = credential.account_id ${JOINS}
  where credential.secret_hash = any($1::bytea[]) and credential.expires_at > now()
    and credential.last_used_at > now() - interval '${IDLE_SECONDS} seconds'`;

const TOKENS = `
  select encode(credential.secret_hash, 'hex') as key, credential.id,
         coalesce(credential.last_used_at < now() - ${STALE}, true) as stale, credential.scopes, ${RIGHTS}
  from api_token as credential join account on account.id = credential.account_id ${JOINS}
  where credential.secret_hash = any($1::bytea[]) and credential.expires_at > now() and credential.revoked_at is null`;

const ACCOUNTS = `
  select account.id::text as key, account.id, false as stale, null as scopes, ${RIGHTS}
  from account ${JOINS} where account.id = any($1::integer[])`;

/**
 * Reads who may do what, anew for every request and in one prepared statement for all that arrive together: whoever is
 * disabled in the directory, or loses a role, loses it everywhere with their next request.
 */
@Injectable()
export class RightsQueries implements OnApplicationShutdown {
  private readonly sessions: BatchedLookup<RightsRow>;
  private readonly tokens: BatchedLookup<RightsRow>;
  private readonly accounts: BatchedLookup<RightsRow>;
  private doorkeeper: Promise<Client> | null = null;

  constructor(private readonly dataSource: DataSource) {
    const bytes = (keys: readonly string[]): Buffer[] => keys.map((key) => Buffer.from(key, 'hex'));
    this.sessions = new BatchedLookup((keys) => this.read('rights-of-sessions', SESSIONS, bytes(keys)));
    this.tokens = new BatchedLookup((keys) => this.read('rights-of-tokens', TOKENS, bytes(keys)));
    this.accounts = new BatchedLookup((keys) => this.read('rights-of-accounts', ACCOUNTS, keys.map(Number)));
  }

  /** @param hash of the cookie's value, see `hashOf`. */
  async ofSession(hash: Buffer): Promise<SessionRights | null> {
    const row = await this.sessions.find(hash.toString('hex'));
    return row && { ...rightsOf(row), id: row.id, useIsStale: row.stale };
  }

  /** @param hash of the token, see `hashOf`. */
  async ofToken(hash: Buffer): Promise<TokenRights | null> {
    const row = await this.tokens.find(hash.toString('hex'));
    return row && { ...rightsOf(row), id: row.id, useIsStale: row.stale, scopes: row.scopes ?? [] };
  }

  async ofAccount(id: number): Promise<Rights | null> {
    const row = await this.accounts.find(String(id));
    return row && rightsOf(row);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.doorkeeper?.then((client) => client.end()).catch(() => undefined);
  }

  private async read(name: string, text: string, keys: readonly unknown[]): Promise<ReadonlyMap<string, RightsRow>> {
    const client = await (this.doorkeeper ??= this.connect());
    // One column: the driver reads the names and types of all columns anew with every answer.
    const json = `select to_json(found) as found from (${text}) as found`;
    const { rows } = await client.query<{ found: RightsRow }>({ name, text: json, values: [keys] });
    return new Map(rows.map(({ found }) => [found.key, found]));
  }

  /**
   * One connection for this alone, so that nobody waits to be let in behind the lists of those who are in. When it breaks,
   * the next question opens another.
   */
  private connect(): Promise<Client> {
    // TypeORM's Postgres driver keeps node-postgres' pool as `master`; TypeORM itself has no prepared statements.
    const { options } = (this.dataSource.driver as unknown as { readonly master: Pool }).master;
    const client = new Client({
      ...options,
      // The pool hides the password from those who print its options.
      password: options.password,
      // The plan is the same for every key; made anew for each it would cost more than what it finds.
      options: [options.options, '-c plan_cache_mode=force_generic_plan'].filter(Boolean).join(' '),
    });
    const forget = (): void => {
      if (this.doorkeeper === opened) this.doorkeeper = null;
    };
    const opened = client.connect().then(() => client);
    client.on('error', forget).on('end', forget);
    opened.catch(forget);
    return opened;
  }
}

function rightsOf(row: RightsRow): Rights {
  return {
    accountId: row.account_id,
    personEntraId: row.object_id,
    displayName: row.display_name,
    standing: row.standing,
    roles: row.roles,
    isManager: row.is_manager,
  };
}
