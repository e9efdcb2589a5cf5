import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../common/paging.js';
import { boundedCount, type Count } from '../database/bounded-count.js';
import { keysetPage, type SortOrder } from '../database/keyset-page.js';
import { utc } from '../database/sql-conditions.js';
import type { MoveDoubt } from './domain/move-doubt.js';
import type { MoveFactKind } from './domain/move-fact.js';
import type { DesktopState, MoveState, ReadinessOutcome, ScopeReason, WorkStyle } from './domain/move-words.js';
import { moveConditions, type MoveFilter } from './move-filter.queries.js';

/** Somebody whom a move names. */
export interface PersonOfMove {
  readonly id: number;
  readonly displayName: string | null;
}

/** A machine that a move names. */
export interface MachineOfMove {
  readonly id: number;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly model: string | null;
}

/** A move as lists show it. */
export interface MoveSummary {
  readonly id: number;
  readonly person: PersonOfMove & { readonly entraId: string };
  readonly state: MoveState;
  /** Instant (ISO 8601, UTC). */
  readonly stateSince: string;
  readonly scopeReason: ScopeReason;
  readonly readiness: ReadinessOutcome | null;
  readonly atRisk: boolean;
  readonly workStyle: WorkStyle | null;
  readonly workStyleConfirmed: boolean;
  readonly directorate: string | null;
  readonly team: string | null;
  readonly site: string | null;
  readonly manager: PersonOfMove | null;
  readonly wave: { readonly id: number; readonly name: string } | null;
  readonly laptop: MachineOfMove | null;
  readonly desktopCount: number;
  readonly recoveredCount: number;
  readonly wipedCount: number;
  readonly appointmentAt: string | null;
  readonly missedCount: number;
  readonly deferredUntil: string | null;
  readonly doubts: readonly MoveDoubt[];
  readonly version: string;
}

/** A desktop of a move. */
export interface DesktopOfMove extends MachineOfMove {
  readonly state: DesktopState;
  readonly stateSince: string;
  readonly userCount: number;
  readonly evidence: string | null;
  readonly seenAfterRecoveryAt: string | null;
}

/** One thing that is known of a move. */
export interface KnownFact {
  readonly kind: MoveFactKind;
  readonly at: string;
  readonly recordedAt: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly key: string;
  readonly actor: string;
  readonly machine: MachineOfMove | null;
  readonly retracted: boolean;
}

/** The latest answer to a question, without what is private of it. */
export interface KnownAnswer {
  readonly question: string;
  readonly answer: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly actor: string;
  readonly at: string;
}

/** A move with everything behind it. */
export interface WholeMove extends MoveSummary {
  readonly programmeId: number;
  readonly desktops: readonly DesktopOfMove[];
  readonly facts: readonly KnownFact[];
  readonly answers: readonly KnownAnswer[];
  /** When it was last worked out. */
  readonly derivedAt: string | null;
}

export const MOVE_SORTS = ['id', 'appointment', 'since', '-since', 'team'] as const;
export type MoveSort = (typeof MOVE_SORTS)[number];

const SORTS: Readonly<Record<MoveSort, SortOrder>> = {
  id: { expression: 'move.id', type: 'bigint' },
  appointment: { expression: 'move.appointment_at', type: 'timestamptz' },
  since: { expression: 'move.state_since', type: 'timestamptz' },
  '-since': { expression: 'move.state_since', type: 'timestamptz', descending: true },
  team: { expression: 'lower(move.team)', type: 'text' },
};

const MACHINE = (machine: string): string => `json_build_object('id', ${machine}.id, 'name', ${machine}.name,
  'serialNumber', ${machine}.serial_number, 'model', ${machine}.model)`;

const SUMMARY_FIELDS = `
  'id', move.id,
  'person', json_build_object('id', coalesce(person.id, 0), 'displayName', person.display_name, 'entraId', move.person_entra_id),
  'state', move.state, 'stateSince', ${utc('move.state_since')}, 'scopeReason', move.scope_reason,
  'readiness', move.readiness, 'atRisk', move.at_risk, 'workStyle', move.work_style,
  'workStyleConfirmed', move.work_style_confirmed, 'directorate', move.directorate, 'team', move.team, 'site', move.site,
  'manager', case when manager.id is not null
                  then json_build_object('id', manager.id, 'displayName', manager.display_name) end,
  'wave', case when wave.id is not null then json_build_object('id', wave.id, 'name', wave.name) end,
  'laptop', case when laptop.id is not null then ${MACHINE('laptop')} end,
  'desktopCount', move.desktop_count, 'recoveredCount', move.recovered_count, 'wipedCount', move.wiped_count,
  'appointmentAt', ${utc('move.appointment_at')}, 'missedCount', move.missed_count,
  'deferredUntil', move.deferred_until, 'doubts', move.doubts, 'version', move.version::text`;

const SUMMARY = `json_build_object(${SUMMARY_FIELDS})`;

