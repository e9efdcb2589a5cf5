import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage, type SortOrder } from '../../database/keyset-page.js';
import { beginningWith, onDay, SqlConditions, utc } from '../../database/sql-conditions.js';
import { LINE_LEVELS } from '../../rollout/move-circle.queries.js';
import type { LineCounts } from '../domain/request-progress.js';
import type { Delivery, LineState, RequestState } from '../domain/request-words.js';
import type { PersonOfRequest } from './whole-request.queries.js';

/** A request as lists show it. */
export interface RequestSummary {
  readonly id: number;
  readonly state: RequestState;
  readonly revision: number;
  readonly requester: PersonOfRequest;
  readonly createdAt: string;
  readonly submittedAt: string | null;
  readonly neededBy: string | null;
  readonly delivery: Delivery;
  readonly site: string | null;
  readonly people: number;
  /** Whom it is for when it is for one person. */
  readonly person: PersonOfRequest | null;
  readonly lines: LineCounts;
  /** Null to who is not to know what others get. */
  readonly totalPence: number | null;
  readonly version: string;
}

/** Whose requests a person’s own list has. */
export const WHOSE = ['mine', 'for-me', 'team'] as const;
export type Whose = (typeof WHOSE)[number];

/** What one’s own list is narrowed to. */
export interface OwnRequestFilter {
  readonly whose: Whose;
  readonly state?: RequestState | undefined;
}

/** What a list of requests may be narrowed to; texts are compared without regard to case. */
export interface RequestFilter {
  readonly state?: RequestState | undefined;
  /** Only requests with a line in this state. */
  readonly lineState?: LineState | undefined;
  readonly productId?: number | undefined;
  /** Beginning of the name or user principal name of whoever made it. */
  readonly requester?: string | undefined;
  /** Beginning of the name or user principal name of somebody whom it is for. */
  readonly person?: string | undefined;
  readonly createdFrom?: string | undefined;
  readonly createdUntil?: string | undefined;
}

export const REQUEST_SORTS = ['-id', 'id'] as const;
export type RequestSort = (typeof REQUEST_SORTS)[number];
const SORTS: Readonly<Record<RequestSort, SortOrder>> = {
  id: { expression: 'equipment_request.id', type: 'bigint' },
  '-id': { expression: 'equipment_request.id', type: 'bigint', descending: true },
};

const PERSON = (person: string, entraId: string): string =>
  `json_build_object('id', ${person}.id, 'entraId', ${entraId}, 'displayName', ${person}.display_name)`;

const ITEM = (
  total: string,
): string => `json_build_object('id', equipment_request.id, 'state', equipment_request.state, 'revision', equipment_request.revision,
  'requester', ${PERSON('requester', 'equipment_request.requester_entra_id')}, 'createdAt', ${utc('equipment_request.created_at')},
  'submittedAt', ${utc('revision.submitted_at')}, 'neededBy', revision.needed_by, 'delivery', revision.delivery,
  'site', revision.site, 'people', coalesce(counted.people, 0),
  'person', case when counted.people = 1 then ${PERSON('beneficiary', 'counted.one')} end,
  'lines', coalesce(counted.lines, '{}'), 'totalPence', ${total}, 'version', equipment_request.version::text)`;

/** The revision of a list is the present one to whoever made it, and to everybody else the one that was submitted last. */
const joins = (shown: string): string => `
  left join person as requester on requester.entra_id = equipment_request.requester_entra_id
  join request_revision as revision on revision.request_id = equipment_request.id and revision.revision = ${shown}
  left join lateral (
    select sum(people) filter (where state is null)::integer as people, min(one) as one, sum(pence) filter (where state is null)::bigint as pence,
      json_object_agg(state, lines) filter (where state is not null) as lines
    from (select state, count(*)::integer as lines, count(distinct beneficiary_entra_id) as people, min(beneficiary_entra_id) as one,
            sum(quantity::bigint * price_pence) as pence
          from request_line where request_line.request_id = equipment_request.id and request_line.revision = revision.revision
          group by grouping sets ((state), ())) as by_state
  ) as counted on true
  left join person as beneficiary on beneficiary.entra_id = counted.one`;

