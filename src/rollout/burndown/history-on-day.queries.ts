import type { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage, type SortOrder } from '../../database/keyset-page.js';
import { utc, type SqlConditions } from '../../database/sql-conditions.js';
import type { ScopeReason, WorkStyle } from '../domain/move-words.js';
import {
  changesOfScope,
  inPart,
  standingAt,
  type DayOfProgramme,
  type PartFilter,
  type ScopeChangeFilter,
  type ScopeDirection,
} from './day-filter.js';

/** Where somebody or a machine belonged. */
export interface PartOnDay {
  readonly workStyle: WorkStyle | null;
  readonly directorate: string | null;
  readonly team: string | null;
  readonly site: string | null;
}

/** With what and when somebody or a machine came into the scope or left it. */
export interface ScopeChange<State> extends PartOnDay {
  readonly at: string;
  readonly direction: ScopeDirection;
  readonly reason: ScopeReason;
  readonly state: State;
}

export const ON_DAY_SORTS = ['name', '-name', 'since', '-since', 'id'] as const;
export type OnDaySort = (typeof ON_DAY_SORTS)[number];
export const SCOPE_CHANGE_SORTS = ['at', '-at', 'id'] as const;
export type ScopeChangeSort = (typeof SCOPE_CHANGE_SORTS)[number];

/** What tells one history from the other, as SQL about a row of its table. */
export interface History<Filter> {
  /** Table of stretches. */
  readonly table: string;
  /** Column that tells the age of a desktop. */
  readonly enrolledAt: string;
  /** Joins and members of a JSON object that say who or what a row is about. */
  readonly joins: string;
  readonly subject: string;
  /** Members of a row of the list besides. */
  readonly item: string;
  /** What the list is sorted by as names. */
  readonly name: string;
  /** Whether a stretch `earlier` is of the same subject. */
  readonly same: string;
  readonly inScope: (state: string) => string;
  readonly inBaseline: string;
  /** Narrows to the rows of a programme, and to what is asked for. */
  readonly ofProgramme: (on: DayOfProgramme) => SqlConditions;
  readonly narrow: (conditions: SqlConditions, filter: Filter) => SqlConditions;
}

/** Reads from one of the two histories who or what stood where at the end of a day, and how the scope changed until then. */
export abstract class HistoryOnDayQueries<Row, Filter extends PartFilter, Change> {
  private readonly sorts: Readonly<Record<OnDaySort, SortOrder>>;
  private readonly changeSorts: Readonly<Record<ScopeChangeSort, SortOrder>>;
  private readonly item: string;
  private readonly changeItem: string;

  constructor(
    private readonly dataSource: DataSource,
    private readonly history: History<Filter>,
  ) {
    const { table, name, subject, item, same, inScope, inBaseline } = history;
    const sorts = {
      name: { expression: name, type: 'text' },
      '-name': { expression: name, type: 'text', descending: true },
      since: { expression: `${table}.from_at`, type: 'timestamptz' },
      '-since': { expression: `${table}.from_at`, type: 'timestamptz', descending: true },
      id: { expression: `${table}.id`, type: 'bigint' },
    } as const;
    this.sorts = sorts;
    this.changeSorts = { at: sorts.since, '-at': sorts['-since'], id: sorts.id };
    const parts = `'state', ${table}.state, 'workStyle', ${table}.work_style, 'directorate', ${table}.directorate,
      'team', ${table}.team, 'site', ${table}.site`;
    // A state may last through several stretches, in which something else changed.
    const stateSince = `coalesce(
      (select max(earlier.until_at) from ${table} as earlier
       where ${same} and earlier.until_at <= ${table}.from_at and earlier.state <> ${table}.state),
      (select min(earlier.from_at) from ${table} as earlier where ${same}))`;
    this.item = `json_build_object(${subject}, ${parts}, 'stateSince', ${utc(stateSince)},
      'scopeReason', ${table}.scope_reason, ${item}, 'inBaseline', ${inBaseline})`;
    this.changeItem = `json_build_object(${subject}, ${parts}, 'at', ${utc(`${table}.from_at`)},
      'direction', case when ${inScope(`${table}.state`)} then 'in' else 'out' end, 'reason', ${table}.scope_reason)`;
  }

  /** One page of what is behind a figure. */
  list(on: DayOfProgramme, filter: Filter, request: PageRequest, sort: OnDaySort = 'name'): Promise<Page<Row>> {
    const { table, joins } = this.history;
    const query = { table, conditions: this.#standing(on, filter), item: this.item, joins, sources: [] };
    return keysetPage<Row>(this.dataSource, query, { name: sort, by: this.sorts[sort] }, request);
  }

  /** How many that are. */
  count(on: DayOfProgramme, filter: Filter): Promise<Count> {
    return boundedCount(this.dataSource, this.history.table, this.#standing(on, filter));
  }

  /** One page of what came into the scope or left it until the end of the day. */
  scopeChanges(
    on: DayOfProgramme,
    filter: ScopeChangeFilter,
    request: PageRequest,
    sort: ScopeChangeSort = '-at',
  ): Promise<Page<Change>> {
    const { table, joins } = this.history;
    const query = { table, conditions: this.#changes(on, filter), item: this.changeItem, joins, sources: [] };
    return keysetPage<Change>(this.dataSource, query, { name: sort, by: this.changeSorts[sort] }, request);
  }

  /** How many times that was. */
  countScopeChanges(on: DayOfProgramme, filter: ScopeChangeFilter): Promise<Count> {
    return boundedCount(this.dataSource, this.history.table, this.#changes(on, filter));
  }

  #standing(on: DayOfProgramme, filter: Filter): SqlConditions {
    const { table, enrolledAt, ofProgramme, narrow } = this.history;
    return inPart(narrow(standingAt(ofProgramme(on), table, on), filter), table, enrolledAt, filter, on);
  }

  #changes(on: DayOfProgramme, filter: ScopeChangeFilter): SqlConditions {
    const { table, enrolledAt, ofProgramme, same, inScope, inBaseline } = this.history;
    const before = `${table} as earlier where ${same} and earlier.from_at < ${table}.from_at
                    order by earlier.from_at desc limit 1`;
    const conditions = changesOfScope(ofProgramme(on), table, on, filter, { inScope, before, inBaseline });
    return inPart(conditions, table, enrolledAt, filter, on);
  }
}
