import { Injectable } from '@nestjs/common';
import { personOf } from '../audit/actor.js';
import { NamedPeopleQueries, type NamedPerson } from './named-people.queries.js';

/** Says who an actor is, in words for a page. */
export type ActorWords = (actor: string | null) => string;

/** What pages say of a person whom the directory does not know by name. */
const UNKNOWN = 'Somebody who is not in the directory';

/** Who an actor is in words: people by their present name; nothing for nobody. */
export function actorWords(
  actor: string | null,
  people: ReadonlyMap<string, Pick<NamedPerson, 'displayName'>>,
  unknown: string = UNKNOWN,
): string {
  if (actor === null) return '';
  const person = personOf(actor);
  if (person !== null) return people.get(person)?.displayName ?? unknown;
  const [kind, reference] = actor.split(/:(.*)/s);
  if (kind === 'token') return `API token ${reference}`;
  if (kind === 'command-line') return `${reference} on the command line`;
  return kind === 'system' ? 'Untether' : actor;
}

/** Reads who actors are; what is stored of them is a reference and never a name. */
@Injectable()
export class ActorNamesQueries {
  constructor(private readonly people: NamedPeopleQueries) {}

  /** The words for these actors: people by their present name in the directory. */
  async of(actors: readonly (string | null)[]): Promise<ActorWords> {
    const people = await this.people.of(actors.flatMap((actor) => (actor === null ? [] : (personOf(actor) ?? []))));
    return (actor) => actorWords(actor, people);
  }
}
