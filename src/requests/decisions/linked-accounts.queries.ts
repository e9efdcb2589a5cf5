import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';
import { usualAccountName } from '../domain/account-names.js';

/** Suggestions that are shown at once. */
const MOST_SUGGESTIONS = 100;
const MOST_LINKS = 500;

/** An account of the directory, as this page names it. */
export interface KnownAccount {
  readonly id: number | null;
  readonly entraId: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
}

/** Two accounts of one person. */
export interface LinkedPair {
  readonly account: KnownAccount;
  readonly person: KnownAccount;
  readonly linkedBy: string;
  readonly linkedAt: string;
}

/** Two accounts that seem to be one person's. */
export interface SuggestedPair {
  readonly account: KnownAccount;
  readonly person: KnownAccount;
  readonly because: 'employee-id' | 'name';
}

/** Reads which accounts belong to one person, and which seem to. */
@Injectable()
export class LinkedAccountsQueries {
  constructor(private readonly dataSource: DataSource) {}

  linked(): Promise<LinkedPair[]> {
    return this.dataSource.query<LinkedPair[]>(
      `select ${KNOWN('account', 'link.entra_id')} as account, ${KNOWN('owner', 'link.person_entra_id')} as person,
         link.linked_by as "linkedBy", ${utc('link.linked_at')} as "linkedAt"
       from linked_account as link left join person as account on account.entra_id = link.entra_id
       left join person as owner on owner.entra_id = link.person_entra_id
       order by link.linked_at desc, link.entra_id limit ${MOST_LINKS}`,
    );
  }

  /** Accounts with the same employee id, and accounts whose names say that they are somebody's second one. */
  async suggested(): Promise<SuggestedPair[]> {
    const names = await this.dataSource.query<{ entraId: string; userPrincipalName: string }[]>(
      `select entra_id as "entraId", user_principal_name as "userPrincipalName" from person
       where presence = 'present' and user_principal_name ~* '^[^@]*[-._][^@]*@'`,
    );
    const marked = names.flatMap(({ entraId, userPrincipalName }) => {
      const usual = usualAccountName(userPrincipalName);
      return usual === null ? [] : [{ entraId, usual, domain: userPrincipalName.toLowerCase().split('@')[1] ?? '' }];
    });
    return this.dataSource.query<SuggestedPair[]>(SUGGESTED, [JSON.stringify(marked), MOST_SUGGESTIONS]);
  }
}

const KNOWN = (table: string, entraId: string): string =>
  `json_build_object('id', ${table}.id, 'entraId', ${entraId}, 'displayName', ${table}.display_name,
     'userPrincipalName', ${table}.user_principal_name)`;

/** Of two accounts with one employee id the older record is taken for the person's usual one; whoever confirms sees both. */
const SUGGESTED = `
  with marked as materialized (
    select * from jsonb_to_recordset($1::jsonb) as given("entraId" text, usual text, domain text)
  ), pair as (
    select account.entra_id as account_id, min(usual.entra_id) as person_id, 1 as rank
    from marked join person as account on account.entra_id = marked."entraId"
    join person as usual on usual.presence = 'present' and usual.entra_id <> account.entra_id
      and lower(usual.user_principal_name) = marked.usual || '@' || marked.domain
    group by account.entra_id
    union all
    select account.entra_id, usual.entra_id, 0
    from (select entra_id, id, lower(btrim(employee_id)) as employee_id,
                 first_value(id) over (partition by lower(btrim(employee_id)) order by
                   entra_id in (select "entraId" from marked), created_in_entra_at nulls last, id) as first_id
          from person where presence = 'present' and btrim(employee_id) <> '') as account
    join person as usual on usual.id = account.first_id and account.id <> account.first_id
  ), best as (
    select distinct on (account_id) account_id, person_id, rank from pair order by account_id, rank
  )
  select ${KNOWN('account', 'account.entra_id')} as account, ${KNOWN('owner', 'owner.entra_id')} as person,
    case best.rank when 0 then 'employee-id' else 'name' end as because
  from best join person as account on account.entra_id = best.account_id join person as owner on owner.entra_id = best.person_id
  where person_behind(account.entra_id) <> person_behind(owner.entra_id)
  order by best.rank, lower(owner.display_name), account.id limit $2`;
