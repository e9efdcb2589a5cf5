import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { BrowserContextOptions } from 'playwright-core';
import { PERMISSIONS, permissionsOf, type Permission, type Role } from '../../src/auth/permissions.js';
import { hashOf, newSecret } from '../../src/auth/secret.js';
import { sessionCookie } from '../../src/auth/session-cookie.js';
import type { TestDatabase } from './test-database.js';

/** Where accounts are written to. */
export type AccountStore = Pick<TestDatabase, 'address'>;

/** Tenant of everybody who is signed in by a spec. */
export const TEST_TENANT = '11111111-2222-4333-8444-555555555555';

/** Whom to sign in: one role, or none of them, and how the directory stands to the person. */
export interface Somebody {
  readonly role?: Role | null;
  readonly roles?: readonly Role[];
  /** Object id of a person whom the database has already; without it a new one is added to the directory. */
  readonly person?: string;
  readonly standing?: 'enabled' | 'disabled' | 'missing' | 'unknown';
}

/** Somebody who is signed in, with what a request of theirs brings. */
export interface TestSession {
  readonly entraId: string;
  /** Their number in the directory; null when it does not have them. */
  readonly personId: number | null;
  readonly accountId: number;
  /** Value of the cookie. */
  readonly secret: string;
  /** The cookie as a request's header has it. */
  readonly cookie: string;
  /** For requests without a browser; the origin is what a browser would add to a write. */
  readonly headers: { readonly cookie: string; readonly origin: string };
  /** For a browser's new context. */
  readonly browser: Pick<BrowserContextOptions, 'storageState'>;
}

/** Signs somebody in by writing what a sign-in leaves in the database; `origin` is where the site is. */
export async function signIn(
  database: AccountStore,
  origin: string,
  who: Role | null | Somebody,
): Promise<TestSession> {
  return withClient(database, async (client) => {
    const { entraId, personId, accountId } = await account(client, somebodyOf(who));
    const secret = newSecret();
    await client.query(
      `insert into sign_in_session (secret_hash, account_id, expires_at) values ($1, $2, now() + interval '8 hours')`,
      [hashOf(secret), accountId],
    );
    const { name, secure } = sessionCookie(origin);
    const { hostname } = new URL(origin);
    const kept = { name, value: secret, domain: hostname, path: '/', expires: -1, httpOnly: true, secure };
    return {
      entraId,
      personId,
      accountId,
      secret,
      cookie: `${name}=${secret}`,
      headers: { cookie: `${name}=${secret}`, origin },
      browser: { storageState: { cookies: [{ ...kept, sameSite: 'Lax' }], origins: [] } },
    };
  });
}

/** A token of a new person with this role; it has every right of the role unless scopes are given. */
export async function tokenFor(
  database: AccountStore,
  who: Role | null | Somebody,
  scopes?: readonly Permission[],
): Promise<string> {
  return withClient(database, async (client) => {
    const somebody = somebodyOf(who);
    const { accountId } = await account(client, somebody);
    return token(client, accountId, scopes ?? [...permissionsOf(rolesOf(somebody))]);
  });
}

/** A token of a service, which is nobody of the directory; it may do everything unless scopes are given. */
export async function serviceToken(
  database: AccountStore,
  scopes: readonly Permission[] = PERMISSIONS,
): Promise<string> {
  return withClient(database, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      'insert into account (service_name, display_name) values ($1, $1) returning id',
      [`test-${randomUUID()}`],
    );
    return token(client, rows[0]?.id ?? 0, scopes);
  });
}

function somebodyOf(who: Role | null | Somebody): Somebody {
  return typeof who === 'object' && who !== null ? who : { role: who };
}

function rolesOf({ role, roles }: Somebody): readonly Role[] {
  return roles ?? (role ? [role] : []);
}

async function account(
  client: pg.Client,
  somebody: Somebody,
): Promise<{ entraId: string; personId: number | null; accountId: number }> {
  const { standing = 'enabled', person } = somebody;
  const entraId = person ?? randomUUID();
  if (person === undefined && standing !== 'unknown') {
    await client.query(
      `insert into person (entra_id, user_principal_name, display_name, account_enabled, user_type, presence, absent_since)
       values ($1, $1 || '@test.example', 'Zz Tester', $2, 'Member', $3, case when $3 <> 'present' then now() end)`,
      [entraId, standing !== 'disabled', standing === 'missing' ? 'missing' : 'present'],
    );
  }
  const { rows: people } = await client.query<{ id: number }>('select id from person where entra_id = $1', [entraId]);
  const { rows: accounts } = await client.query<{ id: number }>(
    `insert into account (tenant_id, object_id, display_name, roles, roles_stated_at)
     values ($1, $2, 'Zz Tester', $3, now())
     on conflict (tenant_id, object_id) do update set roles = excluded.roles returning id`,
    [TEST_TENANT, entraId, rolesOf(somebody)],
  );
  return { entraId, personId: people[0]?.id ?? null, accountId: accounts[0]?.id ?? 0 };
}

async function token(client: pg.Client, accountId: number, scopes: readonly Permission[]): Promise<string> {
  const secret = `untether_${newSecret()}`;
  await client.query(
    `insert into api_token (secret_hash, prefix, name, account_id, scopes, issued_by, expires_at)
     values ($1, $2, 'A spec', $3, $4, 'system:test', now() + interval '1 day')`,
    [hashOf(secret), secret.slice(0, 15), accountId, scopes],
  );
  return secret;
}

async function withClient<T>({ address }: AccountStore, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(
    'url' in address
      ? { connectionString: address.url }
      : { host: address.host, user: address.username, database: address.database },
  );
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
