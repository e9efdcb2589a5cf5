import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../database/sql-conditions.js';
import type { MoveQuestion } from './domain/move-answers.js';

/** The latest answer to a question, with what is private of it: who may see that is for the caller to decide. */
export interface LatestAnswer {
  readonly question: MoveQuestion;
  readonly answer: string;
  readonly details: {
    readonly sites?: readonly string[];
    readonly applications?: readonly string[];
    /** What is needed, in words; private. */
    readonly need?: string;
    /** Who said what is needed, as the reference of an actor. */
    readonly needFrom?: string;
  };
  readonly actor: string;
  /** Instant (ISO 8601, UTC). */
  readonly at: string;
}

/** What can be chosen from in answers. */
export interface AnswerChoices {
  readonly sites: readonly string[];
  readonly applications: readonly string[];
}

/** Sites that a form offers; a council has fewer. */
const MOST_SITES = 300;

/** Reads what was answered about a move, and what can be. */
@Injectable()
export class MoveAnswersQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The latest answer to each question that was answered. */
  latest(moveId: number): Promise<readonly LatestAnswer[]> {
    return this.dataSource.query<LatestAnswer[]>(
      `select distinct on (question) question, answer, details, actor, ${utc('at')} as at
       from move_answer where move_id = $1 order by question, id desc`,
      [moveId],
    );
  }

  /** Sites of the directory, and the programme's list of applications, by name. */
  async choices(programmeId: number): Promise<AnswerChoices> {
    const [row] = await this.dataSource.query<AnswerChoices[]>(
      `select array(select office_location from person where office_location is not null and presence = 'present'
                    group by office_location order by lower(office_location) limit ${MOST_SITES}) as sites,
              array(select name from rollout_application where programme_id = $1 order by lower(name)) as applications`,
      [programmeId],
    );
    return row ?? { sites: [], applications: [] };
  }
}
