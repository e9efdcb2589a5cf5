import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import type { MoveState, ReadinessOutcome, ScopeReason } from '../domain/move-words.js';
import type { PartFilter } from './day-filter.js';
import { moveInScope } from './figures-sql.js';
import { HistoryOnDayQueries, type History, type PartOnDay, type ScopeChange } from './history-on-day.queries.js';

/** Somebody as they stood at the end of a day. */
export interface MoveOnDay extends PartOnDay {
  /** Number of the move. */
  readonly id: number;
  readonly name: string | null;
  readonly entraId: string;
  readonly state: MoveState;
  /** Since when they stood so. */
  readonly stateSince: string;
  readonly scopeReason: ScopeReason;
  readonly readiness: ReadinessOutcome | null;
  readonly atRisk: boolean;
  /** When the oldest of their desktops was enrolled. */
  readonly oldestDesktopAt: string | null;
  readonly inBaseline: boolean;
}

/** Somebody who came into the scope or left it. */
export interface PersonScopeChange extends ScopeChange<MoveState> {
  /** Number of the move. */
  readonly id: number;
  readonly name: string | null;
  readonly entraId: string;
}

/** Whether somebody counts in the programme. */
export const MOVE_STANDINGS = ['in_scope', 'out_of_scope'] as const;
export type MoveStandingFilter = (typeof MOVE_STANDINGS)[number];

/** What the list may be narrowed to. */
export interface MovesOnDayFilter extends PartFilter {
  /** Beginning of the name or user principal name. */
  readonly search?: string | undefined;
  readonly state?: MoveState | undefined;
  readonly standing?: MoveStandingFilter | undefined;
  readonly readiness?: ReadinessOutcome | undefined;
  readonly atRisk?: boolean | undefined;
  /** Whether they were there when the programme began. */
  readonly baseline?: boolean | undefined;
}

const IN_BASELINE = `exists (
  select from move join baseline_person as baseline
    on baseline.programme_id = move.programme_id and baseline.person_entra_id = move.person_entra_id
  where move.id = move_state.move_id)`;

const MOVES: History<MovesOnDayFilter> = {
  table: 'move_state',
  enrolledAt: 'oldest_desktop_at',
  joins: 'join move on move.id = move_state.move_id left join person on person.entra_id = move.person_entra_id',
  subject: `'id', move_state.move_id, 'name', person.display_name, 'entraId', move.person_entra_id`,
  item: `'readiness', move_state.readiness, 'atRisk', move_state.at_risk,
    'oldestDesktopAt', ${utc('move_state.oldest_desktop_at')}`,
  name: `(select lower(person.display_name) from move join person on person.entra_id = move.person_entra_id
          where move.id = move_state.move_id)`,
  same: 'earlier.move_id = move_state.move_id',
  inScope: moveInScope,
  inBaseline: IN_BASELINE,
  ofProgramme: ({ programmeId }) =>
    new SqlConditions().add(
      programmeId,
      (value) => `exists (select from move where move.id = move_state.move_id and move.programme_id = ${value})`,
    ),
  narrow,
};

/** Reads who stood where at the end of a day, from the same history as the figures. */
@Injectable()
export class MovesOnDayQueries extends HistoryOnDayQueries<MoveOnDay, MovesOnDayFilter, PersonScopeChange> {
  constructor(dataSource: DataSource) {
    super(dataSource, MOVES);
  }
}

function narrow(conditions: SqlConditions, filter: MovesOnDayFilter): SqlConditions {
  conditions
    .addGiven(filter.state, (value) => `move_state.state = ${value}`)
    .addGiven(filter.readiness, (value) => `move_state.readiness = ${value}`)
    .addGiven(filter.atRisk, (value) => `move_state.at_risk = ${value}`)
    .addGiven(filter.baseline, (value) => `${IN_BASELINE} = ${value}`);
  if (filter.standing !== undefined)
    conditions.always(`${filter.standing === 'in_scope' ? '' : 'not '}${moveInScope('move_state.state')}`);
  if (filter.search !== undefined) {
    conditions.add(
      beginningWith(filter.search),
      (pattern) => `move_state.move_id in (
        select move.id from move join person on person.entra_id = move.person_entra_id
        where lower(person.display_name) like lower(${pattern}::text) or lower(person.surname) like lower(${pattern}::text)
           or lower(person.user_principal_name) like lower(${pattern}::text))`,
    );
  }
  return conditions;
}
