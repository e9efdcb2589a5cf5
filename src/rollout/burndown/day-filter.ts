import type { DeviceAgeBand } from '../domain/burndown/figures.js';
import type { ScopeReason, WorkStyle } from '../domain/move-words.js';
import type { SqlConditions } from '../../database/sql-conditions.js';
import { deviceAge, endOfDay } from './figures-sql.js';

/** Dimensions that may not be known of somebody. */
export const UNKNOWN_DIMENSIONS = ['directorate', 'team', 'site', 'work_style', 'device_age'] as const;
export type UnknownDimension = (typeof UNKNOWN_DIMENSIONS)[number];

/** What every list as at a day may be narrowed to. */
export interface PartFilter {
  readonly directorate?: string | undefined;
  readonly team?: string | undefined;
  readonly site?: string | undefined;
  readonly workStyle?: WorkStyle | undefined;
  readonly deviceAge?: DeviceAgeBand | undefined;
  /** Only those of whom this is not known. */
  readonly without?: UnknownDimension | undefined;
}

/** What lists of changes of scope may be narrowed to. */
export interface ScopeChangeFilter extends PartFilter {
  readonly direction?: ScopeDirection | undefined;
  readonly reason?: ScopeReason | undefined;
}

export const SCOPE_DIRECTIONS = ['in', 'out'] as const;
export type ScopeDirection = (typeof SCOPE_DIRECTIONS)[number];

/** A list is of one programme and as at the end of one day. */
export interface DayOfProgramme {
  readonly programmeId: number;
  /** ISO 8601, a day in the UK. */
  readonly day: string;
  readonly baselineAt: Date;
}

/** Narrows stretches of a history to those of a part; `enrolledAt` is the column that tells the age. */
export function inPart(
  conditions: SqlConditions,
  table: string,
  enrolledAt: string,
  filter: PartFilter,
  { baselineAt }: DayOfProgramme,
): SqlConditions {
  const { directorate, team, site, workStyle, deviceAge: band, without } = filter;
  const age = (): string => deviceAge(`${table}.${enrolledAt}`, `${conditions.parameter(baselineAt)}::timestamptz`);
  conditions
    .addGiven(directorate, (value) => `${table}.directorate = ${value}`)
    .addGiven(team, (value) => `${table}.team = ${value}`)
    .addGiven(site, (value) => `${table}.site = ${value}`)
    .addGiven(workStyle, (value) => `${table}.work_style = ${value}`);
  if (band !== undefined) conditions.add(band, (value) => `${age()} = ${value}`);
  if (without === 'device_age') conditions.always(`${table}.${enrolledAt} is null`);
  else if (without !== undefined) conditions.always(`coalesce(${table}.${without}, '') = ''`);
  return conditions;
}

/** Narrows stretches to the ones that last at the end of the day. */
export function standingAt(conditions: SqlConditions, table: string, { day }: DayOfProgramme): SqlConditions {
  return conditions.add(
    day,
    (value) => `${table}.from_at < ${endOfDay(value)}
      and (${table}.until_at is null or ${table}.until_at >= ${endOfDay(value)})`,
  );
}

/**
 * Narrows stretches to those with which somebody came into the scope or left it until the end of the day.
 * @param inScope SQL of whether a state counts.
 * @param before SQL of the state of the stretch before; null for the first.
 * @param inBaseline SQL of whether it was there when the programme began.
 */
export function changesOfScope(
  conditions: SqlConditions,
  table: string,
  { day }: DayOfProgramme,
  filter: ScopeChangeFilter,
  sql: { readonly inScope: (state: string) => string; readonly before: string; readonly inBaseline: string },
): SqlConditions {
  const is = sql.inScope(`${table}.state`);
  conditions
    .add(day, (value) => `${table}.from_at < ${endOfDay(value)}`)
    .always(`${is} <> coalesce((select ${sql.inScope('earlier.state')} from ${sql.before}), ${sql.inBaseline})`)
    .addGiven(filter.reason, (value) => `${table}.scope_reason = ${value}`);
  if (filter.direction !== undefined) conditions.always(filter.direction === 'in' ? is : `not ${is}`);
  return conditions;
}
