import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import type { DesktopState, ScopeReason } from '../domain/move-words.js';
import type { PartFilter } from './day-filter.js';
import { desktopInScope } from './figures-sql.js';
import { HistoryOnDayQueries, type History, type PartOnDay, type ScopeChange } from './history-on-day.queries.js';

/** A desktop as it stood at the end of a day. */
export interface DesktopOnDay extends PartOnDay {
  /** Number of the machine. */
  readonly id: number;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly model: string | null;
  readonly state: DesktopState;
  /** Since when it stood so. */
  readonly stateSince: string;
  readonly scopeReason: ScopeReason;
  readonly enrolledAt: string | null;
  readonly inBaseline: boolean;
}

/** A desktop that came into the scope or left it. */
export interface DesktopScopeChange extends ScopeChange<DesktopState> {
  /** Number of the machine. */
  readonly id: number;
  readonly name: string | null;
  readonly serialNumber: string | null;
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

const TABLE = 'rollout_desktop_state';
const IN_BASELINE = `exists (select from baseline_desktop as baseline
  where baseline.programme_id = ${TABLE}.programme_id and baseline.device_id = ${TABLE}.device_id)`;

const STANDINGS: Readonly<Record<DesktopStandingFilter, string>> = {
  in_scope: desktopInScope(`${TABLE}.state`),
  out_of_scope: `not ${desktopInScope(`${TABLE}.state`)}`,
  remaining: `${TABLE}.state in ('in_use', 'return_due')`,
  recovered: `${TABLE}.state in ('recovered', 'wiped')`,
};

const DESKTOPS: History<DesktopsOnDayFilter> = {
  table: TABLE,
  enrolledAt: 'enrolled_at',
  joins: `join device on device.id = ${TABLE}.device_id`,
  subject: `'id', device.id, 'name', device.name, 'serialNumber', device.serial_number`,
  item: `'model', device.model, 'enrolledAt', ${utc(`${TABLE}.enrolled_at`)}`,
  name: `(select lower(device.name) from device where device.id = ${TABLE}.device_id)`,
  same: `earlier.programme_id = ${TABLE}.programme_id and earlier.device_id = ${TABLE}.device_id`,
  inScope: desktopInScope,
  inBaseline: IN_BASELINE,
  ofProgramme: ({ programmeId }) => new SqlConditions().add(programmeId, (value) => `${TABLE}.programme_id = ${value}`),
  narrow,
};

/** Reads which desktop stood where at the end of a day, from the same history as the figures. */
@Injectable()
export class DesktopsOnDayQueries extends HistoryOnDayQueries<DesktopOnDay, DesktopsOnDayFilter, DesktopScopeChange> {
  constructor(dataSource: DataSource) {
    super(dataSource, DESKTOPS);
  }
}

function narrow(conditions: SqlConditions, filter: DesktopsOnDayFilter): SqlConditions {
  conditions
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
  return conditions;
}
