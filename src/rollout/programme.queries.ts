import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { NotFoundError } from '../common/errors.js';
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

/** What a programme began with and how it ended. */
export interface ProgrammeRecord {
  readonly people: number;
  readonly desktops: number;
  /** Who planned it, as the reference of an actor. */
  readonly createdBy: string;
  readonly closed: { readonly at: Date | null; readonly by: string | null; readonly reason: string | null } | null;
}

/** What the directory has to choose a scope from. */
export interface ScopeChoices {
  readonly directorates: readonly string[];
  readonly sites: readonly string[];
  readonly exceptEmployeeTypes: readonly string[];
  readonly exceptTeams: readonly string[];
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

  /** The frozen baseline in numbers, and how the programme ended. */
  async record(id: number): Promise<ProgrammeRecord> {
    const [row] = await this.dataSource.query<(Omit<ProgrammeRecord, 'closed'> & ClosedColumns)[]>(
      `select (select count(*)::integer from baseline_person where programme_id = programme.id) as people,
              (select count(*)::integer from baseline_desktop where programme_id = programme.id) as desktops,
              created_by as "createdBy", state = 'closed' as "isClosed", closed_at as at, closed_by as by,
              close_reason as reason
       from rollout_programme as programme where id = $1`,
      [id],
    );
    if (!row) throw new NotFoundError('There is no such programme.');
    const { people, desktops, createdBy, isClosed, at, by, reason } = row;
    return { people, desktops, createdBy, closed: isClosed ? { at, by, reason } : null };
  }

  /** Directorates, sites, employee types and departments of everybody whom the directory has, by name. */
  async scopeChoices(): Promise<ScopeChoices> {
    const names = (column: string): string =>
      `array(select ${column} from person where ${column} is not null and presence = 'present'
             group by ${column} order by lower(${column}) limit ${MOST_CHOICES})`;
    const [row] = await this.dataSource.query<ScopeChoices[]>(
      `select ${names('division')} as directorates, ${names('office_location')} as sites,
              ${names('employee_type')} as "exceptEmployeeTypes", ${names('department')} as "exceptTeams"`,
    );
    if (!row) throw new Error('The choices of a scope gave no answer.');
    return row;
  }
}

/** Names of one kind that a form offers; no council has as many. */
const MOST_CHOICES = 500;

interface ClosedColumns {
  readonly isClosed: boolean;
  readonly at: Date | null;
  readonly by: string | null;
  readonly reason: string | null;
}
