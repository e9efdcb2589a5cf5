import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage, type SortOrder } from '../../database/keyset-page.js';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import type { DesktopState, ScopeReason, WorkStyle } from '../domain/move-words.js';
import {
  changesOfScope,
  inPart,
  standingAt,
  type DayOfProgramme,
  type PartFilter,
  type ScopeChangeFilter,
  type ScopeDirection,
} from './day-filter.js';
import { desktopInScope } from './figures-sql.js';
import type { ScopeChangeSort } from './moves-on-day.queries.js';

/** A desktop as it stood at the end of a day. */
export interface DesktopOnDay {
  /** Number of the machine. */
  readonly id: number;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly model: string | null;
  readonly state: DesktopState;
  /** Since when it stood so. */
  readonly stateSince: string;
  readonly scopeReason: ScopeReason;
  readonly workStyle: WorkStyle | null;
  readonly directorate: string | null;
  readonly team: string | null;
  readonly site: string | null;
  readonly enrolledAt: string | null;
  readonly inBaseline: boolean;
}

/** A desktop that came into the scope or left it. */
export interface DesktopScopeChange {
  /** Number of the machine. */
  readonly id: number;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly at: string;
  readonly direction: ScopeDirection;
  readonly reason: ScopeReason;
  readonly state: DesktopState;
  readonly workStyle: WorkStyle | null;
  readonly directorate: string | null;
  readonly team: string | null;
  readonly site: string | null;
}

/** Whether a desktop counts in the programme, and whether it is still to be recovered. */
export const DESKTOP_STANDINGS = ['in_scope', 'out_of_scope', 'remaining', 'recovered'] as const;
export type DesktopStandingFilter = (typeof DESKTOP_STANDINGS)[number];

/** What the list may be narrowed to. */
export interface DesktopsOnDayFilter extends PartFilter {
  /** Beginning of the hostname or serial number. */
  readonly search?: string | undefined;
  readonly state?: DesktopState | undefined;
  readonly standing?: DesktopStandingFilter | undefined;
  /** Whether it was there when the programme began. */
  readonly baseline?: boolean | undefined;
}

export const DESKTOP_ON_DAY_SORTS = ['name', '-name', 'since', '-since', 'id'] as const;
export type DesktopOnDaySort = (typeof DESKTOP_ON_DAY_SORTS)[number];

const TABLE = 'rollout_desktop_state';
const NAME = `(select lower(device.name) from device where device.id = ${TABLE}.device_id)`;
const SORTS: Readonly<Record<DesktopOnDaySort, SortOrder>> = {
  name: { expression: NAME, type: 'text' },
  '-name': { expression: NAME, type: 'text', descending: true },
  since: { expression: `${TABLE}.from_at`, type: 'timestamptz' },
  '-since': { expression: `${TABLE}.from_at`, type: 'timestamptz', descending: true },
  id: { expression: `${TABLE}.id`, type: 'bigint' },
};
const CHANGE_SORTS: Readonly<Record<ScopeChangeSort, SortOrder>> = {
  at: SORTS.since,
  '-at': SORTS['-since'],
  id: SORTS.id,
};

const STANDINGS: Readonly<Record<DesktopStandingFilter, string>> = {
  in_scope: desktopInScope(`${TABLE}.state`),
  out_of_scope: `not ${desktopInScope(`${TABLE}.state`)}`,
  remaining: `${TABLE}.state in ('in_use', 'return_due')`,
  recovered: `${TABLE}.state in ('recovered', 'wiped')`,
};

const JOINS = `join device on device.id = ${TABLE}.device_id`;
const SAME = `earlier.programme_id = ${TABLE}.programme_id and earlier.device_id = ${TABLE}.device_id`;
const IN_BASELINE = `exists (select from baseline_desktop as baseline
  where baseline.programme_id = ${TABLE}.programme_id and baseline.device_id = ${TABLE}.device_id)`;
const STATE_SINCE = `coalesce(
  (select max(earlier.until_at) from ${TABLE} as earlier
   where ${SAME} and earlier.until_at <= ${TABLE}.from_at and earlier.state <> ${TABLE}.state),
  (select min(earlier.from_at) from ${TABLE} as earlier where ${SAME}))`;
