import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../database/sql-conditions.js';
import type { Permission } from './permissions.js';

export const TOKEN_STATES = ['active', 'expired', 'revoked'] as const;

/** A token as lists show it; times are ISO 8601 in UTC. */
export interface TokenSummary {
  readonly id: number;
  /** What it is for. */
  readonly name: string;
  /** How it begins. */
  readonly prefix: string;
  readonly owner: { readonly kind: 'person' | 'service'; readonly name: string };
  readonly scopes: readonly Permission[];
  readonly state: (typeof TOKEN_STATES)[number];
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
}

/** Tokens live 90 days at the most, so that those that count are never this many. */
const MOST_SHOWN = 500;

/** Reads what there is of tokens; never the tokens themselves. */
@Injectable()
export class ApiTokensQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Those that count first, then the latest. */
  async list(): Promise<TokenSummary[]> {
    return this.read('true', []);
  }

  /** One token; null when there is none with this number. */
  async one(id: number): Promise<TokenSummary | null> {
    const [token] = await this.read('token.id = $1', [id]);
    return token ?? null;
  }

  private async read(condition: string, parameters: readonly unknown[]): Promise<TokenSummary[]> {
    const rows = await this.dataSource.query<{ token: TokenSummary }[]>(
      `select json_build_object(
         'id', token.id, 'name', token.name, 'prefix', token.prefix, 'scopes', token.scopes,
         'owner', json_build_object('kind', case when account.object_id is null then 'service' else 'person' end,
                                    'name', account.display_name),
         'state', case when token.revoked_at is not null then 'revoked'
                       when token.expires_at <= now() then 'expired' else 'active' end,
         'issuedAt', ${utc('token.issued_at')}, 'expiresAt', ${utc('token.expires_at')},
         'lastUsedAt', ${utc('token.last_used_at')}) as token
       from api_token as token join account on account.id = token.account_id
       where ${condition}
       order by token.revoked_at is null and token.expires_at > now() desc, token.id desc limit ${MOST_SHOWN}`,
      [...parameters],
    );
    return rows.map(({ token }) => token);
  }
}
