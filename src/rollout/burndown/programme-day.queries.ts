import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { InputError } from '../../common/errors.js';
import { londonDay, shownDay } from '../../common/uk-time.js';
import { ProgrammeQueries, type CurrentProgramme } from '../programme.queries.js';
import type { DayOfProgramme } from './day-filter.js';
import { dataAgeAt, endOfDay } from './figures-sql.js';

/** The programme that pages are about, and the day that is looked at. */
export interface ProgrammeDay extends DayOfProgramme {
  readonly programme: CurrentProgramme;
  /** Days (ISO 8601, UK) of which there is anything to say. */
  readonly firstDay: string;
  readonly today: string;
}

/** When each source had last been read in full (ISO 8601); null when it never had, or when nobody knows. */
export type DataAge = Readonly<Record<string, string | null>>;

/** Finds out what "as at" a day means. */
@Injectable()
export class ProgrammeDayQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly programmes: ProgrammeQueries,
  ) {}

  /**
   * @param on day that is asked for (ISO 8601); today when none is.
   * @returns null when no programme has begun.
   * @throws InputError for a day before the programme began or after today.
   */
  async of(on: string | undefined, now: Date): Promise<ProgrammeDay | null> {
    const programme = await this.programmes.current();
    if (programme === null || programme.baselineAt === null) return null;
    const firstDay = londonDay(programme.baselineAt);
    const today = londonDay(now);
    const day = on ?? today;
    if (day < firstDay || day > today) {
      const message = `give a day from ${shownDay(firstDay)}, when the rollout began, until today`;
      throw new InputError('Nothing is known of this day.', [{ field: 'on', message }], 400);
    }
    return { programme, programmeId: programme.id, baselineAt: programme.baselineAt, firstDay, today, day };
  }

  /** How old the data was at the end of a day, or is now if the day is not over. */
  async dataAge(day: string, now: Date): Promise<DataAge> {
    const [row] = await this.dataSource.query<{ age: DataAge }[]>(
      `select ${dataAgeAt(`least($2::timestamptz, ${endOfDay('$1')})`)} as age`,
      [day, now],
    );
    return row?.age ?? {};
  }
}

/** The oldest of the ages; null when one of them is not known. */
export function oldestOf(age: DataAge): string | null {
  const known = Object.values(age).filter((at) => at !== null);
  return known.length === Object.keys(age).length ? ([...known].sort()[0] ?? null) : null;
}
