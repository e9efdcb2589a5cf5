import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../common/paging.js';
import { boundedCount, type Count } from '../database/bounded-count.js';
import { keysetPage, type SortOrder } from '../database/keyset-page.js';
import type { Presence } from '../database/presence.js';
import { utc } from '../database/sql-conditions.js';
import { conditionsOf, type PeopleFilter } from './people-filter.queries.js';

/** A person as lists show them. */
export interface PersonSummary {
  readonly id: number;
  readonly entraId: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly mail: string | null;
  readonly jobTitle: string | null;
  readonly department: string | null;
  readonly officeLocation: string | null;
  /** False for leavers, who may still hold equipment. */
  readonly accountEnabled: boolean | null;
  readonly userType: string | null;
  readonly presence: Presence;
}

/** Everything kept of a person, with their place among the others. */
export interface Person extends PersonSummary {
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly companyName: string | null;
  readonly city: string | null;
  readonly country: string | null;
  readonly usageLocation: string | null;
  readonly employeeId: string | null;
  readonly employeeType: string | null;
  readonly division: string | null;
  readonly costCentre: string | null;
  readonly employeeHiredAt: string | null;
  readonly createdInEntraAt: string | null;
  readonly absentSince: string | null;
  readonly firstSeenAt: string;
  readonly changedAt: string;
  readonly manager: { readonly id: number; readonly displayName: string | null } | null;
  readonly directReports: number;
  /** When the people were last read successfully. */
  readonly asOf: string | null;
}

export const PEOPLE_SORTS = ['name', '-name', 'id', '-id'] as const;
export type PeopleSort = (typeof PEOPLE_SORTS)[number];

const SORTS: Readonly<Record<PeopleSort, SortOrder>> = {
  name: { expression: 'lower(person.display_name)', type: 'text' },
  '-name': { expression: 'lower(person.display_name)', type: 'text', descending: true },
  id: { expression: 'person.id', type: 'bigint' },
  '-id': { expression: 'person.id', type: 'bigint', descending: true },
};

/** SQL of the members of a person's summary, for `json_build_object`, over a row called `person`. */
const SUMMARY = `
  'id', person.id, 'entraId', person.entra_id, 'displayName', person.display_name,
  'userPrincipalName', person.user_principal_name, 'mail', person.mail, 'jobTitle', person.job_title,
  'department', person.department, 'officeLocation', person.office_location,
  'accountEnabled', person.account_enabled, 'userType', person.user_type, 'presence', person.presence`;

/** Reads people. */
@Injectable()
export class PeopleQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the people who match. */
  async list(filter: PeopleFilter, request: PageRequest, sort: PeopleSort = 'name'): Promise<Page<PersonSummary>> {
    return this.page<PersonSummary>(filter, request, sort, `json_build_object(${SUMMARY})`);
  }

  /** How many people match. */
  count(filter: PeopleFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'person', conditionsOf(filter));
  }

  /** One page of the people who have a licence of this product and match, each with how they came to it. */
  async licenceHolders(
    skuId: string,
    request: PageRequest,
    sort: PeopleSort = 'name',
    filter: PeopleFilter = {},
  ): Promise<Page<LicenceHolder>> {
    const stated = `(
      select json_agg(json_build_object('direct', assignment.group_id is null, 'groupId', assignment.group_id,
                                        'state', assignment.state, 'error', assignment.error))
      from jsonb_to_recordset(person.licence_assignments)
        as assignment(sku_id text, group_id text, state text, error text)
      where assignment.sku_id = sku.sku_id)`;
    const conditions = conditionsOf({ ...filter, skuId });
    return keysetPage<LicenceHolder>(
      this.dataSource,
      {
        table: 'person',
        conditions,
        item: `json_build_object(${SUMMARY}, 'assignments', ${stated})`,
        joins: `cross join (select ${conditions.parameter(skuId)}::text as sku_id) as sku`,
        sources: ['users'],
      },
      { name: sort, by: SORTS[sort] },
      request,
    );
  }

  /** One person; null when there is none with this id. */
  async one(id: number): Promise<Person | null> {
    const rows = await this.dataSource.query<{ person: Person }[]>(
      `select json_build_object(${SUMMARY},
         'givenName', person.given_name, 'surname', person.surname, 'companyName', person.company_name,
         'city', person.city, 'country', person.country, 'usageLocation', person.usage_location,
         'employeeId', person.employee_id, 'employeeType', person.employee_type, 'division', person.division,
         'costCentre', person.cost_centre, 'employeeHiredAt', ${utc('person.employee_hired_at')},
         'createdInEntraAt', ${utc('person.created_in_entra_at')}, 'absentSince', ${utc('person.absent_since')},
         'firstSeenAt', ${utc('person.first_seen_at')}, 'changedAt', ${utc('person.changed_at')},
         'manager', (select json_build_object('id', manager.id, 'displayName', manager.display_name)
                     from person as manager where manager.entra_id = person.manager_entra_id),
         'directReports', (select count(*) from person as report
                           where report.manager_entra_id = person.entra_id and report.presence <> 'gone'),
         'asOf', (select ${utc('last_success_at')} from sync_source where source = 'users')) as person
       from person where person.id = $1`,
      [id],
    );
    return rows[0]?.person ?? null;
  }

  private page<T>(filter: PeopleFilter, request: PageRequest, sort: PeopleSort, item: string): Promise<Page<T>> {
    const query = { table: 'person', conditions: conditionsOf(filter), item, sources: ['users'] };
    return keysetPage<T>(this.dataSource, query, { name: sort, by: SORTS[sort] }, request);
  }
}

/** A person with a licence, and each way in which they have it. */
export interface LicenceHolder extends PersonSummary {
  readonly assignments: readonly {
    readonly direct: boolean;
    readonly groupId: string | null;
    readonly state: string | null;
    readonly error: string | null;
  }[];
}
