import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NOTHING_KNOWN_OF_HOME, type CheckedLine, type HomeFacts } from './domain/home-readiness.js';
import type { MeasuredMedia } from './domain/media-findings.js';
import { callMedia, checkedLine } from './measured-sql.js';

/** Since when figures count, by where they come from. */
export interface CountingSince {
  readonly checks: Date;
  readonly calls: Date;
  readonly siteTests: Date;
}

type OfPerson<T> = T & { readonly person: string; readonly place: 'home' | 'remote_access' };

/** Reads what was measured at people’s homes, in one statement for each kind of measurement. */
@Injectable()
export class HomeFactsQueries {
  /**
   * Facts by person; whoever is left out has none.
   * @param people object ids in Entra ID
   */
  async of(
    tx: EntityManager,
    people: readonly string[],
    since: CountingSince,
  ): Promise<ReadonlyMap<string, HomeFacts>> {
    const checks = await tx.query<OfPerson<CheckedLine>[]>(
      `select person_entra_id as person, place, ${checkedLine('$2')}
       from connection_check
       where person_entra_id = any($1) and place in ('home', 'remote_access') and connection <> 'mobile'
       group by person_entra_id, place`,
      [people, since.checks],
    );
    // A week of whose calls half or more went over a mobile network says nothing of the line.
    const calls = await tx.query<OfPerson<MeasuredMedia>[]>(
      `select person_entra_id as person, place,
         least(now(), (max(week) + 6)::timestamp at time zone 'UTC') as "measuredAt", ${callMedia('week > $2::date - 7')}
       from call_quality_person_week
       where person_entra_id = any($1) and place in ('home', 'remote_access') and mobile * 2 < streams
       group by person_entra_id, place`,
      [people, since.calls],
    );
    const facts = new Map<string, HomeFacts>();
    const add = (person: string, known: Partial<HomeFacts>): void =>
      void facts.set(person, { ...(facts.get(person) ?? NOTHING_KNOWN_OF_HOME), ...known });
    for (const { person, place, ...found } of checks) {
      add(person, place === 'home' ? { checks: found } : { checksThroughGateway: found });
    }
    for (const { person, place, ...found } of calls) {
      add(person, place === 'home' ? { calls: found } : { callsThroughGateway: found });
    }
    return facts;
  }
}
