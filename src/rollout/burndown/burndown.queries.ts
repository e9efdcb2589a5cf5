import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';
import type { BurndownFigures, Dimension } from '../domain/burndown/figures.js';
import { COUNT_FIGURES, endOfDay } from './figures-sql.js';
import { ProgrammeDayQueries, type DataAge } from './programme-day.queries.js';

/** What was counted for one value of one dimension. */
export interface FiguresOfPart {
  readonly dimension: Dimension;
  /** Empty where it is not known. */
  readonly value: string;
  readonly figures: BurndownFigures;
}

/** The figures of a programme as at the end of a day, or as they are now for a day that is not over. */
export interface FiguresOfDay {
  /** ISO 8601, a day in the UK. */
  readonly day: string;
  /** When they were counted (ISO 8601): in the night after the day, later, or just now. */
  readonly takenAt: string;
  /** `snapshot` when they are kept for good, `late` when that was done afterwards, `now` when the day is not over. */
  readonly kind: 'snapshot' | 'late' | 'now';
  readonly dataAge: DataAge;
  readonly parts: readonly FiguresOfPart[];
}

/** What was there when the programme began; it is frozen. */
export interface Baseline {
  readonly people: number;
  readonly desktops: number;
}

/** The figures of one day out of many. */
export interface DayOfSeries {
  readonly day: string;
  readonly figures: BurndownFigures;
}

interface PartRow extends FiguresOfPart {
  readonly takenAt: string;
  readonly late: boolean;
  readonly dataAge: DataAge;
}

/** Reads what was counted, day by day. */
@Injectable()
export class BurndownQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly days: ProgrammeDayQueries,
  ) {}

  /** What was there when the programme began. */
  async baseline(programmeId: number): Promise<Baseline> {
    const [row] = await this.dataSource.query<Baseline[]>(
      `select (select count(*)::integer from baseline_person where programme_id = $1) as people,
              (select count(*)::integer from baseline_desktop where programme_id = $1) as desktops`,
      [programmeId],
    );
    return row ?? { people: 0, desktops: 0 };
  }

  /** The figures as at a day: from its snapshot, else counted from the history. */
  async on(programmeId: number, day: string, now: Date): Promise<FiguresOfDay> {
    const rows = await this.dataSource.query<PartRow[]>(
      `select dimension, value, figures, ${utc('taken_at')} as "takenAt", made_late as late, data_age as "dataAge"
       from burndown_snapshot where programme_id = $1 and on_date = $2 order by dimension, value`,
      [programmeId, day],
    );
    const [first] = rows;
    if (first === undefined) return this.count(programmeId, day, now);
    const { takenAt, late, dataAge } = first;
    return { day, takenAt, kind: late ? 'late' : 'snapshot', dataAge, parts: rows.map(partOf) };
  }

  /** Counts a day from the history, whether or not it has a snapshot. */
  async count(programmeId: number, day: string, now: Date): Promise<FiguresOfDay> {
    const [parts, dataAge, [over]] = await Promise.all([
      this.dataSource.query<FiguresOfPart[]>(`${COUNT_FIGURES} order by dimension, value`, [programmeId, day, day]),
      this.days.dataAge(day, now),
      this.dataSource.query<{ isOver: boolean }[]>(`select ${endOfDay('$1')} <= $2::timestamptz as "isOver"`, [
        day,
        now,
      ]),
    ]);
    const kind = over?.isOver === true ? 'late' : 'now';
    return { day, takenAt: now.toISOString(), kind, dataAge, parts: parts.map(partOf) };
  }

  /** The snapshots of one value of one dimension in order; a day on which nothing was counted for it is left out. */
  async series(programmeId: number, dimension: Dimension = 'all', value = ''): Promise<readonly DayOfSeries[]> {
    return this.dataSource.query<DayOfSeries[]>(
      `select on_date::text as day, figures from burndown_snapshot
       where programme_id = $1 and dimension = $2 and value = $3 order by on_date`,
      [programmeId, dimension, value],
    );
  }
}

function partOf({ dimension, value, figures }: FiguresOfPart): FiguresOfPart {
  return { dimension, value, figures };
}
