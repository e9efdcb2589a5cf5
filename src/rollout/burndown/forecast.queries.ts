import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { addDays, weekdayOf } from '../../common/uk-time.js';
import { backTest, type BackTest } from '../domain/burndown/back-test.js';
import { forecast, type NoForecastReason } from '../domain/burndown/forecast.js';
import { desktopsRemaining } from '../domain/burndown/figures.js';
import type { BurndownHistory, KnownAppointment } from '../domain/burndown/futures.js';
import { BurndownQueries } from './burndown.queries.js';
import { endOfDay } from './figures-sql.js';
import { KeptAnswers } from './kept-answers.js';

/** A forecast in days of the calendar. */
export type DatedForecast =
  | { readonly kind: 'none'; readonly madeOn: string | null; readonly reason: NoForecastReason }
  | {
      readonly kind: 'range';
      /** The last day of which anything was known (ISO 8601, UK). */
      readonly madeOn: string;
      readonly earliest: string;
      readonly middle: string;
      /** Null when one future in ten takes longer than five years. */
      readonly latest: string | null;
      readonly weeks: number;
      readonly appointments: number;
      readonly runs: number;
      readonly seed: number;
    };

interface KnownHistory {
  readonly firstDay: string;
  readonly history: BurndownHistory;
}

const SATURDAY = 6;

/** Says when the last desktop will be back, from snapshots and appointments, and how such forecasts did so far. */
@Injectable()
export class ForecastQueries {
  private readonly forecasts = new KeptAnswers<DatedForecast>();
  private readonly backTests = new KeptAnswers<BackTest | null>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly burndown: BurndownQueries,
  ) {}

  /**
   * The forecast that could have been made in the night after a day, or after the last day before it that has a snapshot.
   * @param day ISO 8601.
   */
  async forecast(programmeId: number, day: string): Promise<DatedForecast> {
    const last = await this.lastSnapshot(programmeId, day);
    if (last === null) return { kind: 'none', madeOn: null, reason: 'too-early' };
    return this.forecasts.of(`${programmeId} ${last}`, async () => datedForecast(await this.known(programmeId, last)));
  }

  /** How the forecasts of all days until a day did; null before the first snapshot. */
  async backTest(programmeId: number, day: string): Promise<BackTest | null> {
    const last = await this.lastSnapshot(programmeId, day);
    if (last === null) return null;
    return this.backTests.of(`${programmeId} ${last}`, async () => {
      const { firstDay, history } = await this.known(programmeId, last);
      return backTest(history, (number) => weekdayOf(addDays(firstDay, number)) < SATURDAY);
    });
  }

  private async lastSnapshot(programmeId: number, day: string): Promise<string | null> {
    const [row] = await this.dataSource.query<{ day: string | null }[]>(
      `select max(on_date)::text as day from burndown_snapshot
       where programme_id = $1 and dimension = 'all' and value = '' and on_date <= $2`,
      [programmeId, day],
    );
    return row?.day ?? null;
  }

  /** What was known at the end of a day that has a snapshot. */
  private async known(programmeId: number, lastDay: string): Promise<KnownHistory> {
    const series = (await this.burndown.series(programmeId)).filter(({ day }) => day <= lastDay);
    const firstDay = series[0]?.day ?? lastDay;
    const appointments = await this.dataSource.query<KnownAppointment[]>(APPOINTMENTS, [
      programmeId,
      firstDay,
      lastDay,
    ]);
    return { firstDay, history: { remaining: series.map(({ figures }) => desktopsRemaining(figures)), appointments } };
  }
}

function datedForecast({ firstDay, history }: KnownHistory): DatedForecast {
  const last = history.remaining.length - 1;
  const madeOn = addDays(firstDay, last);
  const found = forecast(history, last, Number(madeOn.replaceAll('-', '')));
  if (found.kind === 'none') return { ...found, madeOn };
  const workingDay = (number: number): string => {
    const day = addDays(firstDay, number);
    const weekday = weekdayOf(day);
    return weekday < SATURDAY ? day : addDays(day, 8 - weekday);
  };
  return {
    ...found,
    madeOn,
    earliest: workingDay(found.earliest),
    middle: workingDay(found.middle),
    latest: found.latest === null ? null : workingDay(found.latest),
  };
}

/** Appointments in days since $2, as they were known at the end of the day $3. */
const APPOINTMENTS = `
  select (booked.recorded_at at time zone 'Europe/London')::date - $2::date as "madeOn",
         (cancelled.at at time zone 'Europe/London')::date - $2::date as "cancelledOn",
         ((booked.details ->> 'startsAt')::timestamptz at time zone 'Europe/London')::date - $2::date as "on"
  from move_fact as booked
  left join lateral (
    select min(recorded_at) as at from move_fact as fact
    where fact.move_id = booked.move_id and fact.kind = 'slot-cancelled'
      and fact.details -> 'bookingId' = booked.details -> 'bookingId' and fact.recorded_at < ${endOfDay('$3')}) as cancelled
    on true
  where booked.programme_id = $1 and booked.kind = 'slot-booked' and booked.recorded_at < ${endOfDay('$3')}`;
