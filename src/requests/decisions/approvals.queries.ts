import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage } from '../../database/keyset-page.js';
import { SqlConditions, utc } from '../../database/sql-conditions.js';
import { queuesOf, type ApprovalQueue, type QueueReason, type StepKind } from '../domain/decision-words.js';
import type { Delivery } from '../domain/request-words.js';
import type { RequestActor } from '../request-actor.js';
import { decidingPerson, HOLDS_TODAY } from './decision-rights.queries.js';

/** Somebody, as an approval names them. */
export interface PersonOfApproval {
  /** Null when the directory does not know them. */
  readonly id: number | null;
  readonly entraId: string;
  readonly displayName: string | null;
}

/** What is asked for of one product, for everybody together. */
export interface ThingsOfApproval {
  readonly productId: number;
  readonly name: string;
  readonly quantity: number;
  readonly pricePence: number;
}

/** A step that waits for somebody’s decision. */
export interface WaitingApproval {
  readonly requestId: number;
  readonly revision: number;
  readonly step: number;
  readonly kind: StepKind;
  /** Whom one would stand in for; null for what is one’s own, or of a queue. */
  readonly onBehalfOf: PersonOfApproval | null;
  readonly queue: ApprovalQueue | null;
  readonly queueReason: QueueReason | null;
  readonly openedAt: string;
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly requester: PersonOfApproval;
  /** How many it is for, and the first few of them by name. */
  readonly people: number;
  readonly names: readonly (string | null)[];
  readonly things: readonly ThingsOfApproval[];
  readonly totalPence: number;
  readonly neededBy: string | null;
  readonly delivery: Delivery;
  readonly site: string | null;
  readonly reason: string | null;
  readonly costCentreCode: string | null;
  readonly costCentreName: string | null;
  /** Lines that break a rule, with a reason. */
  readonly exceptions: number;
}

/** Names that a list shows of those whom a request is for. */
const NAMES = 3;

/** Reads what waits for somebody’s decision: nobody sees here what they ask for themselves, or get something of. */
@Injectable()
export class ApprovalsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of what waits, the oldest request first. */
  async waiting(by: RequestActor, request: PageRequest): Promise<Page<WaitingApproval>> {
    const page = await keysetPage<WaitingApproval>(
      this.dataSource,
      { table: 'equipment_request', conditions: theirs(by), item: ITEM, joins: JOINS, sources: ['users'] },
      { name: 'id', by: { expression: 'equipment_request.id', type: 'bigint' } },
      request,
    );
    return { ...page, items: page.items.map((item) => seenBy(item, by)) };
  }

  /** How many wait, up to a bound. */
  count(by: RequestActor): Promise<Count> {
    return boundedCount(this.dataSource, 'equipment_request', theirs(by));
  }

  /** What waits of one request; null when nothing of it is theirs to decide now. */
  async one(requestId: number, by: RequestActor): Promise<WaitingApproval | null> {
    const conditions = theirs(by);
    conditions.always(`equipment_request.id = ${conditions.parameter(requestId)}`);
    const [row] = await this.dataSource.query<{ item: WaitingApproval }[]>(
      `select ${ITEM} as item from equipment_request ${JOINS} where ${conditions.toSql()}`,
      conditions.parameters,
    );
    return row ? seenBy(row.item, by) : null;
  }
}

/** For what is one’s own to decide, one stands in for nobody. */
function seenBy(item: WaitingApproval, { personEntraId }: RequestActor): WaitingApproval {
  return item.onBehalfOf?.entraId === personEntraId ? { ...item, onBehalfOf: null } : item;
}

/** The step of a request that is asked and not decided. */
const OPEN_STEP = `
  select step.* from approval_step as step
  where step.request_id = equipment_request.id and step.revision = equipment_request.revision and step.opened_at is not null
    and not exists (select from decision where (decision.request_id, decision.revision, decision.step)
                    = (step.request_id, step.revision, step.step))`;

function theirs(by: RequestActor): SqlConditions {
  const conditions = new SqlConditions();
  const person = conditions.parameter(decidingPerson(by));
  const queues = conditions.parameter([...queuesOf(by.permissions)]);
  conditions.always(`equipment_request.state = 'submitted'`);
  conditions.always(
    `exists (select from (${OPEN_STEP}) as step
       where step.approver_entra_id = ${person} or step.queue = any(${queues}::text[]) or step.approver_entra_id in (
         select given.from_entra_id from approval_delegation as given where given.to_entra_id = ${person} and ${HOLDS_TODAY}))`,
  );
  conditions.always(`person_behind(equipment_request.requester_entra_id) <> person_behind(${person})`);
  conditions.always(
    `not exists (select from request_line as line where line.request_id = equipment_request.id
       and line.revision = equipment_request.revision and person_behind(line.beneficiary_entra_id) = person_behind(${person}))`,
  );
  return conditions;
}

const PERSON = (entraId: string): string =>
  `(select json_build_object('id', (select id from person where person.entra_id = named.entra_id), 'entraId', named.entra_id,
     'displayName', (select display_name from person where person.entra_id = named.entra_id))
    from (select ${entraId} as entra_id) as named where named.entra_id is not null)`;

const JOINS = `
  join lateral (${OPEN_STEP} order by step.step limit 1) as open_step on true
  join request_revision on request_revision.request_id = equipment_request.id and request_revision.revision = equipment_request.revision
  left join cost_centre on cost_centre.code = request_revision.cost_centre_code
  cross join lateral (
    select count(distinct line.beneficiary_entra_id)::integer as people,
      count(*) filter (where line.exception_reason is not null)::integer as exceptions
    from request_line as line where line.request_id = equipment_request.id and line.revision = equipment_request.revision) as whom`;

const THINGS = `(
  select json_agg(json_build_object('productId', id, 'name', name, 'quantity', quantity, 'pricePence', pence) order by pence desc, id)
  from (select product.id, product.name, sum(line.quantity)::integer as quantity, sum(line.quantity * line.price_pence)::float8 as pence
        from request_line as line join product on product.id = line.product_id
        where line.request_id = equipment_request.id and line.revision = equipment_request.revision
        group by product.id, product.name) as thing)`;

const FIRST_NAMES = `(
  select json_agg(name) from (
    select person.display_name as name from request_line as line left join person on person.entra_id = line.beneficiary_entra_id
    where line.request_id = equipment_request.id and line.revision = equipment_request.revision
    group by line.beneficiary_entra_id, person.display_name
    order by lower(person.display_name), line.beneficiary_entra_id limit ${NAMES}) as first)`;

const ITEM = `json_build_object('requestId', equipment_request.id, 'revision', equipment_request.revision,
  'step', open_step.step, 'kind', open_step.kind, 'onBehalfOf', ${PERSON('open_step.approver_entra_id')},
  'queue', open_step.queue, 'queueReason', open_step.queue_reason, 'openedAt', ${utc('open_step.opened_at')},
  'dueAt', ${utc('open_step.due_at')}, 'overdue', open_step.due_at < now(),
  'requester', ${PERSON('equipment_request.requester_entra_id')}, 'people', whom.people, 'names', ${FIRST_NAMES},
  'things', ${THINGS}, 'totalPence', request_revision.total_pence, 'neededBy', request_revision.needed_by,
  'delivery', request_revision.delivery, 'site', request_revision.site, 'reason', request_revision.reason,
  'costCentreCode', request_revision.cost_centre_code, 'costCentreName', cost_centre.name, 'exceptions', whom.exceptions)`;