const JOINS = `
  left join person on person.entra_id = move.person_entra_id
  left join person as manager on manager.entra_id = move.manager_entra_id
  left join wave on wave.id = move.wave_id
  left join device as laptop on laptop.id = move.laptop_id`;

/** Desktops that the person had at any time of the programme. */
const DESKTOPS = `(
  select coalesce(json_agg(json_build_object(
           'id', device.id, 'name', device.name, 'serialNumber', device.serial_number, 'model', device.model,
           'state', desktop.state, 'stateSince', ${utc('desktop.state_since')}, 'userCount', desktop.user_count,
           'evidence', desktop.evidence, 'seenAfterRecoveryAt', ${utc('desktop.seen_after_recovery_at')}) order by device.id), '[]')
  from rollout_desktop as desktop join device on device.id = desktop.device_id
  where desktop.programme_id = move.programme_id and desktop.device_id in (
    select fact.device_id from move_fact as fact where fact.move_id = move.id and fact.kind = 'desktop-assigned'))`;

/** What is known of the move, and of the desktops of its person. */
const FACTS = `(
  select coalesce(json_agg(json_build_object(
           'kind', fact.kind, 'at', ${utc('fact.at')}, 'recordedAt', ${utc('fact.recorded_at')}, 'details', fact.details,
           'key', fact.key, 'actor', fact.actor, 'machine', case when device.id is not null then ${MACHINE('device')} end,
           'retracted', exists (select from move_fact as other where other.programme_id = fact.programme_id
                                and other.kind = 'retracted' and other.details ->> 'key' = fact.key
                                and (other.move_id = fact.move_id or other.device_id = fact.device_id)))
         order by fact.at desc, fact.id desc), '[]')
  from move_fact as fact left join device on device.id = fact.device_id
  where fact.move_id = move.id
     or (fact.move_id is null and fact.programme_id = move.programme_id and fact.device_id in (
           select own.device_id from move_fact as own where own.move_id = move.id and own.kind = 'desktop-assigned')))`;

const ANSWERS = `(
  select coalesce(json_agg(json_build_object('question', latest.question, 'answer', latest.answer, 'details', latest.details - 'need',
                                             'actor', latest.actor, 'at', ${utc('latest.at')}) order by latest.question), '[]')
  from (select distinct on (question) * from move_answer where move_id = move.id order by question, id desc) as latest)`;

/** Where list of moves get their age from. */
const SOURCES = ['users', 'managed-devices'];

/** Reads moves. */
@Injectable()
export class MovesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the moves that match. */
  page(
    programmeId: number,
    filter: MoveFilter,
    request: PageRequest,
    sort: MoveSort = 'id',
  ): Promise<Page<MoveSummary>> {
    return keysetPage<MoveSummary>(
      this.dataSource,
      { table: 'move', conditions: moveConditions(programmeId, filter), item: SUMMARY, joins: JOINS, sources: SOURCES },
      { name: sort, by: SORTS[sort] },
      request,
    );
  }

  /** How many match. */
  count(programmeId: number, filter: MoveFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'move', moveConditions(programmeId, filter));
  }

  /** Numbers of all moves that match, for a command that is for all of them, at most `most`. */
  async idsOf(programmeId: number, filter: MoveFilter, most: number): Promise<readonly number[]> {
    const conditions = moveConditions(programmeId, filter);
    const rows = await this.dataSource.query<{ id: number }[]>(
      `select move.id from move where ${conditions.toSql()} order by move.id limit ${Math.trunc(most)}`,
      conditions.parameters,
    );
    return rows.map(({ id }) => id);
  }

  /** These moves as lists show them, in the order of their numbers. */
  async some(ids: readonly number[]): Promise<readonly MoveSummary[]> {
    const rows = await this.dataSource.query<{ item: MoveSummary }[]>(
      `select ${SUMMARY} as item from move ${JOINS} where move.id = any($1::integer[]) order by move.id`,
      [ids],
    );
    return rows.map(({ item }) => item);
  }

  /** A move with everything behind it; null when there is none. */
  async one(id: number): Promise<WholeMove | null> {
    const rows = await this.dataSource.query<{ item: WholeMove }[]>(
      `select json_build_object(${SUMMARY_FIELDS}, 'programmeId', move.programme_id, 'derivedAt', ${utc('move.derived_at')},
         'desktops', ${DESKTOPS}, 'facts', ${FACTS}, 'answers', ${ANSWERS}) as item
       from move ${JOINS} where move.id = $1`,
      [id],
    );
    return rows[0]?.item ?? null;
  }

  /** Number of the move of somebody in a programme; null when they have none. */
  async ofPerson(programmeId: number, personEntraId: string): Promise<number | null> {
    const rows = await this.dataSource.query<{ id: number }[]>(
      'select id from move where programme_id = $1 and person_entra_id = $2',
      [programmeId, personEntraId],
    );
    return rows[0]?.id ?? null;
  }
}
