import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage, type SortOrder } from '../../database/keyset-page.js';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import type { MoveState, ReadinessOutcome, ScopeReason, WorkStyle } from '../domain/move-words.js';
import {
  changesOfScope,
  inPart,
  standingAt,
  type DayOfProgramme,
  type PartFilter,
  type ScopeChangeFilter,
  type ScopeDirection,
} from './day-filter.js';
import { moveInScope } from './figures-sql.js';

/** Somebody as they stood at the end of a day. */
export interface MoveOnDay {
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
  readonly workStyle: WorkStyle | null;
  readonly directorate: string | null;
  readonly team: string | null;
  readonly site: string | null;
  /** When the oldest of their desktops was enrolled. */
  readonly oldestDesktopAt: string | null;
  readonly inBaseline: boolean;
}

/** Somebody who came into the scope or left it. */
export interface PersonScopeChange {
  /** Number of the move. */
  readonly id: number;
  readonly name: string | null;
  readonly entraId: string;
  readonly at: string;
  readonly direction: ScopeDirection;
  readonly reason: ScopeReason;
  readonly state: MoveState;
  readonly workStyle: WorkStyle | null;
  readonly directorate: string | null;
  readonly team: string | null;
  readonly site: string | null;
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

export const MOVE_ON_DAY_SORTS = ['name', '-name', 'since', '-since', 'id'] as const;
export type MoveOnDaySort = (typeof MOVE_ON_DAY_SORTS)[number];
export const SCOPE_CHANGE_SORTS = ['at', '-at', 'id'] as const;
export type ScopeChangeSort = (typeof SCOPE_CHANGE_SORTS)[number];

const PERSON = `(select lower(person.display_name) from move join person on person.entra_id = move.person_entra_id
                 where move.id = move_state.move_id)`;
const SORTS: Readonly<Record<MoveOnDaySort, SortOrder>> = {
  name: { expression: PERSON, type: 'text' },
  '-name': { expression: PERSON, type: 'text', descending: true },
  since: { expression: 'move_state.from_at', type: 'timestamptz' },
  '-since': { expression: 'move_state.from_at', type: 'timestamptz', descending: true },
  id: { expression: 'move_state.id', type: 'bigint' },
};
const CHANGE_SORTS: Readonly<Record<ScopeChangeSort, SortOrder>> = {
  at: SORTS.since,
  '-at': SORTS['-since'],
  id: SORTS.id,
};

const JOINS = `join move on move.id = move_state.move_id left join person on person.entra_id = move.person_entra_id`;
const IN_BASELINE = `exists (
  select from move join baseline_person as baseline
    on baseline.programme_id = move.programme_id and baseline.person_entra_id = move.person_entra_id
  where move.id = move_state.move_id)`;
/** A state may last through several stretches, in which something else changed. */
const STATE_SINCE = `coalesce(
  (select max(earlier.until_at) from move_state as earlier
   where earlier.move_id = move_state.move_id and earlier.until_at <= move_state.from_at
     and earlier.state <> move_state.state),
  (select min(earlier.from_at) from move_state as earlier where earlier.move_id = move_state.move_id))`;
const PARTS = `'workStyle', move_state.work_style, 'directorate', move_state.directorate, 'team', move_state.team,
  'site', move_state.site`;
const PERSON_ITEM = `'id', move_state.move_id, 'name', person.display_name, 'entraId', move.person_entra_id`;

const ITEM = `json_build_object(${PERSON_ITEM}, 'state', move_state.state, 'stateSince', ${utc(STATE_SINCE)},
  'scopeReason', move_state.scope_reason, 'readiness', move_state.readiness, 'atRisk', move_state.at_risk, ${PARTS},
  'oldestDesktopAt', ${utc('move_state.oldest_desktop_at')}, 'inBaseline', ${IN_BASELINE})`;
const CHANGE_ITEM = `json_build_object(${PERSON_ITEM}, 'at', ${utc('move_state.from_at')},
  'direction', case when ${moveInScope('move_state.state')} then 'in' else 'out' end,
  'reason', move_state.scope_reason, 'state', move_state.state, ${PARTS})`;

/** Reads who stood where at the end of a day, from the same history as the figures. */
@Injectable()
export class MovesOnDayQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the people behind a figure. */
  list(
    on: DayOfProgramme,
    filter: MovesOnDayFilter,
    request: PageRequest,
    sort: MoveOnDaySort = 'name',
  ): Promise<Page<MoveOnDay>> {
    const query = { table: 'move_state', conditions: standing(on, filter), item: ITEM, joins: JOINS, sources: [] };
    return keysetPage<MoveOnDay>(this.dataSource, query, { name: sort, by: SORTS[sort] }, request);
  }

  /** How many they are. */
  count(on: DayOfProgramme, filter: MovesOnDayFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'move_state', standing(on, filter));
  }

  /** One page of those who came into the scope or left it until the end of the day. */
  scopeChanges(
    on: DayOfProgramme,
    filter: ScopeChangeFilter,
    request: PageRequest,
    sort: ScopeChangeSort = '-at',
  ): Promise<Page<PersonScopeChange>> {
    const query = {
      table: 'move_state',
      conditions: changes(on, filter),
      item: CHANGE_ITEM,
      joins: JOINS,
      sources: [],
    };
    return keysetPage<PersonScopeChange>(this.dataSource, query, { name: sort, by: CHANGE_SORTS[sort] }, request);
  }

  /** How many times that was. */
  countScopeChanges(on: DayOfProgramme, filter: ScopeChangeFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'move_state', changes(on, filter));
  }
}

function ofProgramme({ programmeId }: DayOfProgramme): SqlConditions {
  return new SqlConditions().add(
    programmeId,
    (value) => `exists (select from move where move.id = move_state.move_id and move.programme_id = ${value})`,
  );
}

function standing(on: DayOfProgramme, filter: MovesOnDayFilter): SqlConditions {
  const conditions = standingAt(ofProgramme(on), 'move_state', on)
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
  return inPart(conditions, 'move_state', 'oldest_desktop_at', filter, on);
}

function changes(on: DayOfProgramme, filter: ScopeChangeFilter): SqlConditions {
  const conditions = changesOfScope(ofProgramme(on), 'move_state', on, filter, {
    inScope: moveInScope,
    before: `move_state as earlier where earlier.move_id = move_state.move_id and earlier.from_at < move_state.from_at
             order by earlier.from_at desc limit 1`,
    inBaseline: IN_BASELINE,
  });
  return inPart(conditions, 'move_state', 'oldest_desktop_at', filter, on);
}
