import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ProgrammeScope } from './rollout-programme.entity.js';

/** A programme with its settings of today. */
export interface CurrentProgramme {
  readonly id: number;
  readonly name: string;
  readonly state: 'draft' | 'running' | 'closed';
  /** Day (ISO 8601). */
  readonly startsOn: string;
  /** Day (ISO 8601). */
  readonly targetOn: string;
  readonly scope: ProgrammeScope;
  /** When the baseline was frozen; null while it is planned. */
  readonly baselineAt: Date | null;
  /** Until when the history was taken over from records kept elsewhere. */
  readonly backfilledUntil: Date | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly settingsVersion: number;
  readonly version: string;
}

const PROGRAMME = `
  select programme.id, programme.name, programme.state, programme.starts_on::text as "startsOn",
         programme.target_on::text as "targetOn", programme.scope, programme.baseline_at as "baselineAt",
         programme.backfilled_until as "backfilledUntil", programme.version::text as version,
         coalesce(latest.settings, '{}') as settings, coalesce(latest.version, 0) as "settingsVersion"
  from rollout_programme as programme
  left join lateral (select settings, version from rollout_settings where programme_id = programme.id
                     order by version desc limit 1) as latest on true`;

/** What there is to read of programmes themselves. */
@Injectable()
export class ProgrammeQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The programme that pages are about: the running one, else the one that is planned, else the one closed last. */
  async current(tx: EntityManager = this.dataSource.manager): Promise<CurrentProgramme | null> {
    const rows = await tx.query<CurrentProgramme[]>(
      `${PROGRAMME} order by array_position(array['running', 'draft', 'closed'], programme.state), programme.id desc limit 1`,
    );
    return rows[0] ?? null;
  }

  /** The programme of this number. */
  async one(id: number, tx: EntityManager = this.dataSource.manager): Promise<CurrentProgramme | null> {
    const rows = await tx.query<CurrentProgramme[]>(`${PROGRAMME} where programme.id = $1`, [id]);
    return rows[0] ?? null;
  }
}
