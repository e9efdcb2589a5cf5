import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { moveConditions, type MoveFilter } from '../move-filter.queries.js';
import { spanOf } from './slots.service.js';

/** A wave with how far its members are. */
export interface WaveSummary {
  readonly programmeId: number;
  readonly id: number;
  readonly name: string;
  /** Days (ISO 8601). */
  readonly startsOn: string;
  readonly endsOn: string;
  readonly filter: MoveFilter | null;
  readonly version: string;
  readonly members: number;
  readonly ready: number;
  readonly notReady: number;
  readonly unknown: number;
  readonly booked: number;
  readonly atRisk: number;
  readonly done: number;
}

/** What a wave's query finds. */
export interface WavePreview {
  /** In no wave, and would be taken in. */
  readonly free: number;
  readonly inThisWave: number;
  readonly inOtherWaves: number;
  /** Members that do not match the query (any more). */
  readonly membersOutside: number;
}

const WAVE = `
  select wave.id, wave.name, wave.starts_on::text as "startsOn", wave.ends_on::text as "endsOn", wave.filter,
         wave.version::text as version, wave.programme_id as "programmeId",
         count(move.id)::integer as members,
         (count(*) filter (where move.state = 'ready'))::integer as ready,
         (count(*) filter (where move.state in ('not_started', 'assessed', 'blocked', 'rolled_back') and move.readiness = 'not_ready'))::integer as "notReady",
         (count(*) filter (where move.state in ('not_started', 'assessed', 'blocked', 'rolled_back')
                             and move.readiness is distinct from 'not_ready'))::integer as unknown,
         (count(*) filter (where move.state = 'scheduled'))::integer as booked,
         (count(*) filter (where move.at_risk))::integer as "atRisk",
         (count(*) filter (where move.state in ('handed_over', 'desktop_recovered', 'closed')))::integer as done
  from wave
  left join wave_member on wave_member.wave_id = wave.id
  left join move on move.id = wave_member.move_id`;

/** Reads waves, their members and what their queries find. */
@Injectable()
export class WavesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The waves of a programme by their days. */
  all(programmeId: number): Promise<WaveSummary[]> {
    return this.dataSource.query<WaveSummary[]>(
      `${WAVE} where wave.programme_id = $1 group by wave.id order by wave.starts_on, wave.id limit 500`,
      [programmeId],
    );
  }

  async one(id: number): Promise<WaveSummary | null> {
    const [row] = await this.dataSource.query<WaveSummary[]>(`${WAVE} where wave.id = $1 group by wave.id`, [id]);
    return row ?? null;
  }

  /** What a query finds, before anybody is taken in. */
  async preview(programmeId: number, filter: MoveFilter, waveId: number | null): Promise<WavePreview> {
    const conditions = moveConditions(programmeId, filter);
    const wave = `$${conditions.parameters.length + 1}::integer`;
    const [row] = await this.dataSource.query<WavePreview[]>(
      `with found as (select move.id, move.wave_id, move.state from move where ${conditions.toSql()})
       select (count(*) filter (where wave_id is null
                 and state not in ('closed', 'left', 'exempt', 'out_of_scope', 'already_mobile')))::integer as free,
              (count(*) filter (where wave_id = ${wave}))::integer as "inThisWave",
              (count(*) filter (where wave_id is not null and wave_id is distinct from ${wave}))::integer as "inOtherWaves",
              (select count(*)::integer from wave_member
               where wave_id = ${wave} and move_id not in (select id from found)) as "membersOutside"
       from found`,
      [...conditions.parameters, waveId],
    );
    return row ?? { free: 0, inThisWave: 0, inOtherWaves: 0, membersOutside: 0 };
  }

  /**
   * The moves of people who are named by user principal name or mail address, or by the number of the move such as `#17`.
   * @returns also the names that nobody in the programme has
   */
  async movesNamed(
    programmeId: number,
    names: readonly string[],
  ): Promise<{ readonly ids: readonly number[]; readonly unknown: readonly string[] }> {
    const rows = await this.dataSource.query<{ name: string; id: number | null }[]>(
      `select given.name, min(move.id) as id from unnest($2::text[]) as given(name)
       left join person on lower(person.user_principal_name) = lower(given.name) or lower(person.mail) = lower(given.name)
       left join move on move.programme_id = $1
         and (move.person_entra_id = person.entra_id or '#' || move.id = given.name)
       group by given.name`,
      [programmeId, names],
    );
    return {
      ids: [...new Set(rows.flatMap(({ id }) => (id === null ? [] : [id])))].sort((a, b) => a - b),
      unknown: rows.filter(({ id }) => id === null).map(({ name }) => name),
    };
  }

  /** Places of the slots in the days of a wave, at the sites of its members, and how many are taken. */
  async capacity({ id, startsOn, endsOn }: WaveSummary): Promise<{ readonly places: number; readonly taken: number }> {
    const { from, until } = spanOf(startsOn, endsOn);
    const [row] = await this.dataSource.query<{ places: number; taken: number }[]>(
      `select coalesce(sum(slot.capacity), 0)::integer as places,
              coalesce(sum((select count(*) from booking where booking.slot_id = slot.id and booking.place is not null)), 0)::integer as taken
       from slot join wave on wave.id = $1 and wave.programme_id = slot.programme_id
       where slot.state = 'open' and slot.starts_at >= $2 and slot.starts_at < $3
         and slot.site in (select move.site from wave_member join move on move.id = wave_member.move_id where wave_member.wave_id = $1)`,
      [id, from, until],
    );
    return row ?? { places: 0, taken: 0 };
  }
}
