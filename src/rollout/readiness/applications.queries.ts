import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage, type SortOrder } from '../../database/keyset-page.js';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import type { ReadinessOutcome } from '../domain/move-words.js';
import { WAITING_LIST } from './readiness-facts.queries.js';

/** An application that not everybody has. */
export interface RolloutApplicationView {
  readonly id: number;
  readonly name: string;
  readonly state: ReadinessOutcome;
  readonly owner: string | null;
  readonly note: string | null;
  readonly since: string;
  readonly version: string;
  /** People who wait and need it. */
  readonly people: number;
}

export interface ApplicationFilter {
  readonly search?: string | undefined;
  readonly state?: ReadinessOutcome | undefined;
}

export const APPLICATION_SORTS = ['name', '-name', 'id'] as const;
export type ApplicationSort = (typeof APPLICATION_SORTS)[number];

const SORTS: Readonly<Record<ApplicationSort, SortOrder>> = {
  name: { expression: 'lower(rollout_application.name)', type: 'text' },
  '-name': { expression: 'lower(rollout_application.name)', type: 'text', descending: true },
  id: { expression: 'rollout_application.id', type: 'bigint' },
};

const ITEM = `json_build_object('id', rollout_application.id, 'name', rollout_application.name,
  'state', rollout_application.state, 'owner', rollout_application.owner, 'note', rollout_application.note,
  'since', ${utc('rollout_application.since')}, 'version', rollout_application.version::text,
  'people', (select count(*)::integer from readiness_result as result join move on move.id = result.move_id
             where result.rule = 'applications' and result.subject = rollout_application.name
               and move.programme_id = rollout_application.programme_id and move.state in ${WAITING_LIST}))`;

/** Reads the programme's list of applications. */
@Injectable()
export class ApplicationsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the applications that match. */
  page(
    programmeId: number,
    filter: ApplicationFilter,
    request: PageRequest,
    sort: ApplicationSort = 'name',
  ): Promise<Page<RolloutApplicationView>> {
    return keysetPage<RolloutApplicationView>(
      this.dataSource,
      { table: 'rollout_application', conditions: matching(programmeId, filter), item: ITEM, sources: [] },
      { name: sort, by: SORTS[sort] },
      request,
    );
  }

  /** How many match. */
  count(programmeId: number, filter: ApplicationFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'rollout_application', matching(programmeId, filter));
  }

  /** One application; null when there is none. */
  async one(id: number): Promise<RolloutApplicationView | null> {
    const rows = await this.dataSource.query<{ item: RolloutApplicationView }[]>(
      `select ${ITEM} as item from rollout_application where id = $1`,
      [id],
    );
    return rows[0]?.item ?? null;
  }
}

function matching(programmeId: number, { search, state }: ApplicationFilter): SqlConditions {
  return new SqlConditions()
    .add(programmeId, (value) => `rollout_application.programme_id = ${value}`)
    .addGiven(state, (value) => `rollout_application.state = ${value}`)
    .addGiven(
      search === undefined ? undefined : beginningWith(search),
      (pattern) => `lower(rollout_application.name) like lower(${pattern}::text)`,
    );
}
