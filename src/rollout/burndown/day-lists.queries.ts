import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '../../common/paging.js';
import type { Count } from '../../database/bounded-count.js';
import type { ScopeChangeFilter } from './day-filter.js';
import {
  DesktopsOnDayQueries,
  type DesktopOnDay,
  type DesktopScopeChange,
  type DesktopsOnDayFilter,
} from './desktops-on-day.queries.js';
import type { OnDaySort, ScopeChangeSort } from './history-on-day.queries.js';
import {
  MovesOnDayQueries,
  type MoveOnDay,
  type MovesOnDayFilter,
  type PersonScopeChange,
} from './moves-on-day.queries.js';
import { oldestOf, ProgrammeDayQueries, type ProgrammeDay } from './programme-day.queries.js';

/** A filter, and the day (ISO 8601) that is looked at; today unless given. */
export type OnDay<Filter> = Filter & { readonly on?: string | undefined };

/** A list as at a day, however it is asked for. */
export interface DayList<Row, Filter, Sort> {
  page(filter: OnDay<Filter>, request: PageRequest, sort?: Sort): Promise<Page<Row>>;
  count(filter: OnDay<Filter>): Promise<Count>;
}

const NOTHING = { items: [], next: null, asOf: null };

/** The lists behind the figures, each as at the end of a day and with the age that the data had then. */
@Injectable()
export class DayListsQueries {
  readonly moves: DayList<MoveOnDay, MovesOnDayFilter, OnDaySort>;
  readonly desktops: DayList<DesktopOnDay, DesktopsOnDayFilter, OnDaySort>;
  readonly personScope: DayList<PersonScopeChange, ScopeChangeFilter, ScopeChangeSort>;
  readonly desktopScope: DayList<DesktopScopeChange, ScopeChangeFilter, ScopeChangeSort>;

  constructor(
    private readonly days: ProgrammeDayQueries,
    moves: MovesOnDayQueries,
    desktops: DesktopsOnDayQueries,
  ) {
    this.moves = this.asAt(moves.list.bind(moves), moves.count.bind(moves));
    this.desktops = this.asAt(desktops.list.bind(desktops), desktops.count.bind(desktops));
    this.personScope = this.asAt(moves.scopeChanges.bind(moves), moves.countScopeChanges.bind(moves));
    this.desktopScope = this.asAt(desktops.scopeChanges.bind(desktops), desktops.countScopeChanges.bind(desktops));
  }

  private asAt<Row, Filter extends object, Sort>(
    list: (on: ProgrammeDay, filter: Filter, request: PageRequest, sort?: Sort) => Promise<Page<Row>>,
    count: (on: ProgrammeDay, filter: Filter) => Promise<Count>,
  ): DayList<Row, Filter, Sort> {
    return {
      page: async (filter, request, sort) => {
        const now = new Date();
        const day = await this.days.of(filter.on, now);
        if (day === null) return NOTHING;
        const [page, age] = await Promise.all([list(day, filter, request, sort), this.days.dataAge(day.day, now)]);
        return { ...page, asOf: oldestOf(age) };
      },
      count: async (filter) => {
        const day = await this.days.of(filter.on, new Date());
        return day === null ? { rows: 0, more: false } : count(day, filter);
      },
    };
  }
}
