import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { InputError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { COUNT_FIGURES, dataAgeAt, endOfDay } from './figures-sql.js';

/** Days of which a snapshot was taken now. */
export interface TakenSnapshots {
  /** In order, ISO 8601. */
  readonly days: readonly string[];
}

/** A day whose snapshot was not taken in the night or on the day after it was missed then. */
const LATE_AFTER = `interval '1 day'`;

/**
 * Counts days that are over into rows which are never changed. Days that have their snapshot already are left as they
 * are, so that anybody may ask again at any time.
 */
const TAKE = `
  with counted as (${COUNT_FIGURES})
  insert into burndown_snapshot (programme_id, on_date, dimension, value, figures, data_age, taken_at, made_late)
  select $1, counted.day::date, counted.dimension, counted.value, counted.figures, age.data_age, $4,
         $4 >= ${endOfDay('counted.day')} + ${LATE_AFTER}
  from counted
  join (select day::date::text as day, ${dataAgeAt(endOfDay('day::date'))} as data_age
        from generate_series($2::date, $3::date, interval '1 day') as day) as age on age.day = counted.day
  where not exists (select from burndown_snapshot as taken
                    where taken.programme_id = $1 and taken.on_date = counted.day::date)
  on conflict do nothing
  returning on_date::text as day, dimension, made_late as late`;

const MISSING = `
  select programme.id, min(day)::date::text as from, max(day)::date::text as until
  from rollout_programme as programme
  cross join lateral generate_series(
    (programme.baseline_at at time zone 'Europe/London')::date, ($1 at time zone 'Europe/London')::date - 1,
    interval '1 day') as day
  where programme.state = 'running'
    and not exists (select from burndown_snapshot as taken
                    where taken.programme_id = programme.id and taken.on_date = day::date)
  group by programme.id`;

/** Takes the snapshots of the burndown: what was counted at the end of each day in the UK. */
@Injectable()
export class SnapshotService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactor: Transactor,
  ) {}

  /** Takes the snapshots of all days that are over and have none, of the programme that runs. */
  async takeMissing(actor: Actor, now: Date = new Date()): Promise<TakenSnapshots> {
    const missing = await this.dataSource.query<{ id: number; from: string; until: string }[]>(MISSING, [now]);
    const taken: string[] = [];
    for (const { id, from, until } of missing) taken.push(...(await this.takeAll(id, from, until, actor, now)).days);
    return { days: taken };
  }

  /**
   * Takes the snapshots of all days from `from` until `until` that have none, in one statement over the history; also for
   * a programme whose history was taken over from records kept elsewhere.
   * @param from day (ISO 8601); days before the baseline have nothing to count.
   * @param until day that is over in the UK.
   * @throws InputError for a day that is not over.
   */
  async takeAll(
    programmeId: number,
    from: string,
    until: string,
    actor: Actor,
    now: Date = new Date(),
  ): Promise<TakenSnapshots> {
    return this.transactor.run(async (tx) => {
      const [day] = await tx.query<{ over: boolean }[]>(`select ${endOfDay('$1')} <= $2 as over`, [until, now]);
      if (day?.over !== true) {
        throw new InputError('A snapshot is taken of a day that is over.', [
          { field: 'until', message: 'give a day before today' },
        ]);
      }
      const rows = await tx.query<{ day: string; dimension: string; late: boolean }[]>(TAKE, [
        programmeId,
        from,
        until,
        now,
      ]);
      const days = rows.filter(({ dimension }) => dimension === 'all').sort((a, b) => a.day.localeCompare(b.day));
      const first = days[0];
      const last = days.at(-1);
      if (first !== undefined && last !== undefined) {
        await appendToAudit(tx, {
          event: 'burndown.snapshot-taken',
          actor,
          subject: { kind: 'rollout-programme', id: programmeId },
          details: {
            firstDay: first.day,
            lastDay: last.day,
            days: days.length,
            late: days.filter(({ late }) => late).length,
          },
        });
      }
      return { days: days.map(({ day }) => day) };
    });
  }
}
