import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** A person as the directory knows them now. */
export interface NamedPerson {
  readonly id: number;
  readonly displayName: string | null;
}

/** Looks up who the references of people stand for today. */
@Injectable()
export class ActorNamesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** People by their object id in Entra ID; whom the directory does not know is left out. */
  async of(entraIds: readonly string[]): Promise<ReadonlyMap<string, NamedPerson>> {
    const wanted = [...new Set(entraIds)];
    if (wanted.length === 0) return new Map();
    const rows = await this.dataSource.query<(NamedPerson & { entraId: string })[]>(
      `select entra_id as "entraId", id, display_name as "displayName" from person where entra_id = any($1::text[])`,
      [wanted],
    );
    return new Map(rows.map(({ entraId, ...person }) => [entraId, person]));
  }
}
