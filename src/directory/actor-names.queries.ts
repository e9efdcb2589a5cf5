import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { personOf } from '../audit/actor.js';

/** Says who an actor is, in words for a page. */
export type ActorWords = (actor: string | null) => string;

/** Reads who actors are; what is stored of them is a reference and never a name. */
@Injectable()
export class ActorNamesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The words for these actors: people by their present name in the directory. */
  async of(actors: readonly (string | null)[]): Promise<ActorWords> {
    const ids = [...new Set(actors.flatMap((actor) => (actor === null ? [] : (personOf(actor) ?? []))))];
    const rows =
      ids.length === 0
        ? []
        : await this.dataSource.query<{ entra_id: string; display_name: string | null }[]>(
            'select entra_id, display_name from person where entra_id = any ($1::text[])',
            [ids],
          );
    const names = new Map(rows.map((row) => [row.entra_id, row.display_name]));
    return (actor) => {
      if (actor === null) return '';
      const person = personOf(actor);
      if (person !== null) return names.get(person) ?? 'Somebody who is not in the directory';
      const [kind, reference] = actor.split(/:(.*)/s);
      if (kind === 'token') return `API token ${reference}`;
      if (kind === 'command-line') return `${reference} on the command line`;
      return kind === 'system' ? 'Untether' : actor;
    };
  }
}