const DEVICE = `'id', device.id, 'name', device.name, 'serialNumber', device.serial_number`;
const PARTS = `'workStyle', ${TABLE}.work_style, 'directorate', ${TABLE}.directorate, 'team', ${TABLE}.team,
  'site', ${TABLE}.site`;

const ITEM = `json_build_object(${DEVICE}, 'model', device.model, 'state', ${TABLE}.state,
  'stateSince', ${utc(STATE_SINCE)}, 'scopeReason', ${TABLE}.scope_reason, ${PARTS},
  'enrolledAt', ${utc(`${TABLE}.enrolled_at`)}, 'inBaseline', ${IN_BASELINE})`;
const CHANGE_ITEM = `json_build_object(${DEVICE}, 'at', ${utc(`${TABLE}.from_at`)},
  'direction', case when ${STANDINGS.in_scope} then 'in' else 'out' end,
  'reason', ${TABLE}.scope_reason, 'state', ${TABLE}.state, ${PARTS})`;

/** Reads which desktop stood where at the end of a day, from the same history as the figures. */
@Injectable()
export class DesktopsOnDayQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the desktops behind a figure. */
  list(
    on: DayOfProgramme,
    filter: DesktopsOnDayFilter,
    request: PageRequest,
    sort: DesktopOnDaySort = 'name',
  ): Promise<Page<DesktopOnDay>> {
    const query = { table: TABLE, conditions: standing(on, filter), item: ITEM, joins: JOINS, sources: [] };
    return keysetPage<DesktopOnDay>(this.dataSource, query, { name: sort, by: SORTS[sort] }, request);
  }

  /** How many they are. */
  count(on: DayOfProgramme, filter: DesktopsOnDayFilter): Promise<Count> {
    return boundedCount(this.dataSource, TABLE, standing(on, filter));
  }

  /** One page of those that came into the scope or left it until the end of the day. */
  scopeChanges(
    on: DayOfProgramme,
    filter: ScopeChangeFilter,
    request: PageRequest,
    sort: ScopeChangeSort = '-at',
  ): Promise<Page<DesktopScopeChange>> {
    const query = { table: TABLE, conditions: changes(on, filter), item: CHANGE_ITEM, joins: JOINS, sources: [] };
    return keysetPage<DesktopScopeChange>(this.dataSource, query, { name: sort, by: CHANGE_SORTS[sort] }, request);
  }

  /** How many times that was. */
  countScopeChanges(on: DayOfProgramme, filter: ScopeChangeFilter): Promise<Count> {
    return boundedCount(this.dataSource, TABLE, changes(on, filter));
  }
}

function ofProgramme({ programmeId }: DayOfProgramme): SqlConditions {
  return new SqlConditions().add(programmeId, (value) => `${TABLE}.programme_id = ${value}`);
}

function standing(on: DayOfProgramme, filter: DesktopsOnDayFilter): SqlConditions {
  const conditions = standingAt(ofProgramme(on), TABLE, on)
    .addGiven(filter.state, (value) => `${TABLE}.state = ${value}`)
    .addGiven(filter.baseline, (value) => `${IN_BASELINE} = ${value}`);
  if (filter.standing !== undefined) conditions.always(STANDINGS[filter.standing]);
  if (filter.search !== undefined) {
    conditions.add(
      beginningWith(filter.search),
      (pattern) => `${TABLE}.device_id in (
        select id from device
        where lower(name) like lower(${pattern}::text) or lower(serial_number) like lower(${pattern}::text))`,
    );
  }
  return inPart(conditions, TABLE, 'enrolled_at', filter, on);
}

function changes(on: DayOfProgramme, filter: ScopeChangeFilter): SqlConditions {
  const conditions = changesOfScope(ofProgramme(on), TABLE, on, filter, {
    inScope: desktopInScope,
    before: `${TABLE} as earlier where ${SAME} and earlier.from_at < ${TABLE}.from_at
             order by earlier.from_at desc limit 1`,
    inBaseline: IN_BASELINE,
  });
  return inPart(conditions, TABLE, 'enrolled_at', filter, on);
}
