import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** A person whom a page names; `id` is null when the directory does not know them. */
export interface NamedPerson {
  readonly entraId: string;
  readonly id: number | null;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  /** Whether they are in the directory with an account that is not disabled. */
  readonly active: boolean;
}

/** Looks up who object ids stand for today. */
@Injectable()
export class NamedPeopleQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** People by their object id in Entra ID, everybody who was asked for, those whom the directory does not know too. */
  async of(entraIds: readonly string[]): Promise<ReadonlyMap<string, NamedPerson>> {
    const wanted = [...new Set(entraIds)];
    if (wanted.length === 0) return new Map();
    const rows = await this.dataSource.query<NamedPerson[]>(
      `select wanted.entra_id as "entraId", person.id, person.display_name as "displayName",
              person.user_principal_name as "userPrincipalName",
              coalesce(person.presence = 'present' and person.account_enabled is not false, false) as active
       from unnest($1::text[]) as wanted(entra_id) left join person on person.entra_id = wanted.entra_id`,
      [wanted],
    );
    return new Map(rows.map((row) => [row.entraId, row]));
  }
}
