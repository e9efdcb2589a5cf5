import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { moveConditions, type MoveFilter } from '../move-filter.queries.js';
import type { MoveState } from '../domain/move-words.js';

/** How many of a team stand where. */
export interface StateCount {
  readonly state: MoveState;
  readonly people: number;
}

/** An answer with the move that it is about. */
export interface AnswerOfMove {
  readonly moveId: number;
  readonly question: string;
  readonly answer: string;
}

/** Reads what managers want to know of those below them. */
@Injectable()
export class TeamQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** How many of the moves that match stand in each state that any of them has. */
  states(programmeId: number, filter: MoveFilter): Promise<StateCount[]> {
    const conditions = moveConditions(programmeId, filter);
    return this.dataSource.query<StateCount[]>(
      `select move.state, count(*)::integer as people from move where ${conditions.toSql()} group by move.state`,
      conditions.parameters,
    );
  }

  /** The latest answer to each question about these moves. */
  answers(moveIds: readonly number[]): Promise<AnswerOfMove[]> {
    return this.dataSource.query<AnswerOfMove[]>(
      `select distinct on (move_id, question) move_id as "moveId", question, answer
       from move_answer where move_id = any($1::integer[]) order by move_id, question, id desc`,
      [moveIds],
    );
  }
}