/** Reads lists of requests. */
@Injectable()
export class RequestsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the requests that were ever submitted and match. */
  page(filter: RequestFilter, request: PageRequest, sort: RequestSort = '-id'): Promise<Page<RequestSummary>> {
    return this.#page(conditionsOf(filter), request, sort, LAST_SUBMITTED, TOTAL);
  }

  /** How many match. */
  count(filter: RequestFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'equipment_request', conditionsOf(filter));
  }

  /** One page of the requests that somebody made, that are for them, or that are for people below them in the line. */
  own(personEntraId: string, { whose, state }: OwnRequestFilter, request: PageRequest): Promise<Page<RequestSummary>> {
    const conditions = ownConditions(personEntraId, { whose, state });
    if (whose === 'mine') return this.#page(conditions, request, '-id', 'equipment_request.revision', TOTAL);
    const total = `case when equipment_request.requester_entra_id = ${ME} then ${TOTAL} end`;
    return this.#page(conditions, request, '-id', LAST_SUBMITTED, total);
  }

  /** How many of them there are. */
  countOwn(personEntraId: string, filter: OwnRequestFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'equipment_request', ownConditions(personEntraId, filter));
  }

  #page(
    conditions: SqlConditions,
    request: PageRequest,
    sort: RequestSort,
    shown: string,
    total: string,
  ): Promise<Page<RequestSummary>> {
    return keysetPage<RequestSummary>(
      this.dataSource,
      { table: 'equipment_request', conditions, item: ITEM(total), joins: joins(shown), sources: [] },
      { name: sort, by: SORTS[sort] },
      request,
    );
  }
}

/** The first parameter of one’s own lists. */
const ME = '$1::text';
const TOTAL = 'coalesce(counted.pence, 0)';
const LAST_SUBMITTED = `(select max(sent.revision) from request_revision as sent
  where sent.request_id = equipment_request.id and sent.submitted_at is not null)`;

/** A draft that was never submitted is nobody’s but its requester’s. */
const WAS_SUBMITTED = `exists (
  select from request_revision as sent where sent.request_id = equipment_request.id and sent.submitted_at is not null)`;

const NAMED = (pattern: string): string => `select person.entra_id from person
  where lower(person.display_name) like lower(${pattern}::text) or lower(person.user_principal_name) like lower(${pattern}::text)
    or lower(person.surname) like lower(${pattern}::text)`;

function conditionsOf(filter: RequestFilter): SqlConditions {
  const { requester, person, productId, lineState } = filter;
  const conditions = new SqlConditions()
    .always(WAS_SUBMITTED)
    .addGiven(filter.state, (value) => `equipment_request.state = ${value}`)
    .addGiven(filter.createdFrom, (day) => onDay.orLater('equipment_request.created_at', day))
    .addGiven(filter.createdUntil, (day) => onDay.orEarlier('equipment_request.created_at', day));
  if (requester !== undefined) {
    conditions.add(
      beginningWith(requester),
      (pattern) => `equipment_request.requester_entra_id in (${NAMED(pattern)})`,
    );
  }
  const ofLines = [
    ...(productId === undefined ? [] : [`line.product_id = ${conditions.parameter(productId)}::integer`]),
    ...(lineState === undefined ? [] : [`line.state = ${conditions.parameter(lineState)}`]),
    ...(person === undefined
      ? []
      : [`line.beneficiary_entra_id in (${NAMED(conditions.parameter(beginningWith(person)))})`]),
  ];
  if (ofLines.length > 0) {
    conditions.always(`exists (select from request_line as line where line.request_id = equipment_request.id
      and line.revision = ${LAST_SUBMITTED} and ${ofLines.join(' and ')})`);
  }
  return conditions;
}

function ownConditions(personEntraId: string, { whose, state }: OwnRequestFilter): SqlConditions {
  const conditions = new SqlConditions();
  conditions.parameter(personEntraId);
  conditions.addGiven(state, (value) => `equipment_request.state = ${value}`);
  const me = ME;
  if (whose === 'mine') return conditions.always(`equipment_request.requester_entra_id = ${me}`);
  conditions.always(WAS_SUBMITTED);
  const people =
    whose === 'for-me'
      ? `line.beneficiary_entra_id = ${me}`
      : `line.beneficiary_entra_id in (
           with recursive below(entra_id, level) as (
             select person.entra_id, 1 from person where person.manager_entra_id = ${me} and person.presence <> 'gone'
             union
             select person.entra_id, below.level + 1 from below join person on person.manager_entra_id = below.entra_id
             where person.presence <> 'gone' and below.level < ${LINE_LEVELS}
           ) select entra_id from below where entra_id <> ${me})`;
  return conditions.always(`equipment_request.id in (
    select line.request_id from request_line as line
    join request_revision as revision on revision.request_id = line.request_id and revision.revision = line.revision
      and revision.submitted_at is not null
    where ${people})`);
}
